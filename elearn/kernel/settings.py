"""Dated reference values: rules that come from regulations, and what an agency sets for itself; never constants."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from elearn.kernel import audit
from elearn.kernel.actor import Actor
from elearn.kernel.clock import DEFAULT_ZONE
from elearn.kernel.db import db
from elearn.kernel.errors import Conflict, Invalid
from elearn.kernel.ids import new_id
from elearn.kernel.kept import Kept
from elearn.kernel.model import Model

AGENCY_KEYS = frozenset({"name", "logo", "zone", "public_url", "provider", "place", "number_pattern"})


class RuleOrigin(StrEnum):
    """Who stated a row: the files of a release, or somebody here."""

    FILE = "file"
    SET = "set"


class DatedRule(Model):
    """One value of one rule over a span of days (`effective_to` is the last day, or open)."""

    __tablename__ = "dated_rules"
    is_kept_in_process = True
    __table_args__ = (
        UniqueConstraint("key", "effective_from"),
        CheckConstraint("effective_to IS NULL OR effective_to >= effective_from", name="span"),
        CheckConstraint("origin IN ('file', 'set')", name="origin"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(index=True)
    value: Mapped[str]
    effective_from: Mapped[date]
    effective_to: Mapped[date | None]
    legal_basis: Mapped[str]
    confidence: Mapped[str]
    note: Mapped[str]
    origin: Mapped[RuleOrigin] = mapped_column(Text, server_default=RuleOrigin.FILE.value)

    @classmethod
    def set_here(cls, key: str, value: object, effective_from: date, legal_basis: str) -> Self:
        """State what somebody here sets from a day on; `value` is any JSON value."""
        return cls(
            id=new_id(),
            key=key,
            value=json.dumps(value),
            effective_from=effective_from,
            effective_to=None,
            legal_basis=legal_basis,
            confidence="high",
            note="",
            origin=RuleOrigin.SET,
        )

    @property
    def content(self) -> Any:
        """The JSON value."""
        return json.loads(self.value)

    def plan_anew(self, value: object, legal_basis: str, *, on: date) -> None:
        """Restate a row that is not in force yet; raises Conflict rule_in_force once it is."""
        if self.effective_from <= on:
            raise Conflict("rule_in_force", field="from")
        self.value = json.dumps(value)
        self.legal_basis = legal_basis
        self.effective_to = None
        self.origin = RuleOrigin.SET


class AgencySetting(Model):
    """One value an agency set from a moment on; older values stay as history."""

    __tablename__ = "agency_settings"
    is_kept_in_process = True
    __table_args__ = (Index("ix_agency_settings_lookup", "agency_id", "key", "effective_from"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("org_units.id"))
    key: Mapped[str]
    value: Mapped[str]
    effective_from: Mapped[datetime]
    set_by: Mapped[UUID | None]

    @classmethod
    def of(cls, agency_id: UUID, key: str, value: str, *, by: Actor, now: datetime) -> Self:
        """State what is set from now on."""
        return cls(id=new_id(), agency_id=agency_id, key=key, value=value, effective_from=now, set_by=by.employee_id)


def rule_rows(key: str | None = None) -> Sequence[DatedRule]:
    """Every row of a rule, or of all rules, by key and day."""
    query = select(DatedRule).order_by(DatedRule.key, DatedRule.effective_from)
    return db.session.scalars(query if key is None else query.where(DatedRule.key == key)).all()


class UnknownRule(LookupError):
    """No value of this rule is in force on that day: the reference data was not loaded."""


@Kept
def _spans() -> dict[str, tuple[tuple[date, date | None, str], ...]]:
    """Every row of every rule: (first day, last day, JSON), the oldest first."""
    query = select(DatedRule.key, DatedRule.effective_from, DatedRule.effective_to, DatedRule.value)
    found: dict[str, tuple[tuple[date, date | None, str], ...]] = {}
    for key, first, last, value in db.session.execute(query.order_by(DatedRule.effective_from)):
        found[key] = (*found.get(key, ()), (first, last, value))
    return found


def rules_in_force(keys: tuple[str, ...], on: date) -> dict[str, Any]:
    """Those of the rules that have a value on a day, as JSON values; the newest row in force counts."""
    spans = _spans()
    found: dict[str, Any] = {}
    for key in keys:
        values = [value for first, last, value in spans.get(key, ()) if first <= on and (last is None or last >= on)]
        if values:
            found[key] = json.loads(values[-1])
    return found


def rule_value(key: str, on: date) -> Any:
    """The JSON value of a rule in force on a day; raises UnknownRule."""
    return rule_values((key,), on)[key]


def rule_values(keys: tuple[str, ...], on: date) -> dict[str, Any]:
    """The values of several rules in force on a day; raises UnknownRule."""
    found = rules_in_force(keys, on)
    if missing := set(keys) - found.keys():
        raise UnknownRule(f"{', '.join(sorted(missing))} on {on}")
    return found


@dataclass(frozen=True, slots=True)
class Agency:
    """What an agency (a root unit) is called and where it stands, at one moment."""

    id: UUID
    name: str
    zone: str
    logo: str | None
    public_url: str | None
    provider: str
    place: str
    number_pattern: str | None

    @classmethod
    def of(cls, agency_id: UUID, unit_name: str, values: Mapping[str, str]) -> Self:
        """Put the set values together; the unit's own name stands in for a missing one."""
        name = values.get("name") or unit_name
        return cls(
            id=agency_id,
            name=name,
            zone=values.get("zone") or DEFAULT_ZONE,
            logo=values.get("logo"),
            public_url=values.get("public_url"),
            provider=values.get("provider") or name,
            place=values.get("place") or "",
            number_pattern=values.get("number_pattern"),
        )


@Kept
def _settings() -> dict[UUID, tuple[tuple[datetime, str, str], ...]]:
    """Whatever each agency set: (from when on, key, value), the oldest first."""
    query = select(AgencySetting.agency_id, AgencySetting.effective_from, AgencySetting.key, AgencySetting.value)
    found: dict[UUID, tuple[tuple[datetime, str, str], ...]] = {}
    for agency_id, since, key, value in db.session.execute(query.order_by(AgencySetting.effective_from)):
        found[agency_id] = (*found.get(agency_id, ()), (since, key, value))
    return found


def agency_values(agency_id: UUID, now: datetime) -> dict[str, str]:
    """What the agency has set, as of a moment; the newest value of each key."""
    return {key: value for since, key, value in _settings().get(agency_id, ()) if since <= now}


def values_of_others(agency_id: UUID, key: str) -> frozenset[str]:
    """Everything that other agencies set or ever had set for a key."""
    query = select(AgencySetting.value).where(AgencySetting.agency_id != agency_id, AgencySetting.key == key)
    return frozenset(db.session.scalars(query))


def set_agency_value(agency_id: UUID, key: str, value: str, *, by: Actor, now: datetime) -> None:
    """Set one value from now on, audited; raises Invalid for an unknown key."""
    if key not in AGENCY_KEYS:
        raise Invalid("unknown_setting", field=key)
    db.session.add(AgencySetting.of(agency_id, key, value, by=by, now=now))
    audit.record("agency.set", "org_unit", agency_id, by=by, now=now, key=key, value=value)
