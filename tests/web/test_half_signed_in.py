"""Nothing but the challenge opens for a browser whose password was right and whose second factor is still due."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from elearn.kernel import clock
from elearn.kernel.audit import AuditEntry
from elearn.kernel.db import db
from elearn.people import accounts as reads
from elearn.people import challenge
from elearn.people.models.access import Credential, UserSession
from elearn.people.models.factors import SecondFactor
from tests.factories.courses import NOON
from tests.factories.people import SPARE, app_code
from tests.factories.site import BEHIND_HALF, COOKIE, HALF, Site, csrf_of
from tests.factories.world import PASSWORD

CHALLENGE = "/sign-in/code"
MINUTE = timedelta(minutes=1)
MANY = 8


def requests(site: Site) -> Iterator[tuple[str, str]]:
    """Every method of every route of the application, but what a half-signed-in browser may do."""
    for rule in site.app.url_map.iter_rules():
        if rule.endpoint not in challenge.OPEN:
            for method in sorted((rule.methods or set()) - {"OPTIONS"}):
                yield method, path_of(site, rule)


def path_of(site: Site, rule: Rule) -> str:
    return site.seed.path(rule.rule)


def is_closed(answer: TestResponse) -> bool:
    return answer.status_code == 401 or answer.headers.get("Location") == CHALLENGE


def send(site: Site, cookie: str, method: str, path: str, **rest: Any) -> TestResponse:
    client = site.app.test_client()
    client.set_cookie(COOKIE, cookie)
    token = rest.pop("token", site.seed.csrf[HALF])
    return client.open(path, method=method, headers={"X-CSRFToken": token} | rest.pop("headers", {}), **rest)


def opened(site: Site, cookie: str, token: str) -> list[str]:
    """What opens for the browser with this cookie."""
    found = []
    for method, path in requests(site):
        if not is_closed(send(site, cookie, method, path, token=token)):
            found.append(f"{method} {path}")
    return found


def half_sign_in(site: Site, **form: Any) -> tuple[str, str, TestResponse]:
    """Give the right password: the cookie, its token of forms, and the answer."""
    client = site.app.test_client()
    login = {"login": f"{BEHIND_HALF}@uji.example", "password": PASSWORD, "csrf_token": csrf_of(client.get("/sign-in"))}
    answer = client.post("/sign-in", data=login | form)
    token = csrf_of(client.get(CHALLENGE)) if answer.headers.get("Location") == CHALLENGE else ""
    cookie = client.get_cookie(COOKIE)
    assert cookie is not None
    return cookie.value, token, answer


def count_of_entries(site: Site) -> int:
    with site.app.app_context():
        found = len(db.session.scalars(select(AuditEntry.id)).all())
        db.session.remove()
    return found


def test_no_route_opens(site: Site) -> None:
    before = count_of_entries(site)

    assert len(list(requests(site))) > 100
    assert opened(site, site.seed.cookies[HALF], site.seed.csrf[HALF]) == []
    assert count_of_entries(site) == before


def test_a_password_that_signs_in_by_itself_is_caught(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: where the factor is not asked for, the same walk finds open doors."""
    monkeypatch.setattr(reads, "factor_for_update", lambda _employee_id: None)
    client = site.app.test_client()
    form = {"login": f"{BEHIND_HALF}@uji.example", "password": PASSWORD, "csrf_token": csrf_of(client.get("/sign-in"))}
    client.post("/sign-in", data=form)
    cookie = client.get_cookie(COOKIE)
    assert cookie is not None

    assert "GET /learn/account" in opened(site, cookie.value, csrf_of(client.get("/learn/account")))


def test_a_route_that_is_let_through_is_caught(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: public pages and the home page stand open as soon as nobody turns the browser back."""
    walked = list(requests(site))
    monkeypatch.setattr(challenge, "OPEN", frozenset(rule.endpoint for rule in site.app.url_map.iter_rules()))
    cookie, token = site.seed.cookies[HALF], site.seed.csrf[HALF]
    found = [path for method, path in walked if not is_closed(send(site, cookie, method, path, token=token))]

    assert {"/verify", "/sign-in", "/activate", "/learn/"} <= set(found)


def test_an_unknown_address_opens_nothing_either(site: Site) -> None:
    assert is_closed(send(site, site.seed.cookies[HALF], "GET", "/tidak/ada"))


def test_style_language_and_sign_out_are_there(site: Site) -> None:
    cookie = site.seed.cookies[HALF]

    assert send(site, cookie, "GET", "/static/icon.svg").status_code == 200
    assert "Type the code" in send(site, cookie, "GET", f"{CHALLENGE}?lang=en").get_data(as_text=True)
    assert send(site, cookie, "POST", "/sign-out").headers["Location"] == "/sign-in"


def test_a_bearer_token_is_none_of_its_business(site: Site) -> None:
    headers = {"Authorization": f"Bearer {site.world.tokens[BEHIND_HALF]}"}

    assert send(site, site.seed.cookies[HALF], "GET", "/api/v1/me", headers=headers).status_code == 200
    headers = {"Authorization": "Bearer karangan"}
    assert send(site, site.seed.cookies[HALF], "GET", "/api/v1/me", headers=headers).status_code == 401


def test_the_code_opens_the_session_under_another_cookie_and_goes_where_one_wanted(site: Site) -> None:
    half, token, _answer = half_sign_in(site, next="/learn/profile")
    client = site.app.test_client()
    client.set_cookie(COOKIE, half)
    answer = client.post(CHALLENGE, data={"code": app_code(), "csrf_token": token})
    full = client.get_cookie(COOKIE)

    assert answer.headers["Location"] == "/learn/profile"
    assert full is not None
    assert full.value != half
    assert client.get("/learn/").status_code == 200
    assert send(site, half, "GET", "/learn/").headers["Location"] == CHALLENGE, "the old cookie is worth no more than before"


def test_a_remembered_phone_is_remembered_behind_the_code_only(site: Site) -> None:
    half, token, answer = half_sign_in(site, remember="y")
    assert "Expires" not in answer.headers["Set-Cookie"]
    after = send(site, half, "POST", CHALLENGE, data={"code": app_code()}, token=token)

    assert "Expires" in after.headers["Set-Cookie"]
    with site.app.app_context():
        rows = db.session.scalars(select(UserSession).order_by(UserSession.created_at, UserSession.id)).all()
        assert [it.remember for it in rows].count(True) == 1
        db.session.remove()


def test_the_cookie_tells_nothing_and_cannot_be_made(site: Site) -> None:
    """Flask's own signature is not all there is: what the cookie says is concealed by the installation's key."""
    from flask.sessions import SecureCookieSessionInterface

    serializer = SecureCookieSessionInterface().get_signing_serializer(site.app)
    assert serializer is not None
    told = serializer.loads(site.seed.cookies[HALF])
    assert site.world.people[BEHIND_HALF].hex not in str(told).replace("-", "")
    for forged in ("", "AAAA", told[challenge.COOKIE_KEY][:-4] + "AAAA"):
        cookie = serializer.dumps(told | {challenge.COOKIE_KEY: forged})
        assert isinstance(cookie, str)
        assert send(site, cookie, "GET", CHALLENGE).headers["Location"] == "/sign-in"


def test_after_five_minutes_one_begins_again(site: Site) -> None:
    clock.use_source(lambda: NOON + 5 * MINUTE)
    cookie = site.seed.cookies[HALF]

    assert send(site, cookie, "GET", CHALLENGE).headers["Location"] == "/sign-in"
    answer = send(site, cookie, "POST", CHALLENGE, data={"code": app_code(NOON + 5 * MINUTE)})
    assert answer.headers["Location"] == "/sign-in"
    assert send(site, cookie, "GET", "/verify").status_code == 200


def test_wrong_codes_are_remembered_and_lock_the_account(site: Site) -> None:
    cookie = site.seed.cookies[HALF]
    for code in ["٠٠٠٠٠٠", "", " ", "bukan", "12345", "1234567", *["000000"] * 6]:
        assert send(site, cookie, "POST", CHALLENGE, data={"code": code}).status_code == 422
    with site.app.app_context():
        found = db.session.get(Credential, site.world.people[BEHIND_HALF])
        assert found is not None
        assert (found.failures, found.locked_until) == (10, NOON + 15 * MINUTE), "empty ones are no try"
        db.session.remove()

    assert send(site, cookie, "POST", CHALLENGE, data={"code": app_code()}).status_code == 422


def test_a_spare_code_opens_and_says_that_it_is_gone(site: Site) -> None:
    half, token, _answer = half_sign_in(site)
    client = site.app.test_client()
    client.set_cookie(COOKIE, half)
    client.post(CHALLENGE, data={"spare": SPARE, "csrf_token": token})

    assert "Tersisa 0" in client.get("/learn/").get_data(as_text=True)


@pytest.mark.parametrize("target", ["https://jahat.example/", "//jahat.example", "/\\jahat.example"])
def test_the_code_leads_nowhere_else(site: Site, target: str) -> None:
    half, token, _answer = half_sign_in(site, next=target)
    answer = send(site, half, "POST", CHALLENGE, data={"code": app_code()}, token=token)

    assert answer.headers["Location"] == "/"


def at_once(site: Site, code: str) -> list[int]:
    """Many browsers, each half signed in, bring the same code at the same moment; their statuses."""
    cookies = [half_sign_in(site)[:2] for _ in range(MANY)]
    ready, statuses = threading.Barrier(MANY), []

    def bring(cookie: str, token: str) -> None:
        ready.wait(10)
        statuses.append(send(site, cookie, "POST", CHALLENGE, data={"code": code}, token=token).status_code)

    threads = [threading.Thread(target=bring, args=pair) for pair in cookies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(statuses)


def test_of_many_who_bring_one_code_at_once_one_gets_in(site: Site) -> None:
    assert at_once(site, app_code()) == [302] + [422] * (MANY - 1)


def test_of_many_who_bring_one_spare_code_at_once_one_gets_in(site: Site) -> None:
    clock.use_source(lambda: NOON + MINUTE)
    code = f"{SPARE[:5]}-{SPARE[5:]}"

    assert at_once(site, code) == [302] + [422] * (MANY - 1)


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_codes_that_are_read_without_a_lock_are_caught(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control; on SQLite a writing transaction locks everything by itself, so there is nothing to break."""
    together = threading.Barrier(MANY)

    def unlocked(employee_id: Any) -> Any:
        found = db.session.scalar(select(SecondFactor).where(SecondFactor.employee_id == employee_id))
        if threading.current_thread() is not threading.main_thread():
            together.wait(10)
        return found

    monkeypatch.setattr(reads, "credential_for_update", lambda it: db.session.get(Credential, it))
    monkeypatch.setattr(reads, "factor_for_update", unlocked)

    assert at_once(site, app_code()).count(302) > 1
