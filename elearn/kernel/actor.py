"""Who acts: roles, grants and their scopes; how an actor is found is said in people/login.py."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self
from uuid import UUID


class Role(StrEnum):
    """What a person may be; every active employee is a learner."""

    LEARNER = "learner"
    TRAINER = "trainer"
    ITEM_REVIEWER = "item_reviewer"
    EXAM_OFFICER = "exam_officer"
    CERTIFICATE_SIGNER = "certificate_signer"
    HR_OFFICER = "hr_officer"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


@dataclass(frozen=True, slots=True)
class Grant:
    """A role within a scope: a unit subtree (by its path), a course or an exam; no scope means everywhere."""

    role: Role
    unit_path: str | None = None
    course_id: UUID | None = None
    exam_id: UUID | None = None

    @property
    def is_over_units(self) -> bool:
        """Whether its scope is made of people; a role over one course or exam reaches nobody by it."""
        return self.course_id is None and self.exam_id is None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts in this request, command or job. `via` is one of session, token, system."""

    employee_id: UUID | None
    grants: frozenset[Grant]
    via: str
    name: str = ""
    zone: str = "Asia/Jakarta"
    scopes: frozenset[str] = frozenset()

    @classmethod
    def anonymous(cls) -> Self:
        """Nobody in particular: holds no role."""
        return cls(employee_id=None, grants=frozenset(), via="anonymous")

    @classmethod
    def system(cls) -> Self:
        """The clock and the command line of the installation's own operator."""
        return cls(employee_id=None, grants=frozenset(), via="system", name="system")

    @property
    def is_system(self) -> bool:
        """Whether the installation itself acts."""
        return self.via == "system"

    @property
    def is_signed_in(self) -> bool:
        """Whether a known employee acts."""
        return self.employee_id is not None

    @property
    def roles(self) -> frozenset[Role]:
        """Every role held in any scope."""
        return frozenset(grant.role for grant in self.grants)

    def has(self, *roles: Role) -> bool:
        """Whether any of the roles is held in any scope."""
        return not self.roles.isdisjoint(roles)

    def reaches(self, unit_path: str | None, *roles: Role) -> bool:
        """Whether one of the roles is held over the unit with this path (a prefix match on the tree)."""
        return any((unit_path or "").startswith(subtree) for subtree in self.unit_paths(*roles))

    def unit_paths(self, *roles: Role) -> tuple[str, ...]:
        """The subtrees over which one of the roles is held; '' stands for everywhere."""
        held = {it.unit_path or "" for it in self.grants if it.role in roles and it.is_over_units}
        return tuple(sorted(held))
