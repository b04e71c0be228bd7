"""What a first visit costs on the wire, page by page, against the budgets; measured as the product itself serves it."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, OpenWindow
from tests.browser.gallery import Gallery, Shown
from tests.browser.pages import Room

KB = 1024


@dataclass  # no slots: Playwright marks the objects whose methods listen
class Scales:
    """Bytes on the wire, headers included, by kind of thing; the browser's cache is empty."""

    kinds: dict[str, str] = field(default_factory=dict)
    bytes: Counter[str] = field(default_factory=Counter)
    addresses: dict[str, str] = field(default_factory=dict)
    by_address: dict[str, int] = field(default_factory=dict)

    def under(self, page: Page) -> None:
        """Weigh whatever the page loads from now on."""
        session = page.context.new_cdp_session(page)
        session.on("Network.responseReceived", self._answered)
        session.on("Network.loadingFinished", self._finished)
        session.send("Network.enable")

    def _answered(self, event: dict[str, Any]) -> None:
        self.kinds[event["requestId"]] = event["type"]
        self.addresses[event["requestId"]] = event["response"]["url"]

    def _finished(self, event: dict[str, Any]) -> None:
        self.bytes[self.kinds.get(event["requestId"], "Other")] += int(event["encodedDataLength"])
        self.by_address[self.addresses.get(event["requestId"], "")] = int(event["encodedDataLength"])

    def of(self, part: str) -> int:
        """The last answer from an address that has a part in it."""
        return next(size for address, size in reversed(self.by_address.items()) if part in address)

    @property
    def first_view(self) -> int:
        """Page, styles and scripts."""
        return self.bytes["Document"] + self.bytes["Stylesheet"] + self.bytes["Script"]

    @property
    def pictures(self) -> int:
        """Pictures; the page's icons are one file of them."""
        return self.bytes["Image"] + self.bytes["Other"]


@dataclass(frozen=True, slots=True)
class Budget:
    """One line of the budgets, in KB; `fonts` where a font may be loaded at all."""

    shown: Shown
    first_view: int
    script: int
    pictures: int = 10  # 1 is the icon of the tab alone
    fonts: bool = True


BUDGETS = (
    Budget(Shown("public", "/sign-in"), 35, 8, fonts=False),
    Budget(Shown("public", "/verify"), 35, 8, fonts=False),
    Budget(Shown("public", "/verify/<code>"), 35, 8, fonts=False),
    Budget(Shown("public", "/verify/file/<sha256>"), 35, 8, fonts=False),
    Budget(Shown("learner", "/learn/courses"), 80, 25, 100),
    Budget(Shown("learner", "/learn/courses/enrollments/<enrollment_id>/lessons/<lesson_id>"), 70, 30, 150),
    Budget(Shown("sitter", "/learn/exams/attempts/<attempt_id>"), 60, 40, 10, fonts=False),
    Budget(Shown("learner", "/learn/certs/<certificate_id>"), 60, 10),
    Budget(Shown("hr", "/hr/people"), 180, 90, 100),
)


EXAM_MINUTES, EXAM_ITEMS, LOOK_SECONDS = 100, 100, 4
WHOLE_EXAM, ONE_SAVE, PAPER = 500 * KB, 0.6 * KB, 80 * KB


def test_a_whole_exam_of_a_hundred_items_keeps_its_budget(gallery: Gallery, window: OpenWindow) -> None:
    """What one exam fetches: the shell and the paper once, a save for each item, a look every four seconds."""
    sitter = gallery.people["sitter"]
    page, scales = window(sitter, PHONE), Scales()
    scales.under(page)
    room = Room(page)
    page.goto(gallery.path(Shown("sitter", "/learn/exams/attempts/<attempt_id>")))
    room.settle()
    page.wait_for_load_state("networkidle")
    shell = scales.first_view + scales.pictures
    items = room.page.locator("[data-cell]").count()
    paper = scales.of("/paper") * EXAM_ITEMS / items
    room.choose(1, ["A"])
    expect(room.state).to_contain_text("Tersimpan pukul")
    with page.expect_response("**/state?*"):
        pass
    page.wait_for_timeout(200)
    save, look = scales.of("/answers/1"), scales.of("/state?")

    looks = EXAM_MINUTES * 60 / LOOK_SECONDS
    whole = shell + paper + EXAM_ITEMS * save + looks * look
    print({"shell": shell, "paper": paper, "save": save, "look": look, "whole": whole})
    assert min(look, save, paper) > 0
    assert save <= ONE_SAVE
    assert paper <= PAPER
    assert whole <= WHOLE_EXAM


@pytest.mark.parametrize("budget", BUDGETS, ids=lambda it: str(it.shown))
def test_a_page_keeps_its_budget(budget: Budget, gallery: Gallery, window: OpenWindow) -> None:
    page, scales = window(gallery.people.get(budget.shown.who), DESK if budget.shown.who == "hr" else PHONE), Scales()
    scales.under(page)
    page.goto(gallery.path(budget.shown), wait_until="networkidle")

    print(budget.shown, dict(scales.bytes))
    assert scales.bytes["Document"] > 0
    assert scales.first_view <= budget.first_view * KB, dict(scales.bytes)
    assert scales.bytes["Script"] <= budget.script * KB, dict(scales.bytes)
    assert scales.pictures <= budget.pictures * KB, dict(scales.bytes)
    assert budget.fonts or not scales.bytes["Font"], dict(scales.bytes)
