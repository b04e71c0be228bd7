"""Shaping the organisation: units and positions; who works in them is staff.py's."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update

from elearn.kernel import audit
from elearn.kernel.actor import Actor
from elearn.kernel.clock import local_date
from elearn.kernel.db import db
from elearn.kernel.errors import Invalid, NotFound
from elearn.kernel.guard import require
from elearn.kernel.settings import AgencySetting
from elearn.people import policies, queries, rules, structure
from elearn.people.models.organisation import OrgUnit, Position


def add_agency(name: str, code: str, zone: str, *, by: Actor, now: datetime) -> UUID:
    """Add an agency, a tree of its own, with the time zone it works in.

    Raises Forbidden, Invalid: zone, code_needed, code_in_use, name_needed, too_long.
    """
    require(policies.may_shape_units, by, None)
    if zone not in rules.ZONES:
        raise Invalid("zone", field="zone")
    agency = OrgUnit.under(None, name, _unused_code(code))
    db.session.add(agency)
    db.session.flush()
    db.session.add(AgencySetting.of(agency.id, "zone", zone, by=by, now=now))
    audit.record("agency.add", "org_unit", agency.id, by=by, now=now, name=agency.name, code=agency.code, zone=zone)
    return agency.id


def _unused_code(text: str) -> str:
    code = text.strip()
    if not code:
        raise Invalid("code_needed", field="code")
    if queries.unit_id_by_code(code) is not None:
        raise Invalid("code_in_use", field="code")
    return code


def add_unit(name: str, code: str, *, parent_id: UUID | None = None, by: Actor, now: datetime) -> UUID:
    """Add a unit below another, or an agency; raises NotFound, Forbidden, Invalid: code_needed, code_in_use."""
    parent = _unit(parent_id) if parent_id is not None else None
    require(policies.may_shape_units, by, parent.path if parent else None)
    unit = OrgUnit.under(parent, name, _unused_code(code))
    db.session.add(unit)
    db.session.flush()
    audit.record("unit.add", "org_unit", unit.id, by=by, now=now, name=unit.name, code=unit.code, parent=parent_id)
    return unit.id


def _unit(unit_id: UUID) -> OrgUnit:
    unit = db.session.get(OrgUnit, unit_id)
    if unit is None:
        raise NotFound
    return unit


def rename_unit(unit_id: UUID, name: str, *, code: str | None = None, by: Actor, now: datetime) -> None:
    """Give a unit another name, and where it is said another code.

    Raises NotFound, Forbidden, Invalid: name_needed, too_long, code_needed, code_in_use.
    """
    unit = _unit(unit_id)
    require(policies.may_shape_units, by, unit.path)
    before = [unit.name, unit.code]
    unit.rename(name)
    if code is not None and code.strip() != unit.code:
        unit.code = _unused_code(code)
    audit.record("unit.rename", "org_unit", unit_id, by=by, now=now, before=before, after=[unit.name, unit.code])


def move_unit(unit_id: UUID, parent_id: UUID, *, by: Actor, now: datetime) -> None:
    """Hang a unit with all below it under another of its agency; roles over it follow the tree.

    Raises NotFound, Forbidden, Conflict: agency_cannot_move, unit_cycle, other_agency.
    """
    _lock_tree(_unit(unit_id))
    unit, parent = _unit(unit_id), _unit(parent_id)
    require(policies.may_shape_units, by, unit.path)
    require(policies.may_shape_units, by, parent.path)
    before, former = unit.path, unit.parent_id
    after = unit.move_under(parent)
    db.session.flush()
    rest = func.substr(OrgUnit.path, len(before) + 1)
    subtree = update(OrgUnit).where(OrgUnit.path.startswith(before, autoescape=True))
    db.session.execute(subtree.values(path=after + rest), execution_options={"synchronize_session": False})
    db.session.expire_all()
    audit.record("unit.move", "org_unit", unit_id, by=by, now=now, before=former, after=parent_id)


def _lock_tree(unit: OrgUnit) -> None:
    """Two moves in one tree run one after the other, each seeing the paths that the other left."""
    db.session.execute(select(OrgUnit.id).where(OrgUnit.id == unit.agency_id).with_for_update())
    db.session.expire_all()


def add_position(code: str, name: str, level_code: str, *, job_class: int | None = None, by: Actor, now: datetime) -> UUID:
    """Add a position; raises Forbidden, Invalid: code_needed, code_in_use, level_unknown, job_class_unknown."""
    require(policies.may_add_position, by, code)
    if not code.strip():
        raise Invalid("code_needed", field="code")
    if queries.position_id_by_code(code.strip()) is not None:
        raise Invalid("code_in_use", field="code")
    _check_graded(level_code, job_class, by=by, now=now)
    position = Position.of(code, name, level_code, job_class)
    db.session.add(position)
    db.session.flush()
    audit.record("position.add", "position", position.id, by=by, now=now, code=position.code, level=level_code)
    return position.id


def _check_graded(level_code: str, job_class: int | None, *, by: Actor, now: datetime) -> None:
    if not structure.has_position_level(level_code, local_date(now, by.zone)):
        raise Invalid("level_unknown", field="level_code")
    if job_class is not None and not 1 <= job_class <= 17:
        raise Invalid("job_class_unknown", field="job_class")


def change_position(
    position_id: UUID, name: str, level_code: str, *, job_class: int | None = None, by: Actor, now: datetime
) -> None:
    """Correct a position; its code stays, and another level requires other competencies from now on.

    Raises NotFound, Forbidden, Invalid: name_needed, too_long, level_unknown, job_class_unknown.
    """
    position = db.session.scalar(select(Position).where(Position.id == position_id).with_for_update())
    if position is None:
        raise NotFound
    require(policies.may_add_position, by, position.code)
    before = [position.name, position.level_code, position.job_class]
    if level_code != position.level_code or job_class != position.job_class:
        _check_graded(level_code, job_class, by=by, now=now)
    position.grade(name, level_code, job_class)
    after = [position.name, position.level_code, position.job_class]
    audit.record("position.change", "position", position_id, by=by, now=now, before=before, after=after)
