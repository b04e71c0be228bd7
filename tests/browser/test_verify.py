"""Anybody at all asks whether a certificate is true: by its code, by its file, by a file that was touched."""

from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.house import Diploma
from tests.browser.pages import Verify


def test_a_code_answers_in_one_word_with_the_holder_below(diploma: Diploma, window: OpenWindow) -> None:
    page = window()
    Verify(page).open()
    Verify(page).by_code(diploma.code.lower())

    expect(Verify(page).word).to_contain_text("CONTOH")
    expect(page.get_by_text(diploma.number)).to_be_visible()
    assert page.context.cookies() == []


def test_the_unchanged_file_is_as_good_as_its_code(diploma: Diploma, window: OpenWindow) -> None:
    page = window()
    Verify(page).open()
    Verify(page).by_file(diploma.pdf)

    expect(Verify(page).word).to_contain_text("CONTOH")
    expect(page.get_by_text(diploma.number)).to_be_visible()


def test_one_changed_byte_is_called_by_its_name(diploma: Diploma, window: OpenWindow) -> None:
    changed = bytearray(diploma.pdf)
    changed[len(changed) // 2] ^= 1
    page = window()
    Verify(page).open()
    Verify(page).by_file(bytes(changed))

    expect(Verify(page).word).to_contain_text("BERKAS DIUBAH")


def test_an_unknown_code_is_not_found(window: OpenWindow, watch_404: None) -> None:
    page = window()
    page.goto("/verify/ZZZZ-ZZZZ-ZZZZ-ZZZZ-Z")

    expect(Verify(page).word).to_contain_text("TIDAK DITEMUKAN")


def test_the_word_stands_above_the_fold_of_a_small_phone(diploma: Diploma, window: OpenWindow) -> None:
    page = window()
    page.goto(f"/verify/{diploma.code}")

    box = Verify(page).word.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < 400
