"""Signing in with a second factor: the password alone opens nothing, a code opens once, wrong ones lock."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from elearn.kernel.actor import Actor
from elearn.kernel.audit import AuditEntry
from elearn.people import login, sealing
from elearn.people.facts.accounts import HalfSignIn, SignInOutcome
from elearn.people.models.access import Credential, UserSession
from elearn.people.models.factors import SecondFactor, SpareCode
from elearn.people.services import accounts, factors, sessions, staff
from tests.factories.people import (
    NOON,
    PASSWORD,
    SPARE,
    SYSTEM,
    Town,
    app_code,
    hashed,
    hire,
    make_town,
    sign_in,
    with_factor,
    with_password,
)

EMAIL = "siti@kota.example"
WRONG = "bukan kata sandi saya"
MINUTE = timedelta(minutes=1)
STEP = timedelta(seconds=30)


@pytest.fixture
def town(session: Any) -> Town:
    return make_town()


@pytest.fixture
def siti(town: Town) -> UUID:
    return with_factor(with_password(hire(town, town.a, email=EMAIL)))


def try_password(session: Any, password: str = PASSWORD, *, now: Any = NOON, **rest: Any) -> SignInOutcome:
    session.commit()
    values: dict[str, Any] = {"remember": False, "user_agent": "Firefox, Linux", "by": Actor.anonymous()} | rest
    outcome = sessions.check_sign_in(EMAIL, password, now=now, **values)
    session.commit()
    return outcome


def half_of(session: Any, **rest: Any) -> HalfSignIn:
    outcome = try_password(session, **rest)
    assert outcome.half is not None
    return outcome.half


def complete(session: Any, half: HalfSignIn, code: str, *, now: Any = NOON) -> SignInOutcome:
    session.commit()
    outcome = sessions.complete_sign_in(half, code, by=Actor.anonymous(), now=now)
    session.commit()
    return outcome


def failures(session: Any, employee_id: UUID) -> int:
    return int(session.scalar(select(Credential.failures).where(Credential.employee_id == employee_id)))


def acts(session: Any) -> list[str]:
    return list(session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)))


def wrong_code() -> str:
    return next(it for it in ("000000", "111111", "222222", "333333") if it not in {app_code(steps=n) for n in (-1, 0, 1)})


def test_the_password_alone_opens_no_session(session: Any, siti: UUID) -> None:
    outcome = try_password(session)

    assert outcome.session_token is None
    assert outcome.half is not None
    assert (outcome.half.employee_id, outcome.half.expires_at) == (siti, NOON + 5 * MINUTE)
    assert session.scalar(select(func.count()).select_from(UserSession)) == 0
    assert acts(session)[-1] == "session.challenge"


def test_a_wrong_password_is_refused_alike_with_and_without_a_factor(session: Any, siti: UUID) -> None:
    assert try_password(session, WRONG) == sessions.REFUSED


def test_password_and_code_open_a_session(session: Any, siti: UUID) -> None:
    outcome = complete(session, half_of(session, user_agent="Chrome, Android"), app_code())

    assert outcome.session_token is not None
    found = login.signed_in(outcome.session_token, now=NOON)
    assert found is not None
    assert found.actor.employee_id == siti
    assert session.scalars(select(UserSession.user_agent)).all() == ["Chrome, Android"]
    assert acts(session)[-1] == "session.open"


@pytest.mark.parametrize(("remember", "lasts"), [(False, timedelta(hours=12)), (True, timedelta(days=90))])
def test_a_device_is_remembered_as_long_as_without_a_factor(
    session: Any, siti: UUID, remember: bool, lasts: timedelta
) -> None:
    complete(session, half_of(session, remember=remember), app_code())

    row = session.scalars(select(UserSession)).one()
    assert (row.remember, row.expires_at) == (remember, NOON + lasts)


@pytest.mark.parametrize(("steps", "accepted"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_clock_may_be_one_step_off_and_no_more(session: Any, siti: UUID, steps: int, accepted: bool) -> None:
    assert complete(session, half_of(session), app_code(steps=steps)).is_accepted == accepted


def test_a_code_opens_once_however_it_is_spelled(session: Any, siti: UUID) -> None:
    code = app_code()
    assert complete(session, half_of(session), code).is_accepted

    for spelled in (code, f" {code} ", f"{code[:3]} {code[3:]}"):
        assert not complete(session, half_of(session), spelled).is_accepted
    assert complete(session, half_of(session), app_code(steps=1)).is_accepted


def test_a_code_older_than_a_used_one_opens_nothing(session: Any, siti: UUID) -> None:
    assert complete(session, half_of(session), app_code(steps=1)).is_accepted

    assert not complete(session, half_of(session), app_code()).is_accepted
    assert not complete(session, half_of(session), app_code(steps=-1)).is_accepted


def test_digits_of_other_scripts_are_refused_and_count(session: Any, siti: UUID) -> None:
    code = app_code()
    half = half_of(session)
    for zero in ("٠", "०", "０"):
        spelled = "".join(chr(ord(zero) + int(digit)) for digit in code)
        assert not complete(session, half, spelled).is_accepted
    assert not complete(session, half, f"{code[:3]}\u00a0{code[3:]}").is_accepted

    assert failures(session, siti) == 4
    assert complete(session, half, code).is_accepted
    assert failures(session, siti) == 0


def test_ten_wrong_codes_lock_the_account_also_for_the_right_one(session: Any, siti: UUID) -> None:
    half = half_of(session)
    for _ in range(10):
        assert not complete(session, half, wrong_code()).is_accepted

    assert not complete(session, half, app_code()).is_accepted
    assert try_password(session, now=NOON + 14 * MINUTE) == sessions.REFUSED
    later = NOON + 15 * MINUTE
    assert complete(session, half_of(session, now=later), app_code(later), now=later).is_accepted


def test_the_right_password_does_not_start_the_count_of_wrong_codes_again(session: Any, siti: UUID) -> None:
    """Else whoever knows the password could try nine codes, sign in half again, and try nine more."""
    for _ in range(3):
        half = half_of(session)
        for _ in range(3):
            complete(session, half, wrong_code())

    assert failures(session, siti) == 9
    complete(session, half_of(session), wrong_code())
    assert try_password(session) == sessions.REFUSED


def test_wrong_passwords_and_wrong_codes_are_counted_together(session: Any, siti: UUID) -> None:
    half = half_of(session)
    for _ in range(5):
        try_password(session, WRONG)
        complete(session, half, wrong_code())

    assert not complete(session, half, app_code()).is_accepted


def test_a_hundred_failures_leave_only_a_one_time_code_and_the_factor_stays(session: Any, siti: UUID) -> None:
    session.get(Credential, siti).failures = 99
    session.commit()
    complete(session, half_of(session), wrong_code())
    later = NOON + timedelta(days=1)
    assert try_password(session, now=later) == sessions.REFUSED
    issued = accounts.issue_code(siti, by=SYSTEM, now=later)
    session.commit()
    assert accounts.use_code(EMAIL, issued.code, "lampu-hijau", by=Actor.anonymous(), now=later).is_accepted

    assert try_password(session, "lampu-hijau", now=later).half is not None


def test_a_spare_code_opens_once_and_says_how_many_are_left(session: Any, siti: UUID) -> None:
    first = complete(session, half_of(session), f"{SPARE[:5]}-{SPARE[5:]}".lower())

    assert first.is_accepted
    assert first.spare_codes_left == 0
    assert not complete(session, half_of(session), SPARE).is_accepted
    assert failures(session, siti) == 1


def test_anothers_spare_code_opens_nothing(session: Any, town: Town, siti: UUID) -> None:
    budi = with_password(hire(town, town.a, email="budi@kota.example"))
    session.add(SpareCode.of(budi, sealing.seal_spare_code(budi, "ABCDE12345"), now=NOON))
    session.add(SpareCode.of(siti, sealing.seal_spare_code(budi, "ABCDE67890"), now=NOON))

    assert not complete(session, half_of(session), "ABCDE-12345").is_accepted
    assert not complete(session, half_of(session), "ABCDE-67890").is_accepted, "not even when copied into one's own row"


def test_a_half_sign_in_is_good_for_five_minutes(session: Any, siti: UUID) -> None:
    half = half_of(session)
    late = NOON + 5 * MINUTE

    assert not complete(session, half, app_code(late), now=late).is_accepted
    just = late - timedelta(seconds=1)
    assert complete(session, half, app_code(just), now=just).is_accepted


def test_it_is_bound_to_the_password_it_was_opened_with(session: Any, siti: UUID) -> None:
    half = half_of(session)
    accounts.set_password(siti, hashed("perahu kecil di laut biru"), by=SYSTEM, now=NOON + MINUTE)

    assert not complete(session, half, app_code()).is_accepted


def test_it_is_bound_to_the_account(session: Any, town: Town, siti: UUID) -> None:
    budi = with_password(hire(town, town.a, email="budi@kota.example"))
    half = half_of(session)

    assert not complete(session, replace(half, employee_id=budi), app_code()).is_accepted


def test_it_ends_with_suspension_and_with_a_reset(session: Any, siti: UUID) -> None:
    half = half_of(session)
    staff.suspend(siti, reason="pemeriksaan", by=SYSTEM, now=NOON)
    assert not complete(session, half, app_code()).is_accepted
    staff.resume(siti, reason="uji", by=SYSTEM, now=NOON)
    factors.reset(siti, by=SYSTEM, now=NOON)

    assert not complete(session, half, app_code()).is_accepted


def test_the_session_that_the_browser_held_ends_with_the_password(session: Any, town: Town, siti: UUID) -> None:
    with_password(hire(town, town.a, email="budi@kota.example"))
    held = sign_in("budi@kota.example")
    assert held is not None
    half_of(session, replaces=held)

    assert login.signed_in(held, now=NOON) is None


def test_an_api_token_needs_no_second_factor(session: Any, siti: UUID, at: Any) -> None:
    at(NOON)
    token = accounts.issue_token(siti, name="uji", by=SYSTEM, now=NOON).token

    assert login.actor_by_token(token) is not None


def test_a_factor_turned_on_while_the_password_was_checked_is_asked_for(
    session: Any, siti: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = session.get(SecondFactor, siti)
    seed, step = kept.concealed_seed, kept.last_step
    session.delete(kept)
    session.commit()
    verify = sessions.hashing.verify

    def slowly(stored: str | None, password: str) -> bool:
        session.add(SecondFactor.turn_on(siti, seed, step=step, now=NOON))
        session.commit()
        return verify(stored, password)

    monkeypatch.setattr(sessions.hashing, "verify", slowly)

    assert try_password(session).session_token is None
