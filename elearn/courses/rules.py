"""The law of courses: earned hours, shown order, marking of checks, reading; pure, no database and no files."""

import hashlib
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from elearn.kernel.errors import Invalid
from elearn.kernel.score import FULL, ratio_bp
from elearn.kernel.text import storable

KEYS = "ABCDEFGH"
FULL_POINTS = 5
DWELL_SHARE_BP = 2500
MAX_TASK_CHARACTERS = 20_000
MAX_PLACE = 99_999
BANK_FACTOR = 3

_WORD = re.compile(r"\w")


def word_count(text: str) -> int:
    """How many words a text has: runs between blanks that hold a letter or a digit."""
    return sum(1 for run in text.split() if _WORD.search(run))


def reading_seconds(words: int, words_per_minute: int) -> int:
    """How long so many words take to read, rounded up."""
    return -(-words * 60 // words_per_minute)


def earns_hours(
    words: int,
    declared_minutes: int,
    lesson_hours: int,
    *,
    minutes_per_hour: int,
    words_per_minute: int,
    tolerance_bp: int,
) -> bool:
    """Whether reading and declared minutes cover the lesson hours (JP) within the tolerance; exact, no float."""
    learning = (words + declared_minutes * words_per_minute) * FULL
    claimed = lesson_hours * minutes_per_hour * words_per_minute
    return claimed * (FULL - tolerance_bp) <= learning <= claimed * (FULL + tolerance_bp)


def repeated(values: Iterable[str]) -> tuple[str, ...]:
    """The values that come more than once, in order."""
    return tuple(value for value, count in Counter(values).items() if count > 1)


def key_problem(kind: str, correct: Sequence[bool], weights: Sequence[int]) -> str | None:
    """What is wrong with the key of an item, if anything."""
    if kind == "single" and correct.count(True) != 1:
        return "a single choice needs exactly one correct option"
    if kind == "multiple" and (True not in correct or False not in correct):
        return "a multiple choice needs a correct and a wrong option"
    if kind == "weighted" and weights.count(5) != 1:
        return "a weighted item needs exactly one option of weight 5"
    return None


def circle_through(slug: str, before: Mapping[str, Collection[str]]) -> tuple[str, ...]:
    """The way from a course through what comes before it back to itself, both ends named; empty if there is none."""
    ways: list[tuple[str, ...]] = [(slug, it) for it in sorted(before.get(slug, ()))]
    seen: set[str] = set()
    while ways:
        way = ways.pop(0)
        if way[-1] == slug:
            return way
        if way[-1] not in seen:
            seen.add(way[-1])
            ways += [(*way, it) for it in sorted(before.get(way[-1], ()))]
    return ()


def shown_order(seed: str, option_ids: Collection[str]) -> tuple[str, ...]:
    """The options in the order shown: shuffled, the same for the same seed, and blind to what is correct."""
    return tuple(sorted(option_ids, key=lambda it: hashlib.sha256(f"{seed}/{it}".encode()).digest()))


def read_choice(value: object, option_count: int, kind: str, *, field: str) -> tuple[str, ...]:
    """The chosen keys in order; raises Invalid for what is no list of keys of this place."""
    if not isinstance(value, (list, tuple)) or not all(isinstance(key, str) for key in value):
        raise Invalid("value_not_a_list_of_keys", field=field)
    allowed = KEYS[:option_count]
    if len(set(value)) != len(value) or not set(value) <= set(allowed):
        raise Invalid("unknown_key", field=field, allowed=list(allowed))
    if kind != "multiple" and len(value) > 1:
        raise Invalid("only_one_key", field=field)
    return tuple(sorted(value))


def points(kind: str, chosen: Collection[str], correct: Collection[str], weights: Mapping[str, int]) -> int:
    """What a choice of option ids earns of FULL_POINTS: all or nothing, or the weight; blank earns nothing."""
    if kind == "weighted":
        return weights.get(next(iter(chosen)), 0) if len(chosen) == 1 else 0
    return FULL_POINTS if chosen and set(chosen) == set(correct) else 0


def check_score(earned: Sequence[int]) -> int:
    """The score of a whole check in basis points."""
    return ratio_bp(sum(earned), FULL_POINTS * len(earned))


def has_dwelt(opened_at: datetime, now: datetime, seconds: int) -> bool:
    """Whether a lesson without check and task was open long enough: a quarter of its reading time.

    Our own rule: such a lesson would else be completed by clicking alone. Lessons with a check or a task are
    proved by these.
    """
    return now - opened_at >= timedelta(seconds=seconds * DWELL_SHARE_BP // FULL)


def task_text(text: str) -> str:
    """A handed-in text, trimmed and storable; raises Invalid task_too_long beyond 20 000 characters."""
    text = storable(text).strip()
    if len(text) > MAX_TASK_CHARACTERS:
        raise Invalid("task_too_long", field="task", maximum=MAX_TASK_CHARACTERS)
    return text
