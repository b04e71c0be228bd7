"""One-time codes: they open an account once, for its person, for a while."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from elearn.kernel.actor import Actor, Role
from elearn.kernel.audit import AuditEntry
from elearn.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from elearn.kernel.ids import new_id
from elearn.people import login
from elearn.people.models.access import OneTimeCode
from elearn.people.rules import CodePurpose
from elearn.people.services import accounts, staff
from tests.factories.people import (
    NOON,
    PASSWORD,
    SYSTEM,
    Town,
    hire,
    make_town,
    officer,
    sign_in,
    with_password,
)

EMAIL = "siti@kota.example"
FRESH = "perahu kecil di laut biru"
REFERENCE = Path(__file__).parents[2] / "content" / "reference"


@pytest.fixture
def town(session: Any) -> Town:
    return make_town()


@pytest.fixture
def siti(town: Town) -> UUID:
    return hire(town, town.a, email=EMAIL)


def use(session: Any, code: str, password: str = FRESH, *, login_name: str = EMAIL, now: Any = NOON) -> bool:
    """Try a code, as a request of its own."""
    session.commit()
    outcome = accounts.use_code(login_name, code, password, by=Actor.anonymous(), now=now)
    session.commit()
    return outcome.is_accepted


def test_a_code_activates_an_account_once(session: Any, siti: UUID) -> None:
    issued = accounts.issue_code(siti, by=SYSTEM, now=NOON)

    assert issued.purpose == CodePurpose.ACTIVATION
    assert issued.expires_at == NOON + timedelta(days=30)
    assert use(session, issued.code.lower().replace("-", " "))
    assert sign_in(EMAIL, FRESH) is not None
    assert not use(session, issued.code, "kalimat yang lain lagi")


def test_the_second_code_is_for_recovery_and_ends_sessions_and_tokens(session: Any, siti: UUID, at: Any) -> None:
    at(NOON)
    with_password(siti)
    cookie = sign_in(EMAIL)
    bearer = accounts.issue_token(siti, name="uji", by=SYSTEM, now=NOON).token
    issued = accounts.issue_code(siti, by=SYSTEM, now=NOON)

    assert issued.purpose == CodePurpose.RECOVERY
    assert use(session, issued.code)
    assert cookie is not None
    assert login.signed_in(cookie, now=NOON) is None
    assert login.actor_by_token(bearer) is None
    assert sign_in(EMAIL, PASSWORD) is None


def test_the_plain_code_is_not_stored(session: Any, siti: UUID) -> None:
    issued = accounts.issue_code(siti, by=SYSTEM, now=NOON)

    stored = session.scalars(select(OneTimeCode.code_hash)).one()
    assert issued.code.replace("-", "") not in stored
    entry = session.scalars(select(AuditEntry.details).where(AuditEntry.act == "code.issue")).one()
    assert issued.code not in entry


def test_five_wrong_tries_kill_a_code(session: Any, siti: UUID) -> None:
    issued = accounts.issue_code(siti, by=SYSTEM, now=NOON)
    wrong = "00000-00000" if issued.code != "00000-00000" else "11111-11111"

    for _ in range(4):
        assert not use(session, wrong)
    assert not use(session, "no code at all")

    assert not use(session, issued.code)


def test_four_wrong_tries_do_not(session: Any, siti: UUID) -> None:
    issued = accounts.issue_code(siti, by=SYSTEM, now=NOON)
    for _ in range(4):
        use(session, "no code at all")

    assert use(session, issued.code)


def test_a_code_dies_of_age_and_of_a_newer_one(session: Any, siti: UUID) -> None:
    first = accounts.issue_code(siti, by=SYSTEM, now=NOON)
    second = accounts.issue_code(siti, by=SYSTEM, now=NOON + timedelta(days=1))

    assert not use(session, first.code, now=NOON + timedelta(days=2))
    assert not use(session, second.code, now=second.expires_at)
    assert use(session, second.code, now=second.expires_at - timedelta(seconds=1))


def test_a_code_is_good_for_its_person_only(session: Any, town: Town, siti: UUID) -> None:
    other = hire(town, town.a, email="budi@kota.example")
    accounts.issue_code(other, by=SYSTEM, now=NOON)
    issued = accounts.issue_code(siti, by=SYSTEM, now=NOON)

    assert not use(session, issued.code, login_name="budi@kota.example")
    assert not use(session, issued.code, login_name="nobody@kota.example")


@pytest.mark.parametrize(
    ("password", "code"), [("pendek", "password_too_short"), ("siti uji siti uji kota", "password_is_yours")]
)
def test_a_bad_password_leaves_the_code_good(session: Any, siti: UUID, password: str, code: str) -> None:
    issued = accounts.issue_code(siti, by=SYSTEM, now=NOON)
    session.commit()

    with pytest.raises(Invalid, match=code) as refusal:
        accounts.use_code(EMAIL, issued.code, password, by=Actor.anonymous(), now=NOON)
    session.rollback()

    assert refusal.value.details.get("minimum") == (15 if code == "password_too_short" else None)
    assert use(session, issued.code)


def test_the_password_is_compared_with_the_person_only_after_the_right_code(session: Any, siti: UUID) -> None:
    """Else the refusal would tell a stranger whose account it is."""
    accounts.issue_code(siti, by=SYSTEM, now=NOON)

    assert not use(session, "no code at all", "siti uji siti uji kota")


def test_codes_are_issued_within_reach_and_not_for_the_suspended(town: Town, siti: UUID) -> None:
    assert accounts.issue_code(siti, by=officer(town, Role.HR_OFFICER, town.a), now=NOON).code
    with pytest.raises(Forbidden, match="may_issue_code"):
        accounts.issue_code(siti, by=officer(town, Role.AUDITOR, town.a), now=NOON)
    with pytest.raises(NotFound):
        accounts.issue_code(siti, by=officer(town, Role.HR_OFFICER, town.b), now=NOON)
    with pytest.raises(NotFound):
        accounts.issue_code(new_id(), by=SYSTEM, now=NOON)
    staff.suspend(siti, reason="pemeriksaan", by=SYSTEM, now=NOON)
    with pytest.raises(Conflict, match="not_active"):
        accounts.issue_code(siti, by=SYSTEM, now=NOON)
