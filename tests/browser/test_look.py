"""What the shared pieces look like: a small fingerprint of each on the style guide, phone and desk, light and dark.

After a change that is meant: `ELEARN_NEW_LOOK=1 ./test tests/browser/test_look.py -- -n 0` writes look.json anew; look
at the page before keeping it. Fingerprints are 6 × 8 colours a piece, in the product's own font, so that machines agree.
"""

import base64
import json
import os
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, ViewportSize

from tests.browser.conftest import DESK, PHONE, OpenWindow

KNOWN = Path(__file__).with_name("look.json")
GRID = (6, 8)
TOLERANCE = 14
"""Of 255, for the mean of one cell: a shade off in smoothing is less, another colour or a moved line is more."""
ONE_FONT = """async () => {
    const sheet = new CSSStyleSheet();
    const face = '"Plus Jakarta Sans"';
    const serif = `.thumb text { font-family: ${face} !important; }`;
    sheet.replaceSync(`:root { --font-text: ${face}; --font-code: ${face}; } ${serif}`);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
    await Promise.all(["400", "600", "700"].map((it) => document.fonts.load(`${it} 16px ${face}`)));
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
}"""
PLACES = """() => [...document.querySelectorAll("[data-piece]")].map((it) => {
    const box = it.getBoundingClientRect();
    const theme = it.closest("[data-bs-theme]").dataset.bsTheme;
    return [`${it.dataset.piece}, ${theme}`, [box.left, box.top + scrollY, box.right, box.bottom + scrollY]];
})"""


def prints(page: Page) -> dict[str, bytes]:
    """The fingerprint of every piece on the page, by its name and theme."""
    picture = Image.open(BytesIO(page.screenshot(full_page=True))).convert("RGB")
    places: list[tuple[str, list[float]]] = page.evaluate(PLACES)
    crops = ((name, picture.crop((round(x0), round(y0), round(x1), round(y1)))) for name, (x0, y0, x1, y1) in places)
    return {name: crop.resize(GRID, Image.Resampling.BOX).tobytes() for name, crop in crops}


def changed(found: dict[str, bytes], known: dict[str, bytes]) -> list[str]:
    """Pieces that came, went or look otherwise."""
    same = {name for name in found.keys() & known.keys() if _distance(found[name], known[name]) <= TOLERANCE}
    return sorted((found.keys() | known.keys()) - same)


def _distance(one: bytes, other: bytes) -> int:
    """The cell that differs most, over all three colours together."""
    cells = range(0, len(one), 3)
    return max(sum(abs(one[at + it] - other[at + it]) for it in range(3)) // 3 for at in cells)


def known_prints(width: int) -> dict[str, bytes]:
    """What is kept for a width."""
    kept: dict[str, dict[str, str]] = json.loads(KNOWN.read_text(encoding="utf-8"))
    return {name: base64.b64decode(it) for name, it in kept[str(width)].items()}


def opened(window: OpenWindow, size: ViewportSize, **options: Any) -> Page:
    page = window(None, size, **options)
    page.goto("/styleguide")
    page.evaluate(ONE_FONT)
    return page


@pytest.fixture(scope="module")
def new_look() -> Iterator[dict[str, dict[str, str]]]:
    """What is written where a new look is meant."""
    seen: dict[str, dict[str, str]] = {}
    yield seen
    if os.environ.get("ELEARN_NEW_LOOK") == "1" and seen:
        KNOWN.write_text(json.dumps(seen, indent=0, sort_keys=True) + "\n", encoding="utf-8")


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_every_piece_looks_as_it_was_designed(
    size: ViewportSize, window: OpenWindow, new_look: dict[str, dict[str, str]]
) -> None:
    page = opened(window, size)
    found = prints(page)
    new_look[str(size["width"])] = {name: base64.b64encode(it).decode() for name, it in found.items()}

    assert page.evaluate("document.documentElement.scrollWidth") == size["width"]
    assert os.environ.get("ELEARN_NEW_LOOK") == "1" or changed(found, known_prints(size["width"])) == []


def test_a_changed_colour_and_a_piece_that_is_gone_are_seen(window: OpenWindow) -> None:
    """The negative control, on the page that passes above."""
    page = opened(window, PHONE)
    page.evaluate(
        """() => {
            document.querySelector("[data-piece=steps]").remove();
            const sheet = new CSSStyleSheet();
            sheet.replaceSync("[data-bs-theme=light] { --primary: #7a1fa2; }");
            document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
        }"""
    )
    seen = changed(prints(page), known_prints(PHONE["width"]))

    assert {"steps, light", "buttons, light", "colours, light", "card, light"} <= set(seen)
    assert not any(name.endswith("dark") for name in seen), seen


def test_a_dark_screen_has_the_colours_of_the_dark_theme(window: OpenWindow) -> None:
    page = opened(window, PHONE, color_scheme="dark")
    tokens = """(it) => ["canvas", "ink", "primary", "gold", "heat-3"].map((name) =>
        getComputedStyle(it).getPropertyValue(`--${name}`))"""

    assert page.locator("html").evaluate(tokens) == page.locator("[data-bs-theme=dark]").first.evaluate(tokens)
    assert page.locator("html").evaluate(tokens) != page.locator("[data-bs-theme=light]").first.evaluate(tokens)
