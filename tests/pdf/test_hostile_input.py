"""Whatever stands in a name, a title or a logo, there is a certificate, and nothing of it is run or fetched."""

import random
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image

from elearn.certs.drawing.sheet import logo_source
from elearn.certs.rendering import render
from tests.pdf.snapshots import COMPETENCIES, MODULES, PRINTED_CODE, SIGNER, snapshot

Read = Callable[..., str]
TEMPLATES = ["{{ 7*7 }}", "{% for x in y %}", "${7*7}", "{0.__class__}", "#{7*7}", "<%= 7*7 %>"]
NAMES = {
    "right to left": "Siti \u202eHANIMA\u202c \u2067x\u2069",
    "null": "Siti\x00Aminah",
    "controls": "".join(map(chr, range(1, 32))) + "Siti",
    "emoji": "Siti 👩‍💻🏽 Aminah",
    "arabic": "محمد بن عبد الله",
    "chinese": "李小龍",
    "combining": "S" + "\u0301\u0327" * 500 + "iti",
    "zero width": "S\u200bi\u200dt\ufeffi\u2060",
    "endless": "x" * 100_000,
    "endless words": "Siti " * 20_000,
    "wide": "W" * 400,
    "markup": "<b>Siti</b><img src=http://127.0.0.1/x><style>*{display:none}</style>",
    "entities": "&lt;&#60;&amp;amp;",
    "closing": "</p></section></body></html>",
    "surrogate": "Siti \ud800 Aminah",
    "private use": "Siti \ue000\U000f0000",
    "not a character": "Siti \ufffe\uffff",
    "style": "x; font-size: 10000000px",
    "lines": "Siti\r\n\u2028\u2029Aminah",
    "empty": "",
    "spaces": " \t\u3000\u00a0 ",
    "quotes": "\"'`\\",
    "turkish": "İĞŞı Çağla",
    "ligature": "ﬃ ﬁ ĳ",
}


def changed_everywhere(text: str) -> dict[str, Any]:
    """The text in every place where a person's words stand."""
    fields = ("agency_name", "provider", "place", "holder_name", "holder_identifier", "holder_rank", "holder_position",
              "holder_unit", "course_code", "course_title", "form", "number", "supervision")  # fmt: skip
    parts = {
        "modules": tuple(type(one)(text, one.lesson_hours) for one in MODULES),
        "competencies": tuple(type(one)(text, text, one.level, text, one.score_bp, one.passed) for one in COMPETENCIES),
        "signer": type(SIGNER)(text, text, text, text),
    }
    return dict.fromkeys(fields, text) | parts


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_hostile_name_leaves_the_front_page_whole(name: str, fonts_dir: Path, text_of: Read) -> None:
    pdf = render(snapshot(holder_name=name), logo=None, fonts_dir=fonts_dir)

    front = text_of(pdf, 1)
    assert PRINTED_CODE in front
    assert "Pelayanan Publik Prima" in front
    with pikepdf.open(BytesIO(pdf)) as file:
        assert len(file.pages) == 2


@pytest.mark.parametrize("text", NAMES.values(), ids=NAMES)
def test_hostile_words_everywhere_still_give_a_certificate(text: str, fonts_dir: Path, text_of: Read) -> None:
    pdf = render(snapshot(**changed_everywhere(text)), logo=None, fonts_dir=fonts_dir)

    assert PRINTED_CODE in text_of(pdf, 1)


@pytest.mark.slow
def test_random_names_leave_the_front_page_whole(fonts_dir: Path, text_of: Read) -> None:
    chance = random.Random(20261125)
    odd = [chr(chance.choice([chance.randrange(0x250), chance.randrange(0x110000)])) for _ in range(4000)]

    for _ in range(60):
        name = "".join(chance.choices(odd, k=chance.randrange(1, 60)))
        assert PRINTED_CODE in text_of(render(snapshot(holder_name=name), logo=None, fonts_dir=fonts_dir), 1), repr(name)


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_users_text_is_no_template(template: str, fonts_dir: Path, text_of: Read) -> None:
    text = text_of(render(snapshot(**changed_everywhere(template)), logo=None, fonts_dir=fonts_dir))

    assert text.count(template) >= 8
    assert "49" not in text.replace("199503", "")


def test_html_in_a_name_stays_text(fonts_dir: Path, text_of: Read) -> None:
    text = text_of(render(snapshot(holder_name="<b>Siti</b>"), logo=None, fonts_dir=fonts_dir), 1)

    assert "<b>Siti</b>" in text


def picture(mode: str, kind: str, size: tuple[int, int] = (60, 40)) -> bytes:
    out = BytesIO()
    Image.new(mode, size).save(out, format=kind)
    return out.getvalue()


LOGOS = {
    "png": (picture("RGB", "PNG"), True),
    "transparent png": (picture("RGBA", "PNG"), True),
    "palette png": (picture("P", "PNG"), True),
    "grey png": (picture("LA", "PNG"), True),
    "jpeg": (picture("RGB", "JPEG"), True),
    "cmyk jpeg": (picture("CMYK", "JPEG"), True),
    "one pixel": (picture("RGB", "PNG", (1, 1)), True),
    "very wide": (picture("RGB", "PNG", (9000, 1)), True),
    "gif": (picture("P", "GIF"), False),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'><image href='http://127.0.0.1/'/></svg>", False),
    "junk": (b"\x89PNG\r\n\x1a\n" + b"junk" * 100, False),
    "empty": (b"", False),
    "bomb": (picture("1", "PNG", (20000, 20000)), False),
}


@pytest.mark.parametrize(("logo", "is_shown"), LOGOS.values(), ids=LOGOS)
def test_a_logo_is_redrawn_or_left_out(logo: bytes, is_shown: bool) -> None:
    source = logo_source(logo)

    assert (source is not None) == is_shown
    assert source is None or source.startswith("data:image/jpeg;base64,")


def test_half_a_logo_stops_no_certificate(fonts_dir: Path, text_of: Read) -> None:
    half = picture("RGB", "PNG", (300, 300))[:60]

    assert PRINTED_CODE in text_of(render(snapshot(), logo=half, fonts_dir=fonts_dir), 1)


def test_a_logo_stands_on_the_front_page(fonts_dir: Path) -> None:
    pdf = render(snapshot(), logo=LOGOS["png"][0], fonts_dir=fonts_dir)

    with pikepdf.open(BytesIO(pdf)) as file:
        assert len(file.pages[0].get_images()) == 2
