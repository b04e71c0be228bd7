"""Reads of the audit trail as administrators and auditors search it; writing it is kernel/audit.py's."""

import json
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, and_, cast, func, or_, select

from elearn.kernel.actor import Actor, Role
from elearn.kernel.audit import AuditEntry
from elearn.kernel.clock import first_moment
from elearn.kernel.db import db
from elearn.kernel.guard import require
from elearn.kernel.page import Page, PageRequest, paginate
from elearn.people import policies, queries
from elearn.people.models.organisation import OrgUnit
from elearn.people.models.staff import Employee

READERS = (Role.ADMINISTRATOR, Role.AUDITOR)
TOLD = ("reason", "role", "key", "value", "was", "basis", "effective_from", "kind", "slug", "purpose", "name")
MOST_PEOPLE = 50
_UNTOLD = re.compile(r"\d{12,}|[0-9a-fA-F]{32,}|[\w-]{40,}")


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for: part of a name or e-mail of who acted or was acted on, an act, a kind of subject, a span."""

    person: str = ""
    employee_id: UUID | None = None
    act: str = ""
    subject: str = ""
    from_on: date | None = None
    to_on: date | None = None


@dataclass(frozen=True, slots=True)
class TrailLine:
    """One entry as it may be shown: `told` holds what was noted, by key, without secrets and long numbers."""

    at: datetime
    via: str
    act: str
    actor_id: UUID | None
    actor_name: str | None
    subject_type: str
    subject_id: UUID | None
    subject_name: str | None
    told: tuple[tuple[str, str], ...]


def entries_visible_to(actor: Actor, asked: Search, wanted: PageRequest, *, on: date) -> Page[TrailLine]:
    """The acts that an administrator or auditor may see, the latest first; raises Forbidden.

    Whose role reaches everything sees everything; others see acts on people they reach, and acts on things by them.
    """
    require(policies.may_read_trail, actor, "")
    query = select(AuditEntry)
    if not actor.is_system and not actor.reaches(None, *READERS):
        query = query.where(_is_within(actor, on))
    for condition in _conditions(actor, asked):
        query = query.where(condition)
    page: Page[AuditEntry] = paginate(query.order_by(AuditEntry.id.desc()), wanted)
    names = _names(page.items)
    return page.map(lambda it: _line(it, names))


def acts_and_subjects() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The acts and the kinds of subjects that the trail holds."""
    acts = db.session.scalars(select(AuditEntry.act).distinct().order_by(AuditEntry.act)).all()
    kinds = db.session.scalars(select(AuditEntry.subject_type).distinct().order_by(AuditEntry.subject_type)).all()
    return tuple(acts), tuple(kinds)


def _is_within(actor: Actor, on: date) -> ColumnElement[bool]:
    reached = queries.employee_ids_visible_to(actor, on=on, roles=READERS)
    hexes = reached.with_only_columns(func.replace(cast(Employee.id, Text), "-", ""))
    is_on_person = AuditEntry.subject_type == "employee"
    return or_(
        and_(is_on_person, func.replace(AuditEntry.subject_id, "-", "").in_(hexes)),
        and_(~is_on_person, AuditEntry.actor_id.in_(reached)),
    )


def _conditions(actor: Actor, asked: Search) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked.employee_id or asked.person.strip():
        ids = [asked.employee_id] if asked.employee_id else _ids_named(asked.person)
        subjects = [str(it) for it in ids]
        found.append(or_(AuditEntry.actor_id.in_(ids), AuditEntry.subject_id.in_(subjects)))
    if asked.act:
        found.append(AuditEntry.act == asked.act)
    if asked.subject:
        found.append(AuditEntry.subject_type == asked.subject)
    if asked.from_on:
        found.append(AuditEntry.at >= first_moment(asked.from_on, actor.zone))
    if asked.to_on:
        found.append(AuditEntry.at < first_moment(asked.to_on + timedelta(days=1), actor.zone))
    return found


def _ids_named(text: str) -> list[UUID]:
    """Up to MOST_PEOPLE people whose name or e-mail address holds every word."""
    query = select(Employee.id)
    for word in text.lower().split():
        in_name = func.lower(Employee.name).contains(word, autoescape=True)
        query = query.where(or_(in_name, Employee.email.contains(word, autoescape=True)))
    return list(db.session.scalars(query.order_by(Employee.id).limit(MOST_PEOPLE)))


def _names(entries: tuple[AuditEntry, ...]) -> dict[UUID, str]:
    """What the people and units of some entries are called."""
    actors = {it.actor_id for it in entries if it.actor_id}
    people = actors | {key for it in entries if it.subject_type == "employee" and (key := _uuid(it.subject_id))}
    units = {key for it in entries if it.subject_type == "org_unit" and (key := _uuid(it.subject_id))}
    names = dict(db.session.execute(select(Employee.id, Employee.name).where(Employee.id.in_(people))).all())
    return names | dict(db.session.execute(select(OrgUnit.id, OrgUnit.name).where(OrgUnit.id.in_(units))).all())


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _line(it: AuditEntry, names: dict[UUID, str]) -> TrailLine:
    subject_id = _uuid(it.subject_id)
    return TrailLine(
        at=it.at,
        via=it.via,
        act=it.act,
        actor_id=it.actor_id,
        actor_name=names.get(it.actor_id) if it.actor_id else None,
        subject_type=it.subject_type,
        subject_id=subject_id,
        subject_name=names.get(subject_id) if subject_id else None,
        told=_told(json.loads(it.details)),
    )


def _told(details: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """Known keys alone, and no value that looks like a number of a person, a fingerprint or a secret."""
    texts = ((key, str(details[key])) for key in TOLD if details.get(key) not in (None, ""))
    return tuple((key, text[:200]) for key, text in texts if not _UNTOLD.search(text))
