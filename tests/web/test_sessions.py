"""A cookie is worth what its session is worth: rotated at sign-in, dead at sign-out, suspension and a new password."""

from datetime import datetime, timedelta

import pytest
from flask import session
from sqlalchemy import update

from elearn.kernel import clock
from elearn.kernel.actor import Role
from elearn.kernel.db import db
from elearn.kernel.jobs import transaction
from elearn.people.facts.roles import RoleScope
from elearn.people.models.access import UserSession
from elearn.people.services import roles, staff
from tests.factories.acts import NEW_PASSWORD
from tests.factories.courses import NOON
from tests.factories.site import COOKIE, Site, csrf_of, session_hash
from tests.factories.world import PASSWORD, SYSTEM

PLACE = "/learn/courses/enrollments/<enrollment_id>/lessons/<lesson_id>/place"


def is_in(site: Site, name: str) -> bool:
    return site.send(name, "GET", "/learn/").status_code == 200


def test_signing_in_gives_another_cookie_than_the_one_that_was_there(site: Site) -> None:
    client = site.app.test_client()
    token = csrf_of(client.get("/sign-in"))
    before = client.get_cookie(COOKIE)
    client.post("/sign-in", data={"login": "other@uji.example", "password": PASSWORD, "csrf_token": token})
    after = client.get_cookie(COOKIE)

    assert before is not None
    assert after is not None
    assert after.value != before.value
    client.set_cookie(COOKIE, before.value)
    assert client.get("/learn/").status_code == 302


def test_after_signing_out_the_old_cookie_opens_nothing(site: Site) -> None:
    assert is_in(site, "learner")
    site.send("learner", "POST", "/sign-out")

    assert not is_in(site, "learner")


def test_suspension_closes_every_door_at_once(site: Site) -> None:
    with site.app.app_context(), transaction():
        staff.suspend(site.world.people["learner"], reason="uji", by=SYSTEM, now=NOON)

    assert not is_in(site, "learner")
    assert site.send("learner", "GET", "/api/v1/me").status_code == 401


def test_a_change_of_roles_ends_the_session(site: Site) -> None:
    with site.app.app_context(), transaction():
        roles.grant_role(site.world.people["other"], Role.TRAINER, scope=RoleScope(), reason="uji", by=SYSTEM, now=NOON)

    assert not is_in(site, "other")


def test_a_new_password_ends_the_other_sessions_and_rotates_this_one(site: Site) -> None:
    client = site.visitor("learner")
    form = {"current": PASSWORD, "password": NEW_PASSWORD, "csrf_token": site.seed.csrf["learner"]}
    assert client.post("/learn/account/password", data=form).status_code == 302

    assert client.get("/learn/").status_code == 200
    assert not is_in(site, "learner")


def test_a_session_ends_by_itself(site: Site) -> None:
    clock.use_source(lambda: NOON + timedelta(days=100))

    assert not is_in(site, "learner")


def as_if_opened(site: Site, name: str, ago: timedelta, *, ends: datetime, remember: bool = False) -> None:
    """Let somebody's session be older than it is."""
    with site.app.app_context(), transaction():
        opened = {"created_at": NOON - ago, "seen_at": NOON - ago, "expires_at": ends, "remember": remember}
        db.session.execute(update(UserSession).filter_by(token_hash=_hash_of(site, name)).values(**opened))


def _hash_of(site: Site, name: str) -> str:
    with site.app.test_request_context(headers={"Cookie": f"{COOKIE}={site.seed.cookies[name]}"}):
        return session_hash(session["_user_id"])


def save(site: Site, seq: int) -> int:
    path = site.seed.path("/learn/exams/attempts/<attempt_id>/answers/1")
    return site.send("other", "PUT", path, json={"seq": seq, "value": ["A"]}).status_code


def act(site: Site) -> int:
    return site.send("officer", "PUT", site.seed.path(PLACE), json={"place": 0}).status_code


def test_a_session_goes_on_for_twelve_hours_after_the_last_act(site: Site) -> None:
    clock.use_source(lambda: NOON + timedelta(hours=11))
    assert act(site) == 200
    clock.use_source(lambda: NOON + timedelta(hours=22, minutes=59))
    assert is_in(site, "officer")
    clock.use_source(lambda: NOON + timedelta(hours=23))

    assert not is_in(site, "officer")


def test_reading_alone_does_not_prolong_a_session(site: Site) -> None:
    clock.use_source(lambda: NOON + timedelta(hours=11))
    assert is_in(site, "officer")
    clock.use_source(lambda: NOON + timedelta(hours=12))

    assert not is_in(site, "officer")


@pytest.mark.parametrize(("ago", "remember"), [(11, False), (24 * 30, False), (24 * 90, True)])
def test_an_open_exam_is_not_ended_by_the_session_while_answers_are_saved(site: Site, ago: int, remember: bool) -> None:
    """The session, however old, would end after seven minutes; the exam lasts twenty."""
    as_if_opened(site, "other", timedelta(hours=ago), ends=NOON + timedelta(minutes=7), remember=remember)

    for minute in (5, 10, 15, 19):
        clock.use_source(lambda minute=minute: NOON + timedelta(minutes=minute))
        assert save(site, minute) == 200


def test_an_old_session_ends_at_a_pause_of_two_hours(site: Site) -> None:
    as_if_opened(site, "officer", timedelta(hours=30), ends=NOON + timedelta(minutes=7))
    assert act(site) == 200
    clock.use_source(lambda: NOON + timedelta(hours=2) - timedelta(seconds=1))
    assert is_in(site, "officer")
    clock.use_source(lambda: NOON + timedelta(hours=2))

    assert not is_in(site, "officer")


def test_refusals_are_remembered_and_lock_the_account(site: Site) -> None:
    client = site.app.test_client()
    form = {"login": "other@uji.example", "csrf_token": csrf_of(client.get("/sign-in"))}
    for _ in range(20):
        assert client.post("/sign-in", data=form | {"password": "salah sama sekali"}).status_code == 422

    assert client.post("/sign-in", data=form | {"password": PASSWORD}).status_code == 422


@pytest.mark.parametrize("target", ["https://jahat.example/", "//jahat.example", "/\\jahat.example", "javascript:alert(1)"])
def test_signing_in_leads_nowhere_else(site: Site, target: str) -> None:
    client = site.app.test_client()
    token = csrf_of(client.get("/sign-in"))
    form = {"login": "other@uji.example", "password": PASSWORD, "csrf_token": token, "next": target}

    assert client.post("/sign-in", data=form).headers["Location"] == "/"


def test_pages_are_not_kept_after_signing_out(site: Site) -> None:
    assert site.send("learner", "GET", "/learn/profile").headers["Cache-Control"] == "no-store"
