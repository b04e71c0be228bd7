"""Every kind of answer carries the headers: pages, JSON, redirects, refusals, breakdowns and static files."""

from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from elearn.web.headers import DATA_POLICY, POLICY
from tests.conftest import new_app
from tests.factories.site import Site

ANSWERS = {
    "page": ("learner", "GET", "/learn/", 200),
    "public page": (None, "GET", "/verify", 200),
    "json": ("learner", "GET", "/api/v1/me", 200),
    "document": (None, "GET", "/api/v1/openapi.json", 200),
    "health": (None, "GET", "/healthz", 200),
    "redirect": (None, "GET", "/learn/", 302),
    "file on its way": ("learner", "GET", "/api/v1/certificates/<certificate_id>/pdf", 202),
    "not signed in": (None, "GET", "/api/v1/me", 401),
    "closed face": ("learner", "GET", "/hr/", 403),
    "not found": (None, "GET", "/nowhere", 404),
    "not found in the api": (None, "GET", "/api/v1/nowhere", 404),
    "wrong method": (None, "DELETE", "/verify", 405),
    "no token": ("learner", "POST", "/learn/courses/enrollments", 400),
    "conflict": ("officer", "POST", "/api/v1/exams/<exam_id>/attempts", 409),
    "invalid": ("learner", "POST", "/api/v1/enrollments", 422),
    "broken page": ("learner", "GET", "/learn/account", 500),
    "broken api": ("learner", "GET", "/api/v1/me", 500),
    "static": (None, "GET", "/static/icon.svg", 200),
}


BREAKING = {"broken page": "people_learner.account", "broken api": "people_api.me"}


@pytest.fixture(autouse=True)
def _breaking(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The view that a test of a breakdown asks for breaks."""

    def broken() -> str:
        raise RuntimeError("planted")

    kind = request.node.callspec.params.get("kind") if hasattr(request.node, "callspec") else None
    if kind in BREAKING:
        views = request.getfixturevalue("site").app.view_functions
        monkeypatch.setitem(views, BREAKING[kind], broken)


def ask(site: Site, kind: str) -> TestResponse:
    who, method, rule, status = ANSWERS[kind]
    answer = site.send(who, method, site.seed.path(rule), csrf=False)
    assert answer.status_code == status, answer.get_data(as_text=True)[:500]
    return answer


@pytest.mark.parametrize("kind", ANSWERS)
def test_the_headers_are_on_every_kind_of_answer(site: Site, kind: str) -> None:
    answer = ask(site, kind)
    headers = answer.headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == (DATA_POLICY if answer.is_json else POLICY)
    if not answer.is_json:
        assert headers["Referrer-Policy"] == "same-origin"
        assert kind == "static" or headers["Cross-Origin-Opener-Policy"] == "same-origin"
    if kind != "static":
        assert headers["Cache-Control"] == "no-store"


def test_the_policy_allows_nothing_unsafe() -> None:
    assert "default-src 'none'" in POLICY
    assert "unsafe" not in POLICY
    assert "*" not in POLICY
    assert "frame-ancestors 'none'" in POLICY
    assert DATA_POLICY == "default-src 'none'; frame-ancestors 'none'"


@pytest.mark.parametrize("kind", ["not signed in", "not found in the api", "conflict", "invalid", "broken api"])
def test_refusals_of_the_api_are_problems(site: Site, kind: str) -> None:
    answer = ask(site, kind)

    assert answer.content_type == "application/problem+json"
    assert answer.json is not None
    assert {"type", "title", "status", "code"} <= answer.json.keys()


@pytest.mark.parametrize("kind", ["broken page", "broken api"])
def test_a_breakdown_tells_nothing_of_its_cause(site: Site, kind: str) -> None:
    text = ask(site, kind).get_data(as_text=True)

    assert "planted" not in text
    assert "Traceback" not in text


def test_a_request_that_is_too_large_is_refused_before_it_is_read(site: Site) -> None:
    answer = site.send("learner", "POST", "/learn/courses/enrollments", form={"course": "x" * (2 * 1024 * 1024)})

    assert answer.status_code == 413


def test_by_https_cookies_are_secure_and_bound_to_the_host(fresh_database: str, tmp_path: Path) -> None:
    app = new_app(fresh_database, tmp_path / "var", public_url="https://belajar.example")

    answer = app.test_client().get("/sign-in", base_url="https://belajar.example")

    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-elearn=")
    assert {"Secure", "HttpOnly", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}
