"""What exams tell others: sittings, receipts and outcomes; what an exam is made of is in specs.py."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from elearn.exams.specs import CompetencyOutcome


@dataclass(frozen=True, slots=True)
class ExamRef:
    """An exam as others point to it: of which course, and from which version new attempts draw."""

    id: UUID
    course_id: UUID
    title: str
    current_version_id: UUID | None


@dataclass(frozen=True, slots=True)
class ShownOption:
    """An option as the learner sees it; the key is its letter on this paper, not its authored id."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class ShownItem:
    """An item as the learner sees it, with what is stored for it; never a key, weight or explanation."""

    slot: int
    type: str
    stem: str
    options: tuple[ShownOption, ...]
    answer: tuple[str, ...]
    seq: int
    in_doubt: bool


@dataclass(frozen=True, slots=True)
class Sitting:
    """An attempt as its owner sees it while it is open."""

    id: UUID
    exam_id: UUID
    title: str
    lease: str
    opened_at: datetime
    closes_at: datetime
    server_now: datetime
    submitted_at: datetime | None
    paper: tuple[ShownItem, ...]

    @property
    def is_time_up(self) -> bool:
        """Whether the deadline has passed (derived, never stored)."""
        return self.submitted_at is None and self.server_now > self.closes_at


@dataclass(frozen=True, slots=True)
class Saved:
    """What a save answers with; `receipt` is signed by the server over the stored value."""

    slot: int
    seq: int
    value: tuple[str, ...]
    saved_at: datetime
    server_now: datetime
    time_left_s: int
    receipt: str
    late: bool


@dataclass(frozen=True, slots=True)
class ExamOutcome:
    """How an attempt ended, as a fact for others. `again` says that it was known before."""

    attempt_id: UUID
    exam_id: UUID
    exam_version_id: UUID
    course_id: UUID
    employee_id: UUID
    title: str
    started_at: datetime
    submitted_at: datetime
    score_bp: int
    pass_bp: int
    passed: bool
    supervision: str
    competencies: tuple[CompetencyOutcome, ...]
    number: int
    again: bool = False


@dataclass(frozen=True, slots=True)
class AttemptAllowance:
    """What policy still allows a person in one exam; `reasons` are codes, empty when a new attempt may start."""

    used: int
    maximum: int
    next_at: datetime | None
    open_attempt_id: UUID | None
    open_until: datetime | None
    passed_attempt_id: UUID | None
    reasons: tuple[str, ...]
    is_remedial: bool
    last_number: int


@dataclass(frozen=True, slots=True)
class PublishedExam:
    """What publishing an exam's version did."""

    exam_id: UUID
    version_id: UUID
    number: int
    changed: bool
    items_added: tuple[str, ...] = ()
    items_changed: tuple[str, ...] = ()
    items_removed: tuple[str, ...] = ()
