"""What is written of a person: name, titles, e-mail, rank, and the number they bear; where they work is staff.py's."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from elearn.kernel import audit
from elearn.kernel.actor import Actor
from elearn.kernel.clock import local_date
from elearn.kernel.db import db
from elearn.kernel.errors import Invalid
from elearn.kernel.guard import require
from elearn.people import personnel, policies, queries, rules
from elearn.people.facts.staff import Correction
from elearn.people.models.staff import EmployeeIdentifier
from elearn.people.rules import Identifier

WRITTEN = ("name", "title_before", "title_after", "email", "rank_code", "employment_type")


def correct(employee_id: UUID, corrected: Correction, *, by: Actor, now: datetime) -> None:
    """Write name, titles, e-mail address, rank and kind; the entry says what was different.

    Raises NotFound, Forbidden, Invalid: name_needed, name_without_letter, too_long, email_unreadable, email_in_use,
    rank_unknown, rank_unfit.
    """
    on = local_date(now, by.zone)
    require(policies.may_correct, by, queries.person(employee_id, on=on))
    employee = personnel.employee_for_update(employee_id)
    before = {it: getattr(employee, it) for it in WRITTEN}
    with db.session.no_autoflush:
        employee.correct(corrected)
        if employee.email != before["email"]:
            personnel.require_unused_email(employee.email)
        if any(getattr(employee, it) != before[it] for it in ("rank_code", "employment_type")):
            personnel.require_fit_rank(employee.rank_code, employee.employment_type, on)
    changed = {it: [value, getattr(employee, it)] for it, value in before.items() if getattr(employee, it) != value}
    audit.record("person.correct", "employee", employee_id, by=by, now=now, changed=changed)


def change_identifier(
    employee_id: UUID, identifier: str, *, valid_from: date | None = None, by: Actor, now: datetime
) -> tuple[str, ...]:
    """Give a person another NIP or NI PPPK from a day on that has come. Returns warnings.

    The former one stays as history; one that holds from that very day is corrected instead. Raises NotFound,
    Forbidden, Invalid: nip_*, identifier_in_future, identifier_is_newer, identifier_in_use.
    """
    on = local_date(now, by.zone)
    require(policies.may_correct, by, queries.person(employee_id, on=on))
    read, from_on = rules.read_nip(identifier, on=on), valid_from or on
    if from_on > on:
        raise Invalid("identifier_in_future", field="valid_from")
    _write_identifier(employee_id, read, from_on)
    masked = rules.masked(read.value)
    audit.record("person.change_identifier", "employee", employee_id, by=by, now=now, identifier=masked)
    return read.warnings


def _write_identifier(employee_id: UUID, read: Identifier, from_on: date) -> None:
    former = select(EmployeeIdentifier).where(
        EmployeeIdentifier.employee_id == employee_id, EmployeeIdentifier.valid_to.is_(None)
    )
    current = db.session.scalar(former.with_for_update(), execution_options={"populate_existing": True})
    if current is not None and current.valid_from == from_on:
        personnel.require_unborne(employee_id, read, valid_from=from_on)
        current.correct(read)
    else:
        if current is not None:
            current.end_before(from_on)
            db.session.flush()
        personnel.add_identifier(employee_id, read, valid_from=from_on)
    db.session.flush()
