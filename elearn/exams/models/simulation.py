"""A practice sitting: harmless items in the real room, stored like an exam and marked by nobody."""

from datetime import datetime, timedelta
from typing import Any, Self
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from elearn.exams.rules import Stored
from elearn.kernel.ids import new_secret
from elearn.kernel.model import Model


class Simulation(Model):
    """One person's latest practice (simulasi ujian); the next one takes its place."""

    __tablename__ = "simulations"

    employee_id: Mapped[UUID] = mapped_column(ForeignKey("employees.id"), primary_key=True)
    lease: Mapped[str]
    opened_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    answers: Mapped[dict[str, Any]]
    checked: Mapped[str | None]

    @classmethod
    def open(cls, employee_id: UUID, *, minutes: int, now: datetime) -> Self:
        """A practice that begins now."""
        made = cls(employee_id=employee_id, checked=None)
        made.begin(minutes=minutes, now=now)
        return made

    def begin(self, *, minutes: int, now: datetime) -> None:
        """Begin anew, with nothing answered."""
        self.lease = new_secret()[:22]
        self.opened_at, self.closes_at, self.ended_at = now, now + timedelta(minutes=minutes), None
        self.answers = {}

    def take_over(self) -> None:
        """Hand the practice to another device."""
        self.lease = new_secret()[:22]

    def stored(self, slot: int) -> Stored:
        """What one place holds."""
        kept = self.answers.get(str(slot), {"seq": 0, "value": [], "saved_at": None, "in_doubt": False})
        at = datetime.fromisoformat(kept["saved_at"]) if kept["saved_at"] else None
        return Stored(kept["seq"], tuple(kept["value"]), at, 0, (), None, kept.get("in_doubt", False))

    def keep(self, slot: int, seq: int, value: tuple[str, ...], *, in_doubt: bool, now: datetime) -> None:
        """Store one choice; the JSON document is set anew, since changes inside it are not seen."""
        kept = {"seq": seq, "value": list(value), "saved_at": now.isoformat(), "in_doubt": in_doubt}
        self.answers = {**self.answers, str(slot): kept}

    def end(self, *, now: datetime) -> None:
        """Let the practice be over."""
        self.ended_at = self.ended_at or now
