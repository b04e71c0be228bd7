"""Finds courses by words that may be mistyped, and by what they teach and how long they take; pure, in the process."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Self
from uuid import UUID

MAX_WORDS = 8
WHOLE, BEGINS, WITHIN, ALIKE = 100, 80, 50, 30
"""How well a word of a course fits one that was asked for."""

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Entry:
    """A course as the search knows it; `fields` are its texts with their weight, `taught` levels by competency."""

    id: UUID
    title: str
    fields: tuple[tuple[str, int], ...]
    taught: Mapping[str, int]
    longest_minutes: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for; None where it does not matter. `longest` is the most minutes that one lesson may take."""

    words: str = ""
    competency: str | None = None
    level: int | None = None
    longest: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether everything is asked for."""
        return not (self.words.strip() or self.competency or self.level or self.longest)


@dataclass(frozen=True, slots=True)
class Found:
    """The courses that fit, the best first; `is_alike` says that a word was found only in a like form."""

    ids: tuple[UUID, ...]
    is_alike: bool = False


@dataclass(slots=True)
class Index:
    """Every course by its words; made once for a state of the catalogue, then only read."""

    entries: tuple[Entry, ...]
    weights: dict[str, dict[int, int]] = field(default_factory=dict)
    by_length: defaultdict[int, list[tuple[int, str]]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> Self:
        """An index over courses, which keeps their order where nothing else decides."""
        index = cls(tuple(entries))
        for at, entry in enumerate(index.entries):
            for text, weight in entry.fields:
                for word in words_of(text):
                    known = index.weights.setdefault(word, {})
                    known[at] = max(known.get(at, 0), weight)
        for word in index.weights:
            index.by_length[len(word)].append((letters(word), word))
        return index

    def find(self, wanted: Wanted) -> Found:
        """The courses that hold every word (each in some form) and pass every filter."""
        scores: dict[int, int] | None = None
        is_alike = False
        for word in words_of(wanted.words)[:MAX_WORDS]:
            hits, alike = self._hits(word)
            is_alike |= alike
            scores = hits if scores is None else {at: scores[at] + hits[at] for at in scores.keys() & hits.keys()}
        places = list(range(len(self.entries))) if scores is None else _best_first(scores)
        fitting = tuple(self.entries[at].id for at in places if fits(self.entries[at], wanted))
        return Found(fitting, is_alike and bool(fitting))

    def _hits(self, word: str) -> tuple[dict[int, int], bool]:
        """By place, how well the courses fit one word; words merely alike count only where nothing else does."""
        hits: dict[int, int] = {}
        for known, places in self.weights.items():
            if word in known:
                quality = WHOLE if known == word else BEGINS if known.startswith(word) else WITHIN
                _add(hits, places, quality)
        if hits:
            return hits, False
        for known, slips in self._alike(word, slips_allowed(word)):
            _add(hits, self.weights[known], ALIKE - 10 * (slips - 1))
        return hits, True

    def _alike(self, word: str, allowed: int) -> Iterator[tuple[str, int]]:
        """Words within so many slips; most are passed over by their letters alone, since a slip changes two at most."""
        own = letters(word)
        for length in range(len(word) - allowed, len(word) + allowed + 1) if allowed else ():
            for theirs, known in self.by_length.get(length, ()):
                if (own ^ theirs).bit_count() <= 2 * allowed and (slips := distance(word, known, allowed)) <= allowed:
                    yield known, slips


def _best_first(scores: Mapping[int, int]) -> list[int]:
    return sorted(scores, key=lambda at: (-scores[at], at))


def _add(hits: dict[int, int], places: Mapping[int, int], quality: int) -> None:
    for at, weight in places.items():
        hits[at] = max(hits.get(at, 0), quality * weight)


def fits(entry: Entry, wanted: Wanted) -> bool:
    """Whether a course passes the filters; a level is that of the competency asked for, else of any that it teaches."""
    if wanted.longest is not None and entry.longest_minutes > wanted.longest:
        return False
    if wanted.competency is None:
        return wanted.level is None or wanted.level in entry.taught.values()
    level = entry.taught.get(wanted.competency)
    return level is not None and wanted.level in (None, level)


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """Case and accents put aside: "Pélayanan" and "PELAYANAN" are one."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(it for it in plain if not unicodedata.combining(it))


def words_of(text: str) -> tuple[str, ...]:
    """The folded words of a text in order, each once."""
    return tuple(dict.fromkeys(_WORD.findall(folded(text))))


def slips_allowed(word: str) -> int:
    """How many slips of the finger a word may hold: none in a short one, two in a long one."""
    return 0 if len(word) < 4 else 1 if len(word) < 10 else 2


def letters(word: str) -> int:
    """Which letters a word has, as the bits of a number; signs beyond a to z share the upper bits."""
    bits = 0
    for letter in word:
        place = ord(letter) - ord("a")
        bits |= 1 << (place if 0 <= place < 26 else 26 + ord(letter) % 38)
    return bits


def distance(one: str, other: str, limit: int) -> int:
    """Letters left out, put in, changed or swapped with their neighbour; limit + 1 where there are more than `limit`."""
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        now = [row]
        for column, against in enumerate(other, start=1):
            least = min(last[column] + 1, now[-1] + 1, last[column - 1] + (letter != against))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == against:
                least = min(least, before[column - 2] + 1)
            now.append(least)
        if min(now) > limit:
            return limit + 1
        before, last = last, now
    return last[-1]
