"""Tables of the second factor: the concealed seed of a person's app, and spare codes for when the phone is away."""

from datetime import datetime
from typing import Self
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from elearn.kernel.ids import new_id
from elearn.kernel.model import Model


class SecondFactor(Model):
    """A factor that is on: the row is there, or the factor is off. Each step of time opens once.

    The seed must be read again, so it is concealed and not hashed; the key lies apart from the database.
    """

    __tablename__ = "second_factors"
    __table_args__ = (CheckConstraint("last_step >= 0", name="last_step"),)

    employee_id: Mapped[UUID] = mapped_column(ForeignKey("employees.id"), primary_key=True)
    concealed_seed: Mapped[str]
    turned_on_at: Mapped[datetime]
    last_step: Mapped[int]

    @classmethod
    def turn_on(cls, employee_id: UUID, concealed_seed: str, *, step: int, now: datetime) -> Self:
        """A factor whose code of this step was given."""
        return cls(employee_id=employee_id, concealed_seed=concealed_seed, turned_on_at=now, last_step=step)

    def spend(self, step: int) -> None:
        """Let this step and all before it open nothing any more."""
        self.last_step = step


class SpareCode(Model):
    """A code that stands in for the app once; kept as a keyed seal, for the same reason as a one-time code."""

    __tablename__ = "spare_codes"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    employee_id: Mapped[UUID] = mapped_column(ForeignKey("employees.id"), index=True)
    code_hash: Mapped[str]
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    @classmethod
    def of(cls, employee_id: UUID, code_hash: str, *, now: datetime) -> Self:
        """A code nobody used yet."""
        return cls(id=new_id(), employee_id=employee_id, code_hash=code_hash, created_at=now, used_at=None)

    def use(self, *, now: datetime) -> None:
        """It did its work."""
        self.used_at = now
