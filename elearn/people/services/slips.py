"""Slips with which people get in without e-mail: one-time codes for a person or a unit; drawing them is slip_sheet.py's."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from elearn.kernel import audit
from elearn.kernel.actor import Actor
from elearn.kernel.clock import local_date
from elearn.kernel.errors import Conflict
from elearn.kernel.guard import require
from elearn.kernel.installation import installation
from elearn.people import agencies, policies, queries
from elearn.people.facts.accounts import IssuedCode, Slip
from elearn.people.facts.staff import Person
from elearn.people.rules import read_code
from elearn.people.services import accounts
from elearn.people.slips import candidates


def issue_slip(employee_id: UUID, *, by: Actor, now: datetime) -> Slip:
    """A code for one person in reach, with what stands on their slip; older codes end.

    Raises NotFound, Forbidden, Conflict not_active.
    """
    issued = accounts.issue_code(employee_id, by=by, now=now)
    return slip_of(employee_id, issued, by=by, now=now)


def slip_of(employee_id: UUID, issued: IssuedCode, *, by: Actor, now: datetime) -> Slip:
    """What stands on the slip of a code that was just issued; raises NotFound for somebody out of reach."""
    return _slip(queries.person_visible_to(by, employee_id, on=local_date(now, by.zone)), issued, now=now)


def issue_slips(
    unit_id: UUID | None, *, everybody: bool = False, batch: int = 1, by: Actor, now: datetime
) -> tuple[Slip, ...]:
    """A code for each person of a unit's batch who may have one (see slips.candidates); their older codes end.

    They are sorted as they are handed out: by unit, then by name. Raises NotFound, Forbidden, Conflict nobody_waits.
    """
    require(policies.may_hand_out_slips, by, unit_id)
    found = candidates(by, unit_id, everybody=everybody, batch=batch, now=now).people
    if not found:
        raise Conflict("nobody_waits")
    on = local_date(now, by.zone)
    slips = [_slip(queries.person(it.id, on=on), accounts.make_code(it.id, by=by, now=now), now=now) for it in found]
    ids: Sequence[UUID] = [it.id for it in found]
    audit.record("slips.issue", "org_unit", unit_id or "-", by=by, now=now, people=ids, everybody=everybody)
    return tuple(sorted(slips, key=lambda it: it.unit_name))


def _slip(person: Person, issued: IssuedCode, *, now: datetime) -> Slip:
    agency = agencies.agency(person.agency_id, now=now)
    return Slip(
        name=person.name_with_titles,
        unit_name=person.unit_name or agency.name,
        agency_name=agency.name,
        issued=issued,
        address=f"{installation().address}/activate?slip={issued.id.hex}&code={read_code(issued.code)}",
        zone=agency.zone,
        has_number=person.identifier is not None,
    )
