"""The renderer opens nothing outside: neither an address nor a file, by whatever way a page asks (S20)."""

import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import weasyprint
from weasyprint.urls import FatalURLFetchingError

from elearn.certs.drawing import press
from elearn.certs.drawing.fetching import PackagedOnly

WAYS = {
    "image": "<img src='{}'>",
    "style sheet": "<link rel=stylesheet href='{}'>",
    "import": "<style>@import url('{}');</style>",
    "font": "<style>@font-face {{ font-family: x; src: url('{}') }} p {{ font-family: x }}</style><p>x</p>",
    "background": "<p style=\"background: url('{}')\">x</p>",
    "object": "<object data='{}'></object>",
    "embed": "<embed src='{}'>",
    "svg": "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' width=9 height=9>"
    "<image xlink:href='{}' width=9 height=9 /></svg>",
    "attachment": "<link rel=attachment href='{}'>",
    "list": "<ul style=\"list-style-image: url('{}')\"><li>x</li></ul>",
}
_opened: list[str] = []
_is_listening = False


def _listen(event: str, arguments: tuple[Any, ...]) -> None:
    if _is_listening and event in ("open", "socket.connect"):
        _opened.append(f"{event} {arguments[0] if event == 'open' else arguments[1]}")


sys.addaudithook(_listen)


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A file that is nobody's business; written before the listening begins."""
    file = tmp_path / "canary.css"
    file.write_text("p { color: red }")
    return file


@pytest.fixture
def opened() -> Iterator[list[str]]:
    """What was opened during the test: files and connections, as the interpreter saw them."""
    global _is_listening
    _opened.clear()
    _is_listening = True
    yield _opened
    _is_listening = False


@pytest.fixture
def canary() -> Iterator[tuple[str, list[str]]]:
    """A server on this machine, and what was asked of it."""
    asked: list[str] = []

    class Canary(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(404)
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Canary)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/canary", asked
    server.shutdown()
    thread.join()
    server.server_close()


def print_page(html: str, fonts_dir: Path) -> None:
    press.write(
        f"<html lang=id><title>x</title>{html}",
        fonts_dir,
        attachment=weasyprint.Attachment(string="{}", name="credential.json"),
        finisher=lambda _document, _pdf: None,
    )


def try_to_print(html: str, fonts_dir: Path) -> None:
    """Print; a page that is refused is as well as one that leaves the thing out."""
    with suppress(FatalURLFetchingError):
        print_page(html, fonts_dir)


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_no_address_is_reached(way: str, canary: tuple[str, list[str]], opened: list[str], fonts_dir: Path) -> None:
    address, asked = canary

    try_to_print(way.format(address), fonts_dir)

    assert asked == []
    assert [one for one in opened if one.startswith("socket.connect")] == []


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_no_file_is_opened(way: str, secret: Path, opened: list[str], fonts_dir: Path) -> None:
    try_to_print(way.format(secret.as_uri()), fonts_dir)

    assert [one for one in opened if "canary" in one] == []


def test_the_canary_sees_an_open_fetcher(canary: tuple[str, list[str]]) -> None:
    address, asked = canary

    weasyprint.HTML(string=WAYS["image"].format(address)).write_pdf()

    assert asked == ["/canary"]


def test_the_audit_sees_an_open_fetcher(secret: Path, opened: list[str]) -> None:
    weasyprint.HTML(string=WAYS["style sheet"].format(secret.as_uri())).write_pdf()

    assert [one for one in opened if "canary" in one]


@pytest.mark.parametrize(
    "address",
    [
        "{fonts}/../../../secret.ttf",
        "{fonts}/%2e%2e/x.ttf",
        "{fonts}/PlusJakartaSans-400.ttf?x",
        "{fonts}/",
        "FILE:///etc/passwd",
        "data:text/html;base64,eA==",
        "data:image/svg+xml;base64,eA==",
        "http://127.0.0.1/",
        "ftp://127.0.0.1/",
        "//127.0.0.1/x",
        "",
    ],
)
def test_an_address_that_only_looks_like_ours_is_refused(address: str, fonts_dir: Path) -> None:
    with pytest.raises(FatalURLFetchingError):
        PackagedOnly(fonts_dir).fetch(address.format(fonts=fonts_dir.as_uri()))


def test_our_own_fonts_are_handed_out(fonts_dir: Path) -> None:
    font = fonts_dir / "PlusJakartaSans-400.ttf"

    assert PackagedOnly(fonts_dir).fetch(font.as_uri()).read() == font.read_bytes()
