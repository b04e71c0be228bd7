"""One-time codes, passwords and API tokens: who gets into an account and how; signing in is sessions.py's."""

from datetime import datetime, timedelta
from uuid import UUID

from elearn.kernel import audit
from elearn.kernel.actor import Actor
from elearn.kernel.clock import local_date
from elearn.kernel.db import db
from elearn.kernel.errors import Conflict, Invalid, NotFound
from elearn.kernel.guard import require
from elearn.kernel.ids import fingerprint, new_secret
from elearn.kernel.seal import is_sealed, seal
from elearn.kernel.settings import rule_value
from elearn.people import accounts, agencies, grants, hashing, policies, queries, rules
from elearn.people.facts.accounts import HalfSignIn, IssuedCode, IssuedToken, PasswordOutcome
from elearn.people.models.access import ApiToken, Credential, OneTimeCode
from elearn.people.rules import CodePurpose
from elearn.people.services.opening import open_session
from elearn.people.services.proofs import prove_password

TOKEN_PREFIX = "elearn_"  # noqa: S105  # makes a leaked token recognisable to scanners; no secret itself
SCOPES = frozenset({"read", "write"})
MAX_TOKEN_DAYS = 366
REFUSED = PasswordOutcome(is_accepted=False)


def issue_code(employee_id: UUID, *, by: Actor, now: datetime) -> IssuedCode:
    """Issue a one-time code for a person in reach: to activate the account, or to recover it. Older codes end.

    Raises NotFound, Forbidden, and Conflict not_active for somebody suspended or gone.
    """
    on = local_date(now, by.zone)
    queries.person_visible_to(by, employee_id, on=on)
    standing = grants.standing(employee_id, on=on)
    require(policies.may_issue_code, by, standing)
    if standing.person.is_suspended or standing.person.left_on is not None:
        raise Conflict("not_active")
    issued = make_code(employee_id, by=by, now=now)
    audit.record("code.issue", "employee", employee_id, by=by, now=now, purpose=issued.purpose)
    return issued


def make_code(employee_id: UUID, *, lasts: timedelta | None = None, by: Actor, now: datetime) -> IssuedCode:
    """A one-time code as part of a larger act, which guards and audits; older codes end. A dated rule says how long."""
    account = accounts.account_of(employee_id)
    purpose = CodePurpose.RECOVERY if account is not None and account.was_open else CodePurpose.ACTIVATION
    accounts.end_codes(employee_id, now=now)
    code = rules.spell_code(int(fingerprint(new_secret()), 16))
    lasts = lasts or timedelta(days=int(rule_value("account.activation_days", local_date(now, by.zone))))
    row = OneTimeCode.issue(employee_id, purpose, _sealed(employee_id, code), lasts=lasts, by=by, now=now)
    db.session.add(row)
    return IssuedCode(row.id, rules.show_code(code), purpose, row.expires_at)


def _sealed(employee_id: UUID, code: str) -> str:
    return seal("one_time_code", str(employee_id), code)


def use_code(
    login: str,
    code: str,
    password: str,
    *,
    slip_id: UUID | None = None,
    user_agent: str = "?",
    by: Actor,
    now: datetime,
) -> PasswordOutcome:
    """Set a password by a one-time code and go in. A wrong code is returned, so that it counts; five kill the code.

    `slip_id` says whose code it is in place of a login, as a slip's QR code does; one that is no longer the newest
    opens nothing and spoils nothing. Nothing is told about whether the account or a code exists. Former sessions end;
    on recovery also API tokens. A second factor stays on, and is still due.
    Raises Invalid for a password that cannot be accepted: the code stays good.
    """
    on = local_date(now, by.zone)
    least, told = (accounts.password_min_length(on, has_factor=it) for it in (True, False))
    account = accounts.account_by_login(login) if slip_id is None else accounts.account_by_code(slip_id)
    db.session.rollback()  # nothing slow happens inside a write transaction
    rules.check_password(password, min_length=least, told=told)
    password_hash = hashing.hash_password(password)
    found = accounts.open_code_for_update(account.employee_id, now=now) if account else None
    if account is None or found is None or not accounts.is_usable(account.employee_id, now=now):
        return _refuse("login", "unknown", by=by, now=now)
    if slip_id is not None and found.id != slip_id:
        return _refuse("employee", account.employee_id, by=by, now=now, replaced=True)
    if not _opens(found, rules.read_code(code)):
        found.fail()
        return _refuse("employee", account.employee_id, by=by, now=now, failures=found.failures)
    credential = _credential(account.employee_id, now=now)
    has_factor = accounts.factor_for_update(account.employee_id) is not None
    check_password_of(account.employee_id, password, has_factor=has_factor, by=by, now=now)
    found.use(now=now)
    accounts.end_codes(account.employee_id, now=now)
    credential.replace(password_hash, now=now)
    accounts.end_sessions(account.employee_id, now=now)
    if found.purpose == CodePurpose.RECOVERY:
        accounts.end_tokens(account.employee_id, now=now)
    audit.record("code.use", "employee", account.employee_id, by=by, now=now, purpose=found.purpose)
    half = HalfSignIn.begun(account.employee_id, now, remember=False, user_agent=user_agent, now=now)
    if has_factor:
        return PasswordOutcome(is_accepted=True, half=half)
    return PasswordOutcome(is_accepted=True, session_token=open_session(half, by=by, now=now).token)


def _opens(found: OneTimeCode, code: str | None) -> bool:
    return code is not None and is_sealed(found.code_hash, "one_time_code", str(found.employee_id), code)


def _refuse(kind: str, subject_id: object, *, by: Actor, now: datetime, **details: object) -> PasswordOutcome:
    audit.record("code.refuse", kind, subject_id, by=by, now=now, **details)
    return REFUSED


def check_password_of(employee_id: UUID, password: str, *, has_factor: bool, by: Actor, now: datetime) -> None:
    """Refuse what cannot be this person's password; with a second factor a shorter one will do. Raises Invalid."""
    on = local_date(now, by.zone)
    rules.check_password(password, min_length=accounts.password_min_length(on, has_factor=has_factor))
    person = queries.person(employee_id, on=on)
    agency = f"{agencies.agency(person.agency_id, now=now).name} {person.unit_name or ''}"
    rules.check_password_is_not_own(
        password, name=person.name, email=person.email, identifier=person.identifier, agency=agency
    )


def _credential(employee_id: UUID, *, now: datetime) -> Credential:
    credential = accounts.credential_for_update(employee_id)
    if credential is None:
        credential = Credential.of(employee_id, now=now)
        db.session.add(credential)
    return credential


def change_password(
    current: str, password: str, *, token: str, ends_tokens: bool = False, by: Actor, now: datetime
) -> PasswordOutcome:
    """Change one's own password. Other sessions end; the session that `token` opens answers to a new token.

    API tokens go on unless `ends_tokens` says otherwise: other programs work by them.

    A wrong current password is returned, so that it counts towards the lock. Raises NotFound for nobody, Invalid for
    a password that cannot be accepted, Conflict where the second factor went on or off meanwhile.
    """
    account = accounts.account_of(by.employee_id) if by.employee_id else None
    if account is None:
        raise NotFound
    check_password_of(account.employee_id, password, has_factor=account.has_factor, by=by, now=now)
    db.session.rollback()  # nothing slow happens inside a write transaction
    password_hash = hashing.hash_password(password)
    credential = prove_password(account, current, by=by, now=now)
    if credential is None:
        audit.record("password.refuse", "employee", account.employee_id, by=by, now=now)
        return REFUSED
    if (accounts.factor_for_update(account.employee_id) is not None) != account.has_factor:
        raise Conflict("factor_changed")
    credential.replace(password_hash, now=now)
    if ends_tokens:
        accounts.end_tokens(account.employee_id, now=now)
    audit.record("password.change", "employee", account.employee_id, by=by, now=now, tokens_ended=ends_tokens)
    return PasswordOutcome(is_accepted=True, session_token=keep_only_session(account.employee_id, token, by=by, now=now))


def keep_only_session(employee_id: UUID, token: str, *, by: Actor, now: datetime) -> str | None:
    """End a person's sessions but the one this token opens; that one answers to the token returned from now on."""
    accounts.end_sessions(employee_id, now=now, keep=token)
    session = accounts.session_by_token(token, now=now)
    if session is None:
        return None
    fresh = new_secret()
    session.rotate(fresh)
    return fresh


def set_password(employee_id: UUID, password_hash: str, *, by: Actor, now: datetime) -> None:
    """Set a password that was hashed before (hashing.hash_password): the installation's operator only; sessions end.

    Raises NotFound and Forbidden.
    """
    person = queries.person(employee_id, on=local_date(now, by.zone))
    require(policies.may_set_password, by, person)
    _credential(employee_id, now=now).replace(password_hash, now=now)
    accounts.end_sessions(employee_id, now=now)
    audit.record("password.set", "employee", employee_id, by=by, now=now)


def issue_token(
    employee_id: UUID, *, name: str, scopes: frozenset[str] = SCOPES, days: int = 90, by: Actor, now: datetime
) -> IssuedToken:
    """Issue an API token with scopes among `read` and `write`; its plain text is returned once.

    Raises NotFound, Forbidden, Conflict not_active, and Invalid: scope_unknown, days_out_of_range.
    """
    person = queries.person(employee_id, on=local_date(now, by.zone))
    require(policies.may_hold_token, by, person)
    if not scopes or not scopes <= SCOPES:
        raise Invalid("scope_unknown", field="scopes", known=sorted(SCOPES))
    if not 1 <= days <= MAX_TOKEN_DAYS:
        raise Invalid("days_out_of_range", field="days", maximum=MAX_TOKEN_DAYS)
    if not accounts.is_active(employee_id, now=now):
        raise Conflict("not_active")
    token = TOKEN_PREFIX + new_secret()
    row = ApiToken.issue(employee_id, token, name=name, scopes=scopes, days=days, now=now)
    db.session.add(row)
    audit.record("token.issue", "employee", employee_id, by=by, now=now, token=row.id, scopes=sorted(scopes), days=days)
    return IssuedToken(token, row.id, row.expires_at)


def revoke_token(token_id: UUID, *, by: Actor, now: datetime) -> None:
    """Revoke an API token of one's own, or as the operator; another's is not found, raises NotFound."""
    row = db.session.get(ApiToken, token_id)
    if row is None or not (by.is_system or row.employee_id == by.employee_id):
        raise NotFound
    row.revoke(now=now)
    audit.record("token.revoke", "employee", row.employee_id, by=by, now=now, token=token_id)
