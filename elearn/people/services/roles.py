"""Giving and taking roles; what a role may do is said by the policies of every package."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from elearn.kernel import audit
from elearn.kernel.actor import Actor, Grant, Role
from elearn.kernel.clock import local_date
from elearn.kernel.db import db
from elearn.kernel.errors import Conflict, Invalid, NotFound
from elearn.kernel.guard import require
from elearn.people import accounts, policies, queries
from elearn.people.facts.roles import RoleScope
from elearn.people.models.organisation import OrgUnit
from elearn.people.models.staff import Employee, RoleGrant
from elearn.people.policies import RoleGift

EVERYWHERE = RoleScope()


def grant_role(
    employee_id: UUID, role: Role, *, scope: RoleScope = EVERYWHERE, reason: str, by: Actor, now: datetime
) -> UUID:
    """Give a role within a scope; the person's sessions end, so that the next one knows it.

    Raises NotFound, Forbidden (nobody gives to themselves), Conflict role_held, not_active, Invalid.
    """
    person = queries.person(employee_id, on=local_date(now, by.zone))
    require(policies.may_give_role, by, RoleGift(person, _grant(role, scope)))
    _lock(employee_id)
    if person.is_suspended or person.left_on is not None:
        raise Conflict("not_active")
    if _is_held(employee_id, role, scope):
        raise Conflict("role_held")
    given = RoleGrant.give(employee_id, role, scope, reason=reason, by=by, now=now)
    db.session.add(given)
    accounts.end_sessions(employee_id, now=now)
    audit.record("role.grant", "employee", employee_id, by=by, now=now, grant=given.id, **_described(given))
    return given.id


def _grant(role: Role, scope: RoleScope) -> Grant:
    path = None
    if scope.unit_id is not None:
        unit = db.session.get(OrgUnit, scope.unit_id)
        if unit is None:
            raise Invalid("unit_unknown", field="unit_id")
        path = unit.path
    return Grant(role, path, scope.course_id, scope.exam_id)


def _lock(employee_id: UUID) -> None:
    """Two administrators may not give or take at once."""
    db.session.execute(select(Employee.id).where(Employee.id == employee_id).with_for_update())


def _is_held(employee_id: UUID, role: Role, scope: RoleScope) -> bool:
    query = select(RoleGrant.id).where(
        RoleGrant.employee_id == employee_id,
        RoleGrant.role == role,
        RoleGrant.unit_id.is_not_distinct_from(scope.unit_id),
        RoleGrant.course_id.is_not_distinct_from(scope.course_id),
        RoleGrant.exam_id.is_not_distinct_from(scope.exam_id),
        RoleGrant.revoked_at.is_(None),
    )
    return db.session.scalar(query.limit(1)) is not None


def revoke_role(grant_id: UUID, *, reason: str, by: Actor, now: datetime) -> None:
    """Take a role back; the person's sessions end.

    Raises NotFound, Forbidden (nobody takes from themselves), Conflict already_revoked, Invalid reason_needed.
    """
    given = db.session.scalar(select(RoleGrant).where(RoleGrant.id == grant_id).with_for_update())
    if given is None:
        raise NotFound
    person = queries.person(given.employee_id, on=local_date(now, by.zone))
    scope = RoleScope(given.unit_id, given.course_id, given.exam_id)
    require(policies.may_give_role, by, RoleGift(person, _grant(Role(given.role), scope)))
    if not reason.strip():
        raise Invalid("reason_needed", field="reason")
    given.revoke(by=by, now=now)
    accounts.end_sessions(given.employee_id, now=now)
    described = _described(given) | {"reason": reason.strip()[:1000]}
    audit.record("role.revoke", "employee", given.employee_id, by=by, now=now, grant=given.id, **described)


def _described(given: RoleGrant) -> dict[str, object]:
    return {
        "role": given.role,
        "unit": given.unit_id,
        "course": given.course_id,
        "exam": given.exam_id,
        "reason": given.reason,
    }
