"""Tables of access: passwords, sessions, API tokens and one-time codes; secrets are stored hashed or sealed only."""

from datetime import datetime, timedelta
from typing import Any, Self
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from elearn.kernel.actor import Actor
from elearn.kernel.ids import fingerprint, new_id
from elearn.kernel.model import Model
from elearn.people.rules import CodePurpose

LONG_SESSION_HOURS = 24
PAUSE_HOURS = 2
NOT_ENDED = text("ended_at IS NULL")


class Credential(Model):
    """A person's password, hashed, and the failures since it last opened a session."""

    __tablename__ = "credentials"
    __table_args__ = (CheckConstraint("failures >= 0", name="failures"),)

    employee_id: Mapped[UUID] = mapped_column(ForeignKey("employees.id"), primary_key=True)
    password_hash: Mapped[str | None]
    changed_at: Mapped[datetime]
    failures: Mapped[int]
    locked_until: Mapped[datetime | None]

    @classmethod
    def of(cls, employee_id: UUID, *, now: datetime) -> Self:
        """A credential with no password yet."""
        return cls(employee_id=employee_id, password_hash=None, changed_at=now, failures=0, locked_until=None)

    def is_open(self, now: datetime, *, recovery_after: int) -> bool:
        """Whether a password may be tried now: one is set, it is not locked, nor failed so often that a code is due."""
        is_due = self.needs_code(recovery_after=recovery_after)
        return self.password_hash is not None and not self.is_locked(now) and not is_due

    def is_locked(self, now: datetime) -> bool:
        """Whether failures closed it for a while."""
        return self.locked_until is not None and now < self.locked_until

    def needs_code(self, *, recovery_after: int) -> bool:
        """Whether it failed so often that only a one-time code opens it, however long one waits."""
        return self.failures >= recovery_after

    def fail(self, *, lock_after: int, lock_for: timedelta, now: datetime) -> None:
        """Count a wrong password; every so many in a row close the account for a while."""
        self.failures += 1
        if self.failures % lock_after == 0:
            self.locked_until = now + lock_for

    def rehash(self, rehashed: str | None) -> None:
        """Keep the same password hashed with today's cost, where it was not."""
        if rehashed is not None:
            self.password_hash = rehashed

    def succeed(self) -> None:
        """Forget the failures: somebody proved all that is asked for."""
        self.failures, self.locked_until = 0, None

    def withdraw(self) -> None:
        """Let no password open it: only a one-time code helps."""
        self.password_hash = None

    def replace(self, password_hash: str, *, now: datetime) -> None:
        """Set another password and forget the failures."""
        self.password_hash, self.changed_at = password_hash, now
        self.failures, self.locked_until = 0, None


class UserSession(Model):
    """A person signed in on one device; the cookie carries the token, the table its fingerprint.

    How long it lasts after the last act, and where the device is remembered, is said by dated rules. An old one ends
    at a pause of two hours, never amid work: nobody is signed out while answers are being saved.
    """

    __tablename__ = "user_sessions"
    __table_args__ = (
        Index("ix_user_sessions_employee_id", "employee_id", sqlite_where=NOT_ENDED, postgresql_where=NOT_ENDED),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    employee_id: Mapped[UUID] = mapped_column(ForeignKey("employees.id"))
    token_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    remember: Mapped[bool]
    user_agent: Mapped[str]
    ended_at: Mapped[datetime | None]

    @classmethod
    def open(
        cls, employee_id: UUID, token: str, *, lasts: timedelta, remember: bool, user_agent: str, now: datetime
    ) -> Self:
        """A session for this token, which lasts until then unless something is done in it."""
        return cls(
            id=new_id(),
            employee_id=employee_id,
            token_hash=fingerprint(token),
            created_at=now,
            expires_at=now + lasts,
            seen_at=now,
            remember=remember,
            user_agent=user_agent[:80],
            ended_at=None,
        )

    def end(self, *, now: datetime) -> None:
        """Nobody is signed in by it any more."""
        self.ended_at = now

    def go_on(self, *, hours: int, now: datetime) -> None:
        """Something was done in it: it lasts on from here, for the hours of a session that is not old."""
        is_old = now - self.created_at >= timedelta(hours=LONG_SESSION_HOURS)
        self.seen_at = now
        self.expires_at = max(self.expires_at, now + timedelta(hours=PAUSE_HOURS if is_old else hours))

    def rotate(self, token: str) -> None:
        """Answer to another token from now on; the old one is dead."""
        self.token_hash = fingerprint(token)


class ApiToken(Model):
    """A bearer token of a person for other programs; stored hashed, scoped, expiring.

    `used_at` is when something was last changed by it, to five minutes; reading never writes.
    """

    __tablename__ = "api_tokens"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    employee_id: Mapped[UUID] = mapped_column(ForeignKey("employees.id"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    scopes: Mapped[list[Any]]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]

    @classmethod
    def issue(cls, employee_id: UUID, token: str, *, name: str, scopes: frozenset[str], days: int, now: datetime) -> Self:
        """A token that holds for some days."""
        return cls(
            id=new_id(),
            employee_id=employee_id,
            token_hash=fingerprint(token),
            name=name.strip()[:80],
            scopes=sorted(scopes),
            created_at=now,
            expires_at=now + timedelta(days=days),
            revoked_at=None,
            used_at=None,
        )

    def note_use(self, *, now: datetime) -> None:
        """Something was done by it."""
        self.used_at = now

    def revoke(self, *, now: datetime) -> None:
        """Nobody acts by it any more."""
        self.revoked_at = self.revoked_at or now


class OneTimeCode(Model):
    """A code that lets a person set a password once; a new one, wrong tries or time put an end to it.

    It is kept as a keyed seal: 50 bits under a plain hash could be found from a copy of the database.
    """

    __tablename__ = "one_time_codes"
    __table_args__ = (
        CheckConstraint("purpose IN ('activation', 'recovery')", name="purpose"),
        CheckConstraint("failures >= 0", name="failures"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    employee_id: Mapped[UUID] = mapped_column(ForeignKey("employees.id"), index=True)
    purpose: Mapped[CodePurpose] = mapped_column(Text)
    code_hash: Mapped[str]
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("employees.id"))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    failures: Mapped[int]

    @classmethod
    def issue(
        cls, employee_id: UUID, purpose: CodePurpose, code_hash: str, *, lasts: timedelta, by: Actor, now: datetime
    ) -> Self:
        """A code that holds for a while."""
        return cls(
            id=new_id(),
            employee_id=employee_id,
            purpose=purpose,
            code_hash=code_hash,
            created_at=now,
            created_by=by.employee_id,
            expires_at=now + lasts,
            used_at=None,
            failures=0,
        )

    def use(self, *, now: datetime) -> None:
        """It did its work."""
        self.used_at = now

    def fail(self) -> None:
        """Count a wrong try."""
        self.failures += 1

    def is_open(self, now: datetime, *, tries: int) -> bool:
        """Whether it may still be tried; so many wrong tries close it."""
        return self.used_at is None and now < self.expires_at and self.failures < tries
