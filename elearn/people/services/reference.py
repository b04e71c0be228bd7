"""Loads the dated reference of position levels and ranks; what levels require is competency's."""

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select

from elearn.kernel import audit
from elearn.kernel.actor import Actor
from elearn.kernel.db import db
from elearn.kernel.errors import Invalid
from elearn.kernel.guard import require
from elearn.kernel.ids import new_id
from elearn.people import policies
from elearn.people.facts.staff import LoadReport
from elearn.people.models.organisation import PositionLevel, Rank


def load_reference(folder: Path, *, by: Actor, now: datetime) -> LoadReport:
    """Load position_levels.yaml and ranks.yaml of a folder; idempotent, nothing is deleted.

    Raises Forbidden, Invalid: reference_unreadable, reference_invalid.
    """
    require(policies.may_load_reference, by, "people")
    levels = [_level(row) for row in _rows(folder / "position_levels.yaml", "position_levels")]
    ranks = [_rank(row) for row in _rows(folder / "ranks.yaml", "ranks")]
    found = (_merge(PositionLevel, levels), _merge(Rank, ranks))
    report = LoadReport(
        added=tuple(name for it in found for name in it.added),
        changed=tuple(name for it in found for name in it.changed),
        unchanged_count=sum(it.unchanged_count for it in found),
    )
    if report.has_changes:
        audit.record("reference.load", "reference", "people", by=by, now=now, added=report.added, changed=report.changed)
    return report


def _rows(file: Path, name: str) -> list[dict[str, Any]]:
    """The rows of the file's one list; dating at the top of the file holds for rows that carry none."""
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise Invalid("reference_unreadable", file=file.name, problem=str(error)) from error
    if not isinstance(content, dict) or not isinstance(content.get(name), list):
        raise Invalid("reference_invalid", file=file.name, problem=f"no list named {name}")
    shared = {key: value for key, value in content.items() if key != name}
    rows = [{**shared, **row} for row in content[name]]
    for row in rows:
        lacking = {"code", "name", "effective_from", "legal_basis", "confidence"} - row.keys()
        if lacking or not isinstance(row["effective_from"], date):
            raise Invalid("reference_invalid", file=file.name, problem=f"{row.get('code')}: {sorted(lacking)}")
    return rows


def _level(row: dict[str, Any]) -> dict[str, Any]:
    return {"grouping": str(row.get("group", "")), **_common(row)}


def _rank(row: dict[str, Any]) -> dict[str, Any]:
    return {"grade": str(row.get("grade", "")), "scheme": str(row.get("scheme", "")), **_common(row)}


def _common(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "code": str(row["code"]),
        "name": str(row["name"]),
        "effective_from": row["effective_from"],
        "effective_to": row.get("effective_to"),
        "legal_basis": str(row["legal_basis"]),
        "confidence": str(row["confidence"]),
    }


def _merge(model: type[PositionLevel] | type[Rank], wanted: Iterable[dict[str, Any]]) -> LoadReport:
    rows: Iterable[PositionLevel | Rank] = db.session.scalars(select(model))
    known = {(it.code, it.effective_from): it for it in rows}
    added, changed, unchanged_count = [], [], 0
    for values in wanted:
        row = known.get((values["code"], values["effective_from"]))
        differing = [key for key, value in values.items() if row is not None and getattr(row, key) != value]
        if row is None:
            db.session.add(model(id=new_id(), **values))
            added.append(f"{model.__tablename__} {values['code']}")
        elif differing:
            for key in differing:
                setattr(row, key, values[key])
            changed.append(f"{model.__tablename__} {values['code']}: {', '.join(differing)}")
        else:
            unchanged_count += 1
    db.session.flush()
    return LoadReport(tuple(added), tuple(changed), unchanged_count)
