"""Who may be handed a slip, as HR's page asks; that slips are made is services/slips.py's, how they look slip_sheet.py's."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select

from elearn.kernel.actor import Actor
from elearn.kernel.clock import local_date
from elearn.kernel.db import db
from elearn.people import grants, policies, queries
from elearn.people.models.access import Credential, OneTimeCode
from elearn.people.models.staff import Employee

BATCH = 96
"""How many slips one file holds: a printer's stack, and seconds of drawing."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may be handed a slip; `has_code` where an unused code of theirs would end."""

    id: UUID
    name: str
    unit_name: str
    has_password: bool
    has_code: bool


@dataclass(frozen=True, slots=True)
class Candidates:
    """One batch of them, by name; how many there are; and whom the actor may not hand one (a role reaches further)."""

    people: tuple[Candidate, ...]
    total: int
    barred: tuple[str, ...]

    @property
    def batch_count(self) -> int:
        """How many files all of them take."""
        return -(-self.total // BATCH)


def candidates(actor: Actor, unit_id: UUID | None, *, everybody: bool = False, batch: int = 1, now: datetime) -> Candidates:
    """The people at work whom HR's role reaches and who never chose a password (`everybody`: those who did, too).

    The actor is not among them. Raises NotFound for a unit that is not.
    """
    on = local_date(now, actor.zone)
    staff = queries.staff_covered_by(actor, *policies.STAFFING, on=on, unit_id=unit_id)
    open_code = select(OneTimeCode.id).where(
        OneTimeCode.employee_id == staff.c.employee_id, OneTimeCode.used_at.is_(None), OneTimeCode.expires_at > now
    )
    query = (
        select(staff.c.employee_id, staff.c.name, staff.c.unit_name, Credential.password_hash, open_code.exists())
        .join(Employee, Employee.id == staff.c.employee_id)
        .outerjoin(Credential, Credential.employee_id == staff.c.employee_id)
        .where(Employee.suspended_at.is_(None), or_(Employee.left_on.is_(None), Employee.left_on > on))
        .order_by(staff.c.name, staff.c.employee_id)
    )
    if not everybody:
        query = query.where(Credential.password_hash.is_(None))
    rows = [Candidate(it[0], it[1], it[2] or "", it[3] is not None, it[4]) for it in db.session.execute(query)]
    chosen = rows[(batch - 1) * BATCH : batch * BATCH]
    allowed = {it.id for it in chosen if policies.may_issue_code(actor, grants.standing(it.id, on=on))}
    barred = tuple(it.name for it in chosen if it.id not in allowed)
    return Candidates(tuple(it for it in chosen if it.id in allowed), len(rows), barred)
