"""Brings the dated reference files into the tables, row by row, and says what changed; who may is services' matter."""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias
from uuid import UUID

import yaml
from sqlalchemy import Select, select

from elearn.competency.facts import LoadReport
from elearn.competency.models.reference import Competency, CompetencyLevel, CompetencyRequirement, DevelopmentForm, LevelName
from elearn.competency.rules import LEVELS, CompetencyKind
from elearn.kernel.db import db
from elearn.kernel.errors import Invalid
from elearn.kernel.ids import new_id
from elearn.kernel.model import Model
from elearn.kernel.settings import DatedRule, RuleOrigin, rule_rows

Row: TypeAlias = dict[str, Any]


class Tally:
    """Collects what a load did to the tables."""

    def __init__(self) -> None:
        self._added: list[str] = []
        self._changed: list[str] = []
        self._unchanged = 0

    def merge(
        self,
        model: type[Model],
        key: tuple[str, ...],
        name: Callable[[Row], str],
        rows: Iterable[Row],
        *,
        among: Select[Any] | None = None,
    ) -> None:
        """Add the rows whose key is new, correct those that differ, leave the rest; nothing is ever deleted."""
        query = select(model) if among is None else among
        known = {_key_of(row, key): row for row in db.session.scalars(query)}
        for wanted in rows:
            row = known.get(tuple(wanted[column] for column in key))
            if row is None:
                identity = {"id": new_id()} if "id" in model.__table__.columns else {}
                db.session.add(model(**identity, **wanted))
                self._added.append(name(wanted))
            else:
                self._correct(row, wanted, name(wanted))
        db.session.flush()

    def _correct(self, row: Model, wanted: Row, name: str) -> None:
        differing = [column for column, value in wanted.items() if getattr(row, column) != value]
        for column in differing:
            setattr(row, column, wanted[column])
            self._changed.append(f"{name}: {column}")
        self._unchanged += not differing

    def report(self) -> LoadReport:
        """What was done, as a value."""
        return LoadReport(tuple(self._added), tuple(self._changed), self._unchanged)


def _key_of(row: Model, key: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(getattr(row, column) for column in key)


def merge_dictionary(folder: Path) -> LoadReport:
    """Merge competencies, level names, requirements by position level and forms; raises Invalid for a bad file."""
    tally = Tally()
    with _reading(folder / "competencies.yaml") as file:
        competencies = _read(file, "competencies")
        ids = _merge_competencies(tally, competencies)
    with _reading(folder / "level_names.yaml") as file:
        rows = _level_names(_read(file, "levels"))
        tally.merge(LevelName, ("level", "effective_from"), lambda row: f"level {row['level']}", rows)
    with _reading(folder / "position_levels.yaml") as file:
        common = {it["code"]: ids[it["code"]] for it in competencies if it["kind"] != CompetencyKind.TECHNICAL}
        _merge_requirements(tally, _read(file, "position_levels"), common)
    with _reading(folder / "development_forms.yaml") as file:
        tally.merge(DevelopmentForm, ("key",), lambda row: row["key"], _forms(_read(file, "forms")))
    return tally.report()


def _merge_competencies(tally: Tally, competencies: list[Row]) -> dict[str, UUID]:
    tally.merge(Competency, ("code",), lambda row: row["code"], _competencies(competencies))
    ids = {it.code: it.id for it in db.session.scalars(select(Competency))}
    codes = {it: code for code, it in ids.items()}
    tally.merge(
        CompetencyLevel,
        ("competency_id", "level", "effective_from"),
        lambda row: f"{codes[row['competency_id']]} {row['level']}",
        _levels(competencies, ids),
    )
    return ids


def _merge_requirements(tally: Tally, rows: list[Row], common: dict[str, UUID]) -> None:
    codes = {it: code for code, it in common.items()}
    own_rows = select(CompetencyRequirement).where(CompetencyRequirement.position_id.is_(None))
    tally.merge(
        CompetencyRequirement,
        ("position_level", "competency_id", "effective_from"),
        lambda row: f"{row['position_level']} {codes[row['competency_id']]}",
        _requirements(rows, list(common.values())),
        among=own_rows,
    )


def merge_rules(file: Path, *, on: date) -> LoadReport:
    """Merge the dated rules; what was set here stays as it is.

    Raises Invalid for a bad file, and rules_differ with `problems` where it would change a value in force on a day.
    """
    tally = Tally()
    with _reading(file):
        known = {(it.key, it.effective_from): it for it in rule_rows()}
        rows = [_in_known_words(row, known.get((row["key"], row["effective_from"]))) for row in _rules(file)]
        problems = [it for row in rows if (it := _clash(row, known.get((row["key"], row["effective_from"])), file, on))]
        if problems:
            raise Invalid("rules_differ", problems=problems)
        own = [row for row in rows if not _is_set_here(known.get((row["key"], row["effective_from"])))]
        tally.merge(DatedRule, ("key", "effective_from"), lambda row: f"{row['key']} {row['effective_from']}", own)
    return tally.report()


def _in_known_words(row: Row, known: DatedRule | None) -> Row:
    """A value that only writes its parts in another order is the same value."""
    is_same = known is not None and _ordered(known.value) == _ordered(row["value"])
    return row | {"value": known.value} if known is not None and is_same else row


def _ordered(value: str) -> str:
    return json.dumps(json.loads(value), sort_keys=True)


def _is_set_here(known: DatedRule | None) -> bool:
    return known is not None and known.origin == RuleOrigin.SET


def _clash(row: Row, known: DatedRule | None, file: Path, on: date) -> Row | None:
    """What is wrong with a row that says otherwise than one that was in force or was set here, and what to do."""
    if known is None or known.value == row["value"]:
        return None
    values = f"is {known.value}, this file says {row['value']}"
    if _is_set_here(known):
        reason = f"it was set here and {values}; take this row out of the file, or date it otherwise"
    elif known.effective_from <= on:
        reason = f"it is in force and {values}; leave this row, and add one with the new value and a later effective_from"
    else:
        return None
    return {"file": file.name, "place": f"{row['key']} {row['effective_from']}", "reason": reason}


@contextmanager
def _reading(file: Path) -> Iterator[Path]:
    """Turns what a malformed file raises into one refusal that names the file."""
    try:
        yield file
    except (KeyError, TypeError, ValueError) as error:
        raise Invalid("reference_invalid", file=file.name, problem=repr(error)) from error


def _read(file: Path, name: str) -> list[Row]:
    """The rows under the file's one list; dating at the top of the file holds for rows that carry none."""
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise Invalid("reference_unreadable", file=file.name, problem=str(error)) from error
    if not isinstance(content, dict) or not isinstance(content.get(name), list):
        raise Invalid("reference_invalid", file=file.name, problem=f"no list named {name}")
    shared = {key: value for key, value in content.items() if key != name}
    return [{**shared, **row} for row in content[name]]


def _level(row: Row, column: str = "level") -> int:
    level = row[column]
    if level not in LEVELS:
        raise ValueError(f"{column} is none of 1…5: {level}")
    return int(level)


def _dating(row: Row) -> Row:
    for column in ("effective_from", "effective_to"):
        if not isinstance(row.get(column), date | None) or column == "effective_from" and row.get(column) is None:
            raise ValueError(f"{column} is no date: {row.get(column)}")
    return {
        "effective_from": row["effective_from"],
        "effective_to": row.get("effective_to"),
        "legal_basis": row["legal_basis"],
        "confidence": row["confidence"],
    }


def _competencies(rows: list[Row]) -> Iterator[Row]:
    for ordinal, row in enumerate(rows, start=1):
        yield {
            "code": row["code"],
            "kind": CompetencyKind(row["kind"]),
            "name": row["name"],
            "definition": row["definition"],
            "ordinal": ordinal,
            **_dating(row),
        }


def _levels(rows: list[Row], ids: dict[str, UUID]) -> Iterator[Row]:
    for competency in rows:
        for row in competency["levels"]:
            yield {
                "competency_id": ids[competency["code"]],
                "level": _level(row),
                "description": row["description"],
                "indicators": list(row["indicators"]),
                **_dating({**competency, **row}),
            }


def _level_names(rows: list[Row]) -> Iterator[Row]:
    for row in rows:
        yield {"level": _level(row), "name": row["name"], **_dating(row)}


def _requirements(rows: list[Row], competency_ids: list[UUID]) -> Iterator[Row]:
    for row in rows:
        for competency_id in competency_ids:
            yield {
                "position_level": row["code"],
                "position_id": None,
                "competency_id": competency_id,
                "required_level": _level(row, "required_level"),
                **_dating(row),
            }


def _forms(rows: list[Row]) -> Iterator[Row]:
    for ordinal, row in enumerate(rows, start=1):
        yield {
            "key": row["key"],
            "name": row["name"],
            "siasn_id": row.get("siasn_id"),
            "ordinal": ordinal,
            **_dating(row),
        }


def _rules(file: Path) -> Iterator[Row]:
    for row in _read(file, "rules"):
        yield {
            "key": row["key"],
            "value": json.dumps(row["value"]),
            "note": row.get("note", ""),
            "origin": RuleOrigin.FILE,
            **_dating(row),
        }
