"""What people tells others of accounts: codes, tokens, sessions, the second factor; nothing is proven here."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self
from uuid import UUID

from elearn.people.rules import CodePurpose

HALF_LASTS = timedelta(minutes=5)


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
