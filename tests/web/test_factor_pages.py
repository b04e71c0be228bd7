"""One's second factor from page to page, and HR's reset: shown once, asked twice, nothing without proofs."""

import re
from html import unescape

import pyotp
import pytest

from tests.factories.acts import NEW_PASSWORD
from tests.factories.courses import NOON
from tests.factories.people import SPARE, app_code, with_factor
from tests.factories.site import Site, csrf_of
from tests.factories.world import PASSWORD

BASE = "/learn/account/factor"


def step() -> int:
    return int(NOON.timestamp()) // 30


def guard(site: Site, name: str) -> None:
    with site.app.app_context():
        with_factor(site.world.people[name])


def test_from_password_to_spare_codes_without_any_script(site: Site) -> None:
    client = site.visitor("learner")
    token = csrf_of(client.get(BASE))
    offer = client.post(BASE, data={"current": PASSWORD, "csrf_token": token}).get_data(as_text=True)
    seed = re.search(r'data-copy="([A-Z2-7]{32})"', offer)
    concealed = re.search(r'name="offer"[^>]*value="([^"]+)"', offer)
    assert seed is not None
    assert concealed is not None
    assert 'src="data:image/svg+xml' in offer
    assert unescape(offer).count("otpauth://totp/") == 1
    form = {"offer": concealed[1], "csrf_token": csrf_of(client.get(BASE))}
    wrong = client.post(f"{BASE}/confirmation", data=form | {"code": "12345"})
    assert wrong.status_code == 422
    assert seed[1] in wrong.get_data(as_text=True), "the same QR code stays good"

    code = pyotp.TOTP(seed[1]).generate_otp(step())
    answer = client.post(f"{BASE}/confirmation", data=form | {"code": f"{code[:3]} {code[3:]}"})

    assert answer.status_code == 200
    shown = re.findall(r"<li[^>]*>([0-9A-Z]{5}-[0-9A-Z]{5})</li>", answer.get_data(as_text=True))
    assert len(set(shown)) == 10
    assert client.get("/learn/").status_code == 200, "this browser stays signed in, by another cookie"
    assert site.send("learner", "GET", "/learn/").status_code == 302, "the cookie from before is dead"
    assert shown[0] not in client.get(BASE).get_data(as_text=True)


def test_a_wrong_password_shows_no_seed(site: Site) -> None:
    answer = site.send("learner", "POST", BASE, form={"current": "bukan kata sandi saya"})

    assert answer.status_code == 422
    assert "otpauth" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("offer", ["", "karangan", "A" * 2000])
def test_an_offer_that_is_none_begins_again(site: Site, offer: str) -> None:
    answer = site.send("learner", "POST", f"{BASE}/confirmation", form={"offer": offer, "code": "123456"})

    assert answer.status_code == 422
    assert "otpauth" not in answer.get_data(as_text=True)


def test_a_short_password_asks_for_a_new_one_when_the_factor_goes(site: Site) -> None:
    guard(site, "learner")
    client = site.visitor("learner")
    form = {"current": PASSWORD, "password": "lampu-hijau", "csrf_token": site.seed.csrf["learner"]}
    assert client.post("/learn/account/password", data=form).status_code == 302
    form = {"current": "lampu-hijau", "code": SPARE, "csrf_token": csrf_of(client.get(BASE))}
    refused = client.post(f"{BASE}/ending", data=form)

    assert refused.status_code == 422
    assert "kurang dari 15 karakter" in refused.get_data(as_text=True)
    assert client.post(f"{BASE}/ending", data=form | {"password": NEW_PASSWORD}).status_code == 302


def test_forms_say_the_dated_minimum_and_days(site: Site) -> None:
    def told(path: str) -> str:
        return site.send("learner", "GET", path).get_data(as_text=True)

    assert "Paling sedikit 15 karakter" in told("/learn/account")
    assert "Paling sedikit 15 karakter" in site.send(None, "GET", "/activate").get_data(as_text=True)
    assert "Selama 90 hari" in site.send(None, "GET", "/sign-in").get_data(as_text=True)
    guard(site, "learner")
    assert "Paling sedikit 8 karakter" in told("/learn/account")


def test_hr_is_asked_twice_and_then_shown_a_code_once(site: Site) -> None:
    assert "Ponsel hilang" not in site.send("hr", "GET", "/hr/people").get_data(as_text=True)
    guard(site, "learner")
    people = site.send("hr", "GET", "/hr/people").get_data(as_text=True)
    path = f"/hr/people/{site.world.people['learner']}/factor"
    assert f'href="{path}"' in people
    asked = site.send("hr", "GET", path).get_data(as_text=True)
    assert f'action="{path}/reset"' in asked
    hr = site.visitor("hr")
    reset = hr.post(f"{path}/reset", headers={"X-CSRFToken": site.seed.csrf["hr"]}, follow_redirects=True)

    assert re.search(r"[0-9A-Z]{5}-[0-9A-Z]{5}", reset.get_data(as_text=True))
    assert "reset" not in site.send("hr", "GET", path).get_data(as_text=True)
    assert site.send("learner", "GET", "/learn/").status_code == 302
    assert site.send("hr", "POST", f"{path}/reset").status_code == 409


def test_nobody_resets_their_own(site: Site) -> None:
    guard(site, "admin")
    path = f"/hr/people/{site.world.people['admin']}/factor"

    assert "/reset" not in site.send("admin", "GET", path).get_data(as_text=True)
    assert site.send("admin", "POST", f"{path}/reset").status_code == 403


def test_a_used_code_renews_no_spare_codes(site: Site) -> None:
    guard(site, "learner")
    form = {"current": PASSWORD, "code": app_code()}
    assert site.send("learner", "POST", f"{BASE}/codes", form=form).status_code == 200

    assert site.send("learner", "POST", f"{BASE}/codes", form=form).status_code == 422
