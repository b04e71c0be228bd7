"""What an exam is made of, as values that rules and facts share; no rules and no database."""

from dataclasses import dataclass
from enum import StrEnum


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
class CompetencyOutcome:
    """The sub-score of one competency and whether it evidences the level."""

    competency: str
    level: int
    score_bp: int
    pass_bp: int
    item_count: int
    passed: bool
