"""Saving an answer in SQLAlchemy Core: one read, one insert, one update, guarded by the same rules as the models."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Update, bindparam, insert, select, update

from elearn.exams.models.attempts import Answer, Attempt, AttemptSlot, ClosedBy
from elearn.exams.rules import Stored
from elearn.exams.specs import ItemType
from elearn.kernel.db import db
from elearn.kernel.errors import Conflict
from elearn.kernel.text import storable

MAX_SLOT = 2**15 - 1

_attempts = Attempt.__table__
_slots = AttemptSlot.__table__

_READ = (
    select(
        _attempts.c.employee_id,
        _attempts.c.closes_at,
        _attempts.c.late_until,
        _attempts.c.submitted_at,
        _attempts.c.closed_by,
        _attempts.c.lease,
        _slots.c.item_type,
        _slots.c.option_ids,
        _slots.c.seq,
        _slots.c.value,
        _slots.c.saved_at,
        _slots.c.late_seq,
        _slots.c.late_value,
        _slots.c.late_at,
        _slots.c.in_doubt,
    )
    .select_from(_attempts.join(_slots, _slots.c.attempt_id == _attempts.c.id))
    .where(_attempts.c.id == bindparam("attempt"), _slots.c.slot == bindparam("place"))
    # Both rows: with the attempt's alone PostgreSQL goes on with the place as it was before the wait.
    .with_for_update(of=(_attempts, _slots))
)


def _moving(number: ColumnElement[int], *names: str) -> Update:
    """Move one place forward; whatever was read before, it never goes back to a lower number."""
    here = (_slots.c.attempt_id == bindparam("attempt")) & (_slots.c.slot == bindparam("place"))
    return update(_slots).where(here, number < bindparam("newer")).values({name: bindparam(name) for name in names})  # type: ignore[arg-type]


# Built once: what a statement costs to put together is as much as what it costs to send.
_APPEND = insert(Answer.__table__)  # type: ignore[arg-type]
_MOVE = _moving(_slots.c.seq, "seq", "value", "saved_at", "in_doubt")
_MOVE_LATE = _moving(_slots.c.late_seq, "late_seq", "late_value", "late_at", "in_doubt")


@dataclass(frozen=True, slots=True)
class Place:
    """One place of an attempt as a save sees it, both rows locked."""

    employee_id: UUID
    closes_at: datetime
    late_until: datetime
    submitted_at: datetime | None
    closed_by_clock: bool
    lease: str
    item_type: ItemType
    option_count: int
    stored: Stored


def lock_place(attempt_id: UUID, slot: int) -> Place | None:
    """Lock the attempt and read one place of it; no paper has a place that the column cannot hold."""
    if not 1 <= slot <= MAX_SLOT:
        return None
    row = db.session.connection().execute(_READ, {"attempt": attempt_id, "place": slot}).one_or_none()
    if row is None:
        return None
    return Place(
        employee_id=row.employee_id,
        closes_at=row.closes_at,
        late_until=row.late_until,
        submitted_at=row.submitted_at,
        closed_by_clock=row.closed_by == ClosedBy.CLOCK,
        lease=row.lease,
        item_type=ItemType(row.item_type),
        option_count=len(row.option_ids),
        stored=Stored(
            seq=row.seq,
            value=tuple(row.value),
            saved_at=row.saved_at,
            late_seq=row.late_seq,
            late_value=tuple(row.late_value),
            late_at=row.late_at,
            in_doubt=row.in_doubt,
        ),
    )


def append(
    attempt_id: UUID,
    slot: int,
    seq: int,
    value: tuple[str, ...],
    *,
    in_doubt: bool,
    late: bool,
    client_at: str | None,
    now: datetime,
) -> None:
    """Append the event and move the current (or the late) answer."""
    moved: dict[str, Any] = (
        {"late_seq": seq, "late_value": list(value), "late_at": now}
        if late
        else {"seq": seq, "value": list(value), "saved_at": now}
    )
    moved["in_doubt"] = in_doubt
    event = {
        "attempt_id": attempt_id,
        "slot": slot,
        "seq": seq,
        "value": list(value),
        "received_at": now,
        "client_at": client_at if client_at is None else storable(client_at),
        "late": late,
        "in_doubt": in_doubt,
    }
    connection = db.session.connection()
    connection.execute(_APPEND, event)
    where = {"attempt": attempt_id, "place": slot, "newer": seq}
    done = connection.execute(_MOVE_LATE if late else _MOVE, moved | where)
    if done.rowcount != 1:
        raise Conflict("clash")


def insert_slots(rows: list[dict[str, Any]]) -> None:
    """Write a drawn paper in one executemany."""
    db.session.execute(insert(AttemptSlot.__table__), rows)  # type: ignore[arg-type]
