"""Finds and ends what opens doors: passwords, factors, sessions, tokens, codes; the use-cases are in services."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, ScalarSelect, delete, func, select, update

from elearn.kernel.clock import DEFAULT_ZONE, local_date
from elearn.kernel.db import db
from elearn.kernel.ids import fingerprint
from elearn.kernel.installation import installation
from elearn.kernel.settings import AgencySetting, rule_value
from elearn.people.facts.accounts import FactorState, SessionLine, TokenLine
from elearn.people.logins import has_login
from elearn.people.models.access import ApiToken, Credential, OneTimeCode, UserSession
from elearn.people.models.factors import SecondFactor, SpareCode
from elearn.people.models.staff import Employee


@dataclass(frozen=True, slots=True)
class Account:
    """Whose password this is and its hash; plain values that outlive the transaction they were read in.

    `was_open` says whether it ever had a password; `has_factor` whether a code is asked for besides.
    """

    employee_id: UUID
    password_hash: str | None
    was_open: bool
    has_factor: bool


def account_by_login(login: str) -> Account | None:
    """The account of this NIP or e-mail address."""
    return _account(has_login(login))


def account_of(employee_id: UUID) -> Account | None:
    """The account of an employee."""
    return _account(Employee.id == employee_id)


def account_by_code(code_id: UUID) -> Account | None:
    """The account that a one-time code, used or not, was issued for."""
    return _account(Employee.id == select(OneTimeCode.employee_id).where(OneTimeCode.id == code_id).scalar_subquery())


def _account(condition: Any) -> Account | None:
    query = (
        select(Employee.id, Credential.password_hash, Credential.employee_id, SecondFactor.employee_id)
        .outerjoin(Credential, Credential.employee_id == Employee.id)
        .outerjoin(SecondFactor, SecondFactor.employee_id == Employee.id)
        .where(condition)
    )
    row = db.session.execute(query).one_or_none()
    return Account(row[0], row[1], row[2] is not None, row[3] is not None) if row else None


def zone_of_agency(now: datetime | BindParameter[datetime]) -> ScalarSelect[str]:
    """The time zone that the agency of the row's employee has set by a moment, as a subquery."""
    return (
        select(AgencySetting.value)
        .where(
            AgencySetting.agency_id == Employee.agency_id,
            AgencySetting.key == "zone",
            AgencySetting.effective_from <= now,
        )
        .order_by(AgencySetting.effective_from.desc())
        .limit(1)
        .correlate(Employee)
        .scalar_subquery()
    )


def is_active(employee_id: UUID, *, now: datetime) -> bool:
    """Whether the person is at work today, by their agency's calendar."""
    row = _with_zone(employee_id, now=now)
    return row is not None and row[0].is_active(local_date(now, row[1] or DEFAULT_ZONE))


def _with_zone(employee_id: UUID, *, now: datetime) -> Any:
    query = select(Employee, zone_of_agency(now)).where(Employee.id == employee_id)
    return db.session.execute(query).one_or_none()


def may_open(*, is_demo: bool) -> bool:
    """Whether this installation opens to such an account: to people of the demo in a demo only."""
    return installation().demo or not is_demo


def may_be_used(employee: Employee, on: date) -> bool:
    """Whether somebody may use an account on a day."""
    return employee.is_active(on) and may_open(is_demo=employee.is_demo)


def is_usable(employee_id: UUID, *, now: datetime) -> bool:
    """The same for one person, by their agency's calendar."""
    row = _with_zone(employee_id, now=now)
    return row is not None and may_be_used(row[0], local_date(now, row[1] or DEFAULT_ZONE))


def credential_for_update(employee_id: UUID) -> Credential | None:
    """The credential, locked until the transaction ends."""
    return db.session.scalar(select(Credential).where(Credential.employee_id == employee_id).with_for_update())


def password_min_length(on: date, *, has_factor: bool) -> int:
    """How many characters a password needs on a day: fewer with a second factor."""
    return int(rule_value("account.password_min_length_with_factor" if has_factor else "account.password_min_length", on))


def remember_days(on: date) -> int:
    """For how many days a device is remembered, as of a day."""
    return int(rule_value("session.remember_days", on))


def lock_after(on: date) -> int:
    """After how many failures an account closes for some minutes, as of a day."""
    return int(rule_value("account.lockout_failures", on))


def lock_minutes(on: date) -> int:
    """For how many minutes too many failures close an account, as of a day."""
    return int(rule_value("account.lockout_minutes", on))


def recovery_after(on: date) -> int:
    """After how many failures in a row only a one-time code opens an account, as of a day."""
    return int(rule_value("account.recovery_after_failures", on))


def code_tries(on: date) -> int:
    """How many wrong tries close a one-time code, as of a day."""
    return int(rule_value("account.code_tries", on))


def session_hours(on: date) -> int:
    """For how many hours after the last act a session lasts, as of a day."""
    return int(rule_value("session.hours", on))


def is_open(credential: Credential, *, now: datetime) -> bool:
    """Whether a password may be tried now, by the rules in force."""
    return credential.is_open(now, recovery_after=recovery_after(local_date(now, DEFAULT_ZONE)))


def factor_for_update(employee_id: UUID) -> SecondFactor | None:
    """The factor as it stands now, locked until the transaction ends; None where it is off."""
    query = select(SecondFactor).where(SecondFactor.employee_id == employee_id).with_for_update()
    return db.session.scalar(query.execution_options(populate_existing=True))


def factor_state(employee_id: UUID) -> FactorState:
    """Whether a person's factor is on, since when, and how many spare codes are left."""
    since = db.session.scalar(select(SecondFactor.turned_on_at).where(SecondFactor.employee_id == employee_id))
    unused = select(func.count()).where(SpareCode.employee_id == employee_id, SpareCode.used_at.is_(None))
    return FactorState(since, db.session.scalar(unused) or 0)


def factor_holders(employee_ids: Iterable[UUID]) -> frozenset[UUID]:
    """Who of these people has a factor that is on."""
    query = select(SecondFactor.employee_id).where(SecondFactor.employee_id.in_(list(employee_ids)))
    return frozenset(db.session.scalars(query))


def unused_spare_codes(employee_id: UUID) -> tuple[SpareCode, ...]:
    """The spare codes that nobody used, locked until the transaction ends."""
    query = select(SpareCode).where(SpareCode.employee_id == employee_id, SpareCode.used_at.is_(None)).with_for_update()
    return tuple(db.session.scalars(query.execution_options(populate_existing=True)))


def open_code_for_update(employee_id: UUID, *, now: datetime) -> OneTimeCode | None:
    """The newest code that may still be tried, locked until the transaction ends."""
    query = (
        select(OneTimeCode)
        .where(OneTimeCode.employee_id == employee_id, OneTimeCode.used_at.is_(None), OneTimeCode.expires_at > now)
        .order_by(OneTimeCode.created_at.desc(), OneTimeCode.id.desc())
        .limit(1)
        .with_for_update()
    )
    code = db.session.scalar(query)
    tries = code_tries(local_date(now, DEFAULT_ZONE))
    return code if code is not None and code.is_open(now, tries=tries) else None


def session_by_token(token: str, *, now: datetime) -> UserSession | None:
    """The session in force that this token opens."""
    query = select(UserSession).where(UserSession.token_hash == fingerprint(token), *_in_force(now))
    return db.session.scalar(query)


def session_of(employee_id: UUID, session_id: UUID, *, now: datetime) -> UserSession | None:
    """A person's own session in force."""
    query = select(UserSession).where(UserSession.id == session_id, UserSession.employee_id == employee_id, *_in_force(now))
    return db.session.scalar(query)


def sessions_of(employee_id: UUID, *, token: str | None, now: datetime) -> tuple[SessionLine, ...]:
    """A person's sessions in force, newest first; `token` says which of them asks."""
    query = select(UserSession).where(UserSession.employee_id == employee_id, *_in_force(now))
    current = fingerprint(token) if token else None
    return tuple(
        SessionLine(
            id=it.id,
            label=it.user_agent,
            created_at=it.created_at,
            seen_at=it.seen_at,
            expires_at=it.expires_at,
            remember=it.remember,
            is_current=it.token_hash == current,
        )
        for it in db.session.scalars(query.order_by(UserSession.created_at.desc()))
    )


def _in_force(now: datetime) -> tuple[Any, ...]:
    return (UserSession.ended_at.is_(None), UserSession.expires_at > now)


def end_sessions(employee_id: UUID, *, now: datetime, keep: str | None = None) -> None:
    """End a person's sessions, but for the one that the token `keep` opens."""
    ending = update(UserSession).where(UserSession.employee_id == employee_id, UserSession.ended_at.is_(None))
    if keep is not None:
        ending = ending.where(UserSession.token_hash != fingerprint(keep))
    db.session.execute(ending.values(ended_at=now))


def end_codes(employee_id: UUID, *, now: datetime) -> None:
    """Let a person's unused codes expire now."""
    unused = (OneTimeCode.employee_id == employee_id, OneTimeCode.used_at.is_(None), OneTimeCode.expires_at > now)
    db.session.execute(update(OneTimeCode).where(*unused).values(expires_at=now))


def end_spare_codes(employee_id: UUID) -> None:
    """Take a person's spare codes away; that they were there is in the audit trail."""
    db.session.execute(delete(SpareCode).where(SpareCode.employee_id == employee_id))


def end_factor(employee_id: UUID) -> None:
    """Take a person's factor away, and its spare codes."""
    end_spare_codes(employee_id)
    db.session.execute(delete(SecondFactor).where(SecondFactor.employee_id == employee_id))


def tokens_of(employee_id: UUID | None, *, now: datetime) -> tuple[TokenLine, ...]:
    """The API tokens that hold, of a person or (None) of everybody, newest first."""
    query = select(ApiToken, Employee.name).join(Employee, Employee.id == ApiToken.employee_id)
    query = query.where(ApiToken.revoked_at.is_(None), ApiToken.expires_at > now).order_by(ApiToken.created_at.desc())
    if employee_id is not None:
        query = query.where(ApiToken.employee_id == employee_id)
    return tuple(
        TokenLine(it.id, name, it.name, tuple(it.scopes), it.created_at, it.expires_at, it.used_at)
        for it, name in db.session.execute(query)
    )


def end_tokens(employee_id: UUID, *, now: datetime) -> None:
    """Revoke a person's API tokens."""
    living = (ApiToken.employee_id == employee_id, ApiToken.revoked_at.is_(None))
    db.session.execute(update(ApiToken).where(*living).values(revoked_at=now))


def end_access(employee_id: UUID, *, now: datetime) -> None:
    """Close every door to a person: sessions, tokens and codes."""
    end_sessions(employee_id, now=now)
    end_tokens(employee_id, now=now)
    end_codes(employee_id, now=now)
