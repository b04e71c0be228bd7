"""Every read about people and units; roles are grants.py's, doors (passwords, sessions, codes) accounts.py's."""

import re
from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Date,
    ScalarSelect,
    Select,
    Subquery,
    and_,
    bindparam,
    false,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.orm import aliased

from elearn.kernel.actor import Actor, Role
from elearn.kernel.clock import local_date
from elearn.kernel.db import db
from elearn.kernel.errors import NotFound
from elearn.kernel.page import Page, PageRequest, paginate
from elearn.kernel.settings import Agency
from elearn.people import agencies
from elearn.people.facts.staff import Person, Unit
from elearn.people.logins import has_login
from elearn.people.models.organisation import OrgUnit, Position, Rank
from elearn.people.models.staff import Employee, EmployeeIdentifier, Posting
from elearn.people.rules import EmploymentType, IdentifierType, name_with_titles

REACHING = (Role.HR_OFFICER, Role.SUPERVISOR, Role.ADMINISTRATOR, Role.AUDITOR)
CERTIFYING = (*REACHING, Role.CERTIFICATE_SIGNER)
_Agency = aliased(OrgUnit)
_PATH = func.coalesce(OrgUnit.path, _Agency.path)
_SORTS: dict[str, tuple[Any, ...]] = {
    "name": (func.lower(Employee.name), Employee.id),
    "-name": (func.lower(Employee.name).desc(), Employee.id.desc()),
    "unit": (OrgUnit.name, func.lower(Employee.name), Employee.id),
    "position": (Position.name, func.lower(Employee.name), Employee.id),
}
SORTS = tuple(_SORTS)


def person(employee_id: UUID, *, on: date) -> Person:
    """An employee as of a day, for other use-cases; who may see whom is not asked. Raises NotFound."""
    return _person(_found(db.session.execute(_PERSON, {"id": employee_id, "on": on}).one_or_none()))


def person_with_agency(employee_id: UUID, *, zone: str, now: datetime) -> tuple[Person, Agency]:
    """An employee as of today, and the agency that employs them; who may see whom is not asked. Raises NotFound.

    `zone` is the zone that the agency probably has: where it has another, the person is read again by that.
    """
    found = person(employee_id, on=local_date(now, zone))
    employer = agencies.agency(found.agency_id, now=now)
    if employer.zone != zone:
        found = person(employee_id, on=local_date(now, employer.zone))
    return found, employer


def persons(employee_ids: Collection[UUID], *, on: date) -> dict[UUID, Person]:
    """The same for several people, by id."""
    rows = db.session.execute(_persons(on).where(Employee.id.in_(employee_ids)))
    return {it.id: it for it in map(_person, rows)}


def person_today(employee_id: UUID, *, now: datetime) -> Person:
    """An employee as of the calendar day of their agency; who may see whom is not asked. Raises NotFound."""
    return person(employee_id, on=local_date(now, agencies.agency_of(employee_id, now=now).zone))


def person_visible_to(actor: Actor, employee_id: UUID, *, on: date, roles: tuple[Role, ...] = REACHING) -> Person:
    """Oneself, one's direct reports, or somebody within the reach of one of the roles; else NotFound."""
    query = _persons(on).where(Employee.id == employee_id)
    if not actor.is_system:
        query = query.where(or_(Employee.id == actor.employee_id, _is_reached_by(actor, roles)))
    return _person(_found(db.session.execute(query).one_or_none()))


def people_visible_to(
    actor: Actor,
    wanted: PageRequest,
    *,
    on: date,
    search: str | None = None,
    unit_id: UUID | None = None,
    sort: str | None = None,
) -> Page[Person]:
    """The employees within the actor's reach who have not left, by part of a name or e-mail and by unit subtree.

    `sort` is one of SORTS (anything else reads as "name"). A NIP is not searched for here: it would stand in the
    address of the page. Raises NotFound for a unit that is not.
    """
    query = _sought(actor, on=on, search=search, unit_id=unit_id)
    page = paginate(query.order_by(*_SORTS.get(sort or "name", _SORTS["name"])), wanted, scalars=False)
    return page.map(_person)


def _sought(actor: Actor, *, on: date, search: str | None, unit_id: UUID | None) -> Any:
    query = _persons(on).where(or_(Employee.left_on.is_(None), Employee.left_on > on))
    if not actor.is_system:
        query = query.where(_is_reached_by(actor))
    for word in (search or "").lower().split():
        in_name = func.lower(Employee.name).contains(word, autoescape=True)
        query = query.where(or_(in_name, Employee.email.contains(word, autoescape=True)))
    if unit_id is not None:
        query = query.where(_PATH.startswith(unit(unit_id).path, autoescape=True))
    return query


def person_by_number(actor: Actor, text: str, *, on: date) -> Person | None:
    """The person in reach who bears a NIP or NI PPPK; None for nobody, and for anything but a whole number."""
    if re.fullmatch(r"[0-9]{18}", number := re.sub(r"[\s.\-]", "", text)) is None:
        return None
    query = _persons(on).where(EmployeeIdentifier.value == number)
    if not actor.is_system:
        query = query.where(_is_reached_by(actor))
    row = db.session.execute(query.limit(1)).one_or_none()
    return _person(row) if row else None


def _persons(on: date | BindParameter[date]) -> Any:
    """The SELECT of employees with what holds for them on a day; one row each."""
    holds = and_(EmployeeIdentifier.valid_from <= on, _not_before(EmployeeIdentifier.valid_to, on))
    works = and_(Posting.from_on <= on, _not_before(Posting.to_on, on))
    return (
        select(Employee, EmployeeIdentifier, Posting, OrgUnit, Position, Rank, _Agency.path)
        .select_from(Employee)
        .join(_Agency, _Agency.id == Employee.agency_id)
        .outerjoin(EmployeeIdentifier, and_(EmployeeIdentifier.employee_id == Employee.id, holds))
        .outerjoin(Posting, and_(Posting.employee_id == Employee.id, works))
        .outerjoin(OrgUnit, OrgUnit.id == Posting.unit_id)
        .outerjoin(Position, Position.id == Posting.position_id)
        .outerjoin(Rank, Rank.id == _rank_id(on))
    )


def _rank_id(on: date | BindParameter[date]) -> ScalarSelect[UUID]:
    """The newest row in force of the employee's rank."""
    row = aliased(Rank)
    in_force = and_(row.effective_from <= on, _not_before(row.effective_to, on))
    query = select(row.id).where(row.code == Employee.rank_code, in_force).order_by(row.effective_from.desc())
    return query.limit(1).correlate(Employee).scalar_subquery()


def _not_before(last: Any, on: date | BindParameter[date]) -> ColumnElement[bool]:
    return or_(last.is_(None), last >= on)


_PERSON = _persons(bindparam("on", type_=Date())).where(Employee.id == bindparam("id"))


def _is_reached_by(actor: Actor, roles: tuple[Role, ...] = REACHING) -> ColumnElement[bool]:
    """Whether the row's person stands in a unit that one of the roles covers, or reports to the actor."""
    if actor.employee_id is None:
        return false()
    return or_(Posting.supervisor_id == actor.employee_id, _covers(_PATH, actor.unit_paths(*roles)))


def _covers(path: Any, subtrees: tuple[str, ...]) -> ColumnElement[bool]:
    if "" in subtrees:
        return true()
    return or_(false(), *(path.startswith(it, autoescape=True) for it in subtrees))


def _person(row: Any) -> Person:
    employee, identifier, posting, unit_row, position, rank, agency_path = row
    return Person(
        id=employee.id,
        name=employee.name,
        name_with_titles=name_with_titles(employee.name, employee.title_before, employee.title_after),
        identifier=identifier.value if identifier else None,
        identifier_type=IdentifierType(identifier.type) if identifier else None,
        rank_code=employee.rank_code,
        rank_name=_rank_name(rank),
        employment_type=EmploymentType(employee.employment_type),
        is_demo=employee.is_demo,
        agency_id=employee.agency_id,
        unit_id=unit_row.id if unit_row else None,
        unit_name=unit_row.name if unit_row else None,
        unit_path=unit_row.path if unit_row else agency_path,
        position_id=position.id if position else None,
        position_name=position.name if position else None,
        position_level=position.level_code if position else None,
        supervisor_id=posting.supervisor_id if posting else None,
        email=employee.email,
        is_suspended=employee.suspended_at is not None,
        left_on=employee.left_on,
    )


def _rank_name(rank: Rank | None) -> str | None:
    """Penata Muda (III/a); a contract employee's grade has no name of its own."""
    if rank is None:
        return None
    return f"{rank.name} ({rank.grade})" if rank.scheme == EmploymentType.PNS else rank.name


def _found(row: Any) -> Any:
    if row is None:
        raise NotFound
    return row


def employee_id_by_login(text: str) -> UUID | None:
    """Whose NIP (or NI PPPK) in force or e-mail address this is; None for nobody's."""
    return db.session.scalar(select(Employee.id).where(has_login(text)))


def unit(unit_id: UUID) -> Unit:
    """A unit; raises NotFound."""
    found: OrgUnit = _found(db.session.get(OrgUnit, unit_id))
    return found.as_fact()


def units_visible_to(actor: Actor, *, roles: tuple[Role, ...] = REACHING) -> tuple[Unit, ...]:
    """The units within the reach of one of the actor's roles, in the order of the tree, siblings by name."""
    query = select(OrgUnit)
    if not actor.is_system:
        query = query.where(_covers(OrgUnit.path, actor.unit_paths(*roles)))
    units = [it.as_fact() for it in db.session.scalars(query)]
    names = {it.id.hex: it.name.lower() for it in units}
    steps = {it.id: [(names.get(step, ""), step) for step in it.path.split("/")[:-1]] for it in units}
    return tuple(sorted(units, key=lambda it: steps[it.id]))


def agencies_administered_by(actor: Actor) -> tuple[Unit, ...]:
    """The agencies (root units) over the whole of which the actor is administrator, by name."""
    query = select(OrgUnit).where(OrgUnit.parent_id.is_(None)).order_by(func.lower(OrgUnit.name))
    if not actor.is_system:
        query = query.where(_covers(OrgUnit.path, actor.unit_paths(Role.ADMINISTRATOR)))
    return tuple(it.as_fact() for it in db.session.scalars(query))


def unit_id_by_code(code: str) -> UUID | None:
    """Which unit bears a code."""
    return db.session.scalar(select(OrgUnit.id).where(OrgUnit.code == code))


def position_id_by_code(code: str) -> UUID | None:
    """Which position bears a code."""
    return db.session.scalar(select(Position.id).where(Position.code == code))


def employee_ids_visible_to(actor: Actor, *, on: date, roles: tuple[Role, ...] = REACHING) -> Select[Any]:
    """The sub-SELECT of everybody whose record the actor may see by one of the roles or as their supervisor."""
    query = _persons(on)
    if not actor.is_system:
        query = query.where(_is_reached_by(actor, roles))
    ids: Select[Any] = query.with_only_columns(Employee.id)
    return ids


def staff_in_reach(actor: Actor, *, on: date, unit_id: UUID | None = None, search: str = "") -> Subquery:
    """Everybody at work in reach: columns employee_id, name, unit_id, unit_name, position_id, position_name.

    Narrowed by part of a name or e-mail and to a unit's subtree; raises NotFound for a unit that is not.
    """
    query = _sought(actor, on=on, search=search, unit_id=unit_id)
    columns = {
        "employee_id": Employee.id,
        "name": Employee.name,
        "unit_id": OrgUnit.id,
        "unit_name": OrgUnit.name,
        "position_id": Position.id,
        "position_name": Position.name,
    }
    found: Subquery = query.with_only_columns(*(it.label(name) for name, it in columns.items())).subquery()
    return found


def staff_covered_by(actor: Actor, *roles: Role, on: date, unit_id: UUID | None = None) -> Subquery:
    """Everybody at work whom one of the roles reaches, but the actor: columns employee_id, name, unit_name.

    `unit_id` narrows it to a unit's subtree; raises NotFound for a unit that is not.
    """
    query = _persons(on).where(or_(Employee.left_on.is_(None), Employee.left_on > on))
    if not actor.is_system:
        query = query.where(Employee.id != actor.employee_id, _covers(_PATH, actor.unit_paths(*roles)))
    if unit_id is not None:
        query = query.where(_PATH.startswith(unit(unit_id).path, autoescape=True))
    columns = (Employee.id.label("employee_id"), Employee.name.label("name"), OrgUnit.name.label("unit_name"))
    covered: Subquery = query.with_only_columns(*columns).subquery()
    return covered
