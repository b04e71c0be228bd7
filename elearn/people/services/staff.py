"""Staff come, move, change and go; roles are roles.py's, accounts are accounts.py's."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from elearn.kernel import audit
from elearn.kernel.actor import Actor
from elearn.kernel.clock import local_date
from elearn.kernel.db import db
from elearn.kernel.errors import Invalid, NotFound
from elearn.kernel.guard import require
from elearn.people import accounts, policies, queries, rules
from elearn.people.facts import Hired, Moved, NewEmployee, NewPosting, Unit
from elearn.people.models.organisation import Position
from elearn.people.models.staff import Employee, EmployeeIdentifier, Posting, RoleGrant
from elearn.people.policies import Placement
from elearn.people.rules import Identifier


def hire(new: NewEmployee, *, by: Actor, now: datetime) -> Hired:
    """Take on an employee with their number and first posting, where given.

    Raises NotFound (agency), Forbidden, Invalid: nip_*, identifier_in_use, email_unreadable, email_in_use,
    name_needed, too_long, not_an_agency, unit_elsewhere, unit_unknown, position_unknown, supervisor_unknown.
    """
    agency = queries.unit(new.agency_id)
    place = _place(new.posting, agency)
    require(policies.may_hire, by, place.path)
    on = local_date(now, by.zone)
    identifier = rules.read_nip(new.identifier, on=on) if new.identifier else None
    employee = Employee.hire(new, on=on)
    _require_unused_email(employee.email)
    db.session.add(employee)
    db.session.flush()
    if identifier is not None:
        _add_identifier(employee.id, identifier, valid_from=employee.active_from)
    if new.posting is not None:
        db.session.add(Posting.begin(employee.id, new.posting, on=employee.active_from))
    db.session.flush()
    audit.record("person.hire", "employee", employee.id, by=by, now=now, **_described(new, identifier))
    return Hired(employee.id, _warnings(new, identifier))


def _place(posting: NewPosting | None, agency: Unit) -> Unit:
    """The unit of the first posting, else the agency itself."""
    if agency.depth != 0:
        raise Invalid("not_an_agency", field="agency_id")
    if posting is None:
        return agency
    unit = _posting_unit(posting)
    if unit.agency_id != agency.id:
        raise Invalid("unit_elsewhere", field="unit_id")
    return unit


def _posting_unit(posting: NewPosting) -> Unit:
    """The unit of a posting whose position and supervisor exist too."""
    if db.session.get(Position, posting.position_id) is None:
        raise Invalid("position_unknown", field="position_id")
    if posting.supervisor_id is not None and db.session.get(Employee, posting.supervisor_id) is None:
        raise Invalid("supervisor_unknown", field="supervisor_id")
    try:
        return queries.unit(posting.unit_id)
    except NotFound:
        raise Invalid("unit_unknown", field="unit_id") from None


def _require_unused_email(email: str | None) -> None:
    if email and db.session.scalar(select(Employee.id).where(Employee.email == email)) is not None:
        raise Invalid("email_in_use", field="email")


def _add_identifier(employee_id: UUID, identifier: Identifier, *, valid_from: date) -> None:
    """A number that nobody else bears from that day on."""
    borne = select(EmployeeIdentifier.id).where(
        EmployeeIdentifier.value == identifier.value,
        EmployeeIdentifier.employee_id != employee_id,
        or_(EmployeeIdentifier.valid_to.is_(None), EmployeeIdentifier.valid_to >= valid_from),
    )
    if db.session.scalar(borne.limit(1)) is not None:
        raise Invalid("identifier_in_use", field="identifier")
    db.session.add(EmployeeIdentifier.of(employee_id, identifier, valid_from=valid_from))


def _described(new: NewEmployee, identifier: Identifier | None) -> dict[str, Any]:
    return {
        "name": new.name,
        "agency": new.agency_id,
        "identifier": rules.masked(identifier.value) if identifier else None,
        "employment_type": new.employment_type,
        "unit": new.posting.unit_id if new.posting else None,
        "position": new.posting.position_id if new.posting else None,
    }


def _warnings(new: NewEmployee, identifier: Identifier | None) -> tuple[str, ...]:
    if identifier is None:
        return ()
    fits = rules.fits_employment(identifier.type, new.employment_type)
    return identifier.warnings if fits else (*identifier.warnings, "identifier_unlike_employment")


def change_identifier(
    employee_id: UUID, identifier: str, *, valid_from: date | None = None, by: Actor, now: datetime
) -> tuple[str, ...]:
    """Give a person another NIP or NI PPPK from a day on; the former one stays as history. Returns warnings.

    Raises NotFound, Forbidden, Conflict identifier_is_newer, Invalid: nip_*, identifier_in_use.
    """
    on = local_date(now, by.zone)
    require(policies.may_correct, by, queries.person(employee_id, on=on))
    read = rules.read_nip(identifier, on=on)
    former = select(EmployeeIdentifier).where(
        EmployeeIdentifier.employee_id == employee_id, EmployeeIdentifier.valid_to.is_(None)
    )
    current = db.session.scalar(former.with_for_update(), execution_options={"populate_existing": True})
    if current is not None:
        current.end_before(valid_from or on)
        db.session.flush()
    _add_identifier(employee_id, read, valid_from=valid_from or on)
    db.session.flush()
    masked = rules.masked(read.value)
    audit.record("person.change_identifier", "employee", employee_id, by=by, now=now, identifier=masked)
    return read.warnings


def rename(employee_id: UUID, name: str, *, title_before: str = "", title_after: str = "", by: Actor, now: datetime) -> None:
    """Write another name or other titles; raises NotFound, Forbidden, Invalid."""
    person = queries.person(employee_id, on=local_date(now, by.zone))
    require(policies.may_correct, by, person)
    employee = _employee_for_update(employee_id)
    employee.rename(name, title_before, title_after)
    after = rules.name_with_titles(employee.name, employee.title_before, employee.title_after)
    audit.record("person.rename", "employee", employee_id, by=by, now=now, before=person.name_with_titles, after=after)


def _employee_for_update(employee_id: UUID) -> Employee:
    query = select(Employee).where(Employee.id == employee_id).with_for_update()
    employee = db.session.scalar(query, execution_options={"populate_existing": True})
    if employee is None:
        raise NotFound
    return employee


def move(employee_id: UUID, new: NewPosting, *, by: Actor, now: datetime) -> Moved:
    """Post a person elsewhere from a day on that has come; the former posting ends the day before.

    Roles over units that do not hold the new one end with the move, and so do the person's sessions then. A posting
    that began on the very day is corrected instead. A move into another agency changes the person's agency.
    Raises NotFound, Forbidden, Conflict posting_is_newer, Invalid: move_in_future, unit_unknown, position_unknown,
    supervisor_unknown, own_supervisor.
    """
    on = local_date(now, by.zone)
    person = queries.person(employee_id, on=on)
    unit = _posting_unit(new)
    require(policies.may_place, by, Placement(person, unit.path))
    from_on = new.from_on or on
    if from_on > on:
        raise Invalid("move_in_future", field="from_on")
    _employee_for_update(employee_id).agency_id = unit.agency_id
    posting = _post(employee_id, new, from_on)
    ended = _end_narrow_roles(employee_id, unit, by=by, now=now)
    if ended:
        accounts.end_sessions(employee_id, now=now)
    details = {"unit": new.unit_id, "position": new.position_id, "supervisor": new.supervisor_id, "from": from_on}
    audit.record("person.move", "employee", employee_id, by=by, now=now, ended_roles=ended, **details)
    return Moved(posting.id, ended)


def _post(employee_id: UUID, new: NewPosting, from_on: date) -> Posting:
    former = select(Posting).where(Posting.employee_id == employee_id, Posting.to_on.is_(None))
    current = db.session.scalar(former.with_for_update(), execution_options={"populate_existing": True})
    if current is not None and current.from_on == from_on:
        current.correct(new)
        return current
    if current is not None:
        current.end_before(from_on)
        db.session.flush()
    posting = Posting.begin(employee_id, new, on=from_on)
    db.session.add(posting)
    db.session.flush()
    return posting


def _end_narrow_roles(employee_id: UUID, unit: Unit, *, by: Actor, now: datetime) -> tuple[UUID, ...]:
    """Roles do not travel with a person: those over a unit that does not hold the new one end."""
    held = select(RoleGrant).where(
        RoleGrant.employee_id == employee_id, RoleGrant.revoked_at.is_(None), RoleGrant.unit_id.is_not(None)
    )
    ended = [it for it in db.session.scalars(held) if it.unit_id is not None and it.unit_id.hex not in unit.path]
    for grant in ended:
        grant.revoke(by=by, now=now)
    return tuple(grant.id for grant in ended)


def suspend(employee_id: UUID, *, reason: str, by: Actor, now: datetime) -> None:
    """Close every door to a person until resumed; sessions, tokens and codes end.

    Raises NotFound, Forbidden, Conflict already_suspended, Invalid reason_needed.
    """
    employee = _to_be_stopped(employee_id, by=by, now=now)
    if not reason.strip():
        raise Invalid("reason_needed", field="reason")
    employee.suspend(now=now)
    accounts.end_access(employee_id, now=now)
    audit.record("person.suspend", "employee", employee_id, by=by, now=now, reason=reason.strip()[:1000])


def _to_be_stopped(employee_id: UUID, *, by: Actor, now: datetime) -> Employee:
    require(policies.may_stop, by, queries.standing(employee_id, on=local_date(now, by.zone)))
    return _employee_for_update(employee_id)


def resume(employee_id: UUID, *, by: Actor, now: datetime) -> None:
    """Open the doors again to a suspended person, who signs in anew; raises NotFound, Forbidden, Conflict."""
    employee = _to_be_stopped(employee_id, by=by, now=now)
    employee.resume()
    audit.record("person.resume", "employee", employee_id, by=by, now=now)


def leave(employee_id: UUID, *, on: date | None = None, by: Actor, now: datetime) -> None:
    """Let a person be gone from a day on that has come; roles, sessions, tokens and codes end.

    Raises NotFound, Forbidden, Conflict already_left, Invalid: left_before_hired, leave_in_future.
    """
    employee = _to_be_stopped(employee_id, by=by, now=now)
    today = local_date(now, by.zone)
    if (on or today) > today:
        raise Invalid("leave_in_future", field="left_on")
    employee.leave(on or today)
    held = select(RoleGrant).where(RoleGrant.employee_id == employee_id, RoleGrant.revoked_at.is_(None))
    for grant in db.session.scalars(held):
        grant.revoke(by=by, now=now)
    accounts.end_access(employee_id, now=now)
    audit.record("person.leave", "employee", employee_id, by=by, now=now, left_on=employee.left_on)
