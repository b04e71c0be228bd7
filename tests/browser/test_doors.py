"""Who gets in where, and what is left when somebody has gone."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import DESK, OpenWindow, windows
from tests.browser.house import House
from tests.browser.pages import Screen, SignIn
from tests.browser.watching import Watch


@pytest.mark.parametrize("path", ["/hr/", "/hr/people", "/hr/certs", "/hr/admin/jobs", "/train/"])
def test_a_learner_is_refused_the_pages_of_staff(path: str, house: House, window: OpenWindow, watch_403: None) -> None:
    page = window(house.learner(), DESK)
    answer = page.goto(path)

    assert answer is not None
    assert answer.status == 403
    expect(page.get_by_role("main").get_by_role("link", name="Ke beranda")).to_be_visible()


def test_signing_out_everywhere_ends_the_other_browser(house: House, window: OpenWindow) -> None:
    learner = house.learner()
    here, there = window(learner, DESK), window(learner)
    there.goto("/learn/")
    here.goto("/learn/account")
    Screen(here).press("Keluar dari semua perangkat")
    Screen(here).agree()
    expect(here).to_have_url(f"{house.address}/sign-in")

    there.goto("/learn/profile")
    expect(there.get_by_label("Kata sandi", exact=True)).to_be_visible()


def test_after_signing_out_the_back_button_shows_nothing(
    house: House, chromium_that_remembers: Browser, watch: Watch
) -> None:
    learner = house.learner()
    with windows(chromium_that_remembers, house, watch) as window:
        page = window(learner, DESK)
        page.goto("/learn/profile")
        expect(Screen(page).title).to_have_text("Profil kompetensi saya")
        Screen(page).sign_out()
        expect(page.get_by_label("Kata sandi", exact=True)).to_be_visible()

        page.go_back()

        expect(page.get_by_label("Kata sandi", exact=True)).to_be_visible()
        assert learner.name not in page.content()


def test_a_wrong_password_is_refused_without_saying_which_half_was_wrong(
    house: House, window: OpenWindow, watch_422: None
) -> None:
    page = window()
    SignIn(page).open()
    page.get_by_label("NIP atau alamat surel").fill("tidak.ada@elearn.example")
    page.get_by_label("Kata sandi", exact=True).fill("kalimat yang salah sekali")
    Screen(page).press("Masuk")

    expect(page.get_by_role("alert")).to_contain_text("tidak cocok")
