"""The geometry of the small pictures that macros/charts.html draws; pure numbers, no colours and no words of its own."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

from flask import Flask

MAX_AXES = 8
MIN_AXES = 3
LEVELS = 5
_REACH = 100.0
_LABEL_AT = 112.0
_LABEL_LINE = 18
_LABEL_WIDTH = 13


def share(value: int, maximum: int) -> int:
    """A value as a whole percentage of a maximum, 0…100; anything above counts as full, and only the full is 100."""
    if maximum <= 0 or value <= 0:
        return 0
    return 100 if value >= maximum else value * 100 // maximum


@dataclass(frozen=True, slots=True)
class AxisLabel:
    """The words at the end of an axis: where they stand, on which side, and line by line."""

    x: float
    y: float
    anchor: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Radar:
    """Outlines as `points` of polygons around (0, 0), y downwards; the outermost ring is level 5."""

    rings: tuple[str, ...]
    spokes: tuple[tuple[float, float], ...]
    required: str
    achieved: str
    labels: tuple[AxisLabel, ...]


def radar(axes: Sequence[tuple[str, int, int]]) -> Radar | None:
    """The radar of (name, required, achieved) in the order given; None outside three to eight axes.

    More axes cannot be told apart, and fewer make no outline: the table beside it shows all of them.
    """
    if not MIN_AXES <= len(axes) <= MAX_AXES:
        return None
    count = len(axes)
    return Radar(
        rings=tuple(_outline([level] * count) for level in range(1, LEVELS + 1)),
        spokes=tuple(_point(at, count, _REACH) for at in range(count)),
        required=_outline([required for _, required, _ in axes]),
        achieved=_outline([achieved for _, _, achieved in axes]),
        labels=tuple(_label(name, at, count) for at, (name, _, _) in enumerate(axes)),
    )


def _point(at: int, count: int, reach: float) -> tuple[float, float]:
    """The first axis points upwards, the others follow clockwise."""
    angle = 2 * math.pi * at / count
    return round(reach * math.sin(angle), 1) + 0.0, round(-reach * math.cos(angle), 1) + 0.0


def _outline(levels: Sequence[int]) -> str:
    count = len(levels)
    corners = (_point(at, count, _REACH * min(max(level, 0), LEVELS) / LEVELS) for at, level in enumerate(levels))
    return " ".join(f"{x:g},{y:g}" for x, y in corners)


def _label(name: str, at: int, count: int) -> AxisLabel:
    x, y = _point(at, count, _LABEL_AT)
    lines = wrapped(name, _LABEL_WIDTH, 3)
    anchor = "middle" if abs(x) < 1 else "start" if x > 0 else "end"
    above = len(lines) - 1 if y < -_REACH else (len(lines) - 1) / 2 if abs(x) >= 1 else 0
    return AxisLabel(x, round(y - above * _LABEL_LINE + 5, 1), anchor, lines)


def wrapped(text: str, width: int, most: int) -> tuple[str, ...]:
    """A text in at most so many lines of about so many characters, broken between words; what is left out ends in …."""
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    kept = [it if len(it) <= width + 4 else f"{it[: width + 3]}…" for it in lines[:most]]
    if len(lines) > most:
        kept[-1] = f"{kept[-1].rstrip('…,')}…"
    return tuple(kept)


def rosette(petals: int, radius: float) -> str:
    """A closed curve with so many petals as the `points` of a polygon: the seal on the small picture of a certificate."""
    steps = petals * 8
    corners = []
    for step in range(steps):
        angle = 2 * math.pi * step / steps
        reach = radius * (0.86 + 0.14 * math.cos(petals * angle))
        corners.append(f"{reach * math.sin(angle):.1f},{-reach * math.cos(angle):.1f}")
    return " ".join(corners)


def type_size(text: str, room: int, largest: int) -> int:
    """A size at which a text of this length fits into so much room (letters are about half as wide as high)."""
    return max(6, min(largest, int(room / (0.46 * max(1, len(text))))))


def fitted(text: str, room: int, height: int, largest: int, most: int) -> tuple[int, tuple[str, ...]]:
    """A whole text in as few lines as keep it readable, at most so many, and the size at which all of them fit."""
    best: tuple[int, tuple[str, ...]] = type_size(text, room, largest), (text,)
    for count in range(2, most + 1):
        if best[0] >= largest // 2:
            break
        width = -(-len(text) // count)
        while len(found := wrap(text, width, break_long_words=False)) > count:
            width += 1
        size = min(type_size(max(found, key=len), room, largest), height // count)
        best = max(best, (size, tuple(found)), key=lambda it: it[0])
    return best


def init_app(app: Flask) -> None:
    """Give the macros `drawn`: this module's functions by name."""
    app.jinja_env.globals["drawn"] = {
        "share": share,
        "radar": radar,
        "wrapped": wrapped,
        "rosette": rosette(16, 17),
        "fitted": fitted,
    }
