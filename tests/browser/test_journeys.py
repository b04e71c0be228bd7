"""The whole story as three people live it: a learner from the slip to the certificate, a trainer, and HR."""

import re
from dataclasses import replace

from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, OpenWindow
from tests.browser.house import House, Person
from tests.browser.pages import CertificatePage, People, Room, Screen, SignIn, Standing, Verify
from tests.browser.watching import Watch

LOST = ("ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "status of 409")


def get_in(page: Page, house: House, learner: Person) -> Person:
    """By the slip's QR code, with the four words that are offered."""
    page.goto(house.slip(learner))
    words = page.locator("#offered-words").inner_text()
    Screen(page).press("Pakai empat kata ini")
    expect(Screen(page).title).to_contain_text(learner.name)
    return replace(learner, password=words)


def begin_the_exam(page: Page, house: House, learner: Person) -> Room:
    """Enrol, learn (lesson by lesson: test_learner.py), agree with the particulars, start."""
    page.goto("/learn/courses/pelayanan-publik-prima")
    Screen(page).press("Daftar")
    house.learn_all(learner)
    page.goto(f"/learn/courses/enrollments/{house.enrollment_id(learner)}")
    Screen(page).follow("Buka ujian")
    expect(page.locator("#particulars")).to_contain_text(learner.name)
    Screen(page).press("Betul")
    Screen(page).press("Mulai ujian")
    Screen(page).agree()
    room = Room(page)
    room.settle()
    return room


def sit_through_outages(room: Room, right: dict[int, list[str]]) -> Room:
    """Two outages, the second with a killed tab: whatever was chosen is there again."""
    context = room.page.context
    room.page.evaluate("async () => { await navigator.serviceWorker.ready; }")
    for slot in (1, 2):
        room.choose(slot, right[slot])
    expect(room.state).to_contain_text("Tersimpan pukul")
    context.set_offline(True)
    room.choose(3, right[3])
    expect(room.state).to_contain_text("Tersimpan di perangkat")
    context.set_offline(False)
    expect(room.state).to_contain_text("Tersimpan pukul", timeout=20_000)

    context.set_offline(True)
    room.choose(4, right[4])
    expect(room.state).to_contain_text("Tersimpan di perangkat")
    address, again = room.page.url, context.new_page()
    room.page.close()
    again.goto(address)
    room = Room(again)
    room.settle()
    context.set_offline(False)
    expect(room.state).to_contain_text("Tersimpan pukul", timeout=20_000)
    assert room.chosen() == {slot: right[slot] for slot in (1, 2, 3, 4)}
    return room


def finish_on_another_phone(page: Page, old: Room, learner: Person, right: dict[int, list[str]]) -> None:
    """Sign in there, take the exam over, answer the rest, hand in; the old tab turns read-only."""
    SignIn(page).open()
    SignIn(page).sign_in(learner)
    expect(Screen(page).title).to_contain_text(learner.name)
    new = Room(page)
    new.open(old.attempt_id, started_here=False)
    new.press("Pakai perangkat ini")
    new.settle()
    assert new.chosen() == {slot: right[slot] for slot in (1, 2, 3, 4)}
    expect(old.page.get_by_role("heading", name="Ujian ini dibuka di tempat lain")).to_be_visible(timeout=5_500)
    for slot, keys in right.items():
        if slot > 4:
            new.choose(slot, keys)
    expect(new.state).to_contain_text("Tersimpan pukul")
    new.review()
    new.hand_in()
    expect(Screen(page).title).to_have_text("Lulus")
    expect(page.locator(".receipt-code")).to_have_text(re.compile("^[0-9A-Z]{4}-[0-9A-Z]{4}$"))
    expect(page.get_by_text("Yang tersimpan sama dengan yang diterima saat itu")).to_be_visible()


def test_three_people_live_the_whole_story(house: House, window: OpenWindow, watch: Watch) -> None:
    watch.allow(*LOST)
    phone = window()
    learner = get_in(phone, house, house.learner("Mutia Cerita"))
    room = begin_the_exam(phone, house, learner)
    right = {slot: sorted(keys) for slot, keys in house.right_keys(room.attempt_id).items()}
    room = sit_through_outages(room, right)
    other = window()
    finish_on_another_phone(other, room, learner, right)
    Screen(other).follow("Lihat sertifikat Anda")
    pdf = CertificatePage(other).download().read_bytes()

    trainer = window(house.trainer(), DESK)
    trainer.goto("/train/")
    card = trainer.get_by_role("listitem").filter(has=trainer.get_by_role("heading", name="Pelayanan Publik Prima"))
    card.get_by_role("link", name="Hasil per butir").click()
    expect(trainer.get_by_role("main")).to_contain_text("Hasil per butir")
    expect(trainer.get_by_role("table").first.get_by_role("row").nth(1)).to_be_visible()

    desk = window(house.hr_officer(), DESK)
    People(desk).open()
    People(desk).search(learner.name)
    People(desk).follow(learner.name)
    Standing(desk).decide("MAN-PLP", "Konfirmasi level 2")
    assert Standing(desk).row("MAN-PLP")[2].startswith("2")
    Verify(desk).open()
    Verify(desk).by_file(pdf)
    expect(Verify(desk).word).to_contain_text("CONTOH")
    expect(desk.get_by_text(learner.name).first).to_be_visible()
    changed = bytearray(pdf)
    changed[len(changed) // 3] ^= 1
    Verify(desk).open()
    Verify(desk).by_file(bytes(changed))
    Verify(desk).press("Unggah dan periksa")
    expect(Verify(desk).word).to_contain_text("BERKAS DIUBAH")
