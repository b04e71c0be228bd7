"""Taking a whole staff file in: units and positions that it names, then the people; reading the file is roster.py's."""

from datetime import datetime
from uuid import UUID

from elearn.kernel.actor import Actor
from elearn.kernel.clock import local_date
from elearn.kernel.errors import Conflict
from elearn.people import queries, structure
from elearn.people.facts.staff import NewEmployee, NewPosting
from elearn.people.roster import Entry, Roster, Terms
from elearn.people.services import organisation, staff


def terms_in_force(*, by: Actor, now: datetime) -> Terms:
    """What the cells of a staff file may say today."""
    on = local_date(now, by.zone)
    levels = structure.levels(on)
    named = {name.lower(): code for code, name in levels.items()} | {code.lower(): code for code in levels}
    return Terms(structure.rank_codes(on), named, on)


def take_in(agency_id: UUID, roster: Roster, *, by: Actor, now: datetime) -> int:
    """Make what the file names and hire everybody in it, all or nothing; gives how many were hired.

    The acts within are guarded and audited each. Raises Conflict roster_faulty, and what the acts within raise.
    """
    if roster.problems:
        raise Conflict("roster_faulty")
    units = _units(agency_id, roster, by=by, now=now)
    prefix = queries.unit(agency_id).code
    positions = {
        named: organisation.add_position(f"{prefix}-J{number:03d}", *named, by=by, now=now)
        for number, named in enumerate(roster.positions, 1)
    }
    for entry in roster.entries:
        posting = NewPosting(units[entry.unit], positions[entry.position, entry.level_code])
        known = queries.employee_id_by_login(entry.identifier or entry.email or "")
        if known is not None:  # the first administrator stands in the file too
            staff.move(known, posting, by=by, now=now)
        else:
            staff.hire(_newcomer(agency_id, entry, posting), by=by, now=now)
    return len(roster.entries)


def _units(agency_id: UUID, roster: Roster, *, by: Actor, now: datetime) -> dict[tuple[str, ...], UUID]:
    """The units by their way down the tree; what is called like the agency at the top is the agency itself."""
    agency = queries.unit(agency_id)
    made: dict[tuple[str, ...], UUID] = {(): agency_id}
    for number, way in enumerate(roster.units, 1):
        if len(way) == 1 and way[0].lower() == agency.name.lower():
            made[way] = agency_id
            continue
        code = f"{agency.code}-{number:03d}"
        made[way] = organisation.add_unit(way[-1], code, parent_id=made[way[:-1]], by=by, now=now)
    return made


def _newcomer(agency_id: UUID, entry: Entry, posting: NewPosting) -> NewEmployee:
    return NewEmployee(
        agency_id=agency_id,
        name=entry.name,
        employment_type=entry.employment_type,
        identifier=entry.identifier,
        title_before=entry.title_before,
        title_after=entry.title_after,
        email=entry.email,
        rank_code=entry.rank_code,
        posting=posting,
    )
