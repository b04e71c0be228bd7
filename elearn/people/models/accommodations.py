"""What was granted to a person for exams: more time, other arrangements; never why in medical terms."""

from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from elearn.kernel.actor import Actor
from elearn.kernel.errors import Invalid
from elearn.kernel.ids import new_id
from elearn.kernel.model import Model
from elearn.people.facts.staff import AccommodationTerms
from elearn.people.rules import ARRANGEMENTS

IS_PRESENT = text("ended_at IS NULL")


class Accommodation(Model):
    """One grant (akomodasi yang layak), for every exam that a person starts while it holds; another one ends it."""

    __tablename__ = "accommodations"
    __table_args__ = (
        CheckConstraint("time_percent BETWEEN 100 AND 400", name="time_percent"),
        CheckConstraint("until_on IS NULL OR until_on >= from_on", name="span"),
        Index(
            "uq_accommodations_employee_id", "employee_id", unique=True, sqlite_where=IS_PRESENT, postgresql_where=IS_PRESENT
        ),
        Index("ix_accommodations_employee_id_granted_at", "employee_id", "granted_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    employee_id: Mapped[UUID] = mapped_column(ForeignKey("employees.id"))
    time_percent: Mapped[int]
    arrangements: Mapped[list[Any]]
    basis: Mapped[str]
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    granted_by: Mapped[UUID | None] = mapped_column(ForeignKey("employees.id"))
    granted_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    @classmethod
    def grant(cls, employee_id: UUID, terms: AccommodationTerms, *, on: date, by: Actor, now: datetime) -> Self:
        """In force from today; raises Invalid: basis_needed, until_in_past, nothing_granted, arrangement_unknown."""
        if not terms.basis.strip():
            raise Invalid("basis_needed", field="basis")
        if terms.until_on is not None and terms.until_on < on:
            raise Invalid("until_in_past", field="until_on")
        if not set(terms.arrangements) <= set(ARRANGEMENTS):
            raise Invalid("arrangement_unknown", field="arrangements")
        if terms.time_percent == 100 and not terms.arrangements:
            raise Invalid("nothing_granted", field="time_percent")
        return cls(
            id=new_id(),
            employee_id=employee_id,
            time_percent=terms.time_percent,
            arrangements=list(terms.arrangements),
            basis=terms.basis.strip()[:300],
            from_on=on,
            until_on=terms.until_on,
            granted_by=by.employee_id,
            granted_at=now,
            ended_at=None,
        )

    def end(self, *, now: datetime) -> None:
        """Let it hold no more; an earlier end stays."""
        self.ended_at = self.ended_at or now

    def terms(self) -> AccommodationTerms:
        """What was granted, as a value."""
        return AccommodationTerms(self.time_percent, tuple(self.arrangements), self.basis, self.until_on)
