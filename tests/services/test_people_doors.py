"""What else opens and closes an account: passwords, privileges, suspension, tokens."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from elearn.kernel import installation as places
from elearn.kernel.actor import Actor, Role
from elearn.kernel.db import db
from elearn.kernel.errors import Forbidden, Invalid, NotFound
from elearn.kernel.settings import set_agency_value
from elearn.people import accounts as reads
from elearn.people import login
from elearn.people.models.access import Credential
from elearn.people.services import accounts, roles, staff
from tests.factories.people import (
    NOON,
    PASSWORD,
    SYSTEM,
    Town,
    actor_of,
    give,
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


def test_changing_the_password_ends_other_sessions_and_rotates_this_one(session: Any, siti: Any) -> None:
    here, there = sign_in(EMAIL), sign_in(EMAIL)
    assert here is not None

    outcome = accounts.change_password(PASSWORD, "perahu kecil di laut biru", token=here, by=actor_of(siti), now=NOON)
    session.commit()

    assert outcome.is_accepted
    assert [actor_by_cookie(it) for it in (here, there)] == [None, None]
    assert actor_by_cookie(outcome.session_token) is not None
    assert sign_in(EMAIL) is None
    assert sign_in(EMAIL, "perahu kecil di laut biru") is not None


def test_a_wrong_present_password_changes_nothing_and_counts(session: Any, siti: Any) -> None:
    here = sign_in(EMAIL)
    assert here is not None

    outcome = accounts.change_password(WRONG, "perahu kecil di laut biru", token=here, by=actor_of(siti), now=NOON)
    session.commit()

    assert not outcome.is_accepted
    assert session.get(Credential, siti).failures == 1
    assert actor_by_cookie(here) is not None


@pytest.mark.parametrize(
    ("password", "code"), [("pendek", "password_too_short"), ("Siti Uji siti@kota", "password_is_yours")]
)
def test_a_password_that_cannot_be_accepted_is_refused_by_code(siti: Any, password: str, code: str) -> None:
    with pytest.raises(Invalid, match=code):
        accounts.change_password(PASSWORD, password, token="", by=actor_of(siti), now=NOON)


def test_roles_given_and_taken_end_the_sessions_of_the_person(town: Town, siti: Any) -> None:
    before = sign_in(EMAIL)
    grant_id = give(siti, Role.HR_OFFICER, town.a)
    with_role = sign_in(EMAIL)
    who = actor_by_cookie(with_role)
    roles.revoke_role(grant_id, reason="selesai", by=SYSTEM, now=NOON)

    assert who is not None
    assert who.unit_paths(Role.HR_OFFICER) == (f"{town.agency_id.hex}/{town.a.hex}/",)
    assert actor_by_cookie(before) is None
    assert actor_by_cookie(with_role) is None


def test_a_suspended_person_is_out_at_the_next_request_by_every_door(session: Any, siti: Any) -> None:
    cookie = sign_in(EMAIL)
    bearer = accounts.issue_token(siti, name="uji", by=SYSTEM, now=NOON).token
    code = accounts.issue_code(siti, by=SYSTEM, now=NOON).code
    session.commit()

    staff.suspend(siti, reason="pemeriksaan", by=SYSTEM, now=NOON)
    session.commit()

    assert actor_by_cookie(cookie) is None
    assert login.actor_by_token(bearer) is None
    assert sign_in(EMAIL) is None
    assert not accounts.use_code(EMAIL, code, "kalimat baru yang panjang", by=Actor.anonymous(), now=NOON).is_accepted
    staff.resume(siti, reason="uji", by=SYSTEM, now=NOON)
    session.commit()
    assert actor_by_cookie(cookie) is None
    assert login.actor_by_token(bearer) is None
    assert sign_in(EMAIL) is not None


def test_being_at_work_is_counted_by_the_calendar_of_the_agency(session: Any, town: Town) -> None:
    """NOON is 14.00 in Jayapura; half past three UTC on the 25th is past midnight there, and not in Jakarta."""
    set_agency_value(town.agency_id, "zone", "Asia/Jayapura", by=SYSTEM, now=NOON - timedelta(days=30))
    tomorrow = NOON.date() + timedelta(days=1)
    with_password(hire(town, town.a, email=EMAIL, active_from=tomorrow))
    late = NOON.replace(hour=15, minute=30)

    assert sign_in(EMAIL, now=late - timedelta(hours=1)) is None
    token = sign_in(EMAIL, now=late)
    who = actor_by_cookie(token, now=late)
    assert who is not None
    assert who.zone == "Asia/Jayapura"


def test_finding_the_actor_is_one_query(session: Any, town: Town, siti: Any) -> None:
    give(siti, Role.TRAINER)
    give(siti, Role.HR_OFFICER, town.a)
    session.commit()
    token = sign_in(EMAIL)
    statements: list[str] = []
    connection = session.connection()
    listener = lambda *args: statements.append(args[2])  # noqa: E731
    event.listen(connection, "before_cursor_execute", listener)

    who = actor_by_cookie(token)

    event.remove(connection, "before_cursor_execute", listener)
    assert who is not None
    assert who.roles == {Role.LEARNER, Role.TRAINER, Role.HR_OFFICER}
    assert len([it for it in statements if it.startswith("SELECT")]) == 1


def test_a_bearer_token_acts_with_its_scopes_until_it_expires(session: Any, siti: Any, at: Any) -> None:
    at(NOON)
    issued = accounts.issue_token(siti, name="uji", scopes=frozenset({"read"}), days=1, by=SYSTEM, now=NOON)

    who = login.actor_by_token(issued.token)

    assert issued.token.startswith("elearn_")
    assert who is not None
    assert (who.employee_id, who.via, who.scopes) == (siti, "token", frozenset({"read"}))
    at(NOON + timedelta(days=1))
    assert login.actor_by_token(issued.token) is None
    assert login.actor_by_token("elearn_nonsense") is None


def test_a_token_that_may_only_read_does_not_write(session: Any, shared_app: Any, siti: Any, at: Any) -> None:
    at(NOON)
    issued = accounts.issue_token(siti, name="uji", scopes=frozenset({"read"}), by=SYSTEM, now=NOON)
    session.flush()

    with shared_app.test_request_context("/api/v1/me"):
        assert login.actor_by_token(issued.token) is not None
    with (
        shared_app.test_request_context("/api/v1/enrollments", method="POST"),
        pytest.raises(Forbidden, match="scope_missing"),
    ):
        login.actor_by_token(issued.token)


def test_tokens_are_issued_to_oneself_or_by_the_operator_and_revoked(town: Town, siti: Any, at: Any) -> None:
    at(NOON)
    issued = accounts.issue_token(siti, name="uji", by=actor_of(siti), now=NOON)
    stranger = actor_of(hire(town, town.a))

    with pytest.raises(Forbidden):
        accounts.issue_token(siti, name="uji", by=stranger, now=NOON)
    with pytest.raises(NotFound):
        accounts.revoke_token(issued.token_id, by=stranger, now=NOON)
    with pytest.raises(Invalid, match="scope_unknown"):
        accounts.issue_token(siti, name="uji", scopes=frozenset({"root"}), by=SYSTEM, now=NOON)
    accounts.revoke_token(issued.token_id, by=actor_of(siti), now=NOON)
    assert login.actor_by_token(issued.token) is None


@pytest.mark.parametrize(
    ("user_agent", "label"),
    [
        ("Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36", "Chrome, Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0", "Firefox, Linux"),
        ("", "?"),
    ],
)
def test_a_device_is_named_in_two_words(user_agent: str, label: str) -> None:
    assert login.device_label(user_agent) == label


def test_a_token_is_listed_with_its_last_change_until_it_is_ended(shared_app: Any, siti: Any, at: Any) -> None:
    at(NOON)
    issued = accounts.issue_token(siti, name="SIMPEG", by=SYSTEM, now=NOON)
    assert [(it.label, it.scopes, it.used_at) for it in reads.tokens_of(siti, now=NOON)] == [
        ("SIMPEG", ("read", "write"), None)
    ]

    with shared_app.test_request_context("/api/v1/enrollments", method="POST"):
        login.actor_by_token(issued.token)

    assert reads.tokens_of(siti, now=NOON)[0].used_at == NOON
    assert len(reads.tokens_of(None, now=NOON)) == 1
    accounts.revoke_token(issued.token_id, by=SYSTEM, now=NOON)
    assert reads.tokens_of(siti, now=NOON) == ()


@pytest.mark.parametrize("ends_tokens", [True, False])
def test_a_change_of_password_ends_tokens_where_it_is_asked_for(town: Town, siti: Any, ends_tokens: bool) -> None:
    with_password(siti)
    accounts.issue_token(siti, name="SIMPEG", by=SYSTEM, now=NOON)
    db.session.commit()

    fresh = "perahu kecil di laut biru"
    changed = accounts.change_password(PASSWORD, fresh, token="-", ends_tokens=ends_tokens, by=actor_of(siti), now=NOON)

    assert changed.is_accepted
    assert (reads.tokens_of(siti, now=NOON) == ()) == ends_tokens


def test_the_operator_lists_and_ends_tokens(session: Any, shared_app: Any, siti: Any) -> None:
    issued = accounts.issue_token(siti, name="SIMPEG", by=SYSTEM, now=NOON)
    session.commit()
    runner = shared_app.test_cli_runner()

    listed = runner.invoke(args=["tokens", "list"]).stdout
    ended = runner.invoke(args=["tokens", "revoke", str(issued.token_id)])

    assert listed.startswith(f"{issued.token_id}\t")
    assert ended.exit_code == 0
    assert runner.invoke(args=["tokens", "list"]).stdout == ""


def test_people_of_the_demo_get_in_in_demo_mode_only(town: Town, monkeypatch: pytest.MonkeyPatch, at: Any) -> None:
    at(NOON)
    person = with_password(hire(town, town.a, email="peraga@kota.example", is_demo=True))
    session_token = sign_in("peraga@kota.example")
    token = accounts.issue_token(person, name="uji", by=SYSTEM, now=NOON).token
    code = accounts.issue_code(person, by=SYSTEM, now=NOON).code
    assert session_token is not None
    assert login.signed_in(session_token, now=NOON) is not None
    db.session.commit()

    monkeypatch.setattr(places, "_current", [replace(places.installation(), demo=False)])

    assert sign_in("peraga@kota.example") is None
    assert login.signed_in(session_token, now=NOON) is None
    assert login.actor_by_token(token) is None
    who = Actor.anonymous()
    assert not accounts.use_code("peraga@kota.example", code, "perahu kecil di laut biru", by=who, now=NOON).is_accepted


def test_after_a_hundred_failures_only_a_code_opens_the_account(town: Town, siti: Any) -> None:
    with_password(siti)
    credential = reads.credential_for_update(siti)
    assert credential is not None
    credential.failures = 100
    assert sign_in(EMAIL, now=NOON + timedelta(days=365)) is None
    code = accounts.issue_code(siti, by=SYSTEM, now=NOON).code
    db.session.commit()

    accounts.use_code(EMAIL, code, "perahu kecil di laut biru", by=Actor.anonymous(), now=NOON)

    assert sign_in(EMAIL, "perahu kecil di laut biru") is not None
