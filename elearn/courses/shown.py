"""What the pages and the API of courses show and take: cards, lessons, checks, outcomes; others read facts.py."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from elearn.courses.facts.content import ItemType, TaskContent
from elearn.courses.facts.enrollments import EnrollmentStatus, Via
from elearn.courses.facts.versions import CourseFacts


@dataclass(frozen=True, slots=True)
class NamedCompetency:
    """A competency taught, by its name in the dictionary (its code where the dictionary lacks it)."""

    competency: str
    name: str
    level: int


@dataclass(frozen=True, slots=True)
class CourseCard:
    """A course in the catalogue, with the reader's own enrolment if there is one.

    `missing` are the titles of what must be completed first; while there are any, nobody can enrol.
    """

    id: UUID
    slug: str
    code: str
    title: str
    summary: str
    form: str
    lesson_hours: int
    minutes: int
    longest_minutes: int
    competencies: tuple[NamedCompetency, ...]
    missing: tuple[str, ...]
    version_number: int
    enrollment_id: UUID | None
    enrollment_status: EnrollmentStatus | None


@dataclass(frozen=True, slots=True)
class Prerequisite:
    """A course that comes first, and whether the reader has completed it."""

    slug: str
    title: str
    completed: bool


@dataclass(frozen=True, slots=True)
class CoursePage:
    """A course before one enrols in it."""

    facts: CourseFacts
    competencies: tuple[NamedCompetency, ...]
    prerequisites: tuple[Prerequisite, ...]
    enrollment_id: UUID | None
    enrollment_status: EnrollmentStatus | None

    @property
    def may_begin(self) -> bool:
        """Whether everything that comes first is completed."""
        return all(it.completed for it in self.prerequisites)


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A published version in the trainer's list."""

    number: int
    sha256: str
    lesson_hours: int
    published_at: datetime
    enrollment_count: int


@dataclass(frozen=True, slots=True)
class VersionedCourse:
    """A course with all of its versions, newest first."""

    id: UUID
    slug: str
    code: str
    title: str
    versions: tuple[VersionLine, ...]


@dataclass(frozen=True, slots=True)
class TaughtCourse:
    """A course on its trainer's first page, with how many learn in it and how many have completed every lesson."""

    id: UUID
    slug: str
    code: str
    title: str
    lesson_hours: int
    enrolled: int
    completed: int


@dataclass(frozen=True, slots=True)
class ShownOption:
    """An option as the learner sees it; the key is its letter in this check, not its authored id."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class ShownItem:
    """A check item as the learner sees it, `stem` as safe HTML; never a key, weight or rationale."""

    slot: int
    type: ItemType
    stem: str
    options: tuple[ShownOption, ...]


@dataclass(frozen=True, slots=True)
class OptionFeedback:
    """Why a chosen option is right or not; `text` and `rationale` are safe HTML."""

    key: str
    text: str
    rationale: str


@dataclass(frozen=True, slots=True)
class ItemFeedback:
    """What a try earned in one place of the check, explained for the options chosen (all, once passed).

    `points` are those of a weighted item, of five; None for items that are right or not.
    """

    slot: int
    correct: bool
    points: int | None
    chosen: tuple[str, ...]
    correct_keys: tuple[str, ...]
    options: tuple[OptionFeedback, ...]


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One try of a check, marked."""

    number: int
    score_bp: int
    pass_bp: int
    passed: bool
    items: tuple[ItemFeedback, ...]


@dataclass(frozen=True, slots=True)
class LessonEvidence:
    """What a learner brings to complete a lesson.

    `answers` are the chosen keys by slot, `task` the text; `opened_at` is when the lesson was opened as far as
    that is proved, and is not asked for where `via` is the API: there, having fetched a lesson is having read it, and
    the fetch was noted.
    """

    via: Via
    opened_at: datetime | None = None
    answers: Mapping[str, object] | None = None
    task: str | None = None


@dataclass(frozen=True, slots=True)
class CompletionOutcome:
    """Whether a lesson is complete, and what is missing.

    `missing` holds read (not fetched, or not opened), dwell (opened too shortly ago), check, check_not_passed, task,
    task_too_short.
    """

    completed: bool
    missing: tuple[str, ...]
    check: CheckResult | None


@dataclass(frozen=True, slots=True)
class OutlineLesson:
    """A lesson in the outline beside another."""

    id: str
    title: str
    minutes: int
    completed: bool


@dataclass(frozen=True, slots=True)
class OutlineModule:
    """A module in the outline beside a lesson."""

    title: str
    lessons: tuple[OutlineLesson, ...]


@dataclass(frozen=True, slots=True)
class LessonView:
    """One lesson as its learner sees it."""

    enrollment_id: UUID
    course: str
    course_title: str
    module_title: str
    id: str
    title: str
    html: str
    minutes: int
    reading_seconds: int
    check_pass_bp: int | None
    check_items: tuple[ShownItem, ...]
    task: TaskContent | None
    task_text: str
    completed: bool
    completed_at: datetime | None
    place: int
    last_try: CheckResult | None
    outline: tuple[OutlineModule, ...]
    previous_lesson_id: str | None
    next_lesson_id: str | None

    @property
    def completed_count(self) -> int:
        """How many lessons of the course are completed."""
        return sum(it.completed for module in self.outline for it in module.lessons)

    @property
    def lesson_count(self) -> int:
        """How many lessons the course has."""
        return sum(len(module.lessons) for module in self.outline)


@dataclass(frozen=True, slots=True)
class ShownPicture:
    """A picture of a lesson as it is served; `type` is one of the few raster types that were written by us."""

    name: str
    type: str
    sha256: str
    content: bytes
