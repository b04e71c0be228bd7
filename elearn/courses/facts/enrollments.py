"""An enrolment and how far its learner is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from elearn.courses.facts.versions import CourseFacts


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
class LessonProgress:
    """A lesson and how far one learner is with it; `place` is the block to resume at.

    `changed`: it was completed in an earlier version of the course, and is not the same any more.
    """

    id: str
    title: str
    module_id: str
    minutes: int
    has_check: bool
    has_task: bool
    completed: bool
    completed_at: datetime | None
    place: int
    changed: bool


@dataclass(frozen=True, slots=True)
class CourseProgress:
    """How many of a course's lessons are completed."""

    completed: int
    total: int


@dataclass(frozen=True, slots=True)
class ExamCondition:
    """What must hold before the exam; `code` is the reason given while it is not met."""

    code: str
    met: bool
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ResumePoint:
    """Where learning goes on: the lesson last seen if it is not completed, else the next one; `place` is its block."""

    lesson_id: str
    title: str
    module_title: str
    minutes: int
    place: int

    @property
    def anchor(self) -> str | None:
        """The block in the address of the lesson's page; None at its top."""
        return f"b-{self.place}" if self.place > 1 else None


@dataclass(frozen=True, slots=True)
class EnrollmentView:
    """One enrolment as its learner sees it. `course` is the slug; `next_lesson_id` is the first that is not completed.

    `resume` is None once everything is completed; `seen_at` is when a lesson of it was open last.
    """

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
    resume: ResumePoint | None
    seen_at: datetime | None
