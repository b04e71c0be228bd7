"""The SELECTs behind a trainer's results: own exams, handed-in attempts, answers by item; never an open attempt."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, func, or_, select, true

from elearn.exams import analysis, policies
from elearn.exams.bank import read_item
from elearn.exams.models.attempts import Attempt, AttemptSlot
from elearn.exams.models.bank import Exam, ExamVersionItem, ItemVersion
from elearn.exams.queries import linked_item_versions
from elearn.exams.rules import KEYS
from elearn.exams.specs import ItemSpec
from elearn.kernel.actor import Actor
from elearn.kernel.db import db
from elearn.kernel.errors import NotFound
from elearn.kernel.page import Page, PageRequest, paginate
from elearn.people.queries import employee_ids_visible_to

MOST_ATTEMPTS = 1000
"""Of so many handed-in attempts, the newest, items are counted; the page says how many."""


@dataclass(frozen=True, slots=True)
class ExamSummary:
    """What the handed-in attempts of one exam say together; scores in basis points, None before the first."""

    exam_id: UUID
    course_id: UUID
    handed_in: int
    passed: int
    mean_bp: int | None


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One wording of an item with what was answered to it; `is_current` unless it was changed since."""

    id: UUID
    item: ItemSpec
    is_current: bool
    statistics: analysis.ItemStatistics


@dataclass(frozen=True, slots=True)
class AttemptLine:
    """A handed-in attempt without the name of whoever sat it."""

    submitted_at: datetime
    minutes: int
    number: int
    score_bp: int
    passed: bool
    by_clock: bool


def exam_read_by(actor: Actor, exam_id: UUID) -> Exam:
    """An exam whose results the actor may read; any other is simply not found."""
    found = db.session.get(Exam, exam_id)
    if found is None or not policies.may_read_results(actor, found):
        raise NotFound
    return found


def exams_read_by(actor: Actor) -> Sequence[Exam]:
    """The exams whose results the actor may read, by title."""
    query = select(Exam).order_by(Exam.title, Exam.id)
    return [it for it in db.session.scalars(query) if policies.may_read_results(actor, it)]


def summaries(actor: Actor, exams: Sequence[Exam], *, on: date) -> dict[UUID, ExamSummary]:
    """By exam, its handed-in attempts in numbers."""
    passed = func.sum(func.coalesce(Attempt.passed, false()).cast(Attempt.number.type))
    query = (
        select(Attempt.exam_id, func.count(), passed, func.sum(Attempt.score_bp))
        .where(Attempt.exam_id.in_([it.id for it in exams]), _handed_in(actor, exams, on=on))
        .group_by(Attempt.exam_id)
    )
    counted = {exam_id: (count, int(won), int(total)) for exam_id, count, won, total in db.session.execute(query)}
    return {it.id: _summary(it, *counted.get(it.id, (0, 0, 0))) for it in exams}


def _summary(exam: Exam, count: int, passed: int, total: int) -> ExamSummary:
    return ExamSummary(exam.id, exam.course_id, count, passed, total // count if count else None)


def _handed_in(actor: Actor, exams: Sequence[Exam], *, on: date) -> ColumnElement[bool]:
    """Closed attempts; whoever holds the role over a unit alone counts the people of that unit alone."""
    everybody = [it.id for it in exams if policies.may_read_everybody(actor, it)]
    within = employee_ids_visible_to(actor, on=on, roles=policies.READING)
    whose = true() if len(everybody) == len(exams) else or_(Attempt.exam_id.in_(everybody), Attempt.employee_id.in_(within))
    return Attempt.submitted_at.is_not(None) & whose


def attempts_handed_in(actor: Actor, exam: Exam, wanted: PageRequest, *, by_score: bool, on: date) -> Page[AttemptLine]:
    """Handed-in attempts, the newest or the best first."""
    first = Attempt.score_bp.desc() if by_score else Attempt.submitted_at.desc()
    query = select(Attempt).where(Attempt.exam_id == exam.id, _handed_in(actor, [exam], on=on))
    page: Page[Attempt] = paginate(query.order_by(first, Attempt.id), wanted)
    return page.map(_attempt_line)


def spread_of_scores(actor: Actor, exam: Exam, *, on: date) -> tuple[analysis.Span, ...]:
    """How the scores of the handed-in attempts are spread, by the strictest of their pass marks; empty before the first."""
    query = select(Attempt.score_bp, Attempt.pass_bp).where(Attempt.exam_id == exam.id, _handed_in(actor, [exam], on=on))
    found = [(score_bp or 0, pass_bp) for score_bp, pass_bp in db.session.execute(query)]
    return analysis.spread([score for score, _mark in found], max(mark for _score, mark in found)) if found else ()


def _attempt_line(it: Attempt) -> AttemptLine:
    submitted_at = it.submitted_at or it.closes_at
    minutes = -(-int((submitted_at - it.opened_at).total_seconds()) // 60)
    return AttemptLine(submitted_at, minutes, it.number, it.score_bp or 0, bool(it.passed), it.closed_by == "clock")


def items_answered(actor: Actor, exam: Exam, *, on: date) -> tuple[ItemLine, ...]:
    """Every wording of an item that was on a handed-in paper, with its statistics; empty before the first."""
    papers = _papers(select(Attempt).where(Attempt.exam_id == exam.id, _handed_in(actor, [exam], on=on)))
    answered = analysis.by_item(papers)
    rows = db.session.scalars(select(ItemVersion).where(ItemVersion.id.in_([UUID(it) for it in answered])))
    current = set(db.session.scalars(_linked(exam.current_version_id)))
    lines = []
    for row in rows:
        item = read_item(row.document)
        found = analysis.item_statistics(answered[str(row.id)], [it.id for it in item.options])
        if found is not None:
            lines.append(ItemLine(row.id, item, row.id in current, found))
    return tuple(sorted(lines, key=lambda it: (it.item.id, not it.is_current)))


def item_answered(actor: Actor, exam: Exam, item_version_id: UUID, *, on: date) -> ItemLine:
    """One of them; raises NotFound for what was on no handed-in paper."""
    for line in items_answered(actor, exam, on=on):
        if line.id == item_version_id:
            return line
    raise NotFound


def _linked(exam_version_id: UUID | None) -> Select[UUID]:
    return select(ExamVersionItem.item_version_id).where(ExamVersionItem.exam_version_id == exam_version_id)


def _papers(attempts: Select[Attempt]) -> list[list[tuple[str, tuple[str, ...], int]]]:
    """The newest handed-in papers: on each place the item version, the chosen option ids and the points."""
    newest = db.session.scalars(attempts.order_by(Attempt.submitted_at.desc(), Attempt.id).limit(MOST_ATTEMPTS)).all()
    marks = {it.id: it.result["points"] for it in newest if it.result}
    wordings = {it: linked_item_versions(it) for it in {one.exam_version_id for one in newest}}
    pinned = {it.id: it.exam_version_id for it in newest}
    columns = (AttemptSlot.attempt_id, AttemptSlot.slot, AttemptSlot.item_id, AttemptSlot.option_ids, AttemptSlot.value)
    papers: dict[UUID, list[tuple[str, tuple[str, ...], int]]] = {it: [] for it in marks}
    for attempt_id, slot, item, options, value in db.session.execute(
        select(*columns).where(AttemptSlot.attempt_id.in_(marks)).order_by(AttemptSlot.attempt_id, AttemptSlot.slot)
    ):
        chosen = analysis.option_ids_of(value, options, KEYS)
        papers[attempt_id].append((str(wordings[pinned[attempt_id]][item]), chosen, marks[attempt_id][slot - 1]))
    return list(papers.values())
