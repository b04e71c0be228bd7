"""One's own second factor, on, renewed and off; and its reset by HR. The code at sign-in is sessions.py's."""

import json
from datetime import datetime, timedelta
from uuid import UUID

from elearn.kernel import audit
from elearn.kernel.actor import Actor
from elearn.kernel.clock import local_date
from elearn.kernel.db import db
from elearn.kernel.errors import Conflict, Invalid, NotFound
from elearn.kernel.guard import require
from elearn.kernel.ids import fingerprint, new_secret, new_seed
from elearn.kernel.seal import NotConcealed, conceal, reveal
from elearn.people import accounts, agencies, grants, hashing, policies, queries, rules, sealing, totp
from elearn.people.accounts import Account
from elearn.people.facts.accounts import FactorOffer, FactorOutcome, IssuedCode, Proof
from elearn.people.models.access import Credential
from elearn.people.models.factors import SecondFactor, SpareCode
from elearn.people.services.accounts import check_password_of, keep_only_session, make_code
from elearn.people.services.proofs import prove_factor, prove_password

OFFER_LASTS = timedelta(minutes=15)
REFUSED = FactorOutcome(is_accepted=False)


def offer(password: str, *, by: Actor, now: datetime) -> FactorOffer | None:
    """A seed for one's app, for whoever knows the password; None for a wrong one, which counts. Nothing is on yet.

    Raises NotFound for nobody, Conflict factor_is_on.
    """
    account = _own(by)
    if account.has_factor:
        raise Conflict("factor_is_on")
    credential = prove_password(account, password, by=by, now=now)
    if credential is None:
        _refuse(account, by=by, now=now)
        return None
    seed = new_seed()
    audit.record("factor.offer", "employee", account.employee_id, by=by, now=now)
    return _shown(account, seed, _concealed(seed, credential, until=now + OFFER_LASTS), by=by, now=now)


def offered(concealed: str, *, by: Actor, now: datetime) -> FactorOffer:
    """The same offer once more, after a wrong code; raises NotFound for nobody, Invalid offer_is_over."""
    account = _own(by)
    seed, _password_changed_at = _revealed(account, concealed, now=now)
    return _shown(account, seed, concealed, by=by, now=now)


def turn_on(concealed: str, code: str, *, token: str, by: Actor, now: datetime) -> FactorOutcome:
    """Turn one's factor on by the first code of the app; other sessions end, this one answers to a new token.

    A wrong code is returned and counts for nothing: the seed is on the screen. Raises NotFound for nobody, Invalid
    offer_is_over where it is too old or the password is another one since, Conflict factor_is_on.
    """
    account = _own(by)
    seed, password_changed_at = _revealed(account, concealed, now=now)
    credential = accounts.credential_for_update(account.employee_id)
    if credential is None or credential.changed_at != password_changed_at:
        raise Invalid("offer_is_over")
    if accounts.factor_for_update(account.employee_id) is not None:
        raise Conflict("factor_is_on")
    app_code = totp.read(code)
    step = totp.matching_step(seed, app_code, after=0, now=now) if app_code else None
    if step is None:
        _refuse(account, by=by, now=now)
        return REFUSED
    concealed_seed = sealing.conceal_seed(account.employee_id, seed)
    db.session.add(SecondFactor.turn_on(account.employee_id, concealed_seed, step=step, now=now))
    audit.record("factor.turn_on", "employee", account.employee_id, by=by, now=now)
    return _done(account, token, spare_codes=_fresh_spare_codes(account.employee_id, now=now), by=by, now=now)


def renew_spare_codes(password: str, code: str, *, by: Actor, now: datetime) -> FactorOutcome:
    """Ten fresh spare codes for password and app code; older ones end. A refusal is returned, so that it counts.

    A spare code will not do: whoever found the sheet could make themselves another. Raises NotFound for nobody,
    Conflict factor_is_off.
    """
    account = _own_with_factor(by)
    credential = prove_password(account, password, by=by, now=now)
    app_code = totp.read(code) or "-"
    if credential is None or prove_factor(credential, app_code, by=by, now=now) is not Proof.APP:
        return _refuse(account, by=by, now=now)
    audit.record("factor.renew_codes", "employee", account.employee_id, by=by, now=now)
    return FactorOutcome(is_accepted=True, spare_codes=_fresh_spare_codes(account.employee_id, now=now))


def turn_off(password: str, code: str, *, new_password: str = "", token: str, by: Actor, now: datetime) -> FactorOutcome:
    """Turn one's factor off, for password and a code of the app or a spare code; other sessions end.

    A password that is too short without a factor needs another one in the same act. A refusal is returned, so that
    it counts. Raises NotFound for nobody, Conflict factor_is_off, Invalid for a password that cannot be accepted:
    then nothing was done.
    """
    account = _own_with_factor(by)
    new_hash = _new_hash(account, new_password, by=by, now=now)
    credential = prove_password(account, password, by=by, now=now)
    if credential is None or prove_factor(credential, code, by=by, now=now) is None:
        return _refuse(account, by=by, now=now)
    if new_hash is not None:
        credential.replace(new_hash, now=now)
    else:
        _require_long_enough(password, by=by, now=now)
        credential.succeed()
    accounts.end_factor(account.employee_id)
    changed = new_hash is not None
    audit.record("factor.turn_off", "employee", account.employee_id, by=by, now=now, password_changed=changed)
    return _done(account, token, by=by, now=now)


def reset(employee_id: UUID, *, by: Actor, now: datetime) -> IssuedCode:
    """Take away the factor of somebody who lost the phone; a one-time code lets them choose another password.

    The password goes too: it may be shorter than is safe alone, and whoever asks may not be who they say. Raises
    NotFound, Forbidden, and Conflict: factor_is_off, not_active.
    """
    standing = grants.standing(employee_id, on=local_date(now, by.zone))
    require(policies.may_reset_factor, by, standing)
    if standing.person.is_suspended or standing.person.left_on is not None:
        raise Conflict("not_active")
    issued = make_code(employee_id, by=by, now=now)  # codes are locked before the credential, as where they are used
    credential = accounts.credential_for_update(employee_id)
    if credential is None or accounts.factor_for_update(employee_id) is None:
        raise Conflict("factor_is_off")
    accounts.end_factor(employee_id)
    accounts.end_sessions(employee_id, now=now)
    credential.withdraw()
    audit.record("factor.reset", "employee", employee_id, by=by, now=now)
    return issued


def _own(by: Actor) -> Account:
    account = accounts.account_of(by.employee_id) if by.employee_id else None
    if account is None:
        raise NotFound
    return account


def _own_with_factor(by: Actor) -> Account:
    account = _own(by)
    if not account.has_factor:
        raise Conflict("factor_is_off")
    return account


def _refuse(account: Account, *, by: Actor, now: datetime) -> FactorOutcome:
    audit.record("factor.refuse", "employee", account.employee_id, by=by, now=now)
    return REFUSED


def _concealed(seed: str, credential: Credential, *, until: datetime) -> str:
    """The offer as the page carries it: for this person, with this password, until then."""
    terms = [seed, until.isoformat(), credential.changed_at.isoformat()]
    return conceal(json.dumps(terms), "factor_offer", str(credential.employee_id))


def _revealed(account: Account, concealed: str, *, now: datetime) -> tuple[str, datetime]:
    """The seed of an offer, and when the password was set that it was made for; raises Invalid offer_is_over."""
    try:
        seed, until, password_changed_at = json.loads(reveal(concealed, "factor_offer", str(account.employee_id)))
    except NotConcealed as error:
        raise Invalid("offer_is_over") from error
    if now >= datetime.fromisoformat(until):
        raise Invalid("offer_is_over")
    return seed, datetime.fromisoformat(password_changed_at)


def _shown(account: Account, seed: str, concealed: str, *, by: Actor, now: datetime) -> FactorOffer:
    person = queries.person(account.employee_id, on=local_date(now, by.zone))
    name = person.email or (rules.masked(person.identifier) if person.identifier else person.name)
    issuer = agencies.agency(person.agency_id, now=now).name
    return FactorOffer(seed, totp.address(seed, account=name, issuer=issuer), concealed)


def _fresh_spare_codes(employee_id: UUID, *, now: datetime) -> tuple[str, ...]:
    accounts.end_spare_codes(employee_id)
    codes = [rules.spell_code(int(fingerprint(new_secret()), 16)) for _ in range(rules.SPARE_CODES)]
    db.session.add_all(SpareCode.of(employee_id, sealing.seal_spare_code(employee_id, it), now=now) for it in codes)
    return tuple(rules.show_code(code) for code in codes)


def _new_hash(account: Account, password: str, *, by: Actor, now: datetime) -> str | None:
    """The hash of the password that is to hold without a factor, None for none; raises Invalid."""
    if not password:
        return None
    check_password_of(account.employee_id, password, has_factor=False, by=by, now=now)
    db.session.rollback()  # nothing slow happens inside a write transaction
    return hashing.hash_password(password)


def _require_long_enough(password: str, *, by: Actor, now: datetime) -> None:
    """Only the length is asked again: the password was accepted once."""
    minimum = accounts.password_min_length(local_date(now, by.zone), has_factor=False)
    if len(rules.normal_password(password)) < minimum:
        raise Invalid("password_needed", field="password", minimum=minimum)


def _done(account: Account, token: str, *, spare_codes: tuple[str, ...] = (), by: Actor, now: datetime) -> FactorOutcome:
    session_token = keep_only_session(account.employee_id, token, by=by, now=now)
    return FactorOutcome(is_accepted=True, spare_codes=spare_codes, session_token=session_token)
