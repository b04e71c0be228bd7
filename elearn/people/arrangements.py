"""Every SELECT of accommodations; granting and ending are a service's."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select

from elearn.kernel.db import db
from elearn.kernel.settings import rule_value
from elearn.people.facts.staff import AccommodationTerms
from elearn.people.models.accommodations import Accommodation

PERCENTS = "exam.accommodation_percents"


def percents(on: date) -> tuple[int, ...]:
    """How much of the usual time may be granted on a day, in percent; raises UnknownRule."""
    return tuple(int(it) for it in rule_value(PERCENTS, on))


def accommodation_on(employee_id: UUID, on: date) -> AccommodationTerms | None:
    """What a person was granted for exams that start on a day."""
    found = present(employee_id)
    holds = found is not None and found.from_on <= on and (found.until_on is None or on <= found.until_on)
    return found.terms() if found is not None and holds else None


def present(employee_id: UUID, *, lock: bool = False) -> Accommodation | None:
    """The grant of a person that nobody has ended, whether its days have passed or not."""
    query = select(Accommodation).where(Accommodation.employee_id == employee_id, Accommodation.ended_at.is_(None))
    return db.session.scalar(query.with_for_update() if lock else query)


def accommodations_of(employee_id: UUID) -> Sequence[Accommodation]:
    """Everything ever granted to a person, the newest first."""
    query = select(Accommodation).where(Accommodation.employee_id == employee_id)
    return db.session.scalars(query.order_by(Accommodation.granted_at.desc(), Accommodation.id.desc())).all()
