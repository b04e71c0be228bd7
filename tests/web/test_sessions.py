"""A cookie is worth what its session is worth: rotated at sign-in, dead at sign-out, suspension and a new password."""

from datetime import timedelta

import pytest

from elearn.kernel import clock
from elearn.kernel.actor import Role
from elearn.kernel.jobs import transaction
from elearn.people.facts import RoleScope
from elearn.people.services import roles, staff
from tests.factories.acts import NEW_PASSWORD
from tests.factories.courses import NOON
from tests.factories.site import COOKIE, Site, csrf_of
from tests.factories.world import PASSWORD, SYSTEM


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

    assert client.post("/sign-in", data=form).headers["Location"] == "/learn/"


def test_pages_are_not_kept_after_signing_out(site: Site) -> None:
    assert site.send("learner", "GET", "/learn/profile").headers["Cache-Control"] == "no-store"
