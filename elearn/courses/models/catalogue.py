"""Courses, their immutable versions and the competencies they teach."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from elearn.courses.facts.content import CourseContent
from elearn.kernel.ids import new_id
from elearn.kernel.model import Model


class Course(Model):
    """A course (kursus) under its stable slug; what is shown of it comes from its current version."""

    __tablename__ = "courses"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    code: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    summary: Mapped[str]
    form: Mapped[str]
    lesson_hours: Mapped[int]
    minutes: Mapped[int] = mapped_column(server_default="0")
    longest_minutes: Mapped[int] = mapped_column(server_default="0")
    prerequisites: Mapped[list[Any]] = mapped_column(server_default="[]")
    current_number: Mapped[int]

    @classmethod
    def begin(cls, content: CourseContent) -> Self:
        """A course that has no version yet."""
        course = cls(id=new_id(), slug=content.slug, current_number=0)
        course.state(content)
        return course

    def state(self, content: CourseContent) -> None:
        """Say of itself what the catalogue shows and filters by; `longest_minutes` are those of its longest lesson."""
        self.code = content.code
        self.title = content.title
        self.summary = content.summary
        self.form = content.form
        self.lesson_hours = content.lesson_hours
        self.minutes = sum(it.minutes_count for it in content.lessons)
        self.longest_minutes = max(it.minutes_count for it in content.lessons)
        self.prerequisites = list(content.prerequisites)

    def publish(
        self, content: CourseContent, document: str, sha256: str, *, by: UUID | None, now: datetime
    ) -> "CourseVersion":
        """Make this content the next version, and the current one."""
        self.current_number += 1
        self.state(content)
        return CourseVersion(
            id=new_id(),
            course_id=self.id,
            number=self.current_number,
            document=document,
            sha256=sha256,
            lesson_hours=content.lesson_hours,
            published_at=now,
            published_by=by,
        )


class CourseVersion(Model):
    """One immutable version of a course: its whole material as canonical JSON text, with its SHA-256."""

    __tablename__ = "course_versions"
    __table_args__ = (
        UniqueConstraint("course_id", "number"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("lesson_hours >= 1", name="lesson_hours"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    course_id: Mapped[UUID] = mapped_column(ForeignKey("courses.id"))
    number: Mapped[int]
    document: Mapped[str] = mapped_column(deferred=True)
    sha256: Mapped[str]
    lesson_hours: Mapped[int]
    published_at: Mapped[datetime]
    published_by: Mapped[UUID | None] = mapped_column(ForeignKey("employees.id"))


class CourseCompetency(Model):
    """A competency that the current version of a course teaches, up to a level."""

    __tablename__ = "course_competencies"
    __table_args__ = (
        CheckConstraint("level BETWEEN 1 AND 5", name="level"),
        Index("ix_course_competencies_competency_level", "competency", "level"),
    )

    course_id: Mapped[UUID] = mapped_column(ForeignKey("courses.id"), primary_key=True)
    competency: Mapped[str] = mapped_column(primary_key=True)
    level: Mapped[int]
