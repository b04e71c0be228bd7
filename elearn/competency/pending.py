"""Evidence that waits for HR's decision, over all the people whom an officer decides about; writes nothing."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Subquery, and_, exists, func, or_, select

from elearn.competency.models.evidence import Evidence, EvidenceDecision
from elearn.competency.models.reference import Competency
from elearn.competency.rules import EvidenceKind, Supervision
from elearn.kernel.actor import Actor, Role
from elearn.kernel.db import db
from elearn.kernel.page import Page, PageRequest, paginate
from elearn.people import queries

SORTS = ("oldest", "newest", "name", "level")


@dataclass(frozen=True, slots=True)
class PendingLine:
    """One piece of proposed evidence and whose it is."""

    id: UUID
    employee_id: UUID
    employee_name: str
    unit_name: str | None
    competency: str
    competency_name: str
    level: int
    claimed_level: int
    kind: EvidenceKind
    supervision: Supervision
    score_bp: int | None
    source: str
    observed_on: date
    valid_until: date | None


def pending_count(actor: Actor, *, on: date) -> int:
    """How many pieces wait for this officer."""
    query = _pending(queries.staff_covered_by(actor, Role.HR_OFFICER, on=on), on)
    return db.session.scalar(select(func.count()).select_from(query.subquery())) or 0


def pending_for(
    actor: Actor,
    wanted: PageRequest,
    *,
    on: date,
    unit_id: UUID | None = None,
    competency: str = "",
    sort: str = "oldest",
) -> Page[PendingLine]:
    """What waits for this officer, within a unit's subtree and of one competency where asked; see SORTS.

    Raises NotFound for a unit that is not.
    """
    staff = queries.staff_covered_by(actor, Role.HR_OFFICER, on=on, unit_id=unit_id)
    query = _pending(staff, on)
    if competency:
        query = query.where(Competency.code == competency)
    return paginate(query.order_by(*_order(staff, sort)), wanted, scalars=False).map(_line)


def _order(staff: Subquery, sort: str) -> tuple[Any, ...]:
    by_name = (func.lower(staff.c.name), Evidence.observed_on, Evidence.id)
    return {
        "newest": (Evidence.observed_on.desc(), Evidence.id.desc()),
        "name": by_name,
        "level": (Evidence.level.desc(), *by_name),
    }.get(sort, (Evidence.observed_on, Evidence.id))


def _pending(staff: Subquery, on: date) -> Select[Any]:
    """Born proposed, still valid, and nothing decided yet."""
    born_confirmed = or_(
        Evidence.kind == EvidenceKind.HR_DECISION,
        and_(Evidence.kind == EvidenceKind.ASSESSMENT, Evidence.supervision == Supervision.SUPERVISED),
    )
    return (
        select(Evidence, Competency.code, Competency.name, staff.c.name, staff.c.unit_name)
        .select_from(Evidence)
        .join(staff, staff.c.employee_id == Evidence.employee_id)
        .join(Competency, Competency.id == Evidence.competency_id)
        .where(
            ~born_confirmed,
            ~exists().where(EvidenceDecision.evidence_id == Evidence.id),
            Evidence.observed_on <= on,
            or_(Evidence.valid_until.is_(None), Evidence.valid_until >= on),
        )
    )


def _line(row: Any) -> PendingLine:
    it, code, competency_name, name, unit_name = row
    return PendingLine(
        id=it.id,
        employee_id=it.employee_id,
        employee_name=name,
        unit_name=unit_name,
        competency=code,
        competency_name=competency_name,
        level=it.level,
        claimed_level=it.claimed_level,
        kind=EvidenceKind(it.kind),
        supervision=Supervision(it.supervision),
        score_bp=it.score_bp,
        source=it.reason,
        observed_on=it.observed_on,
        valid_until=it.valid_until,
    )
