"""The exam room on a phone: what it says about saving is true, whatever the connection does."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenWindow
from tests.browser.house import House
from tests.browser.pages import Room
from tests.browser.truth import Witness
from tests.browser.watching import Watch

SAVES = "**/answers/*"
LOST = ("ERR_INTERNET_DISCONNECTED", "ERR_CONNECTION_FAILED", "status of 503")


def offline(page: Page) -> None:
    page.context.set_offline(True)


def online(page: Page) -> None:
    page.context.set_offline(False)


def cut(page: Page) -> None:
    page.route(SAVES, lambda route: route.abort("connectionfailed"))


def trouble(page: Page) -> None:
    page.route(SAVES, lambda route: route.fulfill(status=503, body="{}", content_type="application/json"))


def mended(page: Page) -> None:
    page.unroute(SAVES)


OUTAGES = [
    pytest.param(offline, online, id="the phone is offline"),
    pytest.param(cut, mended, id="connections fail"),
    pytest.param(trouble, mended, id="the server answers 503"),
]


@pytest.mark.parametrize(("breaks", "heals"), OUTAGES)
def test_an_outage_loses_no_answer_and_nothing_is_called_stored_without_its_receipt(
    breaks: Callable[[Page], None], heals: Callable[[Page], None], house: House, window: OpenWindow, watch: Watch
) -> None:
    watch.allow(*LOST)
    learner = house.learner()
    attempt_id = house.start_exam(learner)
    page = window(learner)
    witness, room = Witness(page), Room(page)
    room.open(attempt_id)
    for slot in (1, 2, 3):
        room.choose(slot, ["B"])
    expect(room.state).to_contain_text("Tersimpan pukul")
    assert house.stored_keys(attempt_id, learner) == {1: ["B"], 2: ["B"], 3: ["B"]}

    breaks(page)
    for slot in (3, 4, 5):
        room.choose(slot, ["C"])
    expect(room.state).to_contain_text("Belum terkirim")
    expect(room.state).not_to_contain_text("Tersimpan")
    assert house.stored_keys(attempt_id, learner) == {1: ["B"], 2: ["B"], 3: ["B"]}

    heals(page)
    expect(room.state).to_contain_text("Tersimpan pukul")
    assert house.stored_keys(attempt_id, learner) == room.chosen() == {1: ["B"], 2: ["B"], 3: ["C"], 4: ["C"], 5: ["C"]}
    assert not witness.lies(), witness.told()


def test_a_reload_in_the_middle_shows_what_was_stored_and_the_exam_goes_on(house: House, window: OpenWindow) -> None:
    learner = house.learner()
    attempt_id = house.start_exam(learner)
    page = window(learner)
    room = Room(page)
    room.open(attempt_id)
    room.choose(1, ["A"])
    room.choose(2, ["D"])
    expect(room.state).to_contain_text("Tersimpan pukul")

    page.reload()
    assert room.chosen() == {1: ["A"], 2: ["D"]}

    room.choose(2, ["A"])
    expect(room.state).to_contain_text("Tersimpan pukul")
    assert house.stored_keys(attempt_id, learner) == {1: ["A"], 2: ["A"]}


def test_leaving_is_warned_of_while_answers_are_unsent_and_the_review_waits_for_them(
    house: House, window: OpenWindow, watch: Watch
) -> None:
    watch.allow(*LOST)
    learner = house.learner()
    attempt_id = house.start_exam(learner)
    page = window(learner)
    room = Room(page)
    room.open(attempt_id)
    is_warned = "() => !dispatchEvent(new Event('beforeunload', { cancelable: true }))"
    assert not page.evaluate(is_warned)

    cut(page)
    room.choose(1, ["A"])
    expect(room.state).to_contain_text("Belum terkirim")
    assert page.evaluate(is_warned)
    room.review()
    expect(room.state).to_contain_text("Belum terkirim")
    assert page.url.endswith(str(attempt_id))


def test_a_witness_of_a_room_that_lies_says_so(house: House, window: OpenWindow, watch: Watch) -> None:
    """The negative control: the same room, with a word of success that no receipt stands behind."""
    watch.allow(*LOST)
    learner = house.learner()
    attempt_id = house.start_exam(learner)
    page = window(learner)
    witness, room = Witness(page), Room(page)
    room.open(attempt_id)
    cut(page)
    room.choose(1, ["A"])
    expect(room.state).to_contain_text("Belum terkirim")
    room.state.evaluate("it => { it.textContent = 'Tersimpan pukul 10.42.07'; }")
    page.wait_for_function("() => window.__told.at(-1).what.startsWith('Tersimpan')")

    assert witness.lies()
