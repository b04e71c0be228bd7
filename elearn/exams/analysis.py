"""Item statistics from marked answers; pure, floats allowed here and nowhere in marks. What is fetched is in results.py."""

import statistics
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from elearn.exams.items.points import FULL_POINTS

SMALL = 50
"""Below so many answers no figure says much (Moodle docs, quiz statistics); it is shown with a warning."""
HARD, EASY = 0.30, 0.80
WEAK = 0.10
"""Usual bounds of classical test theory for facility and for the corrected item-total correlation."""


@dataclass(frozen=True, slots=True)
class Span:
    """How many scores lie from `first` points on, up to where the next span begins; `is_passing` if they all pass."""

    first: int
    count: int
    is_passing: bool


def spread(scores_bp: Iterable[int], pass_bp: int) -> tuple[Span, ...]:
    """Scores in spans of ten points of a hundred; a span ends at the pass mark too."""
    mark = -(-pass_bp // 100)
    edges = sorted({*range(0, 100, 10), mark})
    counts = Counter(bisect_right(edges, it // 100) - 1 for it in scores_bp)
    return tuple(Span(edge, counts[at], edge >= mark) for at, edge in enumerate(edges))


class Flag(StrEnum):
    """What a reviewer should look at; given only where enough people answered."""

    TOO_HARD = "too_hard"
    TOO_EASY = "too_easy"
    WEAK = "weak"
    KEY_DOUBTFUL = "key_doubtful"


@dataclass(frozen=True, slots=True)
class Answered:
    """One item on one handed-in paper: what was chosen, its points, and the points of the paper's other items."""

    chosen: tuple[str, ...]
    points: int
    rest: int


@dataclass(frozen=True, slots=True)
class OptionCount:
    """How many chose an option; shares are of all papers that held the item, those left blank included."""

    option_id: str
    count: int


@dataclass(frozen=True, slots=True)
class ItemStatistics:
    """What `n` handed-in papers say of an item.

    `facility` is the mean of its points, 0…1; `discrimination` the correlation of its points with those of the rest
    of the paper (so the item does not correlate with itself), None where either does not vary.
    """

    n: int
    omitted: int
    facility: float
    discrimination: float | None
    options: tuple[OptionCount, ...]

    @property
    def is_small(self) -> bool:
        """Whether too few answered for the figures to say much."""
        return self.n < SMALL

    @property
    def flags(self) -> tuple[Flag, ...]:
        """What to look at."""
        if self.is_small:
            return ()
        found = [Flag.TOO_HARD] if self.facility < HARD else [Flag.TOO_EASY] if self.facility > EASY else []
        if self.discrimination is not None and self.discrimination < WEAK:
            found.append(Flag.KEY_DOUBTFUL if self.discrimination < 0 else Flag.WEAK)
        return tuple(found)


def item_statistics(answers: Sequence[Answered], option_ids: Iterable[str]) -> ItemStatistics | None:
    """The statistics of one item, its options in the order given; None before anything was handed in."""
    if not answers:
        return None
    chosen = Counter(option_id for it in answers for option_id in it.chosen)
    return ItemStatistics(
        n=len(answers),
        omitted=sum(not it.chosen for it in answers),
        facility=sum(it.points for it in answers) / (FULL_POINTS * len(answers)),
        discrimination=_correlation([it.points for it in answers], [it.rest for it in answers]),
        options=tuple(OptionCount(it, chosen[it]) for it in option_ids),
    )


def _correlation(points: Sequence[int], rest: Sequence[int]) -> float | None:
    if len(set(points)) < 2 or len(set(rest)) < 2:
        return None
    return statistics.correlation(points, rest)


def by_item(papers: Iterable[Sequence[tuple[str, tuple[str, ...], int]]]) -> dict[str, list[Answered]]:
    """Papers of (item, chosen option ids, points) turned round: for each item what was answered."""
    found: defaultdict[str, list[Answered]] = defaultdict(list)
    for paper in papers:
        total = sum(points for _, _, points in paper)
        for item, chosen, points in paper:
            found[item].append(Answered(chosen, points, total - points))
    return dict(found)


def option_ids_of(value: Collection[str], option_ids: Sequence[str], keys: str) -> tuple[str, ...]:
    """The option ids behind the letters of one paper."""
    return tuple(option_ids[keys.index(key)] for key in value)
