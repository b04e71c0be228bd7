"""Which course raises a person most next; pure, what a position requires and what courses teach is handed in."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Need:
    """Where one person stands in one competency that the position requires."""

    competency: str
    name: str
    required: int
    achieved: int
    confirmed: int


@dataclass(frozen=True, slots=True)
class Offer:
    """A course that can be learned: up to which level it teaches what; `is_blocked` while something comes first."""

    slug: str
    title: str
    lesson_hours: int
    teaches: Mapping[str, int]
    is_blocked: bool = False


@dataclass(frozen=True, slots=True)
class Raise:
    """What one course would raise: the need it serves best, from its confirmed level up to `to_level`."""

    offer: Offer
    need: Need
    to_level: int
    others: tuple[Need, ...]

    @property
    def steps(self) -> int:
        """By how many levels."""
        return self.to_level - self.need.confirmed


def most_raising(needs: Sequence[Need], offers: Iterable[Offer], *, cap: int | None = None) -> Raise | None:
    """The course that closes most of the widest confirmed gap; None where no course closes any.

    A gap is what lacks between the confirmed and the required level. A level that was achieved and awaits its
    confirmation needs no course, only HR; what an exam without supervision cannot evidence (`cap`, a dated rule)
    does not count as closed. Among courses that close equally much of one gap, the one that also raises more of the
    others, then the shorter, then the first by title.
    """
    raises = [it for offer in offers if not offer.is_blocked and (it := _raise_by(offer, needs, cap))]
    return min(raises, key=_rank, default=None)


def _raise_by(offer: Offer, needs: Sequence[Need], cap: int | None) -> Raise | None:
    served = [(need, to) for need in needs if (to := _level_after(offer, need, cap)) > max(need.achieved, need.confirmed)]
    if not served:
        return None
    best, to_level = max(served, key=lambda pair: (pair[1] - pair[0].confirmed, pair[0].required - pair[0].confirmed))
    return Raise(offer, best, to_level, tuple(need for need, _ in served if need is not best))


def _level_after(offer: Offer, need: Need, cap: int | None) -> int:
    taught = offer.teaches.get(need.competency, 0)
    return min(taught, need.required, cap if cap is not None else need.required)


def _rank(it: Raise) -> tuple[int, int, int, int, str]:
    gap = it.need.required - it.need.confirmed
    return -it.steps, -gap, -len(it.others), it.offer.lesson_hours, it.offer.title
