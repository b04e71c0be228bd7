"""The built front end: small, complete, readable in both themes, with its colours in one place."""

import hashlib
import json
import re
from pathlib import Path

import build_assets
import pytest

ROOT = Path(__file__).resolve().parents[2]
BUILT = build_assets.BUILT
SCSS = ROOT / "assets" / "scss"
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b(?!\{)|\brgba?\(|\bhsla?\(")
SURFACES = ("canvas", "paper")
TEXTS = [
    (text, surface) for surface in SURFACES for text in ("ink", "ink-2", "primary", "gold", "ok", "warn", "bad", "info")
]
TEXTS += [(state, f"{state}-soft") for state in ("ok", "warn", "bad", "info", "gold", "primary")]
TEXTS += [("ink", f"{state}-soft") for state in ("ok", "warn", "bad", "info", "gold", "primary")]
TEXTS += [
    ("on-primary", "primary"),
    ("on-primary", "primary-strong"),
    ("on-gold", "gold-fill"),
    ("on-state", "ok"),
    ("on-state", "bad"),
    *((f"on-heat-{level}", f"heat-{level}") for level in range(1, 6)),
    *((f"on-gap-{gap}", f"gap-{gap}") for gap in range(4)),
]
AGREED = {
    "light": "canvas f4f6f5 paper ffffff ink 14212b ink-2 4a5a63 line d5ddda line-2 7c8a90 primary 0a5c56 "
    "on-primary ffffff primary-soft e3f0ee gold 8a5a00 gold-fill f2b544 on-gold 14212b ok 1b7037 warn 8a5200 bad b3261e "
    "info 1f5fa8 heat-1 e8f1f0 heat-2 bfddd9 heat-3 86bfb8 heat-4 4a9a92 heat-5 0a5c56",
    "dark": "canvas 0e1518 paper 151e22 ink e8eef0 ink-2 a9b7bd line 2a363b line-2 7a8b92 primary 5fc6ba "
    "on-primary 06201e primary-soft 12312f gold f2b544 gold-fill f2b544 on-gold 14212b ok 6bcb8b warn f5c469 bad ff8a80 "
    "info 8ab8ff heat-1 0a5c56 heat-2 4a9a92 heat-3 86bfb8 heat-4 bfddd9 heat-5 e8f1f0",
}
"""The colours as they were designed; in the dark the scale of levels is mirrored."""


def manifest() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = json.loads((BUILT / "manifest.json").read_text())
    return found


def tokens(theme: str) -> dict[str, str]:
    block = re.search(rf"@mixin {theme} \{{(.*?)\n\}}", (SCSS / "_tokens.scss").read_text(), re.S)
    assert block
    return dict(re.findall(r"--([\w-]+): (#\w+);", block[1]))


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_pair_of_text_and_ground_is_readable(theme: str) -> None:
    known = tokens(theme)
    known = tokens("light") | known if theme == "light" else known
    weak = {
        f"{text} on {ground}": round(contrast(known[text], known[ground]), 2)
        for text, ground in TEXTS
        if contrast(known[text], known[ground]) < 4.5
    }

    assert weak == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_borders_of_controls_stand_out(theme: str) -> None:
    known = tokens(theme)

    assert [surface for surface in SURFACES if contrast(known["line-2"], known[surface]) < 3] == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_colours_are_those_that_were_designed(theme: str) -> None:
    known = {name: colour.lower() for name, colour in tokens(theme).items()}
    words = AGREED[theme].split()
    designed = dict(zip(words[::2], words[1::2], strict=True))
    full = {name: colour[1:] if len(colour) == 7 else "".join(it * 2 for it in colour[1:]) for name, colour in known.items()}

    assert {name: full.get(name) for name in designed} == designed


def test_grey_on_grey_is_called_weak() -> None:
    """The negative control of the pairs above."""
    assert contrast("#7c8a90", "#f4f6f5") < 4.5
    assert contrast("#d5ddda", "#fff") < 3


def test_both_themes_name_the_same_tokens() -> None:
    assert tokens("light").keys() == tokens("dark").keys()


def test_no_file_but_the_tokens_names_a_colour() -> None:
    others = [path for path in SCSS.glob("*.scss") if path.name != "_tokens.scss"]
    found = {path.name: COLOUR.findall(re.sub(r"//.*", "", path.read_text())) for path in others}

    assert {name: colours for name, colours in found.items() if colours} == {}
    assert COLOUR.findall((SCSS / "_tokens.scss").read_text())


def test_the_style_sheet_is_small_and_asks_nothing_of_other_hosts() -> None:
    name = manifest()["app.css"]["file"]
    css = (BUILT / name).read_text()

    assert (BUILT / f"{name}.br").stat().st_size <= 15_000
    assert re.findall(r'url\((?!"?(?:data:|plus-jakarta-sans\.))', css) == []
    assert "@import" not in css


def test_the_manifest_names_what_lies_there() -> None:
    entries = manifest()

    assert {"app.css", "app.js", "icons.svg", "licences.txt", "htmx.js"} <= entries.keys()
    for entry in entries.values():
        body = (BUILT / entry["file"]).read_bytes()
        assert entry["file"].split(".")[-2] == hashlib.sha256(body).hexdigest()[:12]


def test_fonts_for_documents_are_there_with_their_licences() -> None:
    fonts = {path.name for path in (BUILT / "fonts").iterdir()}

    assert fonts == {
        *(f"{family}-{weight}.ttf" for family in ("PlusJakartaSans", "SourceSerif4") for weight in (400, 600, 700)),
        "PlusJakartaSans-OFL.txt",
        "SourceSerif4-OFL.txt",
    }
    assert {(BUILT / "fonts" / name).read_bytes()[:4] for name in fonts if name.endswith("ttf")} == {b"\0\1\0\0"}


def test_every_icon_that_a_template_asks_for_is_in_the_sprite() -> None:
    sprite = set(re.findall(r'<symbol id="([\w-]+)"', (BUILT / manifest()["icons.svg"]["file"]).read_text()))
    asked = set()
    for template in (ROOT / "elearn").rglob("templates/**/*.html"):
        calls = re.findall(r"(?:ui_icon|ui\.icon|\bicon)\(([^)]*)\)", template.read_text())
        asked |= {name for call in calls for name in re.findall(r'(?:^|: |else )"([a-z0-9-]+)"', call)}

    assert asked - sprite == set()


def test_a_changed_source_asks_for_a_new_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = build_assets.fingerprint()
    (tmp_path / "scss").mkdir()
    (tmp_path / "scss" / "app.scss").write_text("body{}")
    monkeypatch.setattr(build_assets, "SOURCES", tmp_path)

    assert build_assets.fingerprint() != before
    assert not build_assets.is_current()
