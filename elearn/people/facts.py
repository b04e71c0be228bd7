"""What people tells the packages above: persons, units, grants, sessions as frozen values; no queries."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Self
from uuid import UUID

from elearn.kernel.actor import Grant, Role
from elearn.people.rules import CodePurpose, EmploymentType, IdentifierType

HALF_LASTS = timedelta(minutes=5)


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


@dataclass(frozen=True, slots=True)
class IssuedCode:
    """A one-time code in plain text (XXXXX-XXXXX): shown once, stored sealed; `id` names it in an address, no secret."""

    id: UUID
    code: str
    purpose: CodePurpose
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Slip:
    """What is handed to a person so that they get in: holds a code in plain text, so it is shown and never stored."""

    name: str
    unit_name: str
    agency_name: str
    issued: IssuedCode
    address: str
    zone: str
    has_number: bool


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """An API token in plain text: shown once, stored hashed."""

    token: str
    token_id: UUID
    expires_at: datetime


class Proof(StrEnum):
    """What stood for the second factor: a code of the app, or a spare code."""

    APP = "app"
    SPARE = "spare"


@dataclass(frozen=True, slots=True)
class HalfSignIn:
    """The password was right, the second factor is due: bound to account and password, good until a moment."""

    employee_id: UUID
    password_changed_at: datetime
    remember: bool
    user_agent: str
    expires_at: datetime

    @classmethod
    def begun(
        cls, employee_id: UUID, password_changed_at: datetime, *, remember: bool, user_agent: str, now: datetime
    ) -> Self:
        """Half of a sign-in that begins now."""
        return cls(employee_id, password_changed_at, remember, user_agent, now + HALF_LASTS)


@dataclass(frozen=True, slots=True)
class SignInOutcome:
    """What became of an attempt to sign in; `session_token` where it was accepted, `half` where a code is still due.

    A refusal never says why to the person who tried: neither whether the account exists nor that it is locked.
    `spare_codes_left` is said where a spare code was used.
    """

    session_token: str | None
    half: HalfSignIn | None = None
    spare_codes_left: int | None = None

    @property
    def is_accepted(self) -> bool:
        """Whether a session was opened."""
        return self.session_token is not None


@dataclass(frozen=True, slots=True)
class PasswordOutcome:
    """What became of a change of password; `session_token` replaces the caller's session where it was accepted.

    Where the password was set by a one-time code it opens a session, or, with a second factor on, `half` of one.
    """

    is_accepted: bool
    session_token: str | None = None
    half: HalfSignIn | None = None


@dataclass(frozen=True, slots=True)
class FactorState:
    """A person's second factor: since when it is on (None: it is off), and how many spare codes are left."""

    turned_on_at: datetime | None
    spare_codes_left: int

    @property
    def is_on(self) -> bool:
        """Whether a code is asked for at sign-in."""
        return self.turned_on_at is not None


@dataclass(frozen=True, slots=True)
class FactorOffer:
    """A seed for the person's app, shown until the first code was given; `concealed` is what comes back with that code.

    `address` is what the QR code says.
    """

    seed: str
    address: str
    concealed: str

    @property
    def groups(self) -> tuple[str, ...]:
        """The seed in groups of four, as it is typed."""
        return tuple(self.seed[at : at + 4] for at in range(0, len(self.seed), 4))


@dataclass(frozen=True, slots=True)
class FactorOutcome:
    """What became of an act upon one's own factor; spare codes in plain text are shown once, stored sealed.

    `session_token` replaces the caller's session where the act ended the others.
    """

    is_accepted: bool
    spare_codes: tuple[str, ...] = ()
    session_token: str | None = None


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A session in force, as its owner sees it."""

    id: UUID
    label: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    remember: bool
    is_current: bool


@dataclass(frozen=True, slots=True)
class TokenLine:
    """An API token that holds, as its owner sees it; `used_at` is the last change made by it, where there was one."""

    id: UUID
    owner_name: str
    label: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None


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
