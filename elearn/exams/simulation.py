"""Practising in the room ("Simulasi ujian"): the protocol of an exam on a row of one's own; no marks, no evidence."""

from datetime import datetime
from typing import Any
from uuid import UUID

from elearn.exams import rules
from elearn.exams.facts import Saved, ShownItem, ShownOption, Sitting
from elearn.exams.models.simulation import Simulation
from elearn.exams.specs import ItemType
from elearn.kernel.actor import Actor
from elearn.kernel.clock import local_date
from elearn.kernel.db import db
from elearn.kernel.errors import Conflict, NotFound
from elearn.kernel.markdown import render_inline, render_markdown
from elearn.kernel.seal import seal
from elearn.kernel.settings import rule_value

RULE = "exam.simulation"
NOBODY = UUID(int=0)


def begin(*, by: Actor, now: datetime) -> None:
    """Begin a practice, in place of an earlier one. Its row is its own record, not audited."""
    minutes = int(_rule(by, now)["minutes"])
    practice = _row(by, lock=True)
    if practice is None:
        db.session.add(Simulation.open(_self(by), minutes=minutes, now=now))
    else:
        practice.begin(minutes=minutes, now=now)


def sitting(*, by: Actor, now: datetime) -> Sitting:
    """One's practice with its paper and what is stored; raises NotFound where none was begun."""
    practice = _practice(by)
    paper = []
    for slot, item in enumerate(_rule(by, now)["items"], start=1):
        kept = practice.stored(slot)
        shown = tuple(ShownOption(rules.KEYS[at], render_inline(text)) for at, text in enumerate(item["options"]))
        paper.append(
            ShownItem(slot, item["type"], render_markdown(item["stem"]), shown, kept.value, kept.seq, kept.in_doubt)
        )
    return Sitting(
        id=NOBODY,
        exam_id=NOBODY,
        title=str(_rule(by, now)["title"]),
        lease=practice.lease,
        opened_at=practice.opened_at,
        closes_at=practice.closes_at,
        server_now=now,
        submitted_at=practice.ended_at,
        paper=tuple(paper),
    )


def record(
    slot: int, seq: int, value: object, *, lease: str | None, in_doubt: bool | None = None, by: Actor, now: datetime
) -> Saved:
    """Store one choice by the rules of an exam; raises NotFound, Invalid, Conflict moved, stale_seq, attempt_closed."""
    practice = _practice(by, lock=True)
    items = _rule(by, now)["items"]
    if not 1 <= slot <= len(items):
        raise NotFound
    if lease is not None and lease != practice.lease:
        raise Conflict("moved")
    choice = rules.read_choice(value, len(items[slot - 1]["options"]), ItemType(items[slot - 1]["type"]))
    stored = practice.stored(slot)
    if not rules.is_repeat(stored, seq, choice, in_doubt=in_doubt):
        if practice.ended_at is not None or now > practice.closes_at:
            raise Conflict("attempt_closed")
        practice.keep(slot, seq, choice, in_doubt=stored.in_doubt if in_doubt is None else in_doubt, now=now)
    at = practice.stored(slot).saved_at or now
    return Saved(
        slot=slot,
        seq=seq,
        value=choice,
        saved_at=at,
        server_now=now,
        time_left_s=max(0, int((practice.closes_at - now).total_seconds())),
        receipt=seal("simulation", practice.employee_id, slot, seq, list(choice), at.isoformat()),
        late=False,
    )


def take_over(*, by: Actor, now: datetime) -> Sitting:
    """Go on with one's practice on this device."""
    _practice(by, lock=True).take_over()
    db.session.flush()
    return sitting(by=by, now=now)


def end(*, by: Actor, now: datetime) -> None:
    """Let one's practice be over; again changes nothing."""
    _practice(by, lock=True).end(now=now)


def check_device(nonce: str, *, by: Actor, now: datetime) -> str:
    """Store a word of this device's and give back what is stored: one real save, before the clock of an exam starts."""
    practice = _row(by, lock=True)
    if practice is None:
        practice = Simulation.open(_self(by), minutes=0, now=now)
        practice.end(now=now)
        db.session.add(practice)
    practice.checked = nonce[:64]
    db.session.flush()
    db.session.refresh(practice)
    return practice.checked or ""


def _rule(by: Actor, now: datetime) -> dict[str, Any]:
    found: dict[str, Any] = rule_value(RULE, local_date(now, by.zone))
    return found


def _self(by: Actor) -> UUID:
    if by.employee_id is None:
        raise NotFound
    return by.employee_id


def _row(by: Actor, *, lock: bool = False) -> Simulation | None:
    return db.session.get(Simulation, _self(by), with_for_update=lock or None, populate_existing=True)


def _practice(by: Actor, *, lock: bool = False) -> Simulation:
    found = _row(by, lock=lock)
    if found is None:
        raise NotFound
    return found
