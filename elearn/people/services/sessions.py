"""Signing in, by password and second factor, and out; the cookie that carries a session's token is login.py's."""

from datetime import datetime
from uuid import UUID

from elearn.kernel import audit
from elearn.kernel.actor import Actor
from elearn.kernel.db import db
from elearn.kernel.errors import NotFound
from elearn.people import accounts, hashing
from elearn.people.accounts import Account
from elearn.people.facts.accounts import HalfSignIn, Proof, SignInOutcome
from elearn.people.models.access import Credential, UserSession
from elearn.people.services.opening import open_session
from elearn.people.services.proofs import count_failure, prove_factor

REFUSED = SignInOutcome(session_token=None)


def check_sign_in(
    login: str,
    password: str,
    *,
    remember: bool,
    user_agent: str,
    by: Actor,
    now: datetime,
    replaces: str | None = None,
) -> SignInOutcome:
    """Open a session for a NIP or e-mail address and password, or refuse; a refusal is returned, so it is remembered.

    With a second factor on, no session opens: what is returned must be completed by a code. The failures are kept
    until then, or whoever knows the password could start the count of wrong codes again.

    The slow check runs between two transactions; the second reads the account again. An unknown account takes as
    long as a known one. `replaces` is the token of the session that the browser held before: it ends.
    """
    account = accounts.account_by_login(login)
    db.session.rollback()  # nothing slow happens inside a write transaction
    stored = account.password_hash if account else None
    is_right = hashing.verify(stored, password)
    rehashed = hashing.hash_password(password) if is_right and stored and hashing.is_dated(stored) else None
    if account is None:
        return _refuse("login", "unknown", by=by, now=now)
    credential = _open_credential(account, now=now)
    if credential is None:
        return _refuse("employee", account.employee_id, by=by, now=now, closed=True)
    if not is_right:
        count_failure(credential, by=by, now=now)
        return _refuse("employee", account.employee_id, by=by, now=now, failures=credential.failures)
    credential.rehash(rehashed)
    if replaces is not None:
        _end_by_token(replaces, now=now)
    half = HalfSignIn.begun(account.employee_id, credential.changed_at, remember=remember, user_agent=user_agent, now=now)
    if accounts.factor_for_update(account.employee_id) is not None:
        audit.record("session.challenge", "employee", account.employee_id, by=by, now=now)
        return SignInOutcome(session_token=None, half=half)
    return _open(credential, half, by=by, now=now)


def complete_sign_in(half: HalfSignIn, code: str, *, by: Actor, now: datetime) -> SignInOutcome:
    """Open the session of a sign-in whose password was right, by a code of the app or a spare code, or refuse.

    A refusal is returned, so that it counts towards the lock. A password changed since, a factor that is off, a
    person who may not act and a half sign-in that is too old are refused like a wrong code.
    """
    credential = accounts.credential_for_update(half.employee_id)
    if credential is None or not _still_holds(half, credential, now=now):
        return _refuse("employee", half.employee_id, by=by, now=now, closed=True)
    proof = prove_factor(credential, code, by=by, now=now)
    if proof is None:
        return _refuse("employee", half.employee_id, by=by, now=now, factor=True, failures=credential.failures)
    return _open(credential, half, proof, by=by, now=now)


def _still_holds(half: HalfSignIn, credential: Credential, *, now: datetime) -> bool:
    is_same = credential.changed_at == half.password_changed_at and now < half.expires_at
    return is_same and accounts.is_usable(half.employee_id, now=now)


def _open_credential(account: Account, *, now: datetime) -> Credential | None:
    """The credential, locked, if its password may be tried and is still the one that was checked."""
    credential = accounts.credential_for_update(account.employee_id)
    if credential is None or credential.password_hash != account.password_hash or not accounts.is_open(credential, now=now):
        return None
    return credential if accounts.is_usable(account.employee_id, now=now) else None


def _refuse(kind: str, subject_id: object, *, by: Actor, now: datetime, **details: object) -> SignInOutcome:
    """An entry also for the unknown, so that refusing them writes, and takes, as much."""
    audit.record("session.refuse", kind, subject_id, by=by, now=now, **details)
    return REFUSED


def _open(
    credential: Credential, half: HalfSignIn, proof: Proof | None = None, *, by: Actor, now: datetime
) -> SignInOutcome:
    credential.succeed()
    employee_id = credential.employee_id
    opened = open_session(half, by=by, now=now)
    details = {"session": opened.id, "remember": half.remember} | ({"factor": proof} if proof else {})
    audit.record("session.open", "employee", employee_id, by=by, now=now, **details)
    left = accounts.factor_state(employee_id).spare_codes_left if proof is Proof.SPARE else None
    return SignInOutcome(opened.token, spare_codes_left=left)


def _end_by_token(token: str, *, now: datetime) -> UserSession | None:
    session = accounts.session_by_token(token, now=now)
    if session is not None:
        session.end(now=now)
    return session


def sign_out(token: str, *, by: Actor, now: datetime) -> None:
    """End the session that this token opens; a token that opens none changes nothing."""
    session = _end_by_token(token, now=now)
    if session is not None:
        audit.record("session.end", "employee", session.employee_id, by=by, now=now, session=session.id)


def end_session(session_id: UUID, *, by: Actor, now: datetime) -> None:
    """End one of one's own sessions, on another device perhaps; raises NotFound."""
    session = accounts.session_of(by.employee_id, session_id, now=now) if by.employee_id else None
    if session is None:
        raise NotFound
    session.end(now=now)
    audit.record("session.end", "employee", session.employee_id, by=by, now=now, session=session.id)


def end_all_sessions(*, by: Actor, now: datetime) -> None:
    """Sign out everywhere, this device among them; raises NotFound for nobody."""
    if by.employee_id is None:
        raise NotFound
    accounts.end_sessions(by.employee_id, now=now)
    audit.record("session.end_all", "employee", by.employee_id, by=by, now=now)
