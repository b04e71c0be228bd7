"""Attempts, the places of their papers and the append-only answers."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from elearn.exams.facts import ExamOutcome, ExamRef
from elearn.exams.rules import Result, minutes_granted
from elearn.exams.specs import CompetencyOutcome, ExamSpec, PaperSlot
from elearn.kernel.errors import Conflict
from elearn.kernel.ids import new_id, new_secret
from elearn.kernel.model import BigId, Model


class ClosedBy(StrEnum):
    """What ended an attempt: the person or the clock; nothing else may."""

    PERSON = "person"
    CLOCK = "clock"


class Attempt(Model):
    """One sitting of one exam by one employee (percobaan)."""

    __tablename__ = "attempts"
    __table_args__ = (
        UniqueConstraint("exam_id", "employee_id", "number"),
        Index(
            "uq_attempts_one_open",
            "exam_id",
            "employee_id",
            unique=True,
            sqlite_where=text("submitted_at IS NULL"),
            postgresql_where=text("submitted_at IS NULL"),
        ),
        Index("ix_attempts_submitted_at_closes_at", "submitted_at", "closes_at"),
        CheckConstraint("closes_at > opened_at AND late_until >= closes_at", name="times"),
        CheckConstraint("score_bp IS NULL OR score_bp BETWEEN 0 AND 10000", name="score"),
        CheckConstraint("(submitted_at IS NULL) = (result IS NULL)", name="marked_when_submitted"),
        CheckConstraint("closed_by IS NULL OR closed_by IN ('person', 'clock')", name="closed_by"),
        CheckConstraint("time_percent BETWEEN 100 AND 400", name="time_percent"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    exam_id: Mapped[UUID] = mapped_column(ForeignKey("exams.id"))
    exam_version_id: Mapped[UUID] = mapped_column(ForeignKey("exam_versions.id"))
    course_id: Mapped[UUID] = mapped_column(ForeignKey("courses.id"))
    employee_id: Mapped[UUID] = mapped_column(ForeignKey("employees.id"), index=True)
    number: Mapped[int]
    seed: Mapped[str]
    title: Mapped[str]
    supervision: Mapped[str]
    opened_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    late_until: Mapped[datetime]
    lease: Mapped[str]
    submitted_at: Mapped[datetime | None]
    closed_by: Mapped[ClosedBy | None] = mapped_column(Text)
    score_bp: Mapped[int | None]
    pass_bp: Mapped[int]
    passed: Mapped[bool | None]
    result: Mapped[dict[str, Any] | None]
    time_percent: Mapped[int]
    receipt: Mapped[str | None]

    slots: Mapped[list["AttemptSlot"]] = relationship(order_by="AttemptSlot.slot", lazy="raise")

    @classmethod
    def open(
        cls,
        exam: ExamRef,
        version_id: UUID,
        spec: ExamSpec,
        employee_id: UUID,
        number: int,
        *,
        late_grace: timedelta,
        time_percent: int,
        now: datetime,
    ) -> Self:
        """Start the clock of one person's sitting on the exam's current version; 150 is half as long again."""
        closes_at = now + timedelta(minutes=minutes_granted(spec.minutes, time_percent))
        return cls(
            id=new_id(),
            exam_id=exam.id,
            exam_version_id=version_id,
            course_id=exam.course_id,
            employee_id=employee_id,
            number=number,
            seed=new_secret(),
            title=spec.title,
            supervision=spec.supervision,
            opened_at=now,
            closes_at=closes_at,
            late_until=closes_at + late_grace,
            lease=new_secret()[:22],
            pass_bp=spec.pass_bp,
            time_percent=time_percent,
        )

    def take_over(self) -> str:
        """Hand the sitting to another device; the lease held before is superseded."""
        if self.submitted_at is not None:
            raise Conflict("attempt_closed")
        self.lease = new_secret()[:22]
        return self.lease

    def seal_with(self, receipt: str) -> None:
        """Keep the receipt over all that was stored when it closed."""
        self.receipt = receipt

    def close(self, result: Result, *, by: ClosedBy, now: datetime) -> None:
        """Close and mark; the moment is never later than the deadline."""
        if self.submitted_at is not None:
            raise Conflict("attempt_closed")
        self.submitted_at = min(now, self.closes_at)
        self.closed_by = by
        self.score_bp = result.score_bp
        self.passed = result.passed
        self.result = {
            "points": list(result.points),
            "competencies": [
                {
                    "competency": it.competency,
                    "level": it.level,
                    "score_bp": it.score_bp,
                    "pass_bp": it.pass_bp,
                    "item_count": it.item_count,
                    "passed": it.passed,
                }
                for it in result.competencies
            ],
        }

    def outcome(self, *, again: bool = False) -> ExamOutcome:
        """State how it ended; raises Conflict while it is open."""
        if self.submitted_at is None or self.result is None or self.score_bp is None:
            raise Conflict("attempt_open")
        return ExamOutcome(
            attempt_id=self.id,
            exam_id=self.exam_id,
            exam_version_id=self.exam_version_id,
            course_id=self.course_id,
            employee_id=self.employee_id,
            title=self.title,
            started_at=self.opened_at,
            submitted_at=self.submitted_at,
            score_bp=self.score_bp,
            pass_bp=self.pass_bp,
            passed=bool(self.passed),
            supervision=self.supervision,
            competencies=tuple(CompetencyOutcome(**it) for it in self.result["competencies"]),
            number=self.number,
            again=again,
        )


class AttemptSlot(Model):
    """One place of a drawn paper with the answer that counts and, apart from it, the latest late one."""

    __tablename__ = "attempt_slots"
    __table_args__ = (CheckConstraint("seq >= 0 AND late_seq >= 0", name="seq"),)

    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("attempts.id"), primary_key=True)
    slot: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    item_id: Mapped[str]
    item_type: Mapped[str]
    option_ids: Mapped[list[Any]]
    seq: Mapped[int]
    value: Mapped[list[Any]]
    saved_at: Mapped[datetime | None]
    late_seq: Mapped[int]
    late_value: Mapped[list[Any]]
    late_at: Mapped[datetime | None]
    in_doubt: Mapped[bool]

    @classmethod
    def row(cls, attempt_id: UUID, drawn: PaperSlot, item_type: str) -> dict[str, Any]:
        """A drawn place as plain values for one executemany."""
        return {
            "attempt_id": attempt_id,
            "slot": drawn.slot,
            "item_id": drawn.item_id,
            "item_type": item_type,
            "option_ids": list(drawn.option_ids),
            "seq": 0,
            "value": [],
            "saved_at": None,
            "late_seq": 0,
            "late_value": [],
            "late_at": None,
            "in_doubt": False,
        }


class Answer(Model):
    """One save, append-only: the history from which every mark can be computed again."""

    __tablename__ = "answers"
    __table_args__ = (UniqueConstraint("attempt_id", "slot", "seq"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("attempts.id"))
    slot: Mapped[int]
    seq: Mapped[int]
    value: Mapped[list[Any]]
    received_at: Mapped[datetime]
    client_at: Mapped[str | None]
    late: Mapped[bool]
    in_doubt: Mapped[bool]
