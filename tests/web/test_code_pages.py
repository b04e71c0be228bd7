"""A one-time code is shown once, on a page that can be loaded again without making another one."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from elearn.kernel import clock
from elearn.people.services import accounts
from tests.factories.courses import NOON
from tests.factories.site import Site, csrf_of
from tests.factories.world import SYSTEM

CODE = re.compile(r">([0-9A-Z]{5}-[0-9A-Z]{5})<")
DOORS = [("hr", "/hr/people"), ("admin", "/hr/admin/people")]


def path_of(site: Site, door: str, name: str = "learner") -> str:
    return f"{door}/{site.world.people[name]}/code"


def issue(site: Site, browser: FlaskClient, who: str, path: str) -> str:
    answer = browser.post(path, headers={"X-CSRFToken": site.seed.csrf[who]})
    assert answer.status_code == 302
    return answer.headers["Location"]


@pytest.mark.parametrize(("who", "door"), DOORS)
def test_a_code_is_shown_once_and_a_reload_offers_a_new_one(site: Site, who: str, door: str) -> None:
    path, browser = path_of(site, door), site.visitor(who)
    page = issue(site, browser, who, path)
    assert page == path

    first = browser.get(page).get_data(as_text=True)
    again = browser.get(page).get_data(as_text=True)

    assert len(CODE.findall(first)) == 1
    assert CODE.findall(again) == []
    assert "sudah ditampilkan" in again
    assert f'action="{path}" data-confirm=' in again


def test_the_code_that_was_shown_opens_the_account_after_the_page_was_loaded_again(site: Site) -> None:
    browser = site.visitor("hr")
    page = issue(site, browser, "hr", path_of(site, "/hr/people"))
    code = CODE.findall(browser.get(page).get_data(as_text=True))[0]
    browser.get(page)

    person = site.app.test_client()
    form = {"login": "learner@uji.example", "code": code, "password": "kalimat baru yang cukup panjang"}
    answer = person.post("/activate", data=form | {"csrf_token": csrf_of(person.get("/activate"))})

    assert answer.status_code == 302


def test_the_page_says_the_whole_address_to_open(site: Site) -> None:
    browser = site.visitor("hr")
    page = issue(site, browser, "hr", path_of(site, "/hr/people"))

    assert "http://localhost/activate" in browser.get(page).get_data(as_text=True)


def test_no_plain_code_is_in_the_address_or_the_cookie_and_it_is_good_for_one_person_in_one_browser(site: Site) -> None:
    browser = site.visitor("hr")
    page = issue(site, browser, "hr", path_of(site, "/hr/people"))
    cookie = browser.get_cookie("elearn")
    assert cookie is not None

    elsewhere = browser.get(path_of(site, "/hr/people", "officer")).get_data(as_text=True)
    other_browser = site.send("admin", "GET", page).get_data(as_text=True)
    code = CODE.findall(browser.get(page).get_data(as_text=True))

    assert (CODE.findall(elsewhere), CODE.findall(other_browser)) == ([], [])
    assert len(code) == 1
    assert code[0] not in page + cookie.value
    assert code[0].replace("-", "") not in page + cookie.value


def test_a_code_that_was_not_looked_at_for_minutes_is_shown_no_more(site: Site) -> None:
    browser = site.visitor("hr")
    page = issue(site, browser, "hr", path_of(site, "/hr/people"))
    clock.use_source(lambda: NOON + timedelta(minutes=6))

    assert CODE.findall(browser.get(page).get_data(as_text=True)) == []


def test_an_act_that_is_refused_leaves_the_browser_no_code(site: Site) -> None:
    browser = site.visitor("hr")
    own = f"/hr/people/{site.world.people['hr']}/code"

    assert browser.post(own, headers={"X-CSRFToken": site.seed.csrf["hr"]}).status_code == 403

    page = browser.get(own).get_data(as_text=True)
    assert CODE.findall(page) == []
    assert "data-confirm" not in page


def test_codes_of_the_command_line_are_shown_on_no_page(site: Site) -> None:
    with site.app.app_context():
        accounts.issue_code(site.world.people["learner"], by=SYSTEM, now=NOON)

    assert CODE.findall(site.send("hr", "GET", path_of(site, "/hr/people")).get_data(as_text=True)) == []
