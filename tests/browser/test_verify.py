"""Anybody at all asks whether a certificate is true: by its code, by its file, by a file that was touched."""

from hashlib import sha256
from typing import Any

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


SLOW_4G = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 93_750}
TIMED = """() => new Promise((done) => {
  const begun = performance.now();
  const look = new MutationObserver(() => document.getElementById("verdict") && done(performance.now() - begun));
  look.observe(document.body, { childList: true, subtree: true });
  document.querySelector("form.file-check").requestSubmit();
})"""


def test_of_the_unchanged_file_only_the_hash_is_sent_and_the_verdict_is_there_at_once(
    diploma: Diploma, window: OpenWindow
) -> None:
    page = window()
    asked: list[str] = []
    page.on("request", lambda it: asked.append(f"{it.method} {it.url.removeprefix(page.url.split('/verify')[0])}"))
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.send("Network.emulateNetworkConditions", SLOW_4G)
    took: list[float] = []

    while len(took) < 8 and min(took, default=501) > 500:  # whatever else this machine does just now
        Verify(page).open()
        Verify(page).choose(diploma.pdf)
        asked.clear()
        took.append(page.evaluate(TIMED))
        expect(Verify(page).word).to_contain_text("CONTOH")

    checks = [it for it in asked if "/verify" in it]
    assert checks == [f"GET /verify/file/{sha256(diploma.pdf).hexdigest()}"]
    assert min(took) <= 500, took
    expect(page.get_by_text(diploma.number)).to_be_visible()
    page.go_back()
    expect(page.get_by_label("Kode di bawah kode QR")).to_be_visible()


def test_where_the_browser_cannot_hash_the_file_is_uploaded_as_before(diploma: Diploma, window: OpenWindow) -> None:
    page = window()
    page.add_init_script("Object.defineProperty(Crypto.prototype, 'subtle', { value: undefined })")
    Verify(page).open()
    Verify(page).by_file(diploma.pdf)

    expect(Verify(page).word).to_contain_text("CONTOH")
    assert page.url.endswith("/verify/file")


def test_one_changed_byte_is_called_by_its_name(diploma: Diploma, window: OpenWindow) -> None:
    changed = bytearray(diploma.pdf)
    changed[len(changed) // 2] ^= 1
    page = window()
    Verify(page).open()
    sent: list[Any] = []
    page.on("request", lambda it: sent.append(it) if it.method == "POST" else None)
    Verify(page).by_file(bytes(changed))

    expect(page.get_by_text("Berkas belum dikenal. Unggah untuk diperiksa?")).to_be_visible()
    assert sent == [], "nothing goes up before somebody says so"
    Verify(page).press("Unggah dan periksa")
    expect(Verify(page).word).to_contain_text("BERKAS DIUBAH")


def test_an_empty_file_is_called_empty_before_anything_is_asked(window: OpenWindow) -> None:
    page = window()
    Verify(page).open()
    Verify(page).by_file(b"")

    expect(page.locator(".file-check__state")).to_contain_text("Berkas ini kosong (0 bita)")
    expect(page.get_by_text("Unggah untuk diperiksa?")).to_be_hidden()


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
