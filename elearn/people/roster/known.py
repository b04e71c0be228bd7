"""What the register knows of everything that a staff file names, asked in a fixed number of questions."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import select

from elearn.kernel.db import db
from elearn.kernel.ids import new_id
from elearn.people import structure
from elearn.people.facts.staff import Unit
from elearn.people.models.organisation import OrgUnit, Position
from elearn.people.models.staff import Employee, EmployeeIdentifier, Posting
from elearn.people.roster.shape import Roster

AT_ONCE = 30_000
"""How many values one question may name: SQLite takes 32,766, PostgreSQL 65,535."""
PORTION = 1_000
"""How many rows of an answer are in memory before they are taken."""


@dataclass(frozen=True, slots=True)
class Place:
    """A posting of somebody: where, as what, from when to when, and under whom."""

    unit_id: UUID
    position_id: UUID
    from_on: date
    to_on: date | None
    supervisor_id: UUID | None


@dataclass(slots=True)
class Standing:
    """Somebody as the register has them; `places` from the oldest to the newest."""

    id: UUID
    agency_id: UUID
    name: str
    title_before: str
    title_after: str
    email: str | None
    employment_type: str
    rank_code: str | None
    active_from: date
    left_on: date | None
    is_suspended: bool
    number: str | None = None
    places: list[Place] = field(default_factory=list)

    @property
    def present(self) -> Place | None:
        """Where they work now, if anywhere."""
        return self.places[-1] if self.places and self.places[-1].to_on is None else None

    def is_at_work(self, on: date) -> bool:
        """Whether they may supervise on a day."""
        here = self.active_from <= on and (self.left_on is None or on < self.left_on)
        return here and not self.is_suspended


@dataclass(frozen=True, slots=True)
class KnownPosition:
    """A position that is there."""

    id: UUID
    code: str
    name: str
    level_code: str


@dataclass(slots=True)
class Known:
    """All of it, by what a file calls it; codes in small letters. `former` are numbers that nobody bears any more."""

    units: dict[str, Unit] = field(default_factory=dict)
    positions: dict[str, KnownPosition] = field(default_factory=dict)
    people: dict[UUID, Standing] = field(default_factory=dict)
    numbers: dict[str, UUID] = field(default_factory=dict)
    former: set[str] = field(default_factory=set)
    emails: dict[str, UUID] = field(default_factory=dict)
    supervisors: dict[UUID, UUID] = field(default_factory=dict)
    schemes: dict[str, str] = field(default_factory=dict)
    ranks: dict[str, str] = field(default_factory=dict)
    levels: dict[str, str] = field(default_factory=dict)
    unit_by_id: dict[UUID, Unit] = field(default_factory=dict)
    position_by_id: dict[UUID, KnownPosition] = field(default_factory=dict)

    def agencies(self) -> list[Unit]:
        """The roots of all trees."""
        return [it for it in self.unit_by_id.values() if it.depth == 0]

    def expect(self, code: str, name: str) -> UUID:
        """Reckon with an agency that is not there yet; gives the id it has in this comparison."""
        agency_id = new_id()
        agency = Unit(agency_id, None, name, code, f"{agency_id.hex}/")
        self.unit_by_id[agency_id] = self.units[code.casefold()] = agency
        return agency_id

    def path_of(self, standing: Standing) -> str:
        """Where somebody stands in the tree."""
        place = standing.present
        return self.unit_by_id[place.unit_id if place else standing.agency_id].path


def load(roster: Roster, *, on: date) -> Known:
    """Ask for all that these entries name, and for the whole of what is small: units, positions, who supervises whom."""
    known = Known()
    _load_places(known, on)
    numbers = {it for entry in roster.entries for it in (entry.number, entry.supervisor) if it}
    for row in _asked(
        select(EmployeeIdentifier.value, EmployeeIdentifier.employee_id, EmployeeIdentifier.valid_to),
        EmployeeIdentifier.value,
        numbers,
    ):
        if row[2] is None:
            known.numbers[row[0]] = row[1]
        else:
            known.former.add(row[0])
    known.former -= known.numbers.keys()
    emails = {it.email for it in roster.entries if it.email}
    known.emails = dict(tuple(it) for it in _asked(select(Employee.email, Employee.id), Employee.email, emails))
    _load_people(known, {*known.numbers.values(), *known.emails.values()})
    edges = select(Posting.employee_id, Posting.supervisor_id).where(
        Posting.to_on.is_(None), Posting.supervisor_id.is_not(None)
    )
    known.supervisors = {employee: boss for employee, boss in db.session.execute(edges) if boss is not None}
    return known


def _load_places(known: Known, on: date) -> None:
    for unit in db.session.scalars(select(OrgUnit)):
        known.unit_by_id[unit.id] = unit.as_fact()
    for fact in known.unit_by_id.values():
        known.units.setdefault(fact.code.casefold(), fact)
    for row in db.session.execute(select(Position.id, Position.code, Position.name, Position.level_code)):
        position = KnownPosition(*row)
        known.position_by_id[position.id] = position
        known.positions.setdefault(position.code.casefold(), position)
    for rank in structure.ranks(on):
        known.schemes[rank.code], known.ranks[rank.code] = rank.scheme, rank.name
    known.levels = structure.levels(on)


def _load_people(known: Known, ids: set[UUID]) -> None:
    columns = (
        *(Employee.id, Employee.agency_id, Employee.name, Employee.title_before, Employee.title_after, Employee.email),
        *(Employee.employment_type, Employee.rank_code, Employee.active_from, Employee.left_on),
        Employee.suspended_at,
    )
    for row in _asked(select(*columns), Employee.id, ids):
        told: dict[str, Any] = dict(row._mapping)
        suspended = told.pop("suspended_at") is not None
        known.people[row.id] = Standing(**told, is_suspended=suspended)
    bearing = select(EmployeeIdentifier.employee_id, EmployeeIdentifier.value).where(EmployeeIdentifier.valid_to.is_(None))
    for employee_id, value in _asked(bearing, EmployeeIdentifier.employee_id, ids):
        known.people[employee_id].number = value
    places = select(
        Posting.employee_id, Posting.unit_id, Posting.position_id, Posting.from_on, Posting.to_on, Posting.supervisor_id
    ).order_by(Posting.from_on)
    for employee_id, *place in _asked(places, Posting.employee_id, ids):
        known.people[employee_id].places.append(Place(*place))


def _asked(query: Any, column: Any, values: Iterable[Any]) -> Iterator[Any]:
    rest = iter(values)
    while some := list(islice(rest, AT_ONCE)):
        yield from db.session.execute(query.where(column.in_(some)), execution_options={"yield_per": PORTION})
