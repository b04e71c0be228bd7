"""Signing in and out: sessions open and end; failures are remembered; accounts lock."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from elearn.kernel.actor import Actor, Grant, Role
from elearn.kernel.audit import AuditEntry
from elearn.kernel.errors import NotFound
from elearn.kernel.ids import fingerprint
from elearn.people import accounts as reads
from elearn.people import hashing, login
from elearn.people.models.access import Credential, UserSession
from elearn.people.services import accounts, sessions
from tests.factories.people import (
    NOON,
    PASSWORD,
    SYSTEM,
    Town,
    actor_of,
    hire,
    make_town,
    sign_in,
    with_password,
)

EMAIL = "siti@kota.example"
NIP = "198609262015051001"
WRONG = "bukan kata sandi saya"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def town(session: Any) -> Town:
    return make_town()


@pytest.fixture
def siti(town: Town) -> Any:
    return with_password(hire(town, town.a, email=EMAIL, identifier=NIP))


def actor_by_cookie(token: str | None, *, now: datetime = NOON) -> Actor | None:
    """Whom a session's token stands for at a moment."""
    found = login.signed_in(token, now=now) if token else None
    return found.actor if found else None


def acts(session: Any) -> list[str]:
    return list(session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)))


@pytest.mark.parametrize("name", [EMAIL, " SITI@Kota.Example ", NIP, "19860926 201505 1 001"])
def test_one_signs_in_by_nip_or_address_however_it_is_typed(siti: Any, name: str) -> None:
    who = actor_by_cookie(sign_in(name))

    assert who is not None
    assert (who.employee_id, who.via, who.grants) == (siti, "session", frozenset({Grant(Role.LEARNER)}))


def test_only_the_fingerprint_of_a_session_is_stored(session: Any, siti: Any) -> None:
    token = sign_in(EMAIL)

    assert token is not None
    assert session.scalars(select(UserSession.token_hash)).all() == [fingerprint(token)]


@pytest.mark.parametrize(("name", "password"), [(EMAIL, WRONG), ("nobody@kota.example", PASSWORD), ("", ""), (EMAIL, "")])
def test_a_refusal_is_the_same_whatever_the_reason_and_is_remembered(
    session: Any, siti: Any, name: str, password: str
) -> None:
    outcome = sessions.check_sign_in(name, password, remember=False, user_agent="", by=Actor.anonymous(), now=NOON)

    assert outcome == sessions.REFUSED
    assert acts(session)[-1] == "session.refuse"


def test_ten_failures_close_the_account_for_a_quarter_of_an_hour_also_to_the_right_password(siti: Any) -> None:
    for _ in range(10):
        assert sign_in(EMAIL, WRONG) is None

    assert sign_in(EMAIL) is None
    assert sign_in(EMAIL, now=NOON + 14 * MINUTE) is None
    assert sign_in(EMAIL, now=NOON + 15 * MINUTE) is not None


def test_nine_failures_and_a_success_start_the_count_again(session: Any, siti: Any) -> None:
    for _ in range(9):
        sign_in(EMAIL, WRONG)
    assert sign_in(EMAIL) is not None
    for _ in range(9):
        sign_in(EMAIL, WRONG)

    assert sign_in(EMAIL) is not None
    assert session.get(Credential, siti).failures == 0


def test_tries_on_a_locked_account_do_not_prolong_the_lock(siti: Any) -> None:
    for _ in range(10):
        sign_in(EMAIL, WRONG)
    sign_in(EMAIL, WRONG, now=NOON + 14 * MINUTE)

    assert sign_in(EMAIL, now=NOON + 15 * MINUTE) is not None


def test_a_hundred_failures_in_a_row_leave_only_a_code(session: Any, siti: Any) -> None:
    session.get(Credential, siti).failures = 99
    session.commit()
    sign_in(EMAIL, WRONG)

    assert sign_in(EMAIL, now=NOON + timedelta(days=300)) is None
    code = accounts.issue_code(siti, by=SYSTEM, now=NOON)
    session.commit()
    assert accounts.use_code(EMAIL, code.code, "kalimat baru yang panjang", by=Actor.anonymous(), now=NOON).is_accepted
    session.commit()
    assert sign_in(EMAIL, "kalimat baru yang panjang") is not None


def test_a_lock_set_while_the_password_was_checked_holds(session: Any, siti: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    verify = hashing.verify

    def slowly(stored: str | None, password: str) -> bool:
        session.get(Credential, siti).locked_until = NOON + MINUTE
        session.commit()
        return verify(stored, password)

    monkeypatch.setattr(hashing, "verify", slowly)

    assert sign_in(EMAIL) is None


def test_a_password_changed_while_the_old_one_was_checked_refuses_the_old_one(
    session: Any, siti: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    verify = hashing.verify

    def slowly(stored: str | None, password: str) -> bool:
        right = verify(stored, password)
        session.get(Credential, siti).password_hash = hashing.hash_password("yang lain sama sekali")
        session.commit()
        return right

    monkeypatch.setattr(hashing, "verify", slowly)

    assert sign_in(EMAIL) is None


def test_the_password_is_checked_with_no_transaction_open(session: Any, siti: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    open_then: list[bool] = []
    verify = hashing.verify

    def watching(stored: str | None, password: str) -> bool:
        open_then.append(session().in_transaction())
        return verify(stored, password)

    monkeypatch.setattr(hashing, "verify", watching)
    sign_in(EMAIL)
    sign_in("nobody@kota.example")

    assert open_then == [False, False]


def test_an_unknown_account_costs_a_verification_too(siti: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    verified: list[str | None] = []
    verify = hashing.verify
    monkeypatch.setattr(hashing, "verify", lambda stored, word: verified.append(stored) or verify(stored, word))

    sign_in("nobody@kota.example")

    assert verified == [None]


def test_a_hash_of_another_cost_is_renewed_at_sign_in(session: Any, siti: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    before = session.get(Credential, siti).password_hash
    monkeypatch.setattr(hashing, "is_dated", lambda stored: True)

    assert sign_in(EMAIL) is not None
    assert session.get(Credential, siti).password_hash != before
    assert sign_in(EMAIL) is not None


def test_a_session_lasts_twelve_hours_and_a_remembered_one_ninety_days(siti: Any) -> None:
    day, phone = sign_in(EMAIL), sign_in(EMAIL, remember=True)

    assert actor_by_cookie(day, now=NOON + timedelta(hours=12) - MINUTE) is not None
    assert actor_by_cookie(day, now=NOON + timedelta(hours=12)) is None
    assert actor_by_cookie(phone, now=NOON + timedelta(days=90) - MINUTE) is not None
    assert actor_by_cookie(phone, now=NOON + timedelta(days=90)) is None


def test_signing_in_again_ends_the_session_that_the_browser_held(siti: Any) -> None:
    first = sign_in(EMAIL)
    second = sign_in(EMAIL, replaces=first)

    assert actor_by_cookie(first) is None
    assert actor_by_cookie(second) is not None


def test_a_refused_sign_in_leaves_the_held_session_alone(siti: Any) -> None:
    held = sign_in(EMAIL)
    sign_in(EMAIL, WRONG, replaces=held)

    assert actor_by_cookie(held) is not None


def test_signing_out_ends_this_session_only(session: Any, siti: Any) -> None:
    here, there = sign_in(EMAIL), sign_in(EMAIL)
    assert here is not None

    sessions.sign_out(here, by=actor_of(siti), now=NOON)

    assert actor_by_cookie(here) is None
    assert actor_by_cookie(there) is not None
    assert acts(session).count("session.end") == 1


def test_signing_out_everywhere_ends_all(siti: Any) -> None:
    tokens = [sign_in(EMAIL) for _ in range(3)]

    sessions.end_all_sessions(by=actor_of(siti), now=NOON)

    assert [actor_by_cookie(token) for token in tokens] == [None] * 3


def test_ones_own_sessions_are_listed_and_ended_one_by_one(town: Town, siti: Any) -> None:
    here, there = sign_in(EMAIL), sign_in(EMAIL, remember=True, user_agent="Chrome, Android", now=NOON + MINUTE)
    lines = reads.sessions_of(siti, token=here, now=NOON + MINUTE)

    assert [(it.label, it.remember, it.is_current) for it in lines] == [
        ("Chrome, Android", True, False),
        ("Firefox, Linux", False, True),
    ]
    stranger = actor_of(hire(town, town.b))
    with pytest.raises(NotFound):
        sessions.end_session(lines[0].id, by=stranger, now=NOON)
    sessions.end_session(lines[0].id, by=actor_of(siti), now=NOON + MINUTE)
    assert actor_by_cookie(there) is None
    assert actor_by_cookie(here) is not None
