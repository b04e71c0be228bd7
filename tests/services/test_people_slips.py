"""Slips: for whom, what they open, and what ends when they are made."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from sqlalchemy import select

from elearn.kernel.actor import Actor, Role
from elearn.kernel.audit import AuditEntry
from elearn.kernel.errors import Conflict, Forbidden
from elearn.people.facts.accounts import PasswordOutcome, Slip
from elearn.people.services import accounts, slips
from elearn.people.slips import candidates
from tests.factories.people import NOON, SYSTEM, Town, actor_of, give, hire, make_town, officer, with_factor, with_password

WORDS = "perahu kecil di laut biru"


@pytest.fixture
def town(session: Any) -> Town:
    return make_town()


def open_by(slip: Slip, password: str = WORDS, **changes: Any) -> PasswordOutcome:
    """Follow the address of a slip."""
    told = parse_qs(urlsplit(slip.address).query)
    values: dict[str, Any] = {"slip_id": UUID(told["slip"][0]), "by": Actor.anonymous(), "now": NOON} | changes
    return accounts.use_code("", told["code"][0], password, **values)


def test_a_slip_opens_the_account_of_its_person_and_they_are_in(session: Any, town: Town) -> None:
    siti = hire(town, town.a, name="Siti Tanpa Surel", email=None)
    slip = slips.issue_slip(siti, by=officer(town, Role.HR_OFFICER, town.a), now=NOON)
    session.commit()

    outcome = open_by(slip)
    session.commit()

    assert outcome.is_accepted
    assert outcome.session_token is not None
    assert not open_by(slip).is_accepted


def test_a_slip_that_was_replaced_opens_nothing_and_spoils_nothing(session: Any, town: Town) -> None:
    siti = hire(town, town.a)
    old, new = (slips.issue_slip(siti, by=SYSTEM, now=NOON) for _ in range(2))
    session.commit()

    for _ in range(6):
        assert not open_by(old).is_accepted
        session.commit()
    assert open_by(new).is_accepted


def test_a_second_factor_is_still_due_after_the_slip(session: Any, town: Town) -> None:
    siti = with_factor(with_password(hire(town, town.a, email="siti@kota.example")))
    slip = slips.issue_slip(siti, by=SYSTEM, now=NOON)
    session.commit()

    outcome = open_by(slip)

    assert (outcome.session_token, outcome.half is not None) == (None, True)


def test_a_unit_gets_slips_for_those_in_reach_without_a_password_and_their_older_codes_end(session: Any, town: Town) -> None:
    hr = officer(town, Role.HR_OFFICER, town.a)
    new, below, elsewhere = hire(town, town.a, name="Baru"), hire(town, town.a_section, name="Bawah"), hire(town, town.b)
    done = with_password(hire(town, town.a, name="Sudah"))
    mightier = hire(town, town.a, name="Perkasa")
    give(mightier, Role.ADMINISTRATOR)
    older = slips.issue_slip(new, by=SYSTEM, now=NOON)

    seen = candidates(hr, None, now=NOON)
    made = slips.issue_slips(None, by=hr, now=NOON)
    session.commit()

    assert {it.id for it in seen.people} == {new, below}
    assert [it.has_code for it in seen.people] == [True, False]
    assert seen.barred == ("Perkasa",)
    assert sorted(it.name for it in made) == ["Baru", "Bawah"]
    assert not open_by(older).is_accepted
    entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "slips.issue")).one()
    assert str(new) in entry.details
    assert all(it.issued.code not in entry.details for it in made)
    all_of_them = {it.id for it in candidates(hr, town.a, everybody=True, now=NOON).people}
    assert done in all_of_them
    assert elsewhere not in all_of_them


def test_nobody_but_hr_hands_out_slips_and_an_empty_unit_changes_nothing(town: Town) -> None:
    with pytest.raises(Forbidden):
        slips.issue_slips(None, by=actor_of(hire(town, town.a)), now=NOON)
    with pytest.raises(Conflict, match="nobody_waits"):
        slips.issue_slips(town.b, by=officer(town, Role.HR_OFFICER, town.b), now=NOON)


def test_a_slip_is_void_when_its_days_are_over(session: Any, town: Town) -> None:
    slip = slips.issue_slip(hire(town, town.a), by=SYSTEM, now=NOON)
    session.commit()

    assert not open_by(slip, now=slip.issued.expires_at + timedelta(seconds=1)).is_accepted
