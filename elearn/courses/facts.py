"""What courses tell others: authored content, what publishing did, progress; frozen values, no rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID


class ItemType(StrEnum):
    """How an item is answered."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    WEIGHTED = "weighted"


class EnrollmentStatus(StrEnum):
    """Where an enrolment stands; completed means that every lesson is."""

    ACTIVE = "active"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"


class Via(StrEnum):
    """By which door a lesson was read or completed."""

    BROWSER = "browser"
    API = "api"


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
class CourseContent:
    """A validated course folder. `exam` and `exam_items` are handed on to the exams and not stored here."""

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


@dataclass(frozen=True, slots=True)
class Published:
    """What publishing did; `changes` are lines such as `lesson_changed m1-l2`, empty when nothing changed."""

    course_id: UUID
    version_id: UUID
    version_number: int
    changed: bool
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LessonFacts:
    """A lesson as a syllabus names it; minutes include reading."""

    id: str
    title: str
    minutes: int
    has_check: bool
    has_task: bool


@dataclass(frozen=True, slots=True)
class ModuleFacts:
    """A module as a certificate or a syllabus names it."""

    id: str
    title: str
    lesson_hours: int
    lessons: tuple[LessonFacts, ...]


@dataclass(frozen=True, slots=True)
class ExamFacts:
    """What a learner may know of the exam beforehand; minutes, basis points."""

    title: str
    minutes: int
    pass_bp: int
    item_count: int


@dataclass(frozen=True, slots=True)
class CourseFacts:
    """One published version of a course as others name it."""

    course_id: UUID
    version_id: UUID
    version_number: int
    code: str
    slug: str
    title: str
    summary: str
    provider: str
    form: str
    lesson_hours: int
    minutes: int
    competencies: tuple[TaughtCompetency, ...]
    prerequisites: tuple[str, ...]
    modules: tuple[ModuleFacts, ...]
    exam: ExamFacts
    published_at: datetime


@dataclass(frozen=True, slots=True)
class LessonProgress:
    """A lesson and how far one learner is with it; `place` is the block to resume at."""

    id: str
    title: str
    module_id: str
    minutes: int
    has_check: bool
    has_task: bool
    completed: bool
    completed_at: datetime | None
    place: int


@dataclass(frozen=True, slots=True)
class CourseProgress:
    """How many of a course's lessons are completed."""

    completed: int
    total: int

    @property
    def is_complete(self) -> bool:
        """Whether every lesson is."""
        return self.completed == self.total


@dataclass(frozen=True, slots=True)
class ExamCondition:
    """What must hold before the exam; `code` is the reason given while it is not met."""

    code: str
    met: bool
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class EnrollmentView:
    """One enrolment as its learner sees it. `course` is the slug; `next_lesson_id` is where to continue."""

    id: UUID
    employee_id: UUID
    course_id: UUID
    version_id: UUID
    course: str
    title: str
    status: EnrollmentStatus
    enrolled_at: datetime
    withdrawn_at: datetime | None
    completed_at: datetime | None
    facts: CourseFacts
    lessons: tuple[LessonProgress, ...]
    progress: CourseProgress
    conditions: tuple[ExamCondition, ...]
    next_lesson_id: str | None
