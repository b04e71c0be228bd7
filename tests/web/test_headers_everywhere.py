"""The matrix of headers: every route of the table, whoever asks and however it ends, static files and breakdowns too."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from elearn.app import ElearnFlask
from tests.authorisation import Line, table
from tests.conftest import new_app
from tests.factories.site import Site

YEAR_S = 365 * 24 * 3600
PAGE_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "form-action": "'self'",
}
CLOSED = ({"default-src": "'none'", "frame-ancestors": "'none'"}, {"default-src": "'none'", "sandbox": ""})
SENT = ("GET", "POST", "PUT", "DELETE")
STATIC = ("/static/icon.svg", "/static/nowhere.js", "/static/../app.py", "/static/built/%2e%2e/secret")


@pytest.fixture
def backend() -> str:
    """Headers are not the database's: one does for all."""
    return "sqlite"


def lacking(answer: TestResponse, *, https: bool = False) -> list[str]:
    """What an answer should carry and does not."""
    headers, found = answer.headers, []
    if answer.status_code == 204:
        return ["a body without a type"] if answer.data else []
    policy = headers.get("Content-Security-Policy", "")
    rules = {name: rest for name, _, rest in (it.strip().partition(" ") for it in policy.split(";"))}
    if rules not in CLOSED and any(rules.get(name) != it for name, it in PAGE_POLICY.items()):
        found.append(f"policy: {policy!r}")
    if re.search(r"unsafe|\*|http:", policy):
        found.append(f"too open: {policy!r}")
    is_machines = "json" in headers.get("Content-Type", "")
    wanted = {"X-Content-Type-Options": "nosniff"}
    if not is_machines:  # a page is left by links and opened by other windows; JSON under its closed policy is neither
        wanted |= {"Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin"}
    found += [f"{name}: {headers.get(name)}" for name, it in wanted.items() if headers.get(name) != it]
    if rules in CLOSED[:1] and not is_machines:
        found.append("a page under the policy of data")
    if https and int((re.match(r"max-age=(\d+)", headers.get("Strict-Transport-Security", "")) or ["", "0"])[1]) < YEAR_S:
        found.append("no HSTS")
    return found


def answers(site: Site) -> Iterator[tuple[str, TestResponse]]:
    """Each route by each method as nobody, by its own method as some, and without the token that forms carry."""
    for line in table():
        path = site.seed.path(line.rule)
        for who in (None, "learner", "admin") if line.is_safe else (None, "learner"):
            yield f"{line.key} as {who}", site.send(who, line.method, path, csrf=False)
        for method in SENT:
            if method != line.method:
                yield f"{method} {line.rule}", site.app.test_client().open(path, method=method)
    for path in (*STATIC, "/nowhere", "/api/v1/nowhere"):
        yield path, site.app.test_client().get(path)
    for path in ("/sign-in", "/verify/file", "/api/v1/enrollments", "/hr/admin/settings"):
        yield f"too large {path}", site.app.test_client().post(path, data={"x": "x" * 40_000_000})


def broken(app: ElearnFlask, lines: list[Line]) -> None:
    """Let every view break."""

    def breaks(**_: object) -> str:
        raise RuntimeError("planted")

    for line in lines:
        app.view_functions[line.endpoint] = breaks


def test_every_answer_of_every_route_carries_the_headers(site: Site) -> None:
    seen: set[int] = set()
    wrong: dict[str, list[str]] = {}
    for name, answer in answers(site):
        seen.add(answer.status_code)
        if found := lacking(answer):
            wrong[f"{name} {answer.status_code}"] = found

    assert wrong == {}
    assert {200, 302, 400, 401, 403, 404, 405, 413} <= seen


def test_every_route_that_breaks_carries_them_too(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site.app, "view_functions", dict(site.app.view_functions))
    lines = [it for it in table() if it.face in ("public", "learner", "api")]
    broken(site.app, lines)

    sent = [(it.key, site.send("learner", it.method, site.seed.path(it.rule))) for it in lines]

    assert {name: answer.status_code for name, answer in sent if answer.status_code != 500} == {}
    assert {name: found for name, answer in sent if (found := lacking(answer))} == {}


def test_by_https_every_kind_of_answer_says_so_for_a_year(fresh_database: str, tmp_path: Path) -> None:
    client = new_app(fresh_database, tmp_path / "var", public_url="https://belajar.example").test_client()

    for path in ("/sign-in", "/nowhere", "/api/v1/me", "/learn/", "/static/icon.svg", "/static/nowhere.css"):
        assert lacking(client.get(path, base_url="https://belajar.example"), https=True) == [], path


@pytest.mark.parametrize("name", ["Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy"])
def test_a_header_that_is_missing_is_noticed(site: Site, name: str) -> None:
    """Negative control."""
    answer = site.send(None, "GET", "/verify")
    assert lacking(answer) == []
    del answer.headers[name]

    assert lacking(answer) != []


def test_a_policy_that_is_too_open_is_noticed(site: Site) -> None:
    """Negative control."""
    answer = site.send(None, "GET", "/verify")
    answer.headers["Content-Security-Policy"] += "; style-src-attr 'unsafe-inline'"

    assert lacking(answer) != []
