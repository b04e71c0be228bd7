"""Every SELECT of competency, named for what it finds; writes nothing."""

from collections import defaultdict
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import joinedload

from elearn.competency import rules, terms
from elearn.competency.facts import (
    CompetencyEntry,
    EvidenceLine,
    FormHours,
    LessonHours,
    LevelEntry,
    Profile,
    ProfileItem,
)
from elearn.competency.models.evidence import DevelopmentActivity, Evidence
from elearn.competency.models.reference import Competency, CompetencyLevel, CompetencyRequirement, Dated, DevelopmentForm
from elearn.kernel.db import db
from elearn.kernel.errors import NotFound
from elearn.kernel.page import Page, PageRequest, paginate
from elearn.kernel.settings import UnknownRule, rules_in_force
from elearn.people.facts.staff import Person
from elearn.people.rules import EmploymentType

TARGET_KEY = "lesson_hours.target.pns"
CAP_KEY = "lesson_hours.cap.pppk"
JPM_CAPPED_KEY = "jpm.capped"


def profile_of(person: Person, *, on: date) -> Profile:
    """The competency profile of a person on a day, in four statements.

    It lists what the position requires and whatever else has evidence. Raises UnknownRule without reference data.
    """
    demanded = _competencies_with_requirement(person, on)
    facts = _evidence_by_competency(person.id)
    items = tuple(
        _item(competency, required, facts[competency.id], on)
        for competency, required in demanded
        if required or facts[competency.id]
    )
    values = rules_in_force((_duty_key(person.employment_type), JPM_CAPPED_KEY), on)
    return Profile(
        employee_id=person.id,
        on=on,
        items=items,
        lesson_hours=_lesson_hours(person.id, person.employment_type, on.year, on, values, contract_start=None),
        jpm_bp=rules.job_person_match(
            ((it.required, it.achieved) for it in items), is_capped_each=values.get(JPM_CAPPED_KEY, True)
        ),
    )


def _competencies_with_requirement(person: Person, on: date) -> list[tuple[Competency, int]]:
    """Every competency in the dictionary's order, with the level the person's position requires on that day."""
    query = (
        select(Competency, CompetencyRequirement)
        .outerjoin(
            CompetencyRequirement,
            and_(CompetencyRequirement.competency_id == Competency.id, _is_held_by(person)),
        )
        .order_by(Competency.ordinal, Competency.code)
    )
    pairs = db.session.execute(query).all()
    required = rules.required_levels((row.as_fact() for _, row in pairs if row is not None), on)
    competencies = {it.id: it for it, _ in pairs}
    return [(it, required.get(it.id, 0) if _is_in_force(it, on) else 0) for it in competencies.values()]


def _is_held_by(person: Person) -> ColumnElement[bool]:
    """Rows of the person's position or its level; somebody without a posting matches none."""
    return or_(
        false() if person.position_level is None else CompetencyRequirement.position_level == person.position_level,
        false() if person.position_id is None else CompetencyRequirement.position_id == person.position_id,
    )


def _is_in_force(row: Dated, on: date) -> bool:
    return row.effective_from <= on and (row.effective_to is None or row.effective_to >= on)


def _evidence_by_competency(employee_id: UUID) -> defaultdict[UUID, list[rules.EvidenceFact]]:
    query = (
        select(Evidence)
        .where(Evidence.employee_id == employee_id)
        .options(joinedload(Evidence.decisions))
        .order_by(Evidence.observed_on.desc(), Evidence.id.desc())
    )
    found: defaultdict[UUID, list[rules.EvidenceFact]] = defaultdict(list)
    for row in db.session.scalars(query).unique():
        found[row.competency_id].append(row.as_fact())
    return found


def _item(competency: Competency, required: int, facts: list[rules.EvidenceFact], on: date) -> ProfileItem:
    standing = rules.level_from(facts, on)
    return ProfileItem(
        competency=competency.code,
        name=competency.name,
        kind=rules.CompetencyKind(competency.kind),
        required=required,
        achieved=standing.achieved,
        confirmed=standing.confirmed,
        standing=standing.standing,
        gap=rules.gap_of(required, standing.achieved),
        reason=rules.reason_for(required, standing, facts, on),
        evidence=tuple(_line(it, on) for it in facts if it.observed_on <= on),
    )


def _line(it: rules.EvidenceFact, on: date) -> EvidenceLine:
    return EvidenceLine(
        id=it.id,
        kind=it.kind,
        level=it.level,
        claimed_level=it.claimed_level,
        score_bp=it.score_bp,
        supervision=it.supervision,
        observed_on=it.observed_on,
        valid_until=it.valid_until,
        standing=it.state,
        is_expired=it.valid_until is not None and it.valid_until < on,
        source=it.source,
        decided_at=it.decided_at,
        decided_reason=it.decided_reason,
    )


def lesson_hours_of(
    employee_id: UUID, employment: EmploymentType, year: int, on: date, *, contract_start: date | None = None
) -> LessonHours:
    """Lesson hours a person earned in a year, until a day, against the duty in force on that day.

    For contract staff the year is the contract year where its first day is given, else the calendar year, and
    `basis` says which. Raises UnknownRule without reference data.
    """
    values = rules_in_force((_duty_key(employment),), on)
    return _lesson_hours(employee_id, employment, year, on, values, contract_start=contract_start)


def _lesson_hours(
    employee_id: UUID,
    employment: EmploymentType,
    year: int,
    on: date,
    values: dict[str, Any],
    *,
    contract_start: date | None,
) -> LessonHours:
    key = _duty_key(employment)
    if key not in values:
        raise UnknownRule(f"{key} on {on}")
    span = rules.duty_year(year, is_contract=key == CAP_KEY, contract_start=contract_start)
    by_form = _hours_by_form(employee_id, span.first, min(span.last, on))
    earned = sum(it.lesson_hours for it in by_form)
    limit = values[key]["lesson_hours"]
    target, cap = (None, limit) if key == CAP_KEY else (limit, None)
    return LessonHours(
        year=year,
        first_on=span.first,
        last_on=span.last,
        basis=span.basis,
        earned=earned,
        target=target,
        cap=cap,
        enforcement=values[key]["enforcement"],
        state=rules.lesson_hours_state(earned, target, cap),
        by_form=by_form,
    )


def _duty_key(employment: EmploymentType) -> str:
    return TARGET_KEY if employment == EmploymentType.PNS else CAP_KEY


def _hours_by_form(employee_id: UUID, first: date, last: date) -> tuple[FormHours, ...]:
    query = (
        select(DevelopmentActivity.form_key, DevelopmentForm.name, DevelopmentActivity.lesson_hours)
        .join(DevelopmentForm, DevelopmentForm.key == DevelopmentActivity.form_key)
        .where(DevelopmentActivity.employee_id == employee_id)
        .where(DevelopmentActivity.finished_on.between(first, last))
        .order_by(DevelopmentForm.ordinal, DevelopmentForm.key)
    )
    hours: dict[tuple[str, str], int] = {}
    for key, name, earned in db.session.execute(query):
        hours[key, name] = hours.get((key, name), 0) + earned
    return tuple(FormHours(key, name, earned) for (key, name), earned in hours.items())


def _in_force(model: type[Dated], on: date) -> tuple[ColumnElement[bool], ...]:
    return (
        model.effective_from <= on,
        or_(model.effective_to.is_(None), model.effective_to >= on),
    )


def evidence_lapses_on(source_type: str, source_id: UUID) -> date | None:
    """The last day on which all the evidence from a source counts; None where none of it ends."""
    query = select(func.min(Evidence.valid_until))
    return db.session.scalar(query.where(Evidence.source_type == source_type, Evidence.source_id == source_id))


def dictionary(wanted: PageRequest, *, on: date) -> Page[CompetencyEntry]:
    """The competencies in force on a day with what their levels mean, one page of them."""
    query = select(Competency).where(*_in_force(Competency, on)).order_by(Competency.ordinal, Competency.code)
    page: Page[Competency] = paginate(query, wanted)
    names = terms.level_names(on)
    meanings: defaultdict[UUID, dict[int, LevelEntry]] = defaultdict(dict)
    rows = (
        select(CompetencyLevel)
        .where(CompetencyLevel.competency_id.in_([it.id for it in page.items]), *_in_force(CompetencyLevel, on))
        .order_by(CompetencyLevel.level, CompetencyLevel.effective_from)
    )
    for row in db.session.scalars(rows):
        name = names.get(row.level, "")
        meanings[row.competency_id][row.level] = LevelEntry(row.level, name, row.description, tuple(row.indicators))
    return page.map(lambda it: _entry(it, meanings[it.id]))


def _entry(it: Competency, levels: dict[int, LevelEntry]) -> CompetencyEntry:
    return CompetencyEntry(
        code=it.code,
        kind=rules.CompetencyKind(it.kind),
        name=it.name,
        definition=it.definition,
        legal_basis=it.legal_basis,
        confidence=it.confidence,
        effective_from=it.effective_from,
        levels=tuple(levels.values()),
    )


def evidence_for_update(evidence_id: UUID) -> Evidence:
    """One piece of evidence, locked against a second decision at the same time; raises NotFound."""
    found = db.session.get(Evidence, evidence_id, with_for_update=True)
    if found is None:
        raise NotFound
    return found
