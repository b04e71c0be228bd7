"""The law of exams: marking, saving, allowance; pure, with moments handed in and no database."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from elearn.exams.items import multiple, single, weighted
from elearn.exams.items.points import FULL_POINTS
from elearn.exams.specs import CompetencyOutcome, ExamSpec, ItemSpec, ItemType
from elearn.kernel.errors import Conflict, Invalid
from elearn.kernel.score import ratio_bp

KEYS = "ABCDEFGH"
MAX_SEQ = 2**31 - 1

_MARKERS: Mapping[ItemType, Callable[[ItemSpec, Collection[str]], int]] = {
    ItemType.SINGLE: single.mark,
    ItemType.MULTIPLE: multiple.mark,
    ItemType.WEIGHTED: weighted.mark,
}


_KEYS_POSSIBLE: Mapping[ItemType, Callable[[ItemSpec], bool]] = {
    ItemType.SINGLE: single.key_is_possible,
    ItemType.MULTIPLE: multiple.key_is_possible,
    ItemType.WEIGHTED: weighted.key_is_possible,
}


def require_possible_keys(items: Sequence[ItemSpec]) -> None:
    """Raise Invalid impossible_key with the `items` (ids) whose key could not be met, or would be met by anything."""
    wrong = [it.id for it in items if not _KEYS_POSSIBLE[it.type](it)]
    if wrong:
        raise Invalid("impossible_key", field="items", items=wrong)


@dataclass(frozen=True, slots=True)
class Answered:
    """An item with the option ids that were chosen for it when the attempt closed."""

    item: ItemSpec
    chosen: frozenset[str]


@dataclass(frozen=True, slots=True)
class Result:
    """Total and sub-scores of one attempt, in basis points; `points` per place of the paper."""

    score_bp: int
    passed: bool
    points: tuple[int, ...]
    competencies: tuple[CompetencyOutcome, ...]


def mark(spec: ExamSpec, answered: Sequence[Answered]) -> Result:
    """Mark a paper: a pure function of the answers and the pinned key, so that a regrade is a replay.

    A level is evidenced only by its own sub-score: a competency passes by its own pass mark over at least its
    own minimum number of items, whatever the total says.
    """
    points = tuple(_MARKERS[it.item.type](it.item, it.chosen) for it in answered)
    score = ratio_bp(sum(points), FULL_POINTS * len(answered))
    competencies = []
    for rule in spec.competencies:
        own = [got for got, it in zip(points, answered, strict=True) if it.item.competency == rule.competency]
        own_bp = ratio_bp(sum(own), FULL_POINTS * len(own)) if own else 0
        competencies.append(
            CompetencyOutcome(
                competency=rule.competency,
                level=rule.level,
                score_bp=own_bp,
                pass_bp=rule.pass_bp,
                item_count=len(own),
                passed=len(own) >= rule.min_items and own_bp >= rule.pass_bp,
            )
        )
    return Result(score, score >= spec.pass_bp, points, tuple(competencies))


def weak_topics(marked: Sequence[tuple[str, int]], pass_bp: int) -> tuple[str, ...]:
    """The topics whose items together stayed under the pass mark, the weakest first; `marked` is (topic, points)."""
    points: dict[str, list[int]] = {}
    for topic, got in marked:
        points.setdefault(topic, []).append(got)
    scores = {topic: ratio_bp(sum(got), FULL_POINTS * len(got)) for topic, got in points.items()}
    return tuple(sorted((it for it in scores if scores[it] < pass_bp), key=lambda it: (scores[it], it)))


def read_choice(value: object, option_count: int, item_type: ItemType) -> tuple[str, ...]:
    """The chosen keys in their order on the paper; raises Invalid for a key that this place does not have.

    An empty list clears the answer.
    """
    allowed = KEYS[:option_count]
    if not isinstance(value, list) or not all(isinstance(key, str) for key in value):
        raise Invalid("value_not_a_list_of_keys", field="value")
    if len(set(value)) != len(value) or not set(value) <= set(allowed):
        raise Invalid("unknown_key", field="value", allowed=list(allowed))
    if item_type is not ItemType.MULTIPLE and len(value) > 1:
        raise Invalid("only_one_key", field="value")
    return tuple(sorted(value))


def minutes_granted(minutes: int, time_percent: int) -> int:
    """The minutes of an exam for somebody who was granted more time: 150 percent of 45 minutes are 68, never less."""
    return -(-minutes * time_percent // 100)


class Door(StrEnum):
    """What the clock says to a save."""

    IN_TIME = "in_time"
    LATE = "late"


def door(
    *,
    closes_at: datetime,
    late_until: datetime,
    submitted_at: datetime | None,
    closed_by_clock: bool,
    now: datetime,
) -> Door:
    """Whether a save counts, is kept as late, or is refused (Conflict attempt_closed); the server's clock alone.

    An attempt that the clock closed still keeps late answers until `late_until`; one that its owner handed in
    keeps none, so nothing acknowledged in time can follow the marking.
    """
    if submitted_at is not None and not closed_by_clock:
        raise Conflict("attempt_closed")
    if now <= closes_at and submitted_at is None:
        return Door.IN_TIME
    if now <= late_until:
        return Door.LATE
    raise Conflict("attempt_closed")


@dataclass(frozen=True, slots=True)
class Stored:
    """What a place of a paper holds: the answer that counts and, apart from it, the latest late one."""

    seq: int
    value: tuple[str, ...]
    saved_at: datetime | None
    late_seq: int
    late_value: tuple[str, ...]
    late_at: datetime | None
    in_doubt: bool = False

    @property
    def newest(self) -> tuple[int, tuple[str, ...], datetime | None, bool]:
        """The event with the highest sequence number: (seq, value, at, late)."""
        if self.late_seq > self.seq:
            return self.late_seq, self.late_value, self.late_at, True
        return self.seq, self.value, self.saved_at, False


def is_repeat(stored: Stored, seq: int, value: tuple[str, ...], *, in_doubt: bool | None = None) -> bool:
    """Whether this save is the newest one come again (answer the same); raises Conflict stale_seq if overtaken.

    `in_doubt` None says nothing of the mark, and so differs from none.
    """
    if not 1 <= seq <= MAX_SEQ:
        raise Invalid("seq_out_of_range", field="seq")
    newest, current, at, _late = stored.newest
    if seq > newest:
        return False
    if seq == newest and value == current and at is not None and in_doubt in (None, stored.in_doubt):
        return True
    raise Conflict("stale_seq", seq=newest, value=list(current), in_doubt=stored.in_doubt)


@dataclass(frozen=True, slots=True)
class PastAttempt:
    """What allowance needs to know of an earlier attempt."""

    submitted_at: datetime | None
    closes_at: datetime
    passed: bool


@dataclass(frozen=True, slots=True)
class SittingPolicy:
    """What policy says about sitting again; every value is a dated rule."""

    attempts: int
    cooldown: timedelta
    remedial_attempts: int
    remedial_after: timedelta


@dataclass(frozen=True, slots=True)
class PassStanding:
    """What became of the last pass: whether it still counts, and from when on it may be renewed (None: it never ends)."""

    counts: bool
    renewable_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Allowed:
    """Why a new attempt may not start now (codes; empty: it may), when it may again, and where in its round it stands."""

    reasons: tuple[str, ...]
    next_at: datetime | None
    used: int
    maximum: int
    is_remedial: bool


def allowance(
    past: Sequence[PastAttempt], policy: SittingPolicy, *, standing: PassStanding = PassStanding(True), now: datetime
) -> Allowed:
    """Whether a new attempt may start now.

    A round has `attempts`, a `cooldown` after each that failed; when they are used up, `remedial_attempts` more open
    `remedial_after` the last. A pass ends its round, and another begins only where it no longer counts (it lapsed,
    its certificate expired or was revoked) or may be renewed before it ends.
    """
    *closed, current = _rounds(past)
    if closed and standing.counts and (standing.renewable_at is None or now < standing.renewable_at):
        used = len(closed[-1])
        return Allowed(("already_passed",), standing.renewable_at, used, max(used, policy.attempts), is_remedial=False)
    maximum = policy.attempts
    is_remedial = len(current) >= maximum and policy.remedial_attempts > 0
    if is_remedial:
        maximum += policy.remedial_attempts
    reasons, next_at = _hindrance(current, policy, maximum, now)
    return Allowed(reasons, next_at, len(current), maximum, is_remedial)


def _rounds(past: Sequence[PastAttempt]) -> list[list[PastAttempt]]:
    """Attempts by round: each pass closes one; the last, which may be empty, is the one that goes on."""
    rounds: list[list[PastAttempt]] = [[]]
    for it in past:
        rounds[-1].append(it)
        if it.passed:
            rounds.append([])
    return rounds


def _hindrance(
    current: Sequence[PastAttempt], policy: SittingPolicy, maximum: int, now: datetime
) -> tuple[tuple[str, ...], datetime | None]:
    if any(it.submitted_at is None for it in current):
        return ("attempt_open",), None
    if len(current) >= maximum:
        return ("attempts_exhausted",), None
    if current:
        begins_remedial = len(current) == policy.attempts
        wait = policy.remedial_after if begins_remedial else policy.cooldown
        last = max(it.submitted_at for it in current if it.submitted_at is not None)
        if now < last + wait:
            return ("remedial_later" if begins_remedial else "cooling_down",), last + wait
    return (), None
