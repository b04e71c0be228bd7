"""A published version as others name it, and what publishing did."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from elearn.courses.facts.content import TaughtCompetency


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
