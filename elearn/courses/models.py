"""Tables of courses, versions, enrolments and proofs of progress; versions, tries and hand-ins are never edited."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Insert, Text, UniqueConstraint, func, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from elearn.courses import rules
from elearn.courses.facts.content import CourseContent
from elearn.courses.facts.enrollments import EnrollmentStatus, Via
from elearn.kernel.errors import Conflict, Invalid
from elearn.kernel.ids import new_id
from elearn.kernel.model import Model
from elearn.kernel.score import FULL


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
    current_number: Mapped[int]

    @classmethod
    def begin(cls, content: CourseContent) -> Self:
        """A course that has no version yet."""
        return cls(
            id=new_id(),
            slug=content.slug,
            code=content.code,
            title=content.title,
            summary=content.summary,
            form=content.form,
            lesson_hours=content.lesson_hours,
            current_number=0,
        )

    def publish(
        self, content: CourseContent, document: str, sha256: str, *, by: UUID | None, now: datetime
    ) -> "CourseVersion":
        """Make this content the next version, and the current one."""
        self.current_number += 1
        self.code = content.code
        self.title = content.title
        self.summary = content.summary
        self.form = content.form
        self.lesson_hours = content.lesson_hours
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


class Enrollment(Model):
    """One employee's way through one version of a course (pendaftaran)."""

    __tablename__ = "enrollments"
    __table_args__ = (
        Index(
            "uq_enrollments_active",
            "employee_id",
            "course_id",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
        Index("ix_enrollments_employee_id_course_id", "employee_id", "course_id"),
        Index("ix_enrollments_course_id", "course_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    employee_id: Mapped[UUID] = mapped_column(ForeignKey("employees.id"))
    course_id: Mapped[UUID] = mapped_column(ForeignKey("courses.id"))
    version_id: Mapped[UUID] = mapped_column(ForeignKey("course_versions.id"))
    enrolled_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]

    @classmethod
    def open(cls, employee_id: UUID, version: CourseVersion, *, now: datetime) -> Self:
        """Enrol an employee in a version."""
        return cls(
            id=new_id(),
            employee_id=employee_id,
            course_id=version.course_id,
            version_id=version.id,
            enrolled_at=now,
            withdrawn_at=None,
            completed_at=None,
        )

    @property
    def is_withdrawn(self) -> bool:
        """Whether the learner stepped back from it."""
        return self.withdrawn_at is not None

    @property
    def status(self) -> EnrollmentStatus:
        """Where it stands."""
        if self.is_withdrawn:
            return EnrollmentStatus.WITHDRAWN
        return EnrollmentStatus.COMPLETED if self.completed_at else EnrollmentStatus.ACTIVE

    def require_active(self) -> None:
        """Raise Conflict enrollment_withdrawn unless learning may go on."""
        if self.is_withdrawn:
            raise Conflict("enrollment_withdrawn")

    def withdraw(self, *, now: datetime) -> None:
        """Step back; what was learned stays. A completed one cannot be withdrawn (Conflict)."""
        self.require_active()
        if self.completed_at is not None:
            raise Conflict("enrollment_completed")
        self.withdrawn_at = now

    def reinstate(self) -> None:
        """Take a withdrawal back; all progress is as it was."""
        self.withdrawn_at = None

    def complete(self, *, now: datetime) -> None:
        """Every lesson is completed; the first time counts."""
        self.completed_at = self.completed_at or now


class LessonRead(Model):
    """When a lesson was opened first and read to its end, and the block at which to resume it."""

    __tablename__ = "lesson_reads"
    __table_args__ = (CheckConstraint("place >= 0", name="place"),)

    enrollment_id: Mapped[UUID] = mapped_column(ForeignKey("enrollments.id"), primary_key=True)
    lesson_id: Mapped[str] = mapped_column(primary_key=True)
    first_opened_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    via: Mapped[Via] = mapped_column(Text)
    place: Mapped[int]

    @classmethod
    def open(cls, enrollment_id: UUID, lesson_id: str, via: Via, *, at: datetime) -> Self:
        """A lesson opened for the first time."""
        return cls(
            enrollment_id=enrollment_id,
            lesson_id=lesson_id,
            first_opened_at=at,
            read_at=None,
            via=via,
            place=0,
        )

    @classmethod
    def fetch(cls, enrollment_id: UUID, lesson_id: str, dialect: str, *, at: datetime) -> Insert:
        """The statement that a client fetched a lesson, which is to have read it; the first time counts."""
        row = {"enrollment_id": enrollment_id, "lesson_id": lesson_id, "first_opened_at": at, "read_at": at}
        insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
        statement = insert(cls).values(**row, via=Via.API, place=0)
        return statement.on_conflict_do_update(
            index_elements=["enrollment_id", "lesson_id"],
            set_={"read_at": func.coalesce(cls.read_at, statement.excluded.read_at)},
        )

    def opened_already(self, at: datetime) -> None:
        """Move the first opening back where an earlier one is proved."""
        self.first_opened_at = min(self.first_opened_at, at)

    def finish(self, *, now: datetime) -> None:
        """Read to its end; the first time counts."""
        self.read_at = self.read_at or now

    def keep_place(self, place: int) -> None:
        """Remember the block to resume at; raises Invalid for what is no block."""
        if not 0 <= place <= rules.MAX_PLACE:
            raise Invalid("place_out_of_range", field="place")
        self.place = place


class CheckTry(Model):
    """One try of a lesson's check, passed or not; `answers` are the chosen option ids by item id."""

    __tablename__ = "check_tries"
    __table_args__ = (
        UniqueConstraint("enrollment_id", "lesson_id", "number"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint(f"score_bp BETWEEN 0 AND {FULL}", name="score_bp"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    enrollment_id: Mapped[UUID] = mapped_column(ForeignKey("enrollments.id"))
    lesson_id: Mapped[str]
    number: Mapped[int]
    answers: Mapped[dict[str, Any]]
    score_bp: Mapped[int]
    passed: Mapped[bool]
    tried_at: Mapped[datetime]

    @classmethod
    def of(
        cls,
        enrollment_id: UUID,
        lesson_id: str,
        number: int,
        answers: dict[str, list[str]],
        *,
        score_bp: int,
        pass_bp: int,
        now: datetime,
    ) -> Self:
        """State a try as it was marked."""
        return cls(
            id=new_id(),
            enrollment_id=enrollment_id,
            lesson_id=lesson_id,
            number=number,
            answers=answers,
            score_bp=score_bp,
            passed=score_bp >= pass_bp,
            tried_at=now,
        )


class TaskSubmission(Model):
    """A text handed in for a lesson's task; a later one stands beside the earlier ones."""

    __tablename__ = "task_submissions"
    __table_args__ = (
        UniqueConstraint("enrollment_id", "lesson_id", "number"),
        CheckConstraint("number >= 1", name="number"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    enrollment_id: Mapped[UUID] = mapped_column(ForeignKey("enrollments.id"))
    lesson_id: Mapped[str]
    number: Mapped[int]
    text: Mapped[str]
    words: Mapped[int]
    submitted_at: Mapped[datetime]

    @classmethod
    def of(cls, enrollment_id: UUID, lesson_id: str, number: int, text: str, words: int, *, now: datetime) -> Self:
        """State a text as it was handed in."""
        return cls(
            id=new_id(),
            enrollment_id=enrollment_id,
            lesson_id=lesson_id,
            number=number,
            text=text,
            words=words,
            submitted_at=now,
        )


class LessonCompletion(Model):
    """A completed lesson; it never becomes incomplete."""

    __tablename__ = "lesson_completions"

    enrollment_id: Mapped[UUID] = mapped_column(ForeignKey("enrollments.id"), primary_key=True)
    lesson_id: Mapped[str] = mapped_column(primary_key=True)
    completed_at: Mapped[datetime]
    via: Mapped[Via] = mapped_column(Text)

    def carried_to(self, enrollment_id: UUID) -> "LessonCompletion":
        """The same completion for another enrolment, whose version has the same lesson."""
        return LessonCompletion.of(enrollment_id, self.lesson_id, self.via, now=self.completed_at)

    @classmethod
    def of(cls, enrollment_id: UUID, lesson_id: str, via: Via, *, now: datetime) -> Self:
        """State that a lesson is completed."""
        return cls(enrollment_id=enrollment_id, lesson_id=lesson_id, completed_at=now, via=via)
