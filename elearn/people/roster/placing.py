"""What a row changes in where somebody works: the dated posting that follows from it; pure."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from elearn.people.roster.known import Known, Place, Standing
from elearn.people.roster.records import Change
from elearn.people.roster.shape import Entry, Problem


@dataclass(frozen=True, slots=True)
class Target:
    """Where a row puts somebody; None for a unit, position or supervisor that is only made by the same file."""

    unit_id: UUID | None
    position_id: UUID | None
    unit_name: str
    position_name: str
    supervisor_id: UUID | None


@dataclass(frozen=True, slots=True)
class Placing:
    """What is to be written: a posting from a day on, or only an earlier first day (`is_earlier`).

    `keeps_supervisor` where the row names none and the present one stays.
    """

    from_on: date
    is_earlier: bool
    keeps_supervisor: bool
    loses_supervisor: bool
    changes: tuple[Change, ...]


def placed(entry: Entry, standing: Standing, target: Target, known: Known, *, on: date) -> Placing | Problem | None:
    """The posting that follows, None where it is there already, or why it cannot be written.

    The first day of a posting is compared with the first days of all that follow one another in the same unit and
    position: another supervisor begins a posting of its own, and is none in a decree.
    """
    if entry.from_on is not None and entry.from_on > on:
        return Problem(entry.row, "tmt_jabatan", "move_in_future", entry.from_on.isoformat())
    present = standing.present
    if present is None:
        return _posting(entry, target, None, known, entry.from_on or on)
    if (present.unit_id, present.position_id) != (target.unit_id, target.position_id):
        return _elsewhere(entry, target, present, known, on)
    run = _run(standing.places)
    starts = {it.from_on for it in run}
    if entry.from_on is None or entry.from_on in starts:
        return _supervised(entry, target, present, known, on)
    if entry.from_on > present.from_on:
        return _posting(entry, target, present, known, entry.from_on)
    if len(run) < len(standing.places) or entry.from_on > run[0].from_on:
        return _newer(entry, present)
    if entry.supervisor is not None and not _is_above(entry, target, present):
        return Problem(entry.row, "nip_atasan", "one_at_a_time", entry.supervisor)
    first = Change("tmt_jabatan", run[0].from_on.isoformat(), entry.from_on.isoformat())
    return Placing(entry.from_on, True, True, False, (first,))


def _run(places: list[Place]) -> list[Place]:
    """The newest postings that follow one another in the same unit and position, the oldest of them first."""
    last = places[-1]
    run = [last]
    for earlier in reversed(places[:-1]):
        is_next = earlier.to_on is not None and (run[0].from_on - earlier.to_on).days == 1
        if not is_next or (earlier.unit_id, earlier.position_id) != (last.unit_id, last.position_id):
            break
        run.insert(0, earlier)
    return run


def _elsewhere(entry: Entry, target: Target, present: Place, known: Known, on: date) -> Placing | Problem:
    from_on = entry.from_on or on
    if from_on < present.from_on:
        return _newer(entry, present)
    return _posting(entry, target, present, known, from_on)


def _supervised(entry: Entry, target: Target, present: Place, known: Known, on: date) -> Placing | None:
    """Another supervisor in the same post begins today."""
    if entry.supervisor is None or _is_above(entry, target, present):
        return None
    return _posting(entry, target, present, known, max(on, present.from_on))


def _is_above(entry: Entry, target: Target, present: Place) -> bool:
    return present.supervisor_id is not None and present.supervisor_id == target.supervisor_id and bool(entry.supervisor)


def _newer(entry: Entry, present: Place) -> Problem:
    column = "tmt_jabatan" if entry.from_on else "kode_unit"
    written = entry.from_on.isoformat() if entry.from_on else ""
    return Problem(entry.row, column, "posting_is_newer", written, {"known": present.from_on.isoformat()})


def _posting(entry: Entry, target: Target, present: Place | None, known: Known, from_on: date) -> Placing:
    stays = present is not None and present.unit_id == target.unit_id
    changes = []
    if present is None or present.unit_id != target.unit_id:
        before = known.unit_by_id[present.unit_id].name if present else ""
        changes.append(Change("unit", before, target.unit_name))
    if present is None or present.position_id != target.position_id:
        before = known.position_by_id[present.position_id].name if present else ""
        changes.append(Change("jabatan", before, target.position_name))
    if present is None or present.from_on != from_on:
        changes.append(Change("tmt_jabatan", present.from_on.isoformat() if present else "", from_on.isoformat()))
    had = present.supervisor_id if present else None
    if entry.supervisor is not None and (had is None or had != target.supervisor_id):
        changes.append(Change("nip_atasan", _number(had, known), entry.supervisor))
    loses = entry.supervisor is None and had is not None and not stays
    if loses:
        changes.append(Change("nip_atasan", _number(had, known), ""))
    return Placing(from_on, False, entry.supervisor is None and stays, loses, tuple(changes))


def _number(employee_id: UUID | None, known: Known) -> str:
    """The number of a supervisor, where the file names them anywhere; else only that there is one."""
    if employee_id is None:
        return ""
    standing = known.people.get(employee_id)
    return (standing.number or standing.name) if standing else "…"
