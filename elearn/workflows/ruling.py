"""What an agency itself may decide of the dated rules: a new value from a day on; what was in force stays as history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from elearn.kernel import audit
from elearn.kernel.actor import Actor, Role
from elearn.kernel.clock import local_date
from elearn.kernel.db import db
from elearn.kernel.errors import Conflict, Invalid
from elearn.kernel.guard import require
from elearn.kernel.settings import DatedRule, RuleOrigin, rule_rows
from elearn.kernel.text import storable

HIGHEST = 100_000
BOUNDS = {
    "lesson_hours.minutes": (1, 600),
    "lesson_hours.tolerance_bp": (0, 10_000),
    "reading.words_per_minute": (1, 10_000),
    "evidence.unsupervised_cap_level": (0, 5),
    "evidence.validity_years": (1, 100),
    "exam.max_attempts": (1, 1000),
    "exam.cooldown_days": (0, 3650),
    "account.lockout_failures": (1, 1000),
    "account.password_min_length": (8, 128),
    "account.activation_days": (1, 3650),
    "account.recovery_mail_minutes": (5, 10_080),
    "session.remember_days": (0, 3650),
    "certificate.validity_years": (1, 100),
}


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One value of one rule; `standing` is in force, planned or past."""

    key: str
    value: Any
    effective_from: date
    effective_to: date | None
    legal_basis: str
    standing: str
    is_set_here: bool


def rules_stated(*, by: Actor, now: datetime) -> tuple[RuleLine, ...]:
    """Every value of every rule, by key and day."""
    require(_may_set_rules, by, None)
    today = local_date(now, by.zone)
    rows = rule_rows()
    held = {row.key: row.id for row in rows if _holds(row, today)}
    return tuple(_line(row, today, is_held=held.get(row.key) == row.id) for row in rows)


def _holds(row: DatedRule, on: date) -> bool:
    return row.effective_from <= on and (row.effective_to is None or row.effective_to >= on)


def _line(row: DatedRule, today: date, *, is_held: bool) -> RuleLine:
    standing = "planned" if row.effective_from > today else "in force" if is_held else "past"
    return RuleLine(
        row.key,
        row.content,
        row.effective_from,
        row.effective_to,
        row.legal_basis,
        standing,
        row.origin == RuleOrigin.SET,
    )


def set_rule(key: str, value: object, *, from_on: date, basis: str, by: Actor, now: datetime) -> Any:
    """Let a rule have a value from a day on, today at the earliest; returns the value that holds until then.

    A planned row of that day is restated. Raises Forbidden, Invalid: unknown_rule, value_of_another_kind,
    value_out_of_range, from_past, legal_basis_required; Conflict rule_in_force where that day began already.
    """
    require(_may_set_rules, by, None)
    today = local_date(now, by.zone)
    rows = rule_rows(key)
    _require_possible(key, value, rows)
    if from_on < today:
        raise Invalid("from_past", field="from", earliest=today.isoformat())
    basis = storable(basis).strip()
    if not basis:
        raise Invalid("legal_basis_required", field="basis")
    was = next((row.content for row in reversed(rows) if row.effective_from < from_on and _holds(row, from_on)), None)
    planned = next((row for row in rows if row.effective_from == from_on), None)
    if planned is None:
        db.session.add(DatedRule.set_here(key, value, from_on, basis))
    elif from_on == today:
        raise Conflict("rule_in_force", field="from")
    else:
        planned.plan_anew(value, basis, on=today)
    audit.record("rule.set", "rule", key, by=by, now=now, value=value, was=was, effective_from=from_on, basis=basis)
    return was


def _require_possible(key: str, value: object, rows: Sequence[DatedRule]) -> None:
    """Of the kind that the rule has had, and no number that would close a door for everybody."""
    if not rows:
        raise Invalid("unknown_rule", field="key", key=key)
    known = [row.content for row in rows]
    is_number_or_empty = None in known and type(value) is int
    if not is_number_or_empty and not any(_is_of_the_kind(value, it) for it in known):
        raise Invalid("value_of_another_kind", field="value", present=known[-1])
    low, high = BOUNDS.get(key, (0, HIGHEST))
    numbers = [it for it in (value.values() if isinstance(value, dict) else [value]) if type(it) is int]
    if any(not low <= it <= high for it in numbers):
        raise Invalid("value_out_of_range", field="value", lowest=low, highest=high)


def _is_of_the_kind(value: object, present: object) -> bool:
    if isinstance(value, dict) and isinstance(present, dict):
        return value.keys() == present.keys() and all(_is_of_the_kind(value[it], present[it]) for it in present)
    return type(value) is type(present)


def _may_set_rules(actor: Actor, _subject: None) -> bool:
    """The rules hold for every agency of the installation: for HR and administrators of everything."""
    return actor.is_system or "" in actor.unit_paths(Role.HR_OFFICER, Role.ADMINISTRATOR)
