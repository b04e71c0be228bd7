"""Every SELECT of exams, named for what it finds; saving's own read is in hotpath.py."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Select, Text, and_, cast, exists, func, select
from sqlalchemy.orm import aliased, selectinload

from elearn.exams import bank, rules
from elearn.exams.facts import ExamRef, ShownItem, ShownOption, Sitting
from elearn.exams.models.attempts import Attempt, AttemptSlot
from elearn.exams.models.bank import Exam, ExamVersion, ExamVersionItem, Item, ItemVersion
from elearn.exams.rules import KEYS, PastAttempt
from elearn.kernel.actor import Actor
from elearn.kernel.db import db
from elearn.kernel.errors import NotFound
from elearn.kernel.job import Job, JobState
from elearn.kernel.kept import Kept
from elearn.kernel.page import Page, PageRequest, paginate

T = TypeVar("T")


@Kept
def _exams() -> dict[UUID, ExamRef]:
    """Every exam by its id."""
    query = select(Exam.id, Exam.course_id, Exam.title, Exam.current_version_id)
    return {row.id: ExamRef(*row) for row in db.session.execute(query)}


@Kept
def _exams_of_courses() -> dict[UUID, ExamRef]:
    """Every exam by its course's id."""
    return {it.course_id: it for it in _exams().values()}


def exam(exam_id: UUID) -> ExamRef:
    """An exam by id; raises NotFound."""
    return _found(_exams().get(exam_id))


def exam_of_course(course_id: UUID) -> ExamRef | None:
    """The exam of a course, if it has one."""
    return _exams_of_courses().get(course_id)


def exam_to_publish(course_id: UUID) -> Exam | None:
    """The row of a course's exam, to point to another version."""
    return db.session.scalar(select(Exam).where(Exam.course_id == course_id))


def latest_version(exam_id: UUID) -> ExamVersion | None:
    """The newest version of an exam."""
    query = select(ExamVersion).where(ExamVersion.exam_id == exam_id).order_by(ExamVersion.number.desc()).limit(1)
    return db.session.scalar(query)


def newest_item_versions(exam_id: UUID) -> dict[str, tuple[Item, ItemVersion]]:
    """Every item of an exam's bank with its newest version, by the item's key."""
    query = (
        select(Item, ItemVersion)
        .join(ItemVersion, ItemVersion.item_id == Item.id)
        .where(Item.exam_id == exam_id)
        .order_by(ItemVersion.number)
    )
    return {item.key: (item, version) for item, version in db.session.execute(query)}


def linked_item_versions(version_id: UUID) -> dict[str, UUID]:
    """The item versions that an exam version draws from, by the item's key."""
    query = (
        select(Item.key, ItemVersion.id)
        .join(ItemVersion, ItemVersion.item_id == Item.id)
        .join(ExamVersionItem, ExamVersionItem.item_version_id == ItemVersion.id)
        .where(ExamVersionItem.exam_version_id == version_id)
    )
    return {key: item_version_id for key, item_version_id in db.session.execute(query)}  # noqa: C416


def attempts_of(employee_id: UUID, exam_id: UUID) -> Sequence[Attempt]:
    """All attempts of one person in one exam, oldest first."""
    query = select(Attempt).where(Attempt.employee_id == employee_id, Attempt.exam_id == exam_id)
    return db.session.scalars(query.order_by(Attempt.number)).all()


def attempts_by(employee_id: UUID, wanted: PageRequest) -> Page[Attempt]:
    """The attempts of a person in any exam, the latest first; who may see that person was asked before."""
    query = select(Attempt).where(Attempt.employee_id == employee_id)
    return paginate(query.order_by(Attempt.opened_at.desc(), Attempt.id.desc()), wanted)


def has_passed_before(attempt_id: UUID, *, since: datetime) -> bool:
    """Whether the owner of an attempt passed its exam by an earlier one that was opened since a moment."""
    this = aliased(Attempt)
    same = and_(Attempt.employee_id == this.employee_id, Attempt.exam_id == this.exam_id, Attempt.number < this.number)
    query = select(exists().where(this.id == attempt_id, same, Attempt.passed.is_(True), Attempt.opened_at >= since))
    return bool(db.session.scalar(query))


def past(attempts: Sequence[Attempt]) -> list[PastAttempt]:
    """Attempts as the allowance rule wants them."""
    return [PastAttempt(it.submitted_at, it.closes_at, bool(it.passed)) for it in attempts]


def attempt_for_update(attempt_id: UUID) -> Attempt:
    """An attempt with its row locked; raises NotFound."""
    query = select(Attempt).where(Attempt.id == attempt_id).with_for_update()
    return _found(db.session.scalar(query.execution_options(populate_existing=True)))


def attempt(attempt_id: UUID) -> Attempt:
    """An attempt by id; raises NotFound."""
    return _found(db.session.get(Attempt, attempt_id))


def attempt_of(actor: Actor, attempt_id: UUID) -> Attempt:
    """One's own attempt; somebody else's is simply not found."""
    return _found(db.session.scalar(_own(actor, attempt_id)))


def sitting_of(actor: Actor, attempt_id: UUID, *, now: datetime) -> Sitting:
    """One's own attempt with its paper and what is stored, without anything that tells a key."""
    attempt = _found(db.session.scalar(_own(actor, attempt_id).options(selectinload(Attempt.slots))))
    return sitting(attempt, attempt.slots, now=now)


def slots_of(attempt_id: UUID) -> Sequence[AttemptSlot]:
    """The places of a paper in order, as stored now."""
    query = select(AttemptSlot).where(AttemptSlot.attempt_id == attempt_id).order_by(AttemptSlot.slot)
    return db.session.scalars(query.execution_options(populate_existing=True)).all()


def sitting(attempt: Attempt, slots: Sequence[AttemptSlot], *, now: datetime) -> Sitting:
    """An attempt as its owner sees it."""
    version = bank.version(attempt.exam_version_id)
    paper = []
    for place in slots:
        rendered = version.rendered(place.item_id)
        paper.append(
            ShownItem(
                slot=place.slot,
                type=version.items[place.item_id].type.value,
                stem=rendered.stem,
                options=tuple(ShownOption(KEYS[at], rendered.options[it]) for at, it in enumerate(place.option_ids)),
                answer=tuple(place.value),
                seq=max(place.seq, place.late_seq),
                in_doubt=place.in_doubt,
            )
        )
    return Sitting(
        id=attempt.id,
        exam_id=attempt.exam_id,
        title=attempt.title,
        lease=attempt.lease,
        opened_at=attempt.opened_at,
        closes_at=attempt.closes_at,
        server_now=now,
        submitted_at=attempt.submitted_at,
        paper=tuple(paper),
    )


def weak_topics(attempt: Attempt, places: Sequence[AttemptSlot]) -> tuple[str, ...]:
    """The topics of a closed attempt whose items together stayed under the pass mark, the weakest first."""
    version = bank.version(attempt.exam_version_id)
    topics = [version.items[place.item_id].topic for place in places]
    points = (attempt.result or {}).get("points", [])
    return rules.weak_topics(list(zip(topics, points, strict=True)), attempt.pass_bp) if points else ()


def overdue_attempt_ids(closed_before: datetime, *, but_for: str, limit: int = 200) -> Sequence[UUID]:
    """Open attempts whose deadline passed before a moment, but for those that a job of a kind is at or set aside for.

    On SQLite an id is stored without hyphens; a job's key has them.
    """
    same = func.replace(Job.key, "-", "") == func.replace(cast(Attempt.id, Text), "-", "")
    unfinished = Job.state.in_([JobState.QUEUED, JobState.RUNNING, JobState.PARKED])
    query = (
        select(Attempt.id)
        .where(Attempt.submitted_at.is_(None), Attempt.closes_at <= closed_before)
        .where(~exists().where(Job.kind == but_for, unfinished, same))
    )
    return db.session.scalars(query.order_by(Attempt.closes_at).limit(limit)).all()


def _own(actor: Actor, attempt_id: UUID) -> Select[Attempt]:
    return select(Attempt).where(Attempt.id == attempt_id, Attempt.employee_id == actor.employee_id)


def _found(thing: T | None) -> T:
    if thing is None:
        raise NotFound
    return thing
