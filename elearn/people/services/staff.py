"""Staff come, move, change and go; roles are roles.py's, accounts are accounts.py's."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from elearn.kernel import audit
from elearn.kernel.actor import Actor
from elearn.kernel.clock import local_date
from elearn.kernel.db import db
from elearn.kernel.errors import Invalid, NotFound
from elearn.kernel.guard import require
from elearn.people import accounts, grants, personnel, policies, queries, rules
from elearn.people.facts.staff import Hired, Moved, NewEmployee, NewPosting, Unit, told_of
from elearn.people.models.organisation import Position
from elearn.people.models.staff import Employee, Posting, RoleGrant
from elearn.people.policies import Placement
from elearn.people.rules import Identifier


def hire(new: NewEmployee, *, by: Actor, now: datetime) -> Hired:
    """Take on an employee with their number and first posting, where given.

    Raises NotFound (agency), Forbidden, Invalid: nip_*, identifier_in_use, email_unreadable, email_in_use,
    name_needed, name_without_letter, too_long, rank_unknown, rank_unfit, not_an_agency, unit_elsewhere, unit_unknown,
    position_unknown, supervisor_unknown.
    """
    agency = queries.unit(new.agency_id)
    place = _place(new.posting, agency, on=local_date(now, by.zone))
    require(policies.may_hire, by, place.path)
    on = local_date(now, by.zone)
    identifier = rules.read_nip(new.identifier, on=on) if new.identifier else None
    employee = Employee.hire(new, on=on)
    personnel.require_unused_email(employee.email)
    personnel.require_fit_rank(employee.rank_code, employee.employment_type, on)
    db.session.add(employee)
    db.session.flush()
    if identifier is not None:
        personnel.add_identifier(employee.id, identifier, valid_from=employee.active_from)
    if new.posting is not None:
        db.session.add(Posting.begin(employee.id, new.posting, on=employee.active_from))
    db.session.flush()
    audit.record("person.hire", "employee", employee.id, by=by, now=now, **told_of(new, identifier))
    return Hired(employee.id, _warnings(new, identifier))


def _place(posting: NewPosting | None, agency: Unit, *, on: date) -> Unit:
    """The unit of the first posting, else the agency itself."""
    if agency.depth != 0:
        raise Invalid("not_an_agency", field="agency_id")
    if posting is None:
        return agency
    unit = _posting_unit(posting, on=on)
    if unit.agency_id != agency.id:
        raise Invalid("unit_elsewhere", field="unit_id")
    return unit


def _posting_unit(posting: NewPosting, *, on: date) -> Unit:
    """The unit of a posting whose position exists too, and whose supervisor works in the same agency."""
    if db.session.get(Position, posting.position_id) is None:
        raise Invalid("position_unknown", field="position_id")
    try:
        unit = queries.unit(posting.unit_id)
    except NotFound:
        raise Invalid("unit_unknown", field="unit_id") from None
    if posting.supervisor_id is not None:
        supervisor = db.session.get(Employee, posting.supervisor_id)
        if supervisor is None or supervisor.agency_id != unit.agency_id or not supervisor.is_active(on):
            raise Invalid("supervisor_unknown", field="supervisor_id")
    return unit


def _warnings(new: NewEmployee, identifier: Identifier | None) -> tuple[str, ...]:
    if identifier is None:
        return ()
    fits = rules.fits_employment(identifier.type, new.employment_type)
    return identifier.warnings if fits else (*identifier.warnings, "identifier_unlike_employment")


def rename(employee_id: UUID, name: str, *, title_before: str = "", title_after: str = "", by: Actor, now: datetime) -> None:
    """Write another name or other titles; raises NotFound, Forbidden, Invalid."""
    person = queries.person(employee_id, on=local_date(now, by.zone))
    require(policies.may_correct, by, person)
    employee = personnel.employee_for_update(employee_id)
    employee.rename(name, title_before, title_after)
    after = rules.name_with_titles(employee.name, employee.title_before, employee.title_after)
    audit.record("person.rename", "employee", employee_id, by=by, now=now, before=person.name_with_titles, after=after)


def move(employee_id: UUID, new: NewPosting, *, spared: frozenset[UUID] = frozenset(), by: Actor, now: datetime) -> Moved:
    """Post a person elsewhere from a day on that has come; the former posting ends the day before.

    Roles over units that do not hold the new one end with the move, and so do the person's sessions then. Whom the
    person supervised has no supervisor any more where the unit is another one, but for the `spared`, of whom the same
    act says that they go on: a chair does not travel. A posting that began on the very day is corrected instead. A
    move into another agency changes the person's agency.
    Raises NotFound, Forbidden, Invalid: move_in_future, posting_is_newer, unit_unknown, position_unknown,
    supervisor_unknown, own_supervisor.
    """
    on = local_date(now, by.zone)
    person = queries.person(employee_id, on=on)
    unit = _posting_unit(new, on=on)
    require(policies.may_place, by, Placement(person, unit.path))
    from_on = new.from_on or on
    if from_on > on:
        raise Invalid("move_in_future", field="from_on")
    personnel.employee_for_update(employee_id).agency_id = unit.agency_id
    posting = _post(employee_id, new, from_on)
    ended = _end_narrow_roles(employee_id, unit, by=by, now=now)
    if ended:
        accounts.end_sessions(employee_id, now=now)
    freed = () if unit.id == person.unit_id else _end_supervision(employee_id, from_on, spared)
    ends = {"ended_roles": ended, "unsupervised": freed, "from": from_on}
    place = {"unit": new.unit_id, "position": new.position_id, "supervisor": new.supervisor_id}
    audit.record("person.move", "employee", employee_id, by=by, now=now, **place, **ends)
    return Moved(posting.id, ended, freed)


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


def _end_supervision(supervisor_id: UUID, from_on: date, spared: frozenset[UUID] = frozenset()) -> tuple[UUID, ...]:
    """Supervision belongs to a posting in a unit: whoever names this supervisor goes on without one from that day."""
    named = select(Posting).where(Posting.supervisor_id == supervisor_id, Posting.to_on.is_(None))
    found = db.session.scalars(named.order_by(Posting.id).with_for_update())
    reports = [it for it in found if it.employee_id not in spared]
    following = [it.lose_supervisor(from_on) for it in reports]
    db.session.flush()
    db.session.add_all(it for it in following if it is not None)
    db.session.flush()
    return tuple(it.employee_id for it in reports)


def begin_earlier(employee_id: UUID, from_on: date, *, by: Actor, now: datetime) -> None:
    """Write an earlier first day into a person's first posting, and of their being at work where that was later.

    Raises NotFound, Forbidden, Invalid posting_is_newer.
    """
    require(policies.may_correct, by, queries.person(employee_id, on=local_date(now, by.zone)))
    employee = personnel.employee_for_update(employee_id)
    every = select(Posting).where(Posting.employee_id == employee_id).order_by(Posting.from_on).limit(1)
    first = db.session.scalar(every.with_for_update())
    if first is None:
        raise NotFound
    before = first.from_on
    first.begin_earlier(from_on)
    employee.active_from = min(employee.active_from, from_on)
    audit.record("person.begin_earlier", "employee", employee_id, by=by, now=now, before=before, after=from_on)


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
    require(policies.may_stop, by, grants.standing(employee_id, on=local_date(now, by.zone)))
    return personnel.employee_for_update(employee_id)


def resume(employee_id: UUID, *, reason: str, by: Actor, now: datetime) -> None:
    """Open the doors again to a suspended person, who signs in anew.

    Raises NotFound, Forbidden, Conflict not_suspended, Invalid reason_needed.
    """
    employee = _to_be_stopped(employee_id, by=by, now=now)
    if not reason.strip():
        raise Invalid("reason_needed", field="reason")
    employee.resume()
    audit.record("person.resume", "employee", employee_id, by=by, now=now, reason=reason.strip()[:1000])


def leave(employee_id: UUID, *, on: date | None = None, by: Actor, now: datetime) -> None:
    """Let a person be gone from a day on that has come; roles, supervision, sessions, tokens and codes end.

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
    freed = _end_supervision(employee_id, employee.left_on or today)
    details = {"left_on": employee.left_on, "unsupervised": freed}
    audit.record("person.leave", "employee", employee_id, by=by, now=now, **details)
