"""What competency tells others and is told: frozen values only; how they are found is queries' matter."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from elearn.competency.rules import (
    CompetencyKind,
    EvidenceKind,
    EvidenceState,
    LessonHoursState,
    Reason,
    StandingKind,
    Supervision,
    YearBasis,
)


@dataclass(frozen=True, slots=True)
class EvidenceClaim:
    """What a source says somebody showed, one competency at a time.

    `reason` is read by people in the sentence that explains the level: for an exam, an assessment or a course its
    short name ("PPP-01"), for a decision of HR its grounds. Without `valid_until` the dated rule of validity counts,
    except for a decision of HR, which then holds until it is withdrawn.
    """

    employee_id: UUID
    competency_code: str
    level: int
    kind: Literal["exam", "assessment", "hr_decision", "course"]
    source_type: str
    source_id: UUID
    score_bp: int | None
    supervision: Literal["unsupervised", "supervised"]
    observed_on: date
    valid_until: date | None
    reason: str


@dataclass(frozen=True, slots=True)
class RecordedEvidence:
    """One claim that was newly recorded, at the level it may propose."""

    id: UUID
    employee_id: UUID
    competency_code: str
    level: int
    claimed_level: int
    state: EvidenceState
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class LessonHoursClaim:
    """A finished development activity and the lesson hours (JP) it earned; counted in the year of `finished_on`."""

    employee_id: UUID
    form_key: str
    title: str
    lesson_hours: int
    started_on: date
    finished_on: date
    source_type: str
    source_id: UUID
    provider: str


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """One piece of evidence as the profile shows it; `source` is its title or reason."""

    id: UUID
    kind: EvidenceKind
    level: int
    claimed_level: int
    score_bp: int | None
    supervision: Supervision
    observed_on: date
    valid_until: date | None
    standing: EvidenceState
    is_expired: bool
    source: str
    decided_at: datetime | None
    decided_reason: str


@dataclass(frozen=True, slots=True)
class ProfileItem:
    """Where one person stands in one competency on one day, and why."""

    competency: str
    name: str
    kind: CompetencyKind
    required: int
    achieved: int
    confirmed: int
    standing: StandingKind
    gap: int
    reason: Reason
    evidence: tuple[EvidenceLine, ...]


@dataclass(frozen=True, slots=True)
class FormHours:
    """Lesson hours earned by one form of development."""

    form_key: str
    name: str
    lesson_hours: int


@dataclass(frozen=True, slots=True)
class LessonHours:
    """Lesson hours (JP) of one year against the duty (target) or the ceiling (cap)."""

    year: int
    first_on: date
    last_on: date
    basis: YearBasis
    earned: int
    target: int | None
    cap: int | None
    enforcement: str
    state: LessonHoursState
    by_form: tuple[FormHours, ...]


@dataclass(frozen=True, slots=True)
class Profile:
    """The competency profile of one person on one day; `jpm_bp` is None where the position requires nothing."""

    employee_id: UUID
    on: date
    items: tuple[ProfileItem, ...]
    lesson_hours: LessonHours
    jpm_bp: int | None

    @property
    def gaps(self) -> tuple[ProfileItem, ...]:
        """The competencies that lack a level, the widest gap first."""
        return tuple(sorted((it for it in self.items if it.gap), key=lambda it: -it.gap))


@dataclass(frozen=True, slots=True)
class LevelEntry:
    """What one level of a competency means."""

    level: int
    name: str
    description: str
    indicators: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CompetencyEntry:
    """One competency of the dictionary with its levels in force."""

    code: str
    kind: CompetencyKind
    name: str
    definition: str
    legal_basis: str
    confidence: str
    effective_from: date
    levels: tuple[LevelEntry, ...]


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What loading reference files did: names of rows added, "name: field" of rows changed, how many stayed."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: int

    @property
    def has_changes(self) -> bool:
        """Whether anything was written."""
        return bool(self.added or self.changed)
