"""One's second factor: it goes on by the first code, off by proofs, and is reset by those who may issue codes."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pyotp
import pytest
from sqlalchemy import func, select

from elearn.kernel.actor import Actor, Role
from elearn.kernel.audit import AuditEntry
from elearn.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from elearn.kernel.ids import new_id
from elearn.people import accounts as reads
from elearn.people import login, sealing, totp
from elearn.people.facts.accounts import FactorOffer, FactorOutcome
from elearn.people.models.access import Credential
from elearn.people.models.factors import SecondFactor, SpareCode
from elearn.people.rules import CodePurpose
from elearn.people.services import accounts, factors, staff
from tests.factories.people import (
    NOON,
    PASSWORD,
    SEED,
    SPARE,
    SYSTEM,
    Town,
    actor_of,
    app_code,
    hashed,
    hire,
    make_town,
    officer,
    sign_in,
    with_factor,
    with_password,
)

EMAIL = "siti@kota.example"
WRONG = "bukan kata sandi saya"
SHORT = "lampu-hijau"
LONGER = "perahu kecil di laut biru"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def town(session: Any) -> Town:
    return make_town()


@pytest.fixture
def siti(town: Town) -> UUID:
    return with_password(hire(town, town.a, email=EMAIL))


@pytest.fixture
def guarded(siti: UUID) -> UUID:
    return with_factor(siti)


def offered(employee_id: UUID) -> FactorOffer:
    offer = factors.offer(PASSWORD, by=actor_of(employee_id), now=NOON)
    assert offer is not None
    return offer


def first_code(offer: FactorOffer) -> str:
    return pyotp.TOTP(offer.seed).generate_otp(totp.step_at(NOON))


def turn_on(session: Any, siti: UUID, offer: FactorOffer, code: str, **rest: Any) -> FactorOutcome:
    session.commit()
    values: dict[str, Any] = {"token": "", "by": actor_of(siti), "now": NOON} | rest
    outcome = factors.turn_on(offer.concealed, code, **values)
    session.commit()
    return outcome


def turn_off(session: Any, siti: UUID, *, password: str = PASSWORD, code: str = "", **rest: Any) -> FactorOutcome:
    session.commit()
    values: dict[str, Any] = {"token": "", "by": actor_of(siti), "now": NOON} | rest
    outcome = factors.turn_off(password, code or app_code(), **values)
    session.commit()
    return outcome


def is_on(employee_id: UUID) -> bool:
    return reads.factor_state(employee_id).is_on


def failures(session: Any, employee_id: UUID) -> int:
    return int(session.scalar(select(Credential.failures).where(Credential.employee_id == employee_id)))


def acts(session: Any) -> list[str]:
    return list(session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)))


def test_an_offer_turns_nothing_on_and_stores_nothing(session: Any, siti: UUID) -> None:
    offer = offered(siti)

    assert "".join(offer.groups) == offer.seed
    assert {len(group) for group in offer.groups} == {4}
    assert "issuer=Kota%20Uji" in offer.address
    assert "siti%40kota.example" in offer.address
    assert not is_on(siti)
    assert acts(session)[-1] == "factor.offer"


def test_the_account_is_called_by_a_masked_number_where_there_is_no_address(town: Town) -> None:
    budi = with_password(hire(town, town.a, identifier="198609262015051001"))

    offer = offered(budi)

    assert "198609262015051001" not in offer.address
    assert "19860926" in offer.address


def test_a_wrong_password_is_offered_nothing_and_counts(session: Any, siti: UUID) -> None:
    assert factors.offer(WRONG, by=actor_of(siti), now=NOON) is None

    assert failures(session, siti) == 1
    assert acts(session)[-1] == "factor.refuse"


def test_the_first_code_turns_it_on_and_gives_ten_spare_codes_once(session: Any, siti: UUID) -> None:
    offer = offered(siti)
    outcome = turn_on(session, siti, offer, first_code(offer))

    assert outcome.is_accepted
    assert len(set(outcome.spare_codes)) == 10
    assert reads.factor_state(siti).spare_codes_left == 10
    assert acts(session)[-1] == "factor.turn_on"


def test_neither_seed_nor_spare_codes_are_stored_in_plain_text(session: Any, siti: UUID) -> None:
    offer = offered(siti)
    outcome = turn_on(session, siti, offer, first_code(offer))

    factor = session.scalars(select(SecondFactor)).one()
    assert offer.seed not in factor.concealed_seed
    assert sealing.seed_of(factor) == offer.seed
    stored = " ".join(session.scalars(select(SpareCode.code_hash)))
    trail = " ".join(session.scalars(select(AuditEntry.details)))
    for code in outcome.spare_codes:
        assert code.replace("-", "") not in stored
        assert code not in trail
    assert offer.seed not in trail


def test_the_seed_of_one_person_is_worth_nothing_in_the_row_of_another(session: Any, town: Town, guarded: UUID) -> None:
    """Who can write to the database still cannot put their own phone in another's place."""
    budi = with_factor(with_password(hire(town, town.a, email="budi@kota.example")))
    mine = session.get(SecondFactor, guarded)
    session.get(SecondFactor, budi).concealed_seed = mine.concealed_seed
    session.commit()

    assert not turn_off(session, budi).is_accepted
    assert failures(session, budi) == 0


@pytest.mark.parametrize("code", ["", "000000", "12345", "abcdef", "٢٨٧٠٨٢"])
def test_a_wrong_first_code_turns_nothing_on_and_counts_for_nothing(session: Any, siti: UUID, code: str) -> None:
    offer = offered(siti)
    if code == first_code(offer):
        code = "111111"

    assert not turn_on(session, siti, offer, code).is_accepted
    assert not is_on(siti)
    assert failures(session, siti) == 0
    assert turn_on(session, siti, offer, first_code(offer)).is_accepted


def test_the_first_code_opens_no_session_afterwards(session: Any, siti: UUID) -> None:
    offer = offered(siti)
    turn_on(session, siti, offer, first_code(offer))

    assert not turn_off(session, siti, code=first_code(offer)).is_accepted


def test_an_offer_is_good_for_fifteen_minutes_for_its_person_and_password(session: Any, town: Town, siti: UUID) -> None:
    offer = offered(siti)
    budi = with_password(hire(town, town.a, email="budi@kota.example"))

    with pytest.raises(Invalid, match="offer_is_over"):
        turn_on(session, siti, offer, first_code(offer), now=NOON + 15 * MINUTE)
    with pytest.raises(Invalid, match="offer_is_over"):
        turn_on(session, budi, offer, first_code(offer))
    with pytest.raises(Invalid, match="offer_is_over"):
        turn_on(session, siti, FactorOffer("", "", "karangan"), "000000")
    accounts.set_password(siti, hashed(LONGER), by=SYSTEM, now=NOON + MINUTE)
    with pytest.raises(Invalid, match="offer_is_over"):
        turn_on(session, siti, offer, first_code(offer))


def test_what_is_on_is_not_turned_on_again(session: Any, siti: UUID) -> None:
    offer, other = offered(siti), offered(siti)
    turn_on(session, siti, offer, first_code(offer))

    with pytest.raises(Conflict, match="factor_is_on"):
        turn_on(session, siti, other, first_code(other))
    with pytest.raises(Conflict, match="factor_is_on"):
        factors.offer(PASSWORD, by=actor_of(siti), now=NOON)


def test_turning_it_on_and_off_ends_other_sessions_and_rotates_this_one(session: Any, siti: UUID) -> None:
    here, there = sign_in(EMAIL), sign_in(EMAIL)
    assert here is not None
    assert there is not None
    offer = offered(siti)
    outcome = turn_on(session, siti, offer, first_code(offer), token=here)

    assert outcome.session_token is not None
    assert [login.signed_in(it, now=NOON) is not None for it in (here, there, outcome.session_token)] == [False, False, True]
    code = pyotp.TOTP(offer.seed).generate_otp(totp.step_at(NOON) + 1)
    after = turn_off(session, siti, code=code, token=outcome.session_token)
    assert after.session_token not in (None, outcome.session_token)
    assert login.signed_in(outcome.session_token, now=NOON) is None


def test_password_and_app_code_turn_it_off(session: Any, guarded: UUID) -> None:
    assert turn_off(session, guarded).is_accepted

    assert not is_on(guarded)
    assert session.scalar(select(func.count()).select_from(SpareCode)) == 0
    assert acts(session)[-1] == "factor.turn_off"
    assert sign_in(EMAIL) is not None


def test_a_spare_code_turns_it_off_too(session: Any, guarded: UUID) -> None:
    assert turn_off(session, guarded, code=f" {SPARE[:5].lower()}-{SPARE[5:]} ").is_accepted


@pytest.mark.parametrize(("password", "code"), [(WRONG, ""), (PASSWORD, "000000"), (PASSWORD, "0000000000"), ("", "-")])
def test_without_both_proofs_it_stays_on_and_the_try_counts(session: Any, guarded: UUID, password: str, code: str) -> None:
    assert not turn_off(session, guarded, password=password, code=code).is_accepted

    assert is_on(guarded)
    assert failures(session, guarded) == 1
    assert acts(session)[-1] == "factor.refuse"


def test_what_is_off_is_neither_turned_off_nor_renewed(session: Any, siti: UUID) -> None:
    with pytest.raises(Conflict, match="factor_is_off"):
        turn_off(session, siti)
    with pytest.raises(Conflict, match="factor_is_off"):
        factors.renew_spare_codes(PASSWORD, app_code(), by=actor_of(siti), now=NOON)
    with pytest.raises(NotFound):
        turn_off(session, siti, by=Actor.anonymous())


def test_a_short_password_will_do_while_the_factor_is_on_and_must_go_with_it(session: Any, guarded: UUID) -> None:
    session.commit()
    assert accounts.change_password(PASSWORD, SHORT, token="", by=actor_of(guarded), now=NOON).is_accepted
    session.commit()

    with pytest.raises(Invalid, match="password_needed") as refusal:
        turn_off(session, guarded, password=SHORT)
    session.rollback()
    assert refusal.value.details["minimum"] == 15
    assert is_on(guarded)
    assert failures(session, guarded) == 0
    with pytest.raises(Invalid, match="password_too_short"):
        turn_off(session, guarded, password=SHORT, new_password="juga-pendek")
    session.rollback()
    assert turn_off(session, guarded, password=SHORT, new_password=LONGER).is_accepted, "the code was not spent in vain"
    assert sign_in(EMAIL, SHORT) is None
    assert sign_in(EMAIL, LONGER) is not None


def test_the_length_of_a_password_is_told_to_nobody_without_the_proofs(session: Any, guarded: UUID) -> None:
    session.commit()
    accounts.change_password(PASSWORD, SHORT, token="", by=actor_of(guarded), now=NOON)
    session.commit()

    assert not turn_off(session, guarded, password=SHORT, code="000000").is_accepted
    assert not turn_off(session, guarded, password="pendek").is_accepted


@pytest.mark.parametrize(("has_factor", "shortest"), [(False, 15), (True, 8)])
def test_how_short_a_password_may_be_depends_on_the_factor(
    session: Any, siti: UUID, has_factor: bool, shortest: int
) -> None:
    if has_factor:
        with_factor(siti)
    text = "ru4h-k7pl9m-x2w"
    session.commit()

    with pytest.raises(Invalid, match="password_too_short") as refusal:
        accounts.change_password(PASSWORD, text[: shortest - 1], token="", by=actor_of(siti), now=NOON)
    session.rollback()
    assert refusal.value.details["minimum"] == shortest
    assert accounts.change_password(PASSWORD, text[:shortest], token="", by=actor_of(siti), now=NOON).is_accepted


@pytest.mark.parametrize(("has_factor", "accepted"), [(False, False), (True, True)])
def test_the_same_holds_for_a_password_set_by_a_one_time_code(
    session: Any, siti: UUID, has_factor: bool, accepted: bool
) -> None:
    if has_factor:
        with_factor(siti)
    issued = accounts.issue_code(siti, by=SYSTEM, now=NOON)
    session.commit()

    if accepted:
        assert accounts.use_code(EMAIL, issued.code, SHORT, by=Actor.anonymous(), now=NOON).is_accepted
        assert is_on(siti), "a code for the password opens no way around the factor"
        return
    with pytest.raises(Invalid, match="password_too_short"):
        accounts.use_code(EMAIL, issued.code, SHORT, by=Actor.anonymous(), now=NOON)


def test_a_stranger_does_not_learn_from_a_short_password_whether_a_factor_is_on(session: Any, siti: UUID) -> None:
    for has_factor in (False, True):
        if has_factor:
            with_factor(siti)
        session.commit()
        assert not accounts.use_code(EMAIL, "00000-00000", SHORT, by=Actor.anonymous(), now=NOON).is_accepted


def test_a_factor_that_went_off_meanwhile_lets_no_short_password_in(
    session: Any, guarded: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    prove = accounts.prove_password

    def slowly(*args: Any, **rest: Any) -> Any:
        proven = prove(*args, **rest)
        reads.end_factor(guarded)
        return proven

    monkeypatch.setattr(accounts, "prove_password", slowly)
    session.commit()

    with pytest.raises(Conflict, match="factor_changed"):
        accounts.change_password(PASSWORD, SHORT, token="", by=actor_of(guarded), now=NOON)


def test_fresh_spare_codes_want_an_app_code_and_end_the_old_ones(session: Any, guarded: UUID) -> None:
    session.commit()
    assert not factors.renew_spare_codes(PASSWORD, SPARE, by=actor_of(guarded), now=NOON).is_accepted
    session.commit()
    outcome = factors.renew_spare_codes(PASSWORD, app_code(), by=actor_of(guarded), now=NOON)
    session.commit()

    assert len(outcome.spare_codes) == 10
    assert reads.factor_state(guarded).spare_codes_left == 10
    assert not turn_off(session, guarded, code=SPARE).is_accepted
    assert turn_off(session, guarded, code=outcome.spare_codes[3]).is_accepted


def test_a_reset_leaves_nothing_that_opens_but_a_code(session: Any, town: Town, guarded: UUID) -> None:
    hr = officer(town, Role.HR_OFFICER, town.a)
    issued = factors.reset(guarded, by=hr, now=NOON)
    session.commit()

    assert issued.purpose == CodePurpose.RECOVERY
    assert not is_on(guarded)
    assert acts(session)[-1] == "factor.reset"
    assert sign_in(EMAIL) is None, "the old password may be short, and whoever asked may be somebody else"
    with pytest.raises(Invalid, match="password_too_short"):
        accounts.use_code(EMAIL, issued.code, SHORT, by=Actor.anonymous(), now=NOON)
    session.rollback()
    assert accounts.use_code(EMAIL, issued.code, LONGER, by=Actor.anonymous(), now=NOON).is_accepted
    session.commit()
    assert sign_in(EMAIL, LONGER) is not None


def test_a_reset_ends_sessions_and_a_code_after_it_is_still_for_recovery(session: Any, siti: UUID, at: Any) -> None:
    at(NOON)
    cookie = sign_in(EMAIL)
    assert cookie is not None
    with_factor(siti)
    factors.reset(siti, by=SYSTEM, now=NOON)

    assert login.signed_in(cookie, now=NOON) is None
    assert accounts.issue_code(siti, by=SYSTEM, now=NOON).purpose == CodePurpose.RECOVERY


def test_those_who_may_issue_codes_may_reset_and_nobody_for_themselves(town: Town, guarded: UUID) -> None:
    with pytest.raises(Forbidden, match="may_reset_factor"):
        factors.reset(guarded, by=officer(town, Role.HR_OFFICER, town.b), now=NOON)
    with pytest.raises(Forbidden, match="may_reset_factor"):
        factors.reset(guarded, by=actor_of(guarded), now=NOON)
    admin = officer(town, Role.ADMINISTRATOR)
    assert admin.employee_id is not None
    with_factor(with_password(admin.employee_id))
    with pytest.raises(Forbidden, match="may_reset_factor"):
        factors.reset(admin.employee_id, by=admin, now=NOON)
    with pytest.raises(Forbidden, match="may_reset_factor"):
        factors.reset(admin.employee_id, by=officer(town, Role.HR_OFFICER, town.agency_id), now=NOON)
    with pytest.raises(NotFound):
        factors.reset(new_id(), by=SYSTEM, now=NOON)


def test_a_reset_where_nothing_is_on_makes_no_code(session: Any, siti: UUID) -> None:
    with pytest.raises(Conflict, match="factor_is_off"):
        factors.reset(siti, by=SYSTEM, now=NOON)
    session.rollback()

    assert sign_in(EMAIL) is not None
    with_factor(siti)
    staff.suspend(siti, reason="pemeriksaan", by=SYSTEM, now=NOON)
    with pytest.raises(Conflict, match="not_active"):
        factors.reset(siti, by=SYSTEM, now=NOON)


def test_under_another_key_nobody_is_blamed_and_a_reset_helps(session: Any, guarded: UUID) -> None:
    session.get(SecondFactor, guarded).concealed_seed = "AAAA" * 20
    session.commit()

    assert not turn_off(session, guarded).is_accepted
    assert failures(session, guarded) == 0
    assert factors.reset(guarded, by=SYSTEM, now=NOON).code


def test_the_seed_of_the_tests_is_a_seed() -> None:
    assert app_code() == pyotp.TOTP(SEED).at(NOON)
