"""Whether people agree with what certificates print of them: said, reported, settled; whose reach it is, is the story's."""

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from elearn.certs.facts import Holder, ParticularsReport, ParticularsStanding
from elearn.certs.models import ParticularsCheck
from elearn.kernel import audit
from elearn.kernel.actor import Actor
from elearn.kernel.db import db
from elearn.kernel.errors import NotFound
from elearn.kernel.page import Page, PageRequest, paginate

_IS_OPEN = ParticularsCheck.settled_at.is_(None)


def standing(employee_id: UUID, holder: Holder) -> ParticularsStanding:
    """What a person has said of their particulars as they are now."""
    said = select(ParticularsCheck).where(ParticularsCheck.employee_id == employee_id)
    said = said.order_by(ParticularsCheck.said_at.desc(), ParticularsCheck.id.desc())
    newest = db.session.scalars(said.limit(1)).first()
    settled = db.session.scalars(said.where(ParticularsCheck.is_right.is_(False), ~_IS_OPEN).limit(1)).first()
    report = open_report(employee_id)
    return ParticularsStanding(
        holder=holder,
        is_confirmed=newest is not None and newest.is_right and newest.holder == asdict(holder),
        report=report.facts() if report else None,
        last=settled.facts() if settled else None,
    )


def is_disputed(employee_id: UUID) -> bool:
    """Whether HR still has to settle what a person reported as wrong."""
    return open_report(employee_id) is not None


def open_report(employee_id: UUID, *, lock: bool = False) -> ParticularsCheck | None:
    """The report of a person that waits for HR."""
    query = select(ParticularsCheck).where(ParticularsCheck.employee_id == employee_id, _IS_OPEN)
    return db.session.scalar(query.with_for_update() if lock else query)


def reports_in(employee_ids: Select[Any], wanted: PageRequest, *, is_open: bool) -> Page[ParticularsReport]:
    """The reports of the employees a sub-SELECT names: those that wait, the oldest first, or those settled last."""
    query = select(ParticularsCheck).where(
        ParticularsCheck.employee_id.in_(employee_ids), ParticularsCheck.is_right.is_(False)
    )
    if is_open:
        query = query.where(_IS_OPEN).order_by(ParticularsCheck.said_at, ParticularsCheck.id)
    else:
        query = query.where(~_IS_OPEN).order_by(ParticularsCheck.settled_at.desc(), ParticularsCheck.id)
    found: Page[ParticularsCheck] = paginate(query, wanted)
    return found.map(lambda it: it.facts())


def report_for_update(report_id: UUID) -> ParticularsCheck:
    """A report, locked; raises NotFound."""
    query = select(ParticularsCheck).where(ParticularsCheck.id == report_id, ParticularsCheck.is_right.is_(False))
    found = db.session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if found is None:
        raise NotFound
    return found


def confirm(employee_id: UUID, holder: Holder, *, by: Actor, now: datetime) -> None:
    """Say that all is right; an own report that still waits is taken back by it."""
    waiting = open_report(employee_id, lock=True)
    if waiting is not None:
        waiting.settle("", by.employee_id, now=now)
    check = ParticularsCheck.confirm(employee_id, holder, now=now)
    db.session.add(check)
    db.session.flush()
    audit.record("particulars.confirm", "employee", employee_id, by=by, now=now, took_back=waiting is not None)


def report(employee_id: UUID, holder: Holder, note: str, *, by: Actor, now: datetime) -> None:
    """Say what is wrong; one that waits already is replaced. Raises Invalid note_needed, Conflict where two collide."""
    check = ParticularsCheck.report(employee_id, holder, note, now=now)
    waiting = open_report(employee_id, lock=True)
    if waiting is not None:
        waiting.settle("", by.employee_id, now=now)
        db.session.flush()
    db.session.add(check)
    db.session.flush()
    audit.record("particulars.report", "employee", employee_id, by=by, now=now, report=str(check.id))


def settle(waiting: ParticularsCheck, answer: str, *, by: Actor, now: datetime) -> None:
    """Answer a report; the person's certificates wait no more. Raises Conflict report_settled."""
    waiting.settle(answer, by.employee_id, now=now)
    audit.record("particulars.settle", "employee", waiting.employee_id, by=by, now=now, report=str(waiting.id))
