"""The law of levels: evidence → level, gap, match, lesson hours; pure, no database and no words for people."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from elearn.kernel.errors import Conflict
from elearn.kernel.score import FULL

LEVELS = range(1, 6)


class CompetencyKind(StrEnum):
    """The three families of the national standard."""

    MANAGERIAL = "managerial"
    SOCIOCULTURAL = "sociocultural"
    TECHNICAL = "technical"


class EvidenceKind(StrEnum):
    """What a piece of evidence comes from."""

    EXAM = "exam"
    ASSESSMENT = "assessment"
    HR_DECISION = "hr_decision"
    COURSE = "course"


class Supervision(StrEnum):
    """Whether somebody watched while the evidence was made."""

    SUPERVISED = "supervised"
    UNSUPERVISED = "unsupervised"


class Decision(StrEnum):
    """What HR may say about a piece of evidence."""

    CONFIRM = "confirm"
    REJECT = "reject"
    WITHDRAW = "withdraw"


class EvidenceState(StrEnum):
    """Where a piece of evidence stands after its decisions; expiry is a matter of the day, not a state."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class StandingKind(StrEnum):
    """What the achieved level rests on."""

    NONE = "none"
    PROPOSED = "proposed"
    CONFIRMED = "confirmed"


class ReasonCode(StrEnum):
    """Why a competency stands where it stands; worded by the views."""

    NO_EVIDENCE = "no_evidence"
    PROPOSED = "proposed"
    PROPOSED_OVER_CONFIRMED = "proposed_over_confirmed"
    BORN_CONFIRMED = "born_confirmed"
    CONFIRMED = "confirmed"
    EXPIRED = "expired"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class LessonHoursState(StrEnum):
    """How the lesson hours of a year compare with the duty (reached, short) or with the ceiling."""

    REACHED = "reached"
    SHORT = "short"
    WITHIN_CAP = "within_cap"
    OVER_CAP = "over_cap"


class YearBasis(StrEnum):
    """Which days make the year of the duty."""

    CALENDAR_YEAR = "calendar_year"
    CONTRACT_YEAR = "contract_year"
    CALENDAR_YEAR_ASSUMED = "calendar_year_assumed"


@dataclass(frozen=True, slots=True)
class EvidenceFact:
    """One piece of evidence with the outcome of its decisions; `source` names the exam or says the reason."""

    id: UUID
    level: int
    claimed_level: int
    kind: EvidenceKind
    supervision: Supervision
    state: EvidenceState
    score_bp: int | None
    observed_on: date
    valid_until: date | None
    source: str
    decided_at: datetime | None = None
    decided_reason: str = ""

    def is_valid(self, on: date) -> bool:
        """Whether it counts on that day: observed by then, not past its last day, neither rejected nor withdrawn."""
        is_timely = self.observed_on <= on and (self.valid_until is None or self.valid_until >= on)
        return is_timely and self.state in (EvidenceState.PROPOSED, EvidenceState.CONFIRMED)


@dataclass(frozen=True, slots=True)
class Standing:
    """The level of one competency on one day, and the evidence that decides it."""

    achieved: int
    confirmed: int
    standing: StandingKind
    deciding: EvidenceFact | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a competency stands where it stands: a code and the values its sentence needs."""

    code: ReasonCode
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RequirementFact:
    """A required level over a span of days, for one position or for a position level; 0 means: not required."""

    competency_id: UUID
    required_level: int
    is_for_position: bool
    effective_from: date
    effective_to: date | None


@dataclass(frozen=True, slots=True)
class DutyYear:
    """The first and the last day of a year of the duty, and how they were found."""

    year: int
    first: date
    last: date
    basis: YearBasis


def born_state(kind: EvidenceKind, supervision: Supervision) -> EvidenceState:
    """The state before any decision: only HR's decision and a supervised assessment are born confirmed."""
    if kind is EvidenceKind.HR_DECISION:
        return EvidenceState.CONFIRMED
    if kind is EvidenceKind.ASSESSMENT and supervision is Supervision.SUPERVISED:
        return EvidenceState.CONFIRMED
    return EvidenceState.PROPOSED


def is_capped(kind: EvidenceKind, supervision: Supervision) -> bool:
    """Whether a level from this evidence may not rise above the cap of unsupervised evidence."""
    return supervision is Supervision.UNSUPERVISED and kind is not EvidenceKind.HR_DECISION


_AFTER: dict[tuple[EvidenceState, Decision], EvidenceState] = {
    (EvidenceState.PROPOSED, Decision.CONFIRM): EvidenceState.CONFIRMED,
    (EvidenceState.PROPOSED, Decision.REJECT): EvidenceState.REJECTED,
    (EvidenceState.PROPOSED, Decision.WITHDRAW): EvidenceState.WITHDRAWN,
    (EvidenceState.CONFIRMED, Decision.WITHDRAW): EvidenceState.WITHDRAWN,
    (EvidenceState.REJECTED, Decision.CONFIRM): EvidenceState.CONFIRMED,
}


def state_after(state: EvidenceState, decision: Decision) -> EvidenceState:
    """The state a decision leads to; raises Conflict where it does not fit. Withdrawn is final."""
    after = _AFTER.get((state, decision))
    if after is None:
        raise Conflict("evidence_decided", state=state.value)
    return after


def level_from(evidence: Iterable[EvidenceFact], on: date) -> Standing:
    """The highest valid evidence of one competency; `confirmed` counts confirmed evidence alone."""
    valid = [it for it in evidence if it.is_valid(on)]
    if not valid:
        return Standing(0, 0, StandingKind.NONE)
    deciding = max(valid, key=_weight)
    confirmed = max((it.level for it in valid if it.state is EvidenceState.CONFIRMED), default=0)
    return Standing(deciding.level, confirmed, StandingKind(deciding.state.value), deciding)


def _weight(it: EvidenceFact) -> tuple[int, bool, date, UUID]:
    return it.level, it.state is EvidenceState.CONFIRMED, it.observed_on, it.id


def gap_of(required: int, achieved: int) -> int:
    """How many levels are missing; never below zero."""
    return max(0, required - achieved)


def job_person_match(levels: Iterable[tuple[int, int]], *, is_capped_each: bool = True) -> int | None:
    """Σ achieved / Σ required in basis points, rounded down, of (required, achieved); None without requirements.

    Capped, no competency counts for more than its requirement, so that a surplus hides no gap (domain: JPM).
    """
    required = achieved = 0
    for wanted, reached in levels:
        if wanted > 0:
            required += wanted
            achieved += min(reached, wanted) if is_capped_each else reached
    return achieved * FULL // required if required else None


def required_levels(rows: Iterable[RequirementFact], on: date) -> dict[UUID, int]:
    """The level each competency requires on a day: a position's row overrides its level's, a newer row an older."""
    in_force = [it for it in rows if it.effective_from <= on and (it.effective_to is None or it.effective_to >= on)]
    in_force.sort(key=lambda it: (it.is_for_position, it.effective_from))
    return {it.competency_id: it.required_level for it in in_force}


def reason_for(required: int, standing: Standing, evidence: Iterable[EvidenceFact], on: date) -> Reason:
    """Why a competency stands where it stands, from the deciding evidence, else from the newest that counts not."""
    told = standing.deciding
    if told is None:
        told = max((it for it in evidence if it.observed_on <= on), key=_recency, default=None)
    if told is None:
        return Reason(ReasonCode.NO_EVIDENCE, {"required": required})
    values = {"required": required, "confirmed": standing.confirmed, "evidence": told}
    return Reason(_code_of(told, standing, on), values)


def _recency(it: EvidenceFact) -> tuple[date, UUID]:
    return it.observed_on, it.id


def _code_of(told: EvidenceFact, standing: Standing, on: date) -> ReasonCode:
    if told.state is EvidenceState.REJECTED:
        return ReasonCode.REJECTED
    if told.state is EvidenceState.WITHDRAWN:
        return ReasonCode.WITHDRAWN
    if not told.is_valid(on):
        return ReasonCode.EXPIRED
    if told.state is EvidenceState.CONFIRMED:
        return ReasonCode.CONFIRMED if told.decided_at else ReasonCode.BORN_CONFIRMED
    return ReasonCode.PROPOSED_OVER_CONFIRMED if standing.confirmed else ReasonCode.PROPOSED


def years_later(day: date, years: int) -> date:
    """The same day some years later; 29 February becomes 28 February."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def duty_year(year: int, *, is_contract: bool, contract_start: date | None = None) -> DutyYear:
    """The days that count for a year: the calendar year, or for contract staff the contract year that begins in it.

    Where the contract's first day is not known, the calendar year stands in and the basis says so.
    """
    if is_contract and contract_start is not None:
        elapsed = year - contract_start.year
        last = years_later(contract_start, elapsed + 1) - timedelta(days=1)
        return DutyYear(year, years_later(contract_start, elapsed), last, YearBasis.CONTRACT_YEAR)
    basis = YearBasis.CALENDAR_YEAR_ASSUMED if is_contract else YearBasis.CALENDAR_YEAR
    return DutyYear(year, date(year, 1, 1), date(year, 12, 31), basis)


def lesson_hours_state(earned: int, target: int | None, cap: int | None) -> LessonHoursState:
    """How earned lesson hours compare with the target (a least) or the cap (a most)."""
    if cap is not None and earned > cap:
        return LessonHoursState.OVER_CAP
    if target is None:
        return LessonHoursState.WITHIN_CAP
    return LessonHoursState.REACHED if earned >= target else LessonHoursState.SHORT
