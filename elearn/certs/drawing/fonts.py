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
    """A text, the size at which it fits its place, and the lines that it takes there."""

    text: str
    size: float
    lines: int

    def height(self, leading: float) -> float:
        """How high its lines are together, none for no text."""
        return self.lines * self.size * leading if self.text else 0.0


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
    """The largest of the falling sizes at which the text takes at most so many lines; else cut at the smallest."""
    for size in sizes:
        count = _line_count(text, font, size, width)
        if count <= lines:
            return Fitted(text, size, count)
    smallest = sizes[-1]
    shortest, longest = 0, len(text)
    while longest - shortest > 1:
        middle = (shortest + longest) // 2
        fits = _line_count(text[:middle].rstrip() + ELLIPSIS, font, smallest, width) <= lines
        shortest, longest = (middle, longest) if fits else (shortest, middle)
    return Fitted(text[:shortest].rstrip() + ELLIPSIS, smallest, lines)


def _line_count(text: str, font: Face, size: float, width: float) -> int:
    """How many lines greedy filling takes, words breaking only where one is wider than a line."""
    count, used, gap = 1, 0.0, font.width(" ", size)
    for word in text.split():
        length = font.width(word, size)
        if used and used + gap + length > width:
            count, used = count + 1, 0.0
        used += length + (gap if used else 0)
        while used > width:
            count, used = count + 1, used - width
    return count
