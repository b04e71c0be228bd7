"""What proves that it is the person: password, app code, spare code; a wrong one counts. The use-cases are elsewhere."""

from datetime import datetime, timedelta
from uuid import UUID

import structlog

from elearn.kernel.actor import Actor
from elearn.kernel.clock import local_date
from elearn.kernel.db import db
from elearn.kernel.seal import NotConcealed
from elearn.kernel.settings import rule_values
from elearn.people import accounts, hashing, rules, sealing, totp
from elearn.people.accounts import Account
from elearn.people.facts.accounts import Proof
from elearn.people.models.access import Credential
from elearn.people.models.factors import SecondFactor

log = structlog.get_logger(__name__)


def prove_password(account: Account, password: str, *, by: Actor, now: datetime) -> Credential | None:
    """The credential, locked, where this is its password; else None, and a wrong password has counted.

    Begins by rolling back: nothing slow happens inside a write transaction. Audited by the use-case that calls.
    """
    db.session.rollback()
    is_right = hashing.verify(account.password_hash, password)
    credential = accounts.credential_for_update(account.employee_id)
    if credential is None or credential.password_hash != account.password_hash or not accounts.is_open(credential, now=now):
        return None
    if not is_right:
        count_failure(credential, by=by, now=now)
        return None
    return credential


def prove_factor(credential: Credential, code: str, *, by: Actor, now: datetime) -> Proof | None:
    """What the code proved, an app code or a spare code, spent by that; None where it proves nothing.

    The credential is locked by the caller, so that of two who bring the same code one comes second. A wrong code
    counts like a wrong password; a closed account is not even tried. Audited by the use-case that calls.
    """
    factor = accounts.factor_for_update(credential.employee_id)
    if factor is None or not accounts.is_open(credential, now=now):
        return None
    if (app_code := totp.read(code)) is not None:
        seed = _seed(factor)
        if seed is None:
            return None
        step = totp.matching_step(seed, app_code, after=factor.last_step, now=now)
        if step is not None:
            factor.spend(step)
            return Proof.APP
    elif _spend_spare_code(credential.employee_id, code, now=now):
        return Proof.SPARE
    count_failure(credential, by=by, now=now)
    return None


def _seed(factor: SecondFactor) -> str | None:
    """Under another installation's key no seed can be read: then nobody is blamed, and only a reset helps."""
    try:
        return sealing.seed_of(factor)
    except NotConcealed:
        log.error("second_factor_unreadable", employee_id=str(factor.employee_id))
        return None


def _spend_spare_code(employee_id: UUID, text: str, *, now: datetime) -> bool:
    code = rules.read_code(text)
    if code is None:
        return False
    for row in accounts.unused_spare_codes(employee_id):
        if sealing.is_spare_code(row, code):
            row.use(now=now)
            return True
    return False


def count_failure(credential: Credential, *, by: Actor, now: datetime) -> None:
    """Count a wrong password or code against the account, by the rules in force. Audited by the use-case that calls."""
    values = rule_values(("account.lockout_failures", "account.lockout_minutes"), local_date(now, by.zone))
    credential.fail(
        lock_after=int(values["account.lockout_failures"]),
        lock_for=timedelta(minutes=int(values["account.lockout_minutes"])),
        now=now,
    )
