"""What exams tell others and are told: specifications, papers, receipts and outcomes; no rules."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class ItemType(StrEnum):
    """How an item is answered and marked."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    WEIGHTED = "weighted"


@dataclass(frozen=True, slots=True)
class OptionSpec:
    """One option of an item. `weight` is 1…5 for weighted items, else None."""

    id: str
    text: str
    correct: bool
    weight: int | None
    rationale: str


@dataclass(frozen=True, slots=True)
class ItemSpec:
    """One item as authored; `id` is stable over versions and unique in its course."""

    id: str
    type: ItemType
    competency: str
    topic: str
    level: int
    difficulty: str
    stem: str
    options: tuple[OptionSpec, ...]

    def option(self, option_id: str) -> OptionSpec:
        """One of its options by id."""
        return next(option for option in self.options if option.id == option_id)


@dataclass(frozen=True, slots=True)
class BlueprintRow:
    """So many items of a topic, competency and level."""

    topic: str
    competency: str
    level: int
    count: int


@dataclass(frozen=True, slots=True)
class CompetencyRule:
    """What evidences one competency: its own pass mark (basis points) over at least `min_items` items."""

    competency: str
    level: int
    pass_bp: int
    min_items: int


@dataclass(frozen=True, slots=True)
class ExamSpec:
    """One exam as authored; times in minutes, marks in basis points."""

    title: str
    minutes: int
    pass_bp: int
    competencies: tuple[CompetencyRule, ...]
    blueprint: tuple[BlueprintRow, ...]
    supervision: str = "unsupervised"


@dataclass(frozen=True, slots=True)
class PaperSlot:
    """One place of a drawn paper: which item version, and its options in the order shown."""

    slot: int
    item_id: str
    option_ids: tuple[str, ...]


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
class CompetencyOutcome:
    """The sub-score of one competency and whether it evidences the level."""

    competency: str
    level: int
    score_bp: int
    pass_bp: int
    item_count: int
    passed: bool


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
    again: bool = False


@dataclass(frozen=True, slots=True)
class AttemptAllowance:
    """What policy still allows a person in one exam; `reasons` are codes, empty when a new attempt may start."""

    used: int
    maximum: int
    next_at: datetime | None
    open_attempt_id: UUID | None
    passed_attempt_id: UUID | None
    reasons: tuple[str, ...]


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
