"""The six font files of print: which characters they draw and how wide a line gets; embedding is WeasyPrint's."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

SANS = "PlusJakartaSans"
SERIF = "SourceSerif4"
WEIGHTS = (400, 600, 700)
ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Face:
    """The advance widths of one font file, in thousandths of its size."""

    widths: dict[int, float]

    def width(self, text: str, size: float) -> float:
        """How wide a line gets, in the unit of size; a character that is not there counts as wide as the widest."""
        widest = max(self.widths.values())
        return sum(self.widths.get(ord(character), widest) for character in text) * size / 1000


@dataclass(frozen=True, slots=True)
class Fitted:
    """A text, the size at which it fits its place, and the rows in which it stands there."""

    text: str
    size: float
    rows: tuple[str, ...]

    def height(self, leading: float) -> float:
        """How high its rows are together, none for no text."""
        return len(self.rows) * self.size * leading if self.text else 0.0


@cache
def face(fonts_dir: Path, family: str, weight: int) -> Face:
    """Measure one font file; raises OSError where it is missing."""
    with TTFont(fonts_dir / f"{family}-{weight}.ttf", lazy=True) as font:
        unit = font["head"].unitsPerEm
        metrics, drawn = font["hmtx"].metrics, font.getBestCmap()
        return Face({code: metrics[name][0] * 1000 / unit for code, name in drawn.items()})


@cache
def drawable(fonts_dir: Path) -> frozenset[int]:
    """The code points that every one of our fonts draws."""
    faces = [face(fonts_dir, family, weight) for family in (SANS, SERIF) for weight in WEIGHTS]
    return frozenset.intersection(*(frozenset(one.widths) for one in faces))


def fit(text: str, font: Face, sizes: Sequence[float], *, width: float, lines: int) -> Fitted:
    """The largest of the falling sizes at which the text takes at most so many lines; else cut at the smallest.

    Lines are evened out: none is left with a single word where the one before could share.
    """
    for size in sizes:
        rows = _filled(text, font, size, width)
        if len(rows) <= lines:
            return Fitted(text, size, _evened(rows, text, font, size))
    smallest = sizes[-1]
    shortest, longest = 0, len(text)
    while longest - shortest > 1:
        middle = (shortest + longest) // 2
        fits = len(_filled(text[:middle].rstrip() + ELLIPSIS, font, smallest, width)) <= lines
        shortest, longest = (middle, longest) if fits else (shortest, middle)
    cut = text[:shortest].rstrip() + ELLIPSIS
    return Fitted(cut, smallest, tuple(_filled(cut, font, smallest, width)))


def _evened(rows: list[str], text: str, font: Face, size: float) -> tuple[str, ...]:
    """The same number of lines, as narrow as they can be; lines of one long word stay as they are."""
    if len(rows) < 2:
        return tuple(rows)
    narrow, wide = 0.0, max(font.width(row, size) for row in rows)
    longest_word = max(font.width(word, size) for word in text.split())
    while wide - narrow > 1.0:
        middle = (narrow + wide) / 2
        is_enough = middle >= longest_word and len(_filled(text, font, size, middle)) <= len(rows)
        narrow, wide = (narrow, middle) if is_enough else (middle, wide)
    return tuple(_filled(text, font, size, wide + 0.01))


def _filled(text: str, font: Face, size: float, width: float) -> list[str]:
    """The lines of greedy filling, words breaking only where one is wider than a line."""
    rows, used, gap = [""], 0.0, font.width(" ", size)
    for word in text.split():
        length = font.width(word, size)
        if used and used + gap + length > width:
            rows.append("")
            used = 0.0
        rows[-1] += f" {word}" if used else word
        used += length + (gap if used else 0)
        while used > width and len(rows[-1]) > 1:
            rows[-1:] = _broken(rows[-1], font, size, width)
            used = font.width(rows[-1], size)
    return rows


def _broken(row: str, font: Face, size: float, width: float) -> list[str]:
    """A row that is too wide, cut after the last character that has room (at least one)."""
    used = 0.0
    for place, character in enumerate(row):
        used += font.width(character, size)
        if used > width:
            return [row[: max(1, place)], row[max(1, place) :]]
    return [row]
