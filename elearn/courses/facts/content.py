"""A course as authored and validated: items, lessons, modules, pictures; what was published is in versions.py."""

from dataclasses import dataclass
from enum import StrEnum


class ItemType(StrEnum):
    """How an item is answered."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    WEIGHTED = "weighted"


@dataclass(frozen=True, slots=True)
class LearningRates:
    """How learning time is counted; the values are dated rules, tolerance in basis points."""

    minutes_per_hour: int
    words_per_minute: int
    tolerance_bp: int


@dataclass(frozen=True, slots=True)
class OptionContent:
    """One option of an item as authored; `weight` is 1…5 for weighted items, else None."""

    id: str
    text: str
    correct: bool
    weight: int | None
    rationale: str


@dataclass(frozen=True, slots=True)
class ItemContent:
    """One item as authored; `id` is stable over versions and unique in its course, `stem` is Markdown."""

    id: str
    type: ItemType
    competency: str
    topic: str
    level: int
    difficulty: str
    stem: str
    options: tuple[OptionContent, ...]

    def option(self, option_id: str) -> OptionContent:
        """One of its options by id."""
        return next(option for option in self.options if option.id == option_id)


@dataclass(frozen=True, slots=True)
class ExamCompetency:
    """A competency of an exam: its own pass mark (basis points) and least number of items."""

    competency: str
    level: int
    pass_bp: int
    min_items: int


@dataclass(frozen=True, slots=True)
class BlueprintContent:
    """So many items of a topic, competency and level."""

    topic: str
    competency: str
    level: int
    count: int


@dataclass(frozen=True, slots=True)
class ExamContent:
    """A course's exam as authored; handed on to the exams, which keep it."""

    title: str
    minutes: int
    pass_bp: int
    competencies: tuple[ExamCompetency, ...]
    blueprint: tuple[BlueprintContent, ...]

    @property
    def item_count(self) -> int:
        """How many items a paper has."""
        return sum(row.count for row in self.blueprint)


@dataclass(frozen=True, slots=True)
class TaughtCompetency:
    """What a course teaches, up to which level."""

    competency: str
    level: int


@dataclass(frozen=True, slots=True)
class Topic:
    """A subject that items belong to."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class CheckContent:
    """The check at the end of a lesson: its pass mark (basis points) and its items in order."""

    pass_bp: int
    items: tuple[ItemContent, ...]


@dataclass(frozen=True, slots=True)
class TaskContent:
    """A task at one's own desk, with proof of at least so many words."""

    title: str
    prompt: str
    prompt_html: str
    min_words: int


@dataclass(frozen=True, slots=True)
class ActivityMinutes:
    """Declared learning minutes by activity, beside reading."""

    video: int = 0
    case: int = 0
    task: int = 0
    reflection: int = 0
    check: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.video + self.case + self.task + self.reflection + self.check


@dataclass(frozen=True, slots=True)
class LessonContent:
    """One lesson: rendered once when published; `reading_seconds` follows from its words."""

    id: str
    title: str
    html: str
    words: int
    reading_seconds: int
    minutes: ActivityMinutes
    check: CheckContent | None
    task: TaskContent | None

    @property
    def minutes_count(self) -> int:
        """Learning minutes with reading, rounded up."""
        return -(-self.reading_seconds // 60) + self.minutes.total


@dataclass(frozen=True, slots=True)
class ModuleContent:
    """One module; `lesson_hours` (JP) are covered by the minutes of its lessons."""

    id: str
    title: str
    lesson_hours: int
    lessons: tuple[LessonContent, ...]


@dataclass(frozen=True, slots=True)
class MediaContent:
    """A picture of one version: `sha256` is what is served, `source_sha256` the authored file; size in pixels."""

    name: str
    sha256: str
    source_sha256: str
    type: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class CourseContent:
    """A validated course folder.

    `exam` and `exam_items` are handed on to the exams and `files` (the bytes of `media`) to the storage, not stored
    here; `warnings` are words for its authors.
    """

    code: str
    slug: str
    title: str
    summary: str
    language: str
    provider: str
    form: str
    competencies: tuple[TaughtCompetency, ...]
    prerequisites: tuple[str, ...]
    topics: tuple[Topic, ...]
    modules: tuple[ModuleContent, ...]
    exam: ExamContent
    exam_items: tuple[ItemContent, ...]
    media: tuple[MediaContent, ...] = ()
    files: tuple[bytes, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def lesson_hours(self) -> int:
        """JP of the whole course."""
        return sum(module.lesson_hours for module in self.modules)

    @property
    def lessons(self) -> tuple[LessonContent, ...]:
        """Every lesson in order."""
        return tuple(lesson for module in self.modules for lesson in module.lessons)

    @property
    def check_items(self) -> tuple[ItemContent, ...]:
        """Every item of every check, in order."""
        return tuple(item for lesson in self.lessons if lesson.check for item in lesson.check.items)
