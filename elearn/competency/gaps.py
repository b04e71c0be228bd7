"""Who lacks which level, over all the people in reach; the database counts here by the law that rules.py states."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, literal, or_, select

from elearn.competency.models.evidence import Evidence, EvidenceDecision
from elearn.competency.models.reference import Competency, CompetencyRequirement, Dated
from elearn.competency.rules import Decision
from elearn.kernel.actor import Actor
from elearn.kernel.db import db
from elearn.kernel.page import Page, PageRequest, paginate
from elearn.people import queries
from elearn.people.facts.staff import Unit
from elearn.people.models.organisation import Position

SORTS = ("gap", "name", "unit")
SHOWN = ("gaps", "all", "met")
OVERALL = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which people a list of gaps is asked for; `show` is one of SHOWN, `sort` one of SORTS."""

    unit_id: UUID | None = None
    competency: str = ""
    search: str = ""
    show: str = "gaps"
    sort: str = "gap"


@dataclass(frozen=True, slots=True)
class Need:
    """What a position requires of one competency, and what its holder reached."""

    code: str
    name: str
    required: int
    achieved: int

    @property
    def gap(self) -> int:
        """How many levels are missing; never below zero."""
        return max(0, self.required - self.achieved)


@dataclass(frozen=True, slots=True)
class PersonGaps:
    """One person, and all that the position requires of them; the widest gap first."""

    employee_id: UUID
    name: str
    unit_name: str | None
    position_name: str | None
    needs: tuple[Need, ...]

    @property
    def gaps(self) -> tuple[Need, ...]:
        """Those that are not met."""
        return tuple(it for it in self.needs if it.gap)


@dataclass(frozen=True, slots=True)
class UnitCount:
    """How many people work in a unit itself, and how many of them lack a level."""

    unit_id: UUID | None
    people: int
    lacking: int


@dataclass(frozen=True, slots=True)
class CompetencyCount:
    """How many people lack levels of one competency."""

    code: str
    name: str
    lacking: int


@dataclass(slots=True)
class UnitNeed:
    """Of how many people in a unit and below it the positions require a competency, and how many lack levels of it."""

    people: int = 0
    lacking: int = 0


def people_with_gaps(actor: Actor, asked: Wanted, page: PageRequest, *, on: date) -> Page[PersonGaps]:
    """The people in reach with what they reached and lack; raises NotFound for a unit that is not."""
    staff = queries.staff_in_reach(actor, on=on, unit_id=asked.unit_id, search=asked.search)
    needs = _needs(staff, on)
    missing = func.coalesce(func.sum(_gap(needs)), 0)
    query = (
        select(staff.c.employee_id, staff.c.name, staff.c.unit_name, staff.c.position_name)
        .outerjoin(needs, needs.c.employee_id == staff.c.employee_id)
        .group_by(staff.c.employee_id, staff.c.name, staff.c.unit_name, staff.c.position_name)
    )
    if asked.competency:
        query = query.where(needs.c.code == asked.competency)
    if asked.show in ("gaps", "met"):
        query = query.having(missing > 0 if asked.show == "gaps" else and_(missing == 0, func.count(needs.c.code) > 0))
    found = paginate(query.order_by(*_order(staff, missing, asked.sort)), page, scalars=False)
    details = _needs_of([row.employee_id for row in found.items], needs)
    return found.map(lambda row: _person_gaps(row, details[row.employee_id]))


def _person_gaps(row: Any, needs: list[Need]) -> PersonGaps:
    return PersonGaps(row.employee_id, row.name, row.unit_name, row.position_name, tuple(needs))


def _order(staff: Subquery, missing: ColumnElement[Any], sort: str) -> tuple[Any, ...]:
    by_name = (func.lower(staff.c.name), staff.c.employee_id)
    return {"name": by_name, "unit": (staff.c.unit_name, *by_name)}.get(sort, (missing.desc(), *by_name))


def _needs_of(employee_ids: list[UUID], needs: Subquery) -> defaultdict[UUID, list[Need]]:
    query = (
        select(needs.c.employee_id, needs.c.code, needs.c.name, needs.c.required, needs.c.achieved)
        .where(needs.c.employee_id.in_(employee_ids))
        .order_by((needs.c.achieved - needs.c.required), needs.c.ordinal)
    )
    found: defaultdict[UUID, list[Need]] = defaultdict(list)
    for employee_id, *need in db.session.execute(query):
        found[employee_id].append(Need(*need))
    return found


def counts_by_unit(actor: Actor, *, on: date) -> tuple[UnitCount, ...]:
    """For each unit in reach how many people work there, and how many of those lack a level."""
    staff = queries.staff_in_reach(actor, on=on)
    lacking = _lacking(_needs(staff, on)).subquery()
    query = (
        select(staff.c.unit_id, func.count(), func.count(lacking.c.employee_id))
        .select_from(staff)
        .outerjoin(lacking, lacking.c.employee_id == staff.c.employee_id)
        .group_by(staff.c.unit_id)
    )
    return tuple(UnitCount(*row) for row in db.session.execute(query))


def widest(actor: Actor, *, on: date, limit: int = 5) -> tuple[CompetencyCount, ...]:
    """The competencies that most people in reach lack levels of."""
    needs = _needs(queries.staff_in_reach(actor, on=on), on)
    count = func.count()
    query = (
        select(needs.c.code, needs.c.name, count)
        .where(needs.c.required > needs.c.achieved)
        .group_by(needs.c.code, needs.c.name)
        .order_by(count.desc(), needs.c.name)
        .limit(limit)
    )
    return tuple(CompetencyCount(*row) for row in db.session.execute(query))


def needs_by_unit(actor: Actor, units: Sequence[Unit], *, on: date) -> Mapping[tuple[UUID, str], UnitNeed]:
    """By unit and code of a competency, those in reach who work there or below; what no position requires is absent.

    Under OVERALL stand those whose position requires anything at all, and how many of them lack any level.
    """
    staff = queries.staff_in_reach(actor, on=on)
    needs = _needs(staff, on)
    lacks = case((needs.c.required > needs.c.achieved, 1), else_=0)
    people = select(needs.c.employee_id, func.max(lacks).label("lacks")).group_by(needs.c.employee_id).subquery()
    by_competency = (
        select(staff.c.unit_id, needs.c.code, func.count(), func.sum(lacks))
        .join(needs, needs.c.employee_id == staff.c.employee_id)
        .group_by(staff.c.unit_id, needs.c.code)
    )
    overall = (
        select(staff.c.unit_id, literal(OVERALL), func.count(), func.sum(people.c.lacks))
        .join(people, people.c.employee_id == staff.c.employee_id)
        .group_by(staff.c.unit_id)
    )
    in_reach = {it.id.hex: it.id for it in units}
    above = {it.id: [in_reach[part] for part in it.path.split("/") if part in in_reach] for it in units}
    found: defaultdict[tuple[UUID, str], UnitNeed] = defaultdict(UnitNeed)
    for unit_id, code, count, lacking in (*db.session.execute(overall), *db.session.execute(by_competency)):
        for place in above.get(unit_id, ()):
            found[place, code].people += count
            found[place, code].lacking += int(lacking)
    return found


def _lacking(needs: Subquery) -> Select[Any]:
    return select(needs.c.employee_id).where(needs.c.required > needs.c.achieved).distinct()


def _gap(needs: Subquery) -> ColumnElement[int]:
    return case((needs.c.required > needs.c.achieved, needs.c.required - needs.c.achieved), else_=0)


def _needs(staff: Subquery, on: date) -> Subquery:
    """One row for each person and competency that the position requires: required, and achieved by valid evidence."""
    required, achieved = _required(on), _achieved(on)
    return (
        select(
            staff.c.employee_id,
            Competency.code,
            Competency.name,
            Competency.ordinal,
            required.c.required_level.label("required"),
            func.coalesce(achieved.c.level, 0).label("achieved"),
        )
        .select_from(staff)
        .join(required, and_(required.c.position_id == staff.c.position_id, required.c.place == 1))
        .join(Competency, Competency.id == required.c.competency_id)
        .outerjoin(
            achieved,
            and_(achieved.c.employee_id == staff.c.employee_id, achieved.c.competency_id == required.c.competency_id),
        )
        .where(required.c.required_level > 0, *_in_force(Competency, on))
        .subquery()
    )


def _required(on: date) -> Subquery:
    """As rules.required_levels: a position's row overrides its level's, a newer row an older; place 1 counts."""
    row = CompetencyRequirement
    newest_first = (case((row.position_id.is_not(None), 0), else_=1), row.effective_from.desc())
    place = func.row_number().over(partition_by=(Position.id, row.competency_id), order_by=newest_first)
    return (
        select(Position.id.label("position_id"), row.competency_id, row.required_level, place.label("place"))
        .select_from(Position)
        .join(row, or_(row.position_id == Position.id, row.position_level == Position.level_code))
        .where(*_in_force(row, on))
        .subquery()
    )


def _achieved(on: date) -> Subquery:
    """As rules.level_from: the highest valid evidence, and none whose last decision takes it away."""
    decided = select(func.max(EvidenceDecision.id)).where(EvidenceDecision.evidence_id == Evidence.id)
    refused = select(EvidenceDecision.id).where(
        EvidenceDecision.id == decided.correlate(Evidence).scalar_subquery(),
        EvidenceDecision.decision.in_((Decision.REJECT, Decision.WITHDRAW)),
    )
    return (
        select(Evidence.employee_id, Evidence.competency_id, func.max(Evidence.level).label("level"))
        .where(
            Evidence.observed_on <= on,
            or_(Evidence.valid_until.is_(None), Evidence.valid_until >= on),
            ~refused.correlate(Evidence).exists(),
        )
        .group_by(Evidence.employee_id, Evidence.competency_id)
        .subquery()
    )


def _in_force(model: type[Dated], on: date) -> tuple[ColumnElement[bool], ...]:
    return (model.effective_from <= on, or_(model.effective_to.is_(None), model.effective_to >= on))
