"""What people tells others of roles: how far each reaches, and what policies judge by; who gives one is services'."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from elearn.kernel.actor import Grant, Role
from elearn.people.facts.staff import Person


@dataclass(frozen=True, slots=True)
class RoleScope:
    """How far a role reaches: one of a unit's subtree, a course, an exam, or (all None) everywhere."""

    unit_id: UUID | None = None
    course_id: UUID | None = None
    exam_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """A person together with the roles they hold now: what policies judge by.

    `supervised_paths` is where those work who report to them: a supervisor reads their records.
    """

    person: Person
    grants: frozenset[Grant]
    supervised_paths: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class GrantLine:
    """A role in force, as the administrator's page lists it."""

    id: UUID
    employee_id: UUID
    employee_name: str
    role: Role
    unit_name: str | None
    course_id: UUID | None
    exam_id: UUID | None
    granted_at: datetime
    reason: str
