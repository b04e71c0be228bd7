"""No barrier on any page: axe finds nothing, light and dark, on a phone, a tablet and a desk."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import Page, ViewportSize

from tests.browser.conftest import OpenWindow
from tests.browser.gallery import Gallery, Shown, every_page
from tests.browser.watching import Watch

WIDTHS = (360, 768, 1280)
THEMES = ("light", "dark")
COLOURS = ["color-contrast", "link-in-text-block"]
"""What a theme can change; everything else is the same in both, and is looked at once for each width."""


@cache
def axe_source() -> str:
    """The axe-core that the installed package carries."""
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def look(page: Page, rules: list[str] | None = None) -> list[str]:
    """What axe finds on the page as it is now, one line for each element."""
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = {"type": "rule", "values": rules}
    found: list[dict[str, Any]] = page.evaluate(f"axe.run(document, {json.dumps(options)}).then((it) => it.violations)")
    return [f"{it['id']}: {node['html'][:160]} ({node['failureSummary']})" for it in found for node in it["nodes"]]


_IN_FORCE = """async ([width, theme]) => {
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    return innerWidth === width && matchMedia(`(prefers-color-scheme: ${theme})`).matches;
}"""


def barriers(page: Page) -> dict[str, list[str]]:
    """What axe finds at each width and in each theme."""
    page.evaluate(axe_source())
    found = {}
    for width in WIDTHS:
        page.set_viewport_size(ViewportSize(width=width, height=800))
        for theme in THEMES:
            page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
            page.wait_for_function(_IN_FORCE, arg=[width, theme])
            found[f"{width} px, {theme}"] = look(page, COLOURS if theme == "dark" else None)
    return {place: lines for place, lines in found.items() if lines}


@pytest.mark.parametrize("shown", every_page(), ids=str)
def test_axe_finds_no_barrier(shown: Shown, gallery: Gallery, window: OpenWindow, watch: Watch) -> None:
    watch.allow("status of 40[0-9] ")
    page = window(gallery.people.get(shown.who), ViewportSize(width=360, height=800))
    answer = page.goto(gallery.path(shown))

    assert answer is not None
    assert answer.status in (200, 404), answer.status
    assert barriers(page) == {}


def test_axe_sees_a_barrier_where_there_is_one(window: OpenWindow) -> None:
    """The negative control: a picture without words, and grey on grey in the dark alone."""
    page = window()
    page.goto("/sign-in")
    page.evaluate(
        """() => {
            const picture = "<img src='/static/icon.svg' width='16' height='16'>";
            document.querySelector("main").insertAdjacentHTML("beforeend", `${picture}<p class="dim card">Redup</p>`);
            const dim = new CSSStyleSheet();
            dim.replaceSync("@media (prefers-color-scheme: dark) { .dim { color: #555; background: #222; } }");
            document.adoptedStyleSheets = [dim];
        }"""
    )
    page.wait_for_function("() => [...document.images].every((it) => it.complete)")
    found = barriers(page)

    assert any(line.startswith("image-alt") for line in found["360 px, light"])
    assert any(line.startswith("color-contrast") for line in found["1280 px, dark"])
    assert not any(line.startswith("color-contrast") for line in found["1280 px, light"])
