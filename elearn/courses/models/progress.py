"""What a learner has shown: reading, tries of a check, tasks, completed lessons; only ever added to."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Insert, Text, UniqueConstraint, func
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from elearn.courses import rules
from elearn.courses.facts.enrollments import Via
from elearn.kernel.errors import Invalid
from elearn.kernel.ids import new_id
from elearn.kernel.model import Model
from elearn.kernel.score import FULL


class LessonRead(Model):
    """When a lesson was opened first, read to its end and last seen, and the block at which to resume it."""

    __tablename__ = "lesson_reads"
    __table_args__ = (CheckConstraint("place >= 0", name="place"),)

    enrollment_id: Mapped[UUID] = mapped_column(ForeignKey("enrollments.id"), primary_key=True)
    lesson_id: Mapped[str] = mapped_column(primary_key=True)
    first_opened_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    via: Mapped[Via] = mapped_column(Text)
    place: Mapped[int]
    seen_at: Mapped[datetime | None]

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
            seen_at=None,
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

    def see(self, *, now: datetime) -> None:
        """On some screen it is open now: here learning goes on, on whichever device."""
        self.seen_at = now

    def keep_place(self, place: int, *, now: datetime) -> None:
        """Remember the block to resume at; raises Invalid for what is no block."""
        if not 0 <= place <= rules.MAX_PLACE:
            raise Invalid("place_out_of_range", field="place")
        self.place = place
        self.see(now=now)


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
