"""How many taps the ways people go every day take: each click and each field one must tap into counts."""

import time
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import DESK, OpenWindow
from tests.browser.house import Diploma, House
from tests.browser.pages import Lesson, Screen, Verify


@dataclass(slots=True)
class Hand:
    """One person's hand on one page; it counts."""

    page: Page
    taps: int = 0

    def tap(self, target: Locator) -> None:
        """One tap."""
        self.taps += 1
        target.click()

    def type_into(self, field: Locator, text: str) -> None:
        """Tap into a field, unless it has the focus already, and type."""
        if not field.evaluate("it => it === document.activeElement"):
            self.tap(field)
        self.page.keyboard.type(text)

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name)

    def link(self, name: str) -> Locator:
        return self.page.get_by_role("main").get_by_role("link", name=name).first


def test_the_hand_counts_clicks_and_fields_but_no_field_that_has_the_focus(window: OpenWindow) -> None:
    """The negative control: a way that took one more would be seen."""
    hand = Hand(window())
    hand.page.goto("/sign-in")
    hand.type_into(hand.page.get_by_label("NIP atau alamat surel"), "a")
    hand.type_into(hand.page.get_by_label("NIP atau alamat surel"), "b")
    hand.type_into(hand.page.get_by_label("Kata sandi", exact=True), "c")

    assert hand.taps == 2
    assert hand.page.get_by_label("NIP atau alamat surel").input_value() == "ab"


@pytest.mark.parametrize("by_camera", [True, False], ids=["scanned", "typed"])
def test_from_the_slip_to_the_first_lesson_in_90_seconds_and_12_taps(
    house: House, window: OpenWindow, by_camera: bool
) -> None:
    learner = house.learner("Zainab Slip")
    code = house.one_time_code(learner)
    path = house.slip(learner) if by_camera else "/activate"
    began, hand = time.monotonic(), Hand(window())
    hand.page.goto(path)
    if not by_camera:
        hand.type_into(hand.page.get_by_label("NIP atau alamat surel"), learner.login)
        hand.type_into(hand.page.get_by_label("Kode sekali pakai"), code)
    hand.tap(hand.button("Pakai empat kata ini"))
    expect(Screen(hand.page).title).to_contain_text(learner.name)

    hand.tap(hand.page.get_by_role("main").get_by_role("button", name="Daftar").first)

    expect(hand.page.locator(".lesson")).to_be_visible()
    assert Lesson(hand.page).id == "m1-l1"
    assert time.monotonic() - began <= 90
    assert hand.taps <= (2 if by_camera else 4) <= 12


def test_any_course_is_started_in_two_taps_and_resumed_on_another_phone_in_two(house: House, window: OpenWindow) -> None:
    learner = house.learner("Rina Mulai")
    hand = Hand(window(learner))
    hand.page.goto("/learn/")
    hand.tap(hand.page.get_by_role("navigation").get_by_role("link", name="Kursus", exact=True).last)
    hand.tap(hand.page.get_by_role("main").get_by_role("button", name="Daftar").first)
    expect(hand.page.locator(".lesson")).to_be_visible()
    assert hand.taps <= 2

    other = Hand(window(learner))
    other.page.goto("/")
    other.tap(other.link("Lanjutkan belajar"))
    expect(other.page.locator(".lesson")).to_be_visible()
    assert other.taps <= 2
    assert Lesson(other.page).id == Lesson(hand.page).id


def test_the_certificate_is_one_tap_behind_the_pass(house: House, window: OpenWindow) -> None:
    learner = house.learner("Lia Lulus")
    attempt_id = house.pass_exam(learner)
    hand = Hand(window(learner))
    hand.page.goto(f"/learn/exams/attempts/{attempt_id}/result")
    hand.tap(hand.link("Lihat sertifikat Anda"))

    expect(hand.page).to_have_url(f"{house.address}/learn/certs/{house.certificate_id(learner)}")
    assert hand.taps <= 1


def test_an_hr_officer_verifies_a_code_in_two_taps(house: House, window: OpenWindow, diploma: Diploma) -> None:
    hand = Hand(window(house.hr_officer(), DESK))
    hand.page.goto("/hr/")
    hand.tap(hand.link("Periksa sertifikat"))
    hand.type_into(hand.page.get_by_label("Kode di bawah kode QR"), diploma.code)
    hand.tap(hand.button("Periksa kode"))

    expect(Verify(hand.page).word).to_contain_text("CONTOH")
    assert hand.taps <= 2


def test_a_slip_works_without_scripts_with_a_password_of_ones_own(house: House, window: OpenWindow, watch_422: None) -> None:
    learner = house.learner("Nuri Tanpa Skrip")
    page = window(java_script_enabled=False)
    page.goto(house.slip(learner))
    words = page.locator(".offer__words").inner_text()
    Screen(page).press("Buatkan yang lain")
    assert page.locator(".offer__words").inner_text() != words

    page.get_by_text("Saya ingin membuat sendiri").click()
    page.get_by_label("Kata sandi baru").fill("pendek")
    Screen(page).press("Tampilkan")
    expect(page.get_by_label("Kata sandi baru")).to_have_attribute("type", "text")
    expect(page.get_by_label("Kata sandi baru")).to_have_value("pendek")
    Screen(page).press("Tetapkan kata sandi")
    expect(page.locator(".field__error")).to_be_visible()
    page.get_by_label("Kata sandi baru").fill("perahu kecil di laut biru")
    page.get_by_label("Kata sandi baru").press("Enter")
    expect(Screen(page).title).to_contain_text(learner.name)
