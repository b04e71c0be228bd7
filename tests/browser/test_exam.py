"""The exam room on a phone: what it says about saving is true, whatever the connection, the tab or the session do."""

from collections.abc import Callable
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenWindow
from tests.browser.house import House, Person
from tests.browser.pages import Room, Screen
from tests.browser.truth import Witness
from tests.browser.watching import Watch

SAVES = "**/answers/*"
LOST = ("ERR_INTERNET_DISCONNECTED", "ERR_CONNECTION_FAILED", "ERR_FAILED", "status of 503")
ON_DEVICE = "Tersimpan di perangkat"


def seated(house: House, window: OpenWindow) -> tuple[Person, UUID, Room]:
    """A learner in the room of an exam that their phone has just started."""
    learner = house.learner()
    attempt_id = house.start_exam(learner)
    room = Room(window(learner))
    room.open(attempt_id)
    return learner, attempt_id, room


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
    expect(room.state).to_contain_text(ON_DEVICE)
    expect(room.banner).to_contain_text("Koneksi terputus. Jawaban Anda tersimpan di ponsel ini.")
    assert house.stored_keys(attempt_id, learner) == {1: ["B"], 2: ["B"], 3: ["B"]}

    heals(page)
    expect(room.state).to_contain_text("Tersimpan pukul", timeout=10_000)
    assert house.stored_keys(attempt_id, learner) == room.chosen() == {1: ["B"], 2: ["B"], 3: ["C"], 4: ["C"], 5: ["C"]}
    assert not witness.lies(), witness.told()


def test_a_killed_tab_and_a_reload_without_a_connection_keep_every_answer(
    house: House, window: OpenWindow, watch: Watch
) -> None:
    watch.allow(*LOST)
    learner, attempt_id, room = seated(house, window)
    page = room.page
    page.evaluate("async () => { await navigator.serviceWorker.ready; }")
    room.choose(1, ["A"])
    expect(room.state).to_contain_text("Tersimpan pukul")
    offline(page)
    room.choose(2, ["D"])
    room.doubt(2)
    expect(room.state).to_contain_text(ON_DEVICE)

    page.reload()
    room.settle()
    assert room.chosen() == {1: ["A"], 2: ["D"]}
    room.choose(3, ["C"])

    online(page)
    again = page.context.new_page()
    page.close()
    room = Room(again)
    room.open(attempt_id)
    expect(room.state).to_contain_text("Tersimpan pukul", timeout=10_000)
    assert house.stored_keys(attempt_id, learner) == room.chosen() == {1: ["A"], 2: ["D"], 3: ["C"]}
    expect(room.cell(2)).to_have_class("room-cell is-saved is-doubted")


def test_a_second_device_takes_over_and_the_old_tab_turns_read_only_within_five_seconds(
    house: House, window: OpenWindow, watch: Watch
) -> None:
    watch.allow("status of 409")
    learner, attempt_id, old = seated(house, window)
    new = Room(window(learner))
    old.choose(1, ["A"])
    old.doubt(1)
    expect(old.state).to_contain_text("Tersimpan pukul")

    new.open(attempt_id, started_here=False)
    expect(new.page.locator("[data-moved-text]")).to_contain_text("Pindah ke perangkat ini?")
    new.press("Pakai perangkat ini")
    new.settle()
    assert new.chosen() == {1: ["A"]}
    expect(new.cell(1)).to_have_class("room-cell is-saved is-doubted")
    expect(old.page.get_by_role("heading", name="Ujian ini dibuka di tempat lain")).to_be_visible(timeout=5_500)
    expect(old.page.locator("[data-moved-text]")).not_to_contain_text("masih di perangkat")
    new.choose(1, ["B"])
    expect(new.state).to_contain_text("Tersimpan pukul")

    assert house.stored_keys(attempt_id, learner) == {1: ["B"]}
    old.press("Pakai perangkat ini")
    old.settle()
    assert old.chosen() == {1: ["B"]}
    old.choose(2, ["C"])
    expect(old.state).to_contain_text("Tersimpan pukul")
    assert house.stored_keys(attempt_id, learner) == {1: ["B"], 2: ["C"]}


def test_what_a_device_kept_never_overwrites_what_another_stored_later(
    house: House, window: OpenWindow, watch: Watch
) -> None:
    """The old device chose twice without a connection; its number is the higher one, and still it must give way."""
    watch.allow(*LOST, "status of 409")
    learner, attempt_id, old = seated(house, window)
    new = Room(window(learner))
    offline(old.page)
    for key in ("A", "C", "D"):
        old.choose(1, [key])
    expect(old.state).to_contain_text(ON_DEVICE)
    new.open(attempt_id, started_here=False)
    new.press("Pakai perangkat ini")
    new.settle()
    new.choose(1, ["B"])
    expect(new.state).to_contain_text("Tersimpan pukul")

    online(old.page)
    expect(old.page.get_by_role("heading", name="Ujian ini dibuka di tempat lain")).to_be_visible(timeout=20_000)
    assert house.stored_keys(attempt_id, learner) == {1: ["B"]}
    old.press("Pakai perangkat ini")
    old.settle()
    expect(old.page.locator("[data-conflicts]")).to_contain_text("Soal 1: perangkat lain menyimpan jawaban yang lebih baru")
    assert old.chosen() == house.stored_keys(attempt_id, learner) == {1: ["B"]}


def test_handing_in_without_a_connection_says_so_and_goes_through_once_there_is_one(
    house: House, window: OpenWindow, watch: Watch
) -> None:
    watch.allow(*LOST)
    learner = house.learner()
    page = window(learner)
    room = Room(page)
    room.open(house.answer_all(learner))
    room.review()
    offline(page)
    page.locator("[data-hand-in]").click()
    note = page.locator("[data-hand-in-note]")
    expect(note).to_contain_text("Belum terkirim: tidak ada koneksi.")
    expect(note).to_be_in_viewport()

    online(page)
    page.wait_for_url("**/result", timeout=20_000)


def test_checking_again_takes_a_waiting_submission_back(house: House, window: OpenWindow, watch: Watch) -> None:
    watch.allow(*LOST)
    learner = house.learner()
    attempt_id = house.answer_all(learner)
    page = window(learner)
    room = Room(page)
    room.open(attempt_id)
    room.review()
    offline(page)
    page.locator("[data-hand-in]").click()
    expect(page.locator("[data-hand-in-note]")).to_be_visible()
    room.press("Periksa lagi")
    online(page)
    expect(room.banner).to_contain_text("Tersambung kembali.")
    page.wait_for_timeout(3000)

    assert not house.is_handed_in(attempt_id, learner)


def test_an_item_with_several_right_options_keeps_each_that_was_ticked(house: House, window: OpenWindow) -> None:
    learner, attempt_id, room = seated(house, window)
    slot = house.slot_of_type(attempt_id, learner, "multiple")
    room.go(slot)
    for key in ("A", "C", "D"):
        room.page.locator(f"#option-{slot}-{key}").check()
    room.page.locator(f"#option-{slot}-C").uncheck()
    expect(room.state).to_contain_text("Tersimpan pukul")

    assert room.chosen() == house.stored_keys(attempt_id, learner) == {slot: ["A", "D"]}


def test_of_two_tabs_of_one_browser_the_newer_writes(house: House, window: OpenWindow) -> None:
    learner, attempt_id, older = seated(house, window)
    page = older.page
    newer = Room(page.context.new_page())
    newer.open(attempt_id)

    expect(page.locator("[data-moved-text]")).to_contain_text("tab lain")
    newer.choose(1, ["A"])
    expect(newer.state).to_contain_text("Tersimpan pukul")
    assert house.stored_keys(attempt_id, learner) == {1: ["A"]}


def test_a_session_that_ends_is_begun_again_in_place(house: House, window: OpenWindow, watch: Watch) -> None:
    watch.allow("status of 401")
    learner, attempt_id, room = seated(house, window)
    page = room.page
    house.end_sessions(learner)

    room.choose(1, ["A"])
    expect(page.get_by_role("heading", name="Masuk lagi")).to_be_visible()
    assert house.stored_keys(attempt_id, learner) == {}
    page.locator("#room-login").fill(learner.login)
    page.locator("#room-password").fill(learner.password)
    page.locator("[data-sign-in-form] button").click()

    expect(room.state).to_contain_text("Tersimpan pukul")
    assert page.url.endswith(str(attempt_id))
    assert house.stored_keys(attempt_id, learner) == {1: ["A"]}


def test_handing_in_asks_twice_where_something_is_open_and_waits_for_what_is_not_sent(
    house: House, window: OpenWindow, watch: Watch
) -> None:
    watch.allow(*LOST)
    learner, attempt_id, room = seated(house, window)
    page = room.page
    cut(page)
    room.choose(1, ["A"])
    expect(room.state).to_contain_text(ON_DEVICE)
    room.review()
    expect(page.locator("[data-review]")).to_contain_text("1 jawaban belum terkirim")
    page.locator("[data-hand-in]").click()
    expect(page.locator("[data-hand-in]")).to_have_text("Ya, kirim sekarang")
    page.locator("[data-hand-in]").click()
    expect(page.locator("[data-hand-in]")).to_contain_text("Mengirim 1 jawaban dahulu")

    mended(page)
    page.wait_for_url("**/result")
    assert house.stored_keys(attempt_id, learner) == {1: ["A"]}


def test_the_whole_exam_goes_by_the_keyboard_alone(house: House, window: OpenWindow) -> None:
    learner, attempt_id, room = seated(house, window)
    page = room.page
    count = room.page.locator("[data-cell]").count()
    for slot in range(1, count + 1):
        expect(page.locator("[data-item] fieldset")).to_have_attribute("data-slot", str(slot))
        page.keyboard.press("2")
        if slot == 3:
            page.keyboard.press("r")
        page.keyboard.press("n")
    expect(room.state).to_contain_text("Tersimpan pukul")
    assert all(keys == ["B"] for keys in house.stored_keys(attempt_id, learner).values())
    assert len(house.stored_keys(attempt_id, learner)) == count
    expect(room.cell(3)).to_have_class("room-cell is-saved is-doubted")

    page.locator("[data-nav] [data-go='review']").focus()
    page.keyboard.press("Enter")
    for _ in range(2):
        page.locator("[data-hand-in]").focus()
        page.keyboard.press("Enter")
    page.wait_for_url("**/result")


def test_practising_shows_that_answers_survive_a_cut_connection(house: House, window: OpenWindow) -> None:
    learner = house.learner()
    page = window(learner)
    page.goto(f"/learn/exams/{house.learn_all(learner)}")
    page.get_by_role("button", name="Cek sekarang").click()
    expect(page.locator("[data-line='saving'] [data-result]")).to_contain_text("berhasil")
    expect(page.locator("[data-line='storage'] [data-result]")).to_contain_text("berhasil")
    Screen(page).press("Mulai simulasi")
    room = Room(page)
    room.settle()
    page.locator("#room-cut").check()
    room.choose(1, ["A"])
    expect(room.state).to_contain_text(ON_DEVICE)
    page.locator("#room-cut").uncheck()
    expect(room.state).to_contain_text("Tersimpan pukul")
    room.review()
    room.hand_in(sure=True)
    expect(page.get_by_text("1 dari 5 jawaban sampai di server")).to_be_visible()


def test_signing_out_takes_along_what_the_device_kept(house: House, window: OpenWindow, watch: Watch) -> None:
    watch.allow(*LOST)
    learner, attempt_id, room = seated(house, window)
    page = room.page
    cut(page)
    room.choose(1, ["A"])
    expect(room.state).to_contain_text(ON_DEVICE)

    page.goto("/learn/")
    Screen(page).sign_out()
    expect(page.locator("dialog[open]")).to_contain_text("belum terkirim")
    Screen(page).agree()
    page.wait_for_url("**/sign-in")

    assert page.evaluate("async () => (await indexedDB.databases()).map((it) => it.name)") == []


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
    expect(room.state).to_contain_text(ON_DEVICE)
    room.state.evaluate("it => { it.textContent = 'Tersimpan pukul 10.42.07'; }")
    page.wait_for_function("() => window.__told.at(-1).what.startsWith('Tersimpan pukul')")

    assert witness.lies()
