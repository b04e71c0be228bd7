"""Tables of evidence, decisions and activities; rows of evidence and decisions are never edited."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from elearn.competency import rules
from elearn.competency.facts import EvidenceClaim, LessonHoursClaim
from elearn.competency.models.columns import one_of
from elearn.competency.rules import Decision, EvidenceKind, EvidenceState, Supervision
from elearn.kernel.actor import Actor
from elearn.kernel.errors import Invalid
from elearn.kernel.ids import new_id
from elearn.kernel.model import BigId, Model
from elearn.kernel.score import FULL


class EvidenceDecision(Model):
    """What HR said about a piece of evidence; the latest row counts."""

    __tablename__ = "evidence_decisions"
    __table_args__ = (one_of("decision", Decision),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    evidence_id: Mapped[UUID] = mapped_column(ForeignKey("evidence.id"), index=True)
    decision: Mapped[Decision] = mapped_column(Text)
    reason: Mapped[str]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("employees.id"))
    decided_at: Mapped[datetime]


class Evidence(Model):
    """What one source showed about one competency of one person (bukti kompetensi); never edited."""

    __tablename__ = "evidence"
    __table_args__ = (
        UniqueConstraint("source_type", "source_id", "competency_id"),
        Index("ix_evidence_employee_id_competency_id", "employee_id", "competency_id"),
        one_of("kind", EvidenceKind),
        one_of("supervision", Supervision),
        CheckConstraint("level BETWEEN 1 AND claimed_level AND claimed_level <= 5", name="level"),
        CheckConstraint(f"score_bp BETWEEN 0 AND {FULL}", name="score_bp"),
        CheckConstraint("valid_until IS NULL OR valid_until >= observed_on", name="validity"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    employee_id: Mapped[UUID] = mapped_column(ForeignKey("employees.id"))
    competency_id: Mapped[UUID] = mapped_column(ForeignKey("competencies.id"))
    level: Mapped[int]
    claimed_level: Mapped[int]
    kind: Mapped[EvidenceKind] = mapped_column(Text)
    source_type: Mapped[str]
    source_id: Mapped[UUID]
    score_bp: Mapped[int | None]
    supervision: Mapped[Supervision] = mapped_column(Text)
    observed_on: Mapped[date]
    valid_until: Mapped[date | None]
    by: Mapped[UUID | None] = mapped_column(ForeignKey("employees.id"))
    reason: Mapped[str]
    recorded_at: Mapped[datetime]

    decisions: Mapped[list[EvidenceDecision]] = relationship(order_by=EvidenceDecision.id)

    @classmethod
    def row_of(
        cls,
        claim: EvidenceClaim,
        competency_id: UUID,
        *,
        cap_level: int | None,
        valid_until: date | None,
        by: Actor,
        now: datetime,
    ) -> dict[str, Any]:
        """A claim as the row to insert, its level capped; raises Invalid where the claim makes no sense.

        A row and no instance, since the insert lets an earlier row of the same source stand.
        """
        _check(claim, valid_until)
        return {
            "id": new_id(),
            "employee_id": claim.employee_id,
            "competency_id": competency_id,
            "level": claim.level if cap_level is None else min(claim.level, cap_level),
            "claimed_level": claim.level,
            "kind": EvidenceKind(claim.kind),
            "source_type": claim.source_type,
            "source_id": claim.source_id,
            "score_bp": claim.score_bp,
            "supervision": Supervision(claim.supervision),
            "observed_on": claim.observed_on,
            "valid_until": valid_until,
            "by": by.employee_id,
            "reason": claim.reason.strip(),
            "recorded_at": now,
        }

    @property
    def state(self) -> EvidenceState:
        """Where it stands after its decisions."""
        state = rules.born_state(EvidenceKind(self.kind), Supervision(self.supervision))
        for decision in self.decisions:
            state = rules.state_after(state, Decision(decision.decision))
        return state

    def confirm(self, reason: str, *, by: Actor, now: datetime) -> bool:
        """Let it count as confirmed; False where it already does. Raises Conflict."""
        return self._decide(Decision.CONFIRM, EvidenceState.CONFIRMED, reason, by=by, now=now)

    def reject(self, reason: str, *, by: Actor, now: datetime) -> bool:
        """Let it not count; False where it already does not. Raises Conflict, and Invalid without a reason."""
        return self._decide(Decision.REJECT, EvidenceState.REJECTED, _needed(reason), by=by, now=now)

    def withdraw(self, reason: str, *, by: Actor, now: datetime) -> bool:
        """Take it back for good; False where it is. Raises Conflict, and Invalid without a reason."""
        return self._decide(Decision.WITHDRAW, EvidenceState.WITHDRAWN, _needed(reason), by=by, now=now)

    def _decide(self, decision: Decision, wanted: EvidenceState, reason: str, *, by: Actor, now: datetime) -> bool:
        if self.state is wanted:
            return False
        rules.state_after(self.state, decision)
        self.decisions.append(
            EvidenceDecision(decision=decision, reason=reason.strip(), decided_by=by.employee_id, decided_at=now)
        )
        return True

    def as_fact(self) -> rules.EvidenceFact:
        """The row as the rules read it."""
        last = self.decisions[-1] if self.decisions else None
        return rules.EvidenceFact(
            id=self.id,
            level=self.level,
            claimed_level=self.claimed_level,
            kind=EvidenceKind(self.kind),
            supervision=Supervision(self.supervision),
            state=self.state,
            score_bp=self.score_bp,
            observed_on=self.observed_on,
            valid_until=self.valid_until,
            source=self.reason,
            decided_at=last.decided_at if last else None,
            decided_reason=last.reason if last else "",
        )


def _check(claim: EvidenceClaim, valid_until: date | None) -> None:
    if claim.level not in rules.LEVELS:
        raise Invalid("level_unknown", field="level")
    if claim.score_bp is not None and not 0 <= claim.score_bp <= FULL:
        raise Invalid("score_unknown", field="score_bp")
    if valid_until is not None and valid_until < claim.observed_on:
        raise Invalid("validity_ends_early", field="valid_until")


def _needed(reason: str) -> str:
    if not reason.strip():
        raise Invalid("reason_required", field="reason")
    return reason


class DevelopmentActivity(Model):
    """A finished activity of competency development and its lesson hours (JP); never edited."""

    __tablename__ = "development_activities"
    __table_args__ = (
        UniqueConstraint("source_type", "source_id"),
        Index("ix_development_activities_employee_id_finished_on", "employee_id", "finished_on"),
        CheckConstraint("lesson_hours > 0", name="lesson_hours"),
        CheckConstraint("finished_on >= started_on", name="span"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    employee_id: Mapped[UUID] = mapped_column(ForeignKey("employees.id"))
    form_key: Mapped[str] = mapped_column(ForeignKey("development_forms.key"))
    title: Mapped[str]
    lesson_hours: Mapped[int]
    started_on: Mapped[date]
    finished_on: Mapped[date]
    source_type: Mapped[str]
    source_id: Mapped[UUID]
    provider: Mapped[str]
    by: Mapped[UUID | None] = mapped_column(ForeignKey("employees.id"))
    recorded_at: Mapped[datetime]

    @classmethod
    def row_of(cls, claim: LessonHoursClaim, *, by: Actor, now: datetime) -> dict[str, Any]:
        """A claim as the row to insert; raises Invalid where it makes no sense."""
        if claim.lesson_hours <= 0:
            raise Invalid("lesson_hours_missing", field="lesson_hours")
        if claim.finished_on < claim.started_on:
            raise Invalid("finished_before_start", field="finished_on")
        row = {name: getattr(claim, name) for name in LessonHoursClaim.__slots__}
        return row | {"id": new_id(), "by": by.employee_id, "recorded_at": now}
