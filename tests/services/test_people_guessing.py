"""Guessing: ten tries an account in a quarter of an hour by whatever door, and what is refused never says why."""

import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from argon2 import PasswordHasher

from elearn.kernel.actor import Actor
from elearn.kernel.db import db
from elearn.people import accounts as reads
from elearn.people import hashing
from elearn.people.models.access import Credential
from elearn.people.services import accounts, factors, sessions
from tests.factories.people import (
    NOON,
    PASSWORD,
    SYSTEM,
    Town,
    actor_of,
    app_code,
    hire,
    make_town,
    sign_in,
    with_factor,
    with_password,
)

EMAIL = "siti@kota.example"
WRONG = "bukan kata sandi saya"
NEW = "perahu kecil di laut biru"
QUARTER = timedelta(minutes=15)
ALLOWED = 10


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2 at its cheapest: what is counted here is not its cost."""
    monkeypatch.setattr(hashing, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    hashing._nobodys_hash.cache_clear()


@pytest.fixture
def town(session: Any) -> Town:
    return make_town()


@pytest.fixture
def siti(town: Town) -> UUID:
    employee_id = hire(town, town.a, email=EMAIL)
    accounts.set_password(employee_id, hashing.hash_password(PASSWORD), by=SYSTEM, now=NOON)
    db.session.commit()
    return employee_id


def counted(employee_id: UUID) -> int:
    """How many wrong tries the account has seen; a try that was not counted was not looked at."""
    return db.session.get_one(Credential, employee_id).failures


def by_page(employee_id: UUID, number: int, now: datetime) -> None:
    sign_in(EMAIL, f"{WRONG} {number}", now=now)


def by_own_page(employee_id: UUID, number: int, now: datetime) -> None:
    """Somebody sits at a browser that was left open, and tries to change the password."""
    accounts.change_password(f"{WRONG} {number}", NEW, token="x", by=actor_of(employee_id), now=now)
    db.session.commit()


def by_factor_page(employee_id: UUID, number: int, now: datetime) -> None:
    """The same, at the page of the second factor."""
    factors.offer(f"{WRONG} {number}", by=actor_of(employee_id), now=now)
    db.session.commit()


DOORS = {"sign-in": by_page, "change of password": by_own_page, "second factor's page": by_factor_page}


@pytest.mark.parametrize("door", DOORS)
def test_no_door_looks_at_more_than_ten_guesses_in_a_quarter_of_an_hour(siti: UUID, door: str) -> None:
    looked_at = guessed(siti, DOORS[door])

    assert most_in_a_quarter(looked_at) == ALLOWED


def test_all_doors_together_look_at_no_more(siti: UUID) -> None:
    every = list(DOORS.values())

    looked_at = guessed(siti, lambda who, number, now: every[number % 3](who, number, now))

    assert most_in_a_quarter(looked_at) == ALLOWED


def guessed(employee_id: UUID, guess: Callable[[UUID, int, datetime], None]) -> list[datetime]:
    """Fifty minutes of guesses, one every half minute; when one was looked at."""
    looked_at = []
    for number in range(100):
        now = NOON + timedelta(seconds=30 * number)
        before = counted(employee_id)
        guess(employee_id, number, now)
        db.session.expire_all()
        if counted(employee_id) > before:
            looked_at.append(now)
    return looked_at


def most_in_a_quarter(looked_at: list[datetime]) -> int:
    return max(sum(start <= it < start + QUARTER for it in looked_at) for start in looked_at)


def test_without_the_lock_every_guess_is_looked_at(siti: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control."""
    monkeypatch.setattr(Credential, "is_locked", lambda *_: False)

    assert most_in_a_quarter(guessed(siti, by_page)) > ALLOWED


def test_of_a_second_factors_codes_ten_are_looked_at_whoever_knows_the_password(siti: UUID) -> None:
    """Each half sign-in brings its own tries, and all of them count on."""
    with_factor(siti)
    looked_at = []
    for number in range(60):
        now = NOON + timedelta(seconds=10 * number)
        db.session.commit()
        begun = sessions.check_sign_in(EMAIL, PASSWORD, remember=False, user_agent="", by=Actor.anonymous(), now=now)
        db.session.commit()
        before = counted(siti)
        if begun.half is not None:
            sessions.complete_sign_in(begun.half, "000000", by=Actor.anonymous(), now=now)
            db.session.commit()
        db.session.expire_all()
        looked_at += [now] if counted(siti) > before else []

    assert most_in_a_quarter(looked_at) == ALLOWED
    later = NOON + timedelta(minutes=9)
    assert (
        sessions.check_sign_in(EMAIL, PASSWORD, remember=False, user_agent="", by=Actor.anonymous(), now=later).half is None
    )
    assert app_code(later) != "000000"


@pytest.mark.parametrize("purpose", ["activation", "recovery"])
def test_of_a_one_time_code_five_guesses_are_looked_at_in_all(town: Town, purpose: str) -> None:
    who = hire(town, town.a, email=EMAIL)
    if purpose == "recovery":
        with_password(who)
    issued = accounts.issue_code(who, by=SYSTEM, now=NOON)
    db.session.commit()
    for number in range(ALLOWED):
        code = f"{number:010d}"
        assert not accounts.use_code(EMAIL, code, NEW, by=Actor.anonymous(), now=NOON).is_accepted
        db.session.commit()

    assert issued.purpose == purpose
    assert not accounts.use_code(EMAIL, issued.code, NEW, by=Actor.anonymous(), now=NOON).is_accepted


def test_a_known_and_an_unknown_account_cost_the_same_and_are_told_the_same(
    siti: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By CPU time over two samples taken in turns; and by what is hashed, which no busy machine blurs."""
    hashed: Counter[str] = Counter()
    verify = hashing.verify
    monkeypatch.setattr(reads, "is_open", lambda *_, **__: True)
    taken: dict[str, list[float]] = {EMAIL: [], "nobody@kota.example": []}
    for _ in range(200):
        for login, times in taken.items():

            def counting(stored: str | None, word: str, login: str = login) -> bool:
                hashed[login] += 1
                return verify(stored, word)

            monkeypatch.setattr(hashing, "verify", counting)
            db.session.commit()
            began = time.process_time()
            outcome = sessions.check_sign_in(login, WRONG, remember=False, user_agent="", by=Actor.anonymous(), now=NOON)
            db.session.commit()
            times.append(time.process_time() - began)
            assert outcome == sessions.REFUSED

    known, unknown = (sorted(times)[len(times) // 2] for times in taken.values())
    assert hashed[EMAIL] == hashed["nobody@kota.example"] == 200
    assert abs(known - unknown) < 0.010, (known, unknown)
