"""Hiring many at once, in batches: what a plan found good is written as staff.hire would write it, and audited each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from elearn.kernel import audit
from elearn.kernel.actor import Actor
from elearn.kernel.clock import local_date
from elearn.kernel.db import db
from elearn.kernel.guard import require
from elearn.people import policies, rules
from elearn.people.facts.staff import NewEmployee, NewPosting, told_of
from elearn.people.models.staff import Employee, EmployeeIdentifier, Posting

BATCH = 500


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody to hire, the path of their unit, and the number of their supervisor, who may be new as well."""

    new: NewEmployee
    posting: NewPosting
    unit_path: str
    supervisor: str | None


def hire_all(newcomers: Sequence[Newcomer], known: Mapping[str, UUID], *, by: Actor, now: datetime) -> dict[str, UUID]:
    """Hire all of them, in any order of supervisors; gives who bears each number, the known ones too.

    The caller has compared every value with the register (roster/plan.py) in the same transaction; what slips through
    meets the constraints of the tables. Raises Forbidden, Invalid.
    """
    on = local_date(now, by.zone)
    for path in {it.unit_path for it in newcomers}:
        require(policies.may_hire, by, path)
    bearers, ids = dict(known), []
    for start in range(0, len(newcomers), BATCH):
        some = newcomers[start : start + BATCH]
        employees = [Employee.hire(it.new, on=on) for it in some]
        db.session.add_all(employees)
        db.session.flush()
        for newcomer, employee in zip(some, employees, strict=True):
            ids.append((employee.id, employee.active_from))
            _number(newcomer.new, employee, bearers, by=by, now=now)
        db.session.flush()
    for start in range(0, len(newcomers), BATCH):
        pairs = zip(newcomers[start : start + BATCH], ids[start : start + BATCH], strict=True)
        db.session.add_all(
            Posting.begin(employee_id, _under(newcomer, bearers), on=from_on) for newcomer, (employee_id, from_on) in pairs
        )
        db.session.flush()
    return bearers


def _number(new: NewEmployee, employee: Employee, bearers: dict[str, UUID], *, by: Actor, now: datetime) -> None:
    """Write the number, and the entry of the hiring."""
    identifier = rules.read_nip(new.identifier, on=local_date(now, by.zone)) if new.identifier else None
    if identifier is not None:
        db.session.add(EmployeeIdentifier.of(employee.id, identifier, valid_from=employee.active_from))
        bearers[identifier.value] = employee.id
    audit.record("person.hire", "employee", employee.id, by=by, now=now, **told_of(new, identifier))


def _under(newcomer: Newcomer, bearers: Mapping[str, UUID]) -> NewPosting:
    supervisor_id = bearers[newcomer.supervisor] if newcomer.supervisor else None
    return NewPosting(newcomer.posting.unit_id, newcomer.posting.position_id, supervisor_id, newcomer.posting.from_on)
