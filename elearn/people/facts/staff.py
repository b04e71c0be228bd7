"""What people tells others of persons, units and postings: frozen values; accounts and roles stand beside it."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from elearn.people.rules import EmploymentType, Identifier, IdentifierType, masked


@dataclass(frozen=True, slots=True)
class Person:
    """An employee on a day. Without a posting the unit and position are None.

    `unit_path` is where the person stands in the tree; without a posting, at the agency itself.
    """

    id: UUID
    name: str
    name_with_titles: str
    identifier: str | None
    identifier_type: IdentifierType | None
    rank_code: str | None
    rank_name: str | None
    employment_type: EmploymentType
    is_demo: bool
    agency_id: UUID
    unit_id: UUID | None
    unit_name: str | None
    unit_path: str
    position_id: UUID | None
    position_name: str | None
    position_level: str | None
    supervisor_id: UUID | None
    email: str | None
    is_suspended: bool = False
    left_on: date | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of the tree; `depth` 0 is an agency."""

    id: UUID
    parent_id: UUID | None
    name: str
    code: str
    path: str

    @property
    def depth(self) -> int:
        """How many units stand above it."""
        return self.path.count("/") - 1

    @property
    def agency_id(self) -> UUID:
        """The root of its tree."""
        return UUID(self.path[:32])


@dataclass(frozen=True, slots=True)
class NewPosting:
    """Where a person works from a day on; `from_on` None means from the day of the act."""

    unit_id: UUID
    position_id: UUID
    supervisor_id: UUID | None = None
    from_on: date | None = None


@dataclass(frozen=True, slots=True)
class NewEmployee:
    """A person to be hired. `identifier` is 18 digits; `active_from` None means from the day of the act."""

    agency_id: UUID
    name: str
    employment_type: EmploymentType
    identifier: str | None = None
    title_before: str = ""
    title_after: str = ""
    email: str | None = None
    rank_code: str | None = None
    is_demo: bool = False
    active_from: date | None = None
    posting: NewPosting | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person's record should say; all of it is written, but None for the kind of civil servant leaves it."""

    name: str
    title_before: str = ""
    title_after: str = ""
    email: str | None = None
    rank_code: str | None = None
    employment_type: EmploymentType | None = None


@dataclass(frozen=True, slots=True)
class AccommodationTerms:
    """What is granted for exams: percent of the usual time (100: no more), arrangements (codes), on which decision.

    `until_on` is the last day, None where it is open.
    """

    time_percent: int
    arrangements: tuple[str, ...]
    basis: str
    until_on: date | None = None


@dataclass(frozen=True, slots=True)
class Hired:
    """A hired person and the warnings their number gave rise to, as codes."""

    employee_id: UUID
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """A posting that began, the role grants that ended with the move, and who lost the person as supervisor by it."""

    posting_id: UUID
    ended_grant_ids: tuple[UUID, ...]
    unsupervised_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What loading reference files changed."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged_count: int

    @property
    def has_changes(self) -> bool:
        """Whether anything was written."""
        return bool(self.added or self.changed)


def told_of(new: NewEmployee, identifier: Identifier | None) -> dict[str, Any]:
    """What the entry of a hiring says."""
    return {
        "name": new.name,
        "agency": new.agency_id,
        "identifier": masked(identifier.value) if identifier else None,
        "employment_type": new.employment_type,
        "unit": new.posting.unit_id if new.posting else None,
        "position": new.posting.position_id if new.posting else None,
    }
