"""What positions require, as HR sees and overrides it: each competency's level, where it comes from, since when."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select

from elearn.competency import rules
from elearn.competency.models.reference import Competency, CompetencyRequirement
from elearn.kernel.db import db


@dataclass(frozen=True, slots=True)
class Override:
    """A level that a position itself requires from a day on; 0 lifts the requirement."""

    level: int
    effective_from: date
    legal_basis: str


@dataclass(frozen=True, slots=True)
class Demand:
    """What a position requires of one competency on a day, and what it says itself, past and to come."""

    code: str
    name: str
    by_level: int
    required: int
    overrides: tuple[Override, ...]


def demands_of(position_id: UUID, level_code: str, *, on: date) -> tuple[Demand, ...]:
    """Every competency in force in the dictionary's order, with what this position requires of it on a day."""
    query = select(CompetencyRequirement).where(
        or_(CompetencyRequirement.position_id == position_id, CompetencyRequirement.position_level == level_code)
    )
    rows = db.session.scalars(query.order_by(CompetencyRequirement.effective_from)).all()
    required = rules.required_levels((it.as_fact() for it in rows), on)
    by_level = rules.required_levels((it.as_fact() for it in rows if it.position_id is None), on)
    own: defaultdict[UUID, list[Override]] = defaultdict(list)
    for it in rows:
        if it.position_id is not None:
            own[it.competency_id].append(Override(it.required_level, it.effective_from, it.legal_basis))
    return tuple(
        Demand(it.code, it.name, by_level.get(it.id, 0), required.get(it.id, 0), tuple(own[it.id]))
        for it in _competencies(on)
    )


def _competencies(on: date) -> list[Competency]:
    query = (
        select(Competency)
        .where(
            Competency.effective_from <= on,
            or_(Competency.effective_to.is_(None), Competency.effective_to >= on),
        )
        .order_by(Competency.ordinal, Competency.code)
    )
    return list(db.session.scalars(query))


def has_override_on(position_id: UUID, competency_id: UUID, day: date) -> bool:
    """Whether the position has a row of its own that begins on that very day."""
    query = select(CompetencyRequirement.id).where(
        CompetencyRequirement.position_id == position_id,
        CompetencyRequirement.competency_id == competency_id,
        CompetencyRequirement.effective_from == day,
    )
    return db.session.scalar(query) is not None
