"""Reads of the organisation for those who shape and staff it: the tree with its heads counted, positions, ranks."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from elearn.kernel.actor import Actor
from elearn.kernel.db import db
from elearn.kernel.errors import NotFound
from elearn.kernel.page import Page, PageRequest, paginate
from elearn.people import policies, queries, rules
from elearn.people.facts.staff import Unit
from elearn.people.models.organisation import OrgUnit, Position, PositionLevel, Rank
from elearn.people.models.staff import Employee, Posting
from elearn.people.rules import EmploymentType


@dataclass(frozen=True, slots=True)
class PositionLine:
    """A position, as lists and forms show it."""

    id: UUID
    code: str
    name: str
    level_code: str
    job_class: int | None


@dataclass(frozen=True, slots=True)
class RankLine:
    """A rank, as lists and forms show it; `scheme` says of which kind of civil servants."""

    code: str
    name: str
    scheme: str


def units_staffed_by(actor: Actor) -> tuple[Unit, ...]:
    """The units into which the actor may place people, in the order of the tree."""
    return tuple(it for it in queries.units_visible_to(actor) if policies.may_hire(actor, it.path))


def units_shaped_by(actor: Actor) -> tuple[Unit, ...]:
    """The units that the actor may rename and add to, in the order of the tree."""
    return tuple(it for it in queries.units_visible_to(actor) if policies.may_shape_units(actor, it.path))


def unit_shaped_by(actor: Actor, unit_id: UUID) -> Unit:
    """One of them; raises NotFound."""
    unit = db.session.get(OrgUnit, unit_id)
    if unit is None or not policies.may_shape_units(actor, unit.path):
        raise NotFound
    return unit.as_fact()


def headcounts(on: date) -> dict[UUID, int]:
    """How many people work in each unit itself on a day; units without any are absent."""
    works = and_(Posting.from_on <= on, or_(Posting.to_on.is_(None), Posting.to_on >= on))
    query = (
        select(Posting.unit_id, func.count())
        .join(Employee, Employee.id == Posting.employee_id)
        .where(works, or_(Employee.left_on.is_(None), Employee.left_on > on))
        .group_by(Posting.unit_id)
    )
    return dict(db.session.execute(query).all())


def positions() -> tuple[PositionLine, ...]:
    """Every position, by name."""
    return tuple(_line(it) for it in db.session.scalars(select(Position).order_by(func.lower(Position.name), Position.code)))


def position_page(wanted: PageRequest, *, search: str = "") -> Page[PositionLine]:
    """The positions whose name or code holds every word, by name."""
    query = select(Position).order_by(func.lower(Position.name), Position.code)
    for word in search.lower().split():
        in_name = func.lower(Position.name).contains(word, autoescape=True)
        query = query.where(or_(in_name, func.lower(Position.code).contains(word, autoescape=True)))
    return paginate(query, wanted).map(_line)


def position(position_id: UUID) -> PositionLine:
    """One position; raises NotFound."""
    found = db.session.get(Position, position_id)
    if found is None:
        raise NotFound
    return _line(found)


def _line(it: Position) -> PositionLine:
    return PositionLine(it.id, it.code, it.name, it.level_code, it.job_class)


def levels(on: date) -> dict[str, str]:
    """The levels of positions in force on a day: what each code is called."""
    query = select(PositionLevel).where(_in_force(PositionLevel, on)).order_by(PositionLevel.id)
    return {it.code: it.name for it in db.session.scalars(query)}


def ranks(on: date) -> tuple[RankLine, ...]:
    """The ranks in force on a day, permanent staff first, each scheme from the lowest grade to the highest."""
    rows = db.session.scalars(select(Rank).where(_in_force(Rank, on))).all()
    ordered = sorted(rows, key=lambda it: (it.scheme != EmploymentType.PNS, rules.grade_order(it.grade), it.code))
    return tuple(_rank_line(it) for it in ordered)


def _rank_line(it: Rank) -> RankLine:
    return RankLine(it.code, f"{it.name} ({it.grade})" if it.scheme == EmploymentType.PNS else it.name, it.scheme)


def rank_codes(on: date) -> dict[str, str]:
    """The code of a rank by what people write: its code or its grade, such as III/b, in small letters."""
    rows = db.session.scalars(select(Rank).where(_in_force(Rank, on)).order_by(Rank.id)).all()
    return {it.grade.lower(): it.code for it in rows} | {it.code.lower(): it.code for it in rows}


def _in_force(model: type[Rank] | type[PositionLevel], on: date) -> ColumnElement[bool]:
    return and_(model.effective_from <= on, or_(model.effective_to.is_(None), model.effective_to >= on))


def has_position_level(code: str, on: date) -> bool:
    """Whether a level of positions is in force on a day."""
    in_force = and_(
        PositionLevel.effective_from <= on, or_(PositionLevel.effective_to.is_(None), PositionLevel.effective_to >= on)
    )
    return bool(db.session.scalar(select(exists().where(PositionLevel.code == code, in_force))))
