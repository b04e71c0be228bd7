"""The room's queue under 500 seeded schedules of faults: nothing acknowledged lost, nothing shown stored that is not."""

from typing import Any

import pytest
from playwright.sync_api import Page, Route

from tests.browser.conftest import OpenWindow
from tests.conftest import ROOT

SCHEDULES = 500
SOURCES = {
    "queue.js": ROOT / "assets/js/room/queue.js",
    "store.js": ROOT / "assets/js/room/store.js",
    "schedules.js": ROOT / "tests/browser/schedules.js",
}


def serve(route: Route) -> None:
    """One of the sources, as a module."""
    path = SOURCES[route.request.url.rpartition("/")[2]]
    route.fulfill(body=path.read_text(encoding="utf-8"), content_type="text/javascript")


@pytest.fixture
def workbench(window: OpenWindow) -> Page:
    """A page of the product's own address with the queue's sources in it, and nothing else running."""
    page = window()
    page.route("**/__room/*", serve)
    page.goto("/verify")
    page.add_script_tag(url="/__room/schedules.js", type="module")
    page.wait_for_function("() => window.runSchedules")
    return page


def failed(page: Page, count: int, broken: str = "") -> list[Any]:
    """Run the schedules; those that broke the promise, with how."""
    found: list[Any] = page.evaluate("([count, broken]) => window.runSchedules(1, count + 1, broken)", [count, broken])
    return found


def test_no_schedule_of_faults_breaks_the_promise(workbench: Page) -> None:
    assert failed(workbench, SCHEDULES) == []


def test_a_queue_that_clears_before_the_receipt_is_caught(workbench: Page) -> None:
    """Negative control: what is kept on the device counts as sent before any receipt has come."""
    assert len(failed(workbench, 25, "clears early")) > 5
