"""Reads of the roles that people hold, for policies and lists; giving and taking them is services/roles.py's."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from elearn.kernel.actor import Actor, Grant, Role
from elearn.kernel.db import db
from elearn.kernel.page import Page, PageRequest, paginate
from elearn.people import queries
from elearn.people.facts.roles import GrantLine, Standing
from elearn.people.models.organisation import OrgUnit
from elearn.people.models.staff import Employee, Posting, RoleGrant


def standing(employee_id: UUID, *, on: date) -> Standing:
    """A person, the roles they hold now, and where their reports work; raises NotFound."""
    reports = select(OrgUnit.path).join(Posting, Posting.unit_id == OrgUnit.id)
    paths = reports.where(Posting.supervisor_id == employee_id, Posting.to_on.is_(None)).distinct()
    return Standing(queries.person(employee_id, on=on), grants_of(employee_id), frozenset(db.session.scalars(paths)))


def grants_of(employee_id: UUID) -> frozenset[Grant]:
    """The roles a person holds, each with its scope as the tree stands now."""
    query = (
        select(RoleGrant.role, OrgUnit.path, RoleGrant.course_id, RoleGrant.exam_id)
        .outerjoin(OrgUnit, OrgUnit.id == RoleGrant.unit_id)
        .where(RoleGrant.employee_id == employee_id, RoleGrant.revoked_at.is_(None))
    )
    rows = db.session.execute(query)
    return frozenset(Grant(Role(role), path, course_id, exam_id) for role, path, course_id, exam_id in rows)


def grants_visible_to(actor: Actor, wanted: PageRequest, *, on: date) -> Page[GrantLine]:
    """The roles in force of the people within an administrator's or auditor's reach, by person."""
    scope_unit = aliased(OrgUnit)
    query: Any = (
        select(RoleGrant, Employee.name, scope_unit.name)
        .select_from(RoleGrant)
        .join(Employee, Employee.id == RoleGrant.employee_id)
        .outerjoin(scope_unit, scope_unit.id == RoleGrant.unit_id)
        .where(RoleGrant.revoked_at.is_(None))
        .order_by(func.lower(Employee.name), RoleGrant.role, RoleGrant.id)
    )
    if not actor.is_system:
        query = query.where(Employee.id.in_(queries.employee_ids_visible_to(actor, on=on)))
    return paginate(query, wanted, scalars=False).map(_grant_line)


def _grant_line(row: Any) -> GrantLine:
    grant, name, unit_name = row
    return GrantLine(
        id=grant.id,
        employee_id=grant.employee_id,
        employee_name=name,
        role=Role(grant.role),
        unit_name=unit_name,
        course_id=grant.course_id,
        exam_id=grant.exam_id,
        granted_at=grant.granted_at,
        reason=grant.reason,
    )


def has_administrator() -> bool:
    """Whether anybody administers the installation; those of the demo do not count: outside it they cannot sign in."""
    held = exists().where(
        RoleGrant.employee_id == Employee.id, RoleGrant.role == Role.ADMINISTRATOR, RoleGrant.revoked_at.is_(None)
    )
    query = select(Employee.id).where(held, Employee.is_demo.is_(False), Employee.left_on.is_(None))
    return db.session.scalar(query.limit(1)) is not None
