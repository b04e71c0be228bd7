"""The guilloche of a certificate: periodic curves as PDF drawing operators, computed once; no text and no layout.

The curve descends from the *pinto Aceh*, the gate-shaped jewel of Aceh: an arch whose shoulders roll inwards.
Its periodic form is x(t) = t + r·sin 2t, y(t) = cos t + s·cos 3t. A family of it, lower and more rolled step by step,
gives gates within gates; they stand on one edge of a band, hang from the other, and the band is laid along a rounded
frame and around rosettes. Tiles repeat, so that the whole ornament costs a few kilobytes.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from math import cos, pi, sin

Point = tuple[float, float]
Colour = tuple[float, float, float]

PAGE_WIDTH, PAGE_HEIGHT = 841.89, 595.28
PAPER: Colour = (1.0, 0.992, 0.973)
PRIMARY: Colour = (0.039, 0.361, 0.337)
GOLD: Colour = (0.784, 0.580, 0.235)

INSET, RADIUS, REACH = 33.0, 39.0, 12.5
ACROSS, DOWN, AROUND = 24, 16, 2
HAIRLINE = 0.45
PIECES = 16  # Bézier curves a period
ROSE, SEAL = 40, 24  # petals


@dataclass(frozen=True, slots=True)
class Tile:
    """One repeated drawing: its operators and the box that holds it."""

    name: str
    operators: bytes
    box: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Ornament:
    """What lies under a page: the tiles, and the operators that place them."""

    tiles: tuple[Tile, ...]
    operators: bytes


@cache
def front() -> Ornament:
    """Paper, frame, the large pale rosette behind the name and the golden one between code and signature."""
    rosettes = [_placed(_rose(), PAGE_WIDTH / 2, 302.0), _placed(_seal(), PAGE_WIDTH / 2, 92.0)]
    tiles = (_straight(), _corner(), _rose().tile, _seal().tile)
    return Ornament(tiles, b"\n".join((_paper(), *rosettes, _frame(), _hairlines())))


@cache
def back() -> Ornament:
    """Paper and frame only: further pages hold tables."""
    return Ornament((_straight(), _corner()), b"\n".join((_paper(), _frame(), _hairlines())))


def mixed(colour: Colour, share: float) -> Colour:
    """A colour laid thinly on the paper, as a solid one (no transparency in the file)."""
    red, green, blue = (PAPER[i] + (colour[i] - PAPER[i]) * share for i in range(3))
    return red, green, blue


def gate(t: float, *, roll: float = 0.55, shoulder: float = 0.12) -> Point:
    """The pinto Aceh as a periodic curve over t; x grows by 2π a period, y stays within about ±1.2."""
    return t + roll * sin(2 * t), cos(t) + shoulder * cos(3 * t)


def _paper() -> bytes:
    return _fill(PAPER) + f" 0 0 {PAGE_WIDTH} {PAGE_HEIGHT} re f".encode()


def _straight() -> Tile:
    """One period of the frame along a straight side."""
    length = _side(PAGE_WIDTH) / ACROSS
    return Tile(
        "straight",
        _weave(lambda x, y: (x / (2 * pi) * length, y * REACH)),
        (-length, -1.6 * REACH, 2 * length, 1.6 * REACH),
    )


def _corner() -> Tile:
    """The frame around one corner, a quarter of a circle about the origin, from straight up to the right."""

    def bent(x: float, y: float) -> Point:
        angle, radius = pi / 2 - x / (2 * pi * AROUND) * pi / 2, RADIUS + y * REACH
        return radius * cos(angle), radius * sin(angle)

    reach = RADIUS + 1.6 * REACH
    return Tile("corner", _weave(bent, AROUND), (-reach, -reach, reach, reach))


def _weave(place: Callable[[float, float], Point], periods: int = 1) -> bytes:
    """The strands of the frame, put where `place` says: gates within gates, smaller ones between them, gold on top."""
    strands: list[bytes] = []
    for step in range(9):
        ink = _stroke(mixed(PRIMARY, 0.30 - 0.013 * step), 0.42)
        strands += [ink, *_gates(place, periods, 1 - 0.085 * step, 0.30 + 0.085 * step)]
    for step in range(4):
        ink = _stroke(mixed(PRIMARY, 0.24), 0.38)
        strands += [ink, *_gates(place, periods, 0.78 - 0.15 * step, 0.45, shift=pi)]
    strands += [_stroke(mixed(GOLD, 0.85), HAIRLINE), *_gates(place, periods, 0.92, 0.75)]
    return b"\n".join(strands)


def _gates(
    place: Callable[[float, float], Point], periods: int, height: float, roll: float, *, shift: float = 0.0
) -> list[bytes]:
    """Two rows of gates across a band from y = -1 to 1: one stands on its lower edge, one hangs from the upper."""

    def row(side: int) -> bytes:
        def at(t: float) -> Point:
            x, y = gate(t + shift, roll=roll)
            return place(x - shift, side * (height * (1 + y) - 1))

        return _path(at, 0.0, 2 * pi * periods, PIECES * periods)

    return [row(1), row(-1)]


@dataclass(frozen=True, slots=True)
class _Rosette:
    """Bands of gates around a point: one petal as a tile, and how many make the circle."""

    tile: Tile
    count: int


@cache
def _rose() -> _Rosette:
    """The large rosette, pale enough to lie under words: four bands, each with its gates to both sides."""
    strands: list[bytes] = []
    for band, (radius, reach) in enumerate(((160.0, 16.0), (127.0, 13.0), (100.5, 10.0), (80.0, 7.8))):
        for step in range(5):
            ink = _stroke(mixed(PRIMARY, 0.15 + 0.01 * band), 0.36)
            place = _around(ROSE, radius, reach)
            strands += [ink, *_gates(place, 1, 1 - 0.15 * step, 0.30 + 0.13 * step)]
    return _Rosette(Tile("rose", b"\n".join(strands), (-220, -220, 220, 220)), ROSE)


@cache
def _seal() -> _Rosette:
    """The golden rosette."""
    strands: list[bytes] = []
    for band, (radius, reach) in enumerate(((31.0, 6.5), (20.0, 4.2), (12.8, 2.8))):
        for step in range(5):
            ink = _stroke(mixed(GOLD, 0.62 + 0.08 * band), 0.36)
            strands += [ink, *_gates(_around(SEAL, radius, reach), 1, 1 - 0.17 * step, 0.25 + 0.14 * step)]
    return _Rosette(Tile("seal", b"\n".join(strands), (-45, -45, 45, 45)), SEAL)


def _around(count: int, radius: float, reach: float) -> Callable[[float, float], Point]:
    """A band bent to a circle that `count` periods fill."""

    def place(x: float, y: float) -> Point:
        angle, distance = x / count, radius + y * reach
        return distance * cos(angle), distance * sin(angle)

    return place


def _placed(rosette: _Rosette, x: float, y: float) -> bytes:
    """A petal turned about a point as often as there are petals."""
    turns = [
        f"q {_n(cos(a))} {_n(sin(a))} {_n(-sin(a))} {_n(cos(a))} {_n(x)} {_n(y)} cm /{rosette.tile.name} Do Q"
        for a in (2 * pi * turn / rosette.count for turn in range(rosette.count))
    ]
    return "\n".join(turns).encode()


def _frame() -> bytes:
    """The straight tiles along four sides and the corner tile four times."""
    left, bottom = INSET, INSET
    right, top = PAGE_WIDTH - INSET, PAGE_HEIGHT - INSET
    step_x, step_y = _side(PAGE_WIDTH) / ACROSS, _side(PAGE_HEIGHT) / DOWN
    placed: list[str] = []
    for turn in range(ACROSS):
        along = left + RADIUS + turn * step_x
        placed.append(f"q 1 0 0 1 {_n(along)} {_n(top)} cm /straight Do Q")
        placed.append(f"q -1 0 0 -1 {_n(along + step_x)} {_n(bottom)} cm /straight Do Q")
    scale = _n(step_y / step_x)
    for turn in range(DOWN):
        along = bottom + RADIUS + turn * step_y
        placed.append(f"q 0 -{scale} 1 0 {_n(right)} {_n(along + step_y)} cm /straight Do Q")
        placed.append(f"q 0 {scale} -1 0 {_n(left)} {_n(along)} cm /straight Do Q")
    for a, b, x, y in ((1, 0, right, top), (0, -1, right, bottom), (-1, 0, left, bottom), (0, 1, left, top)):
        centre_x, centre_y = x - RADIUS if x == right else x + RADIUS, y - RADIUS if y == top else y + RADIUS
        placed.append(f"q {a} {b} {-b} {a} {_n(centre_x)} {_n(centre_y)} cm /corner Do Q")
    return "\n".join(placed).encode()


def _hairlines() -> bytes:
    """A golden hairline on both sides of the frame."""
    lines = [_stroke(mixed(GOLD, 0.9), HAIRLINE)]
    for grow in (REACH * 1.42, -REACH * 1.42):
        inset, radius = INSET - grow, RADIUS + grow
        lines.append(_rounded(inset, inset, PAGE_WIDTH - inset, PAGE_HEIGHT - inset, radius))
    return b"\n".join(lines)


def _rounded(left: float, bottom: float, right: float, top: float, radius: float) -> bytes:
    """A rectangle with round corners."""
    k = radius * 0.4477
    r = radius
    return (
        f"{_n(left + r)} {_n(bottom)} m {_n(right - r)} {_n(bottom)} l "
        f"{_n(right - k)} {_n(bottom)} {_n(right)} {_n(bottom + k)} {_n(right)} {_n(bottom + r)} c "
        f"{_n(right)} {_n(top - r)} l {_n(right)} {_n(top - k)} {_n(right - k)} {_n(top)} {_n(right - r)} {_n(top)} c "
        f"{_n(left + r)} {_n(top)} l {_n(left + k)} {_n(top)} {_n(left)} {_n(top - k)} {_n(left)} {_n(top - r)} c "
        f"{_n(left)} {_n(bottom + r)} l {_n(left)} {_n(bottom + k)} {_n(left + k)} {_n(bottom)} "
        f"{_n(left + r)} {_n(bottom)} c s"
    ).encode()


def _side(length: float) -> float:
    return length - 2 * (INSET + RADIUS)


def _path(at: Callable[[float], Point], first: float, last: float, pieces: int) -> bytes:
    """A smooth curve as Bézier pieces through its points, with its own slopes."""
    step = (last - first) / pieces
    x, y = at(first)
    drawn = [f"{_n(x)} {_n(y)} m"]
    for piece in range(pieces):
        begin, end = first + piece * step, first + (piece + 1) * step
        drawn.append(" ".join(_n(value) for value in _bezier(at, begin, end)) + " c")
    return " ".join((*drawn, "S")).encode()


def _bezier(at: Callable[[float], Point], begin: float, end: float) -> Iterable[float]:
    third, nudge = (end - begin) / 3, 1e-4
    for origin, sign in ((begin, 1), (end, -1)):
        (x, y), (ahead_x, ahead_y) = at(origin), at(origin + nudge)
        yield x + sign * third * (ahead_x - x) / nudge
        yield y + sign * third * (ahead_y - y) / nudge
    yield from at(end)


def _stroke(colour: Colour, width: float) -> bytes:
    return f"{' '.join(_n(part) for part in colour)} RG {_n(width)} w".encode()


def _fill(colour: Colour) -> bytes:
    return f"{' '.join(_n(part) for part in colour)} rg".encode()


def _n(value: float) -> str:
    """A number as PDF writes it: no exponent, no needless digits."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
