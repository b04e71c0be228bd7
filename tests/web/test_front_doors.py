"""Where people land, which doors they see, and what a page of refusal tells them."""

import re

import pytest

from tests.factories.site import Site, csrf_of
from tests.factories.world import PASSWORD

HOMES = {
    "learner": "/learn/",
    "trainer": "/train/",
    "officer": "/train/",
    "hr": "/hr/",
    "admin": "/hr/admin/",
    "signer": "/hr/certs",
}


@pytest.mark.parametrize(("who", "home"), HOMES.items())
def test_everybody_lands_where_their_work_is_and_finds_their_learning_from_there(site: Site, who: str, home: str) -> None:
    answer = site.send(who, "GET", "/")

    assert answer.headers["Location"] == home
    assert 'href="/learn/"' in site.send(who, "GET", home).get_data(as_text=True)


def test_signing_in_leads_to_the_door_or_to_where_one_was_going(site: Site) -> None:
    browser = site.app.test_client()
    form = {"login": "admin@uji.example", "password": PASSWORD, "csrf_token": csrf_of(browser.get("/sign-in"))}

    assert browser.post("/sign-in", data=form).headers["Location"] == "/"
    assert browser.get("/sign-in?next=/learn/profile").headers["Location"] == "/learn/profile"


@pytest.mark.parametrize("who", ["officer", "signer", "learner", "trainer"])
def test_whoever_reaches_nobody_sees_no_door_to_people(site: Site, who: str) -> None:
    page = site.send(who, "GET", "/learn/").get_data(as_text=True)

    assert 'href="/hr/"' not in page
    assert ('href="/hr/certs"' in page) == (who == "signer")


def test_a_signer_is_led_to_the_certificates_and_past_the_people(site: Site) -> None:
    assert site.send("signer", "GET", "/hr/").headers["Location"] == "/hr/certs"
    page = site.send("signer", "GET", "/hr/certs").get_data(as_text=True)
    assert 'href="/hr/people"' not in page

    people = site.send("signer", "GET", "/hr/people").get_data(as_text=True)
    assert "Perpendek" not in people
    assert "Perpendek" in site.send("hr", "GET", "/hr/people?q=zzzz").get_data(as_text=True)


def test_a_page_of_refusal_tells_people_numbers_and_machines_the_name(site: Site) -> None:
    page = site.send("learner", "GET", "/hr/").get_data(as_text=True)
    body = site.send("learner", "GET", "/hr/", headers={"Accept": "application/json"}).get_json()

    assert "face_closed" not in page
    assert "Kode 403" in page
    assert re.search(r"Nomor permintaan <span class=\"code\">[0-9a-f-]{36}</span>", page)
    assert body["code"] == "face_closed"


@pytest.mark.parametrize("path", ["/verify", "/tidak-ada"])
def test_pages_without_a_session_lead_home_rather_than_to_a_sign_in(site: Site, path: str) -> None:
    page = site.send("learner", "GET", path).get_data(as_text=True)

    assert 'href="/sign-in"' not in page
    assert '<a href="/">Ke beranda</a>' in page
    assert site.send(None, "GET", path).headers.get("Set-Cookie") is None


def test_pages_of_the_door_itself_offer_the_sign_in(site: Site) -> None:
    for path in ("/sign-in", "/activate", "/forgot"):
        assert '<a href="/sign-in">Masuk</a>' in site.send(None, "GET", path).get_data(as_text=True)


def test_learning_time_is_said_in_hours(site: Site) -> None:
    from elearn.web.filters import show_duration

    with site.app.test_request_context("/learn/"):
        assert [show_duration(it) for it in (45, 60, 373)] == ["45 menit", "1 jam", "6 jam 13 menit"]
