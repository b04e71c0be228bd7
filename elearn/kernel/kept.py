"""Reference rows kept in the process: read once, and again after anybody, in any process, changed one of them."""

from collections.abc import Callable, Iterable
from typing import Any, Generic, TypeVar
from uuid import UUID, uuid4

from sqlalchemy import ScalarSelect, event, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from elearn.kernel.db import db
from elearn.kernel.model import Model

T = TypeVar("T")

THE_ROW = 1
KEY = "reference_stamp"
MOMENTS = 4
"""How many states of the reference rows a process remembers; more than one only where it serves several databases."""


class ReferenceStamp(Model):
    """The one row that says in which state the reference rows are; every change of them gives it another value."""

    __tablename__ = "reference_stamps"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    stamp: Mapped[UUID]


def stamp_of_now() -> ScalarSelect[UUID]:
    """The present state as a subquery, so that the statement that finds who asks reads it along."""
    return select(ReferenceStamp.stamp).where(ReferenceStamp.id == THE_ROW).scalar_subquery()


def note(stamp: UUID) -> None:
    """Say which state this transaction has read already."""
    db.session().info.setdefault(KEY, stamp)


class Kept(Generic[T]):
    """What a function reads from reference rows, kept for as long as they are in the same state.

    The value must be plain and must not be changed: every request of the process shares it.
    """

    def __init__(self, read: Callable[[], T]) -> None:
        self._read = read
        self._held: dict[UUID, T] = {}
        self.__doc__ = read.__doc__

    def __call__(self) -> T:
        """The value in the state that this transaction sees."""
        session = db.session()
        if any(_is_kept(type(it)) for it in (*session.new, *session.dirty)):
            session.flush()
        stamp = session.info.get(KEY) or session.scalar(select(ReferenceStamp.stamp).where(ReferenceStamp.id == THE_ROW))
        if stamp is None:
            return self._read()
        session.info[KEY] = stamp
        held = self._held  # threads share it: it is replaced, never changed, and looked at once
        if stamp in held:
            return held[stamp]
        value = self._read()
        self._held = dict(list(held.items())[1 - MOMENTS :]) | {stamp: value}
        return value


def _is_kept(model: Any) -> bool:
    return bool(getattr(model, "is_kept_in_process", False))


def changed() -> None:
    """Say that a statement, not the session, changed reference rows: the session tells by itself what it flushes."""
    _change(db.session())


def _change(session: Session) -> None:
    """Give the state another value in this transaction; whoever changes rows at the same time waits for its end."""
    stamp = uuid4()
    session.connection().execute(update(ReferenceStamp).where(ReferenceStamp.id == THE_ROW).values(stamp=stamp))
    session.info[KEY] = stamp


@event.listens_for(Session, "before_flush")
def _on_flush(session: Session, _context: Any, _instances: Any) -> None:
    changed: Iterable[object] = (*session.new, *session.deleted, *(it for it in session.dirty if session.is_modified(it)))
    if any(_is_kept(type(it)) for it in changed):
        _change(session)


@event.listens_for(Session, "after_transaction_end")
def _on_end(session: Session, _transaction: Any) -> None:
    """What was read belongs to a transaction that is over, be it by commit, by rollback or because it was closed."""
    session.info.pop(KEY, None)
