"""Tables of the dictionary, its requirements and the forms of development: dated rows from files."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from elearn.competency import rules
from elearn.competency.models.columns import one_of, span
from elearn.competency.rules import CompetencyKind
from elearn.kernel.model import Model


class Dated:
    """Columns of reference rows: the days in force, the legal basis and how sure we are of it."""

    is_kept_in_process = True

    effective_from: Mapped[date]
    effective_to: Mapped[date | None]
    legal_basis: Mapped[str]
    confidence: Mapped[str]


class Competency(Dated, Model):
    """One competency of the dictionary (kompetensi); its code never changes its meaning."""

    __tablename__ = "competencies"
    __table_args__ = (one_of("kind", CompetencyKind), span())

    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[CompetencyKind] = mapped_column(Text)
    name: Mapped[str]
    definition: Mapped[str]
    ordinal: Mapped[int]


class CompetencyLevel(Dated, Model):
    """What one level of a competency means, over a span of days."""

    __tablename__ = "competency_levels"
    __table_args__ = (
        UniqueConstraint("competency_id", "level", "effective_from"),
        CheckConstraint("level BETWEEN 1 AND 5", name="level"),
        span(),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    competency_id: Mapped[UUID] = mapped_column(ForeignKey("competencies.id"))
    level: Mapped[int]
    description: Mapped[str]
    indicators: Mapped[list[Any]]


class LevelName(Dated, Model):
    """What the five levels are called."""

    __tablename__ = "competency_level_names"
    __table_args__ = (
        UniqueConstraint("level", "effective_from"),
        CheckConstraint("level BETWEEN 1 AND 5", name="level"),
        span(),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    level: Mapped[int]
    name: Mapped[str]


class CompetencyRequirement(Dated, Model):
    """The level a position, or a whole level of positions, requires; 0 lifts the requirement."""

    __tablename__ = "competency_requirements"
    __table_args__ = (
        UniqueConstraint("position_level", "competency_id", "effective_from"),
        UniqueConstraint("position_id", "competency_id", "effective_from"),
        CheckConstraint("(position_level IS NULL) <> (position_id IS NULL)", name="one_holder"),
        CheckConstraint("required_level BETWEEN 0 AND 5", name="required_level"),
        span(),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    position_level: Mapped[str | None]
    position_id: Mapped[UUID | None] = mapped_column(ForeignKey("positions.id"))
    competency_id: Mapped[UUID] = mapped_column(ForeignKey("competencies.id"), index=True)
    required_level: Mapped[int]

    def as_fact(self) -> rules.RequirementFact:
        """The row as the rules read it."""
        return rules.RequirementFact(
            competency_id=self.competency_id,
            required_level=self.required_level,
            is_for_position=self.position_id is not None,
            effective_from=self.effective_from,
            effective_to=self.effective_to,
        )


class DevelopmentForm(Dated, Model):
    """A form of competency development (bentuk pengembangan kompetensi) and its code in SIASN."""

    __tablename__ = "development_forms"
    __table_args__ = (span(),)

    key: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    siasn_id: Mapped[int | None]
    ordinal: Mapped[int]
