"""The negative controls of the lookout: pages that break its rules, each of which it must find."""

from functools import partial

import pytest
from playwright.sync_api import Page, Route

from elearn.web.headers import POLICY
from tests.browser.conftest import OpenWindow
from tests.browser.watching import Watch

BAD = {
    "an inline script": ("<script>document.title = 'x'</script>", "policy: script-src"),
    "an inline style": ("<p style='color: red'>x</p>", "policy: style-src"),
    "a foreign picture": ("<img src='https://gambar.example/x.png' alt=''>", "foreign: https://gambar.example/x.png"),
    "a page wider than the phone": ("<link rel=stylesheet href=/wide.css><p class=wide>x</p>", "too wide"),
    "a script that throws": ("<script src=/throws.js></script>", "script: "),
    "a file that is missing": ("<script src=/missing.js></script>", "status of 404"),
}
FILES = {"/wide.css": (".wide { width: 900px; }", "text/css"), "/throws.js": ("null.x()", "text/javascript")}


def put_up(page: Page, content: str) -> None:
    """A page of the house's own address, under the house's own policy."""
    headers = {"Content-Security-Policy": POLICY, "Content-Type": "text/html"}
    body = f"<!doctype html><html lang=id><meta name=viewport content='width=device-width'><title>x</title>{content}"
    page.route("**/buruk", lambda route: route.fulfill(body=body, headers=headers))
    for path, (text, kind) in FILES.items():
        page.route(f"**{path}", partial(_fulfil, text, kind))
    page.goto("/buruk")
    page.wait_for_load_state("networkidle")


def _fulfil(text: str, kind: str, route: Route) -> None:
    route.fulfill(body=text, content_type=kind)


@pytest.mark.parametrize("name", BAD)
def test_a_page_that_breaks_a_rule_is_found(name: str, window: OpenWindow, watch: Watch) -> None:
    content, sign = BAD[name]
    put_up(window(), content)

    assert any(sign in it for it in watch.findings()), watch.found
    with pytest.raises(AssertionError, match="found while browsing"):
        watch.require_clean()
    watch.found.clear()


def test_a_page_that_breaks_none_is_clean(window: OpenWindow, watch: Watch) -> None:
    put_up(window(), "<p>x</p>")

    assert watch.findings() == []
    assert watch.pages == ["/buruk"]
