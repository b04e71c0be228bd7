"""What a safe request leaves behind: reads of others' records, and rows that say that something was fetched.

They are noted during the request and written, in a transaction of their own, before its answer leaves.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import g, has_request_context
from sqlalchemy import Executable, insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column

from elearn.kernel.actor import Actor
from elearn.kernel.db import db
from elearn.kernel.model import BigId, Model


class ReadEntry(Model):
    """Who looked at whose record, and what part of it."""

    __tablename__ = "read_entries"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime]
    reader_id: Mapped[UUID] = mapped_column(index=True)
    subject_id: Mapped[UUID] = mapped_column(index=True)
    what: Mapped[str]


@dataclass(frozen=True, slots=True)
class Reading:
    """One noted read."""

    at: datetime
    reader_id: UUID
    subject_id: UUID
    what: str


class NotLogged(RuntimeError):
    """A read could not be noted, so it must not be answered."""


def note_reading(subject_id: UUID, what: str, *, by: Actor, now: datetime) -> None:
    """Note that the actor reads another person's record; reading one's own is not noted."""
    if by.employee_id is None or by.employee_id == subject_id or not has_request_context():
        return
    g.setdefault("readings", []).append(Reading(now, by.employee_id, subject_id, what))


def note_fetch(statement: Executable) -> None:
    """Note that the actor fetched something of their own: one Core statement that may run twice without harm.

    Outside a request there is no answer to wait for, so it runs at once.
    """
    if has_request_context():
        g.setdefault("fetches", []).append(statement)
    else:
        db.session.execute(statement)


def write_noted_readings() -> None:
    """Write what was noted, in a short transaction of its own; raises NotLogged, and then the read fails too."""
    readings: list[Reading] = g.pop("readings", [])
    fetches: list[Executable] = g.pop("fetches", [])
    if not readings and not fetches:
        return
    try:
        with db.engine.connect() as connection:
            connection = connection.execution_options(elearn_write=True)
            with connection.begin():
                if readings:
                    connection.execute(insert(ReadEntry), [_row(it) for it in readings])
                for statement in fetches:
                    connection.execute(statement)
    except SQLAlchemyError as error:
        raise NotLogged("the log of reads cannot be written") from error


def _row(it: Reading) -> dict[str, object]:
    return {"at": it.at, "reader_id": it.reader_id, "subject_id": it.subject_id, "what": it.what}
