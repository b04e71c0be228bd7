"""What the installation notes about itself, one row a name: when the clock last swept, what was prepared."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from elearn.kernel.db import db
from elearn.kernel.model import Model


class Mark(Model):
    """One note and when it was made; the newer replaces the older."""

    __tablename__ = "marks"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]
    at: Mapped[datetime]


def mark(name: str, value: str = "", *, now: datetime) -> None:
    """Note something in this transaction."""
    db.session.merge(Mark(name=name, value=value, at=now))


def marked(name: str) -> Mark | None:
    """What was noted last under a name."""
    return db.session.get(Mark, name)
