"""A staff file against the register: what it would change, and taking it in, all or nothing; its reading is roster/'s."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from elearn.kernel import audit
from elearn.kernel.actor import Actor
from elearn.kernel.clock import local_date
from elearn.kernel.errors import Conflict
from elearn.people import structure
from elearn.people.facts.staff import NewEmployee, NewPosting
from elearn.people.roster import book, known, planning, reading
from elearn.people.roster.known import Known
from elearn.people.roster.planning import Asked, Line, Plan, Verdict
from elearn.people.roster.reading import Terms
from elearn.people.roster.shape import Roster
from elearn.people.services import intake, organisation, records, staff
from elearn.people.services.intake import Newcomer


def terms_in_force(*, by: Actor, now: datetime) -> Terms:
    """What the cells of a staff file may say today."""
    on = local_date(now, by.zone)
    levels = structure.levels(on)
    named = {name.lower(): code for code, name in levels.items()} | {code.lower(): code for code in levels}
    return Terms(structure.rank_codes(on), named, on)


def read_file(content: bytes, terms: Terms, *, by: Actor, now: datetime) -> Roster:
    """What a file says; slow, and without the database. Raises Invalid file_*."""
    return reading.read(book.rows_of(content), terms)


@dataclass(frozen=True, slots=True)
class Wishes:
    """Whether units that are not there are made, and under which agency (None: the only one).

    `future` is an agency that is about to be made, as its code and name: a file can be compared before it is there.
    """

    creates_units: bool = False
    agency_id: UUID | None = None
    future: tuple[str, str] | None = None


def compare(roster: Roster, wishes: Wishes, *, by: Actor, now: datetime) -> Plan:
    """What the file would change, in a fixed number of questions; nothing is written."""
    return _planned(roster, wishes, by=by, now=now)[1]


def _planned(roster: Roster, wishes: Wishes, *, by: Actor, now: datetime) -> tuple[Known, Plan]:
    on = local_date(now, by.zone)
    found = known.load(roster, on=on)
    agency_id = found.expect(*wishes.future) if wishes.future else wishes.agency_id
    return found, planning.plan(roster, found, Asked(by, on, wishes.creates_units, agency_id))


def take_in(roster: Roster, wishes: Wishes, *, shown: str | None = None, by: Actor, now: datetime) -> Plan:
    """Compare once more, and do all of it in this transaction; gives what was done.

    The acts within are guarded and audited each; a file that changes nothing writes nothing. People who are not in
    the file stay as they are. `shown` is the digest of the plan that somebody saw and confirmed.
    Raises Conflict: roster_faulty, roster_outdated; and what the acts within raise.
    """
    found, plan = _planned(roster, wishes, by=by, now=now)
    if plan.problems:
        raise Conflict("roster_faulty")
    if shown is not None and plan.digest != shown:
        raise Conflict("roster_outdated")
    if not plan.changes_anything:
        return plan
    places = _make_places(plan, found, by=by, now=now)
    newcomers = [_newcomer(it, places) for it in plan.lines if it.verdict is Verdict.NEW]
    bearers = intake.hire_all(newcomers, _bearers(plan, found), by=by, now=now)
    _change(plan, places, bearers, found, by=by, now=now)
    counts = {it.value: plan.count(it) for it in Verdict}
    audit.record("staff.import", "org_unit", plan.agency.id if plan.agency else "-", by=by, now=now, **counts)
    return plan


@dataclass(frozen=True, slots=True)
class _Places:
    """The units and positions by their codes in small letters, those just made among them."""

    units: dict[str, tuple[UUID, UUID, str]]
    positions: dict[str, UUID]

    def posting(self, line: Line, supervisor_id: UUID | None = None) -> NewPosting:
        entry = line.entry
        unit_id = self.units[entry.unit_code.casefold()][0]
        from_on = line.placing.from_on if line.placing else entry.from_on
        return NewPosting(unit_id, self.positions[entry.position_code.casefold()], supervisor_id, from_on)


def _make_places(plan: Plan, found: Known, *, by: Actor, now: datetime) -> _Places:
    units = {key: (it.id, it.agency_id, it.path) for key, it in found.units.items()}
    positions = {key: it.id for key, it in found.positions.items()}
    for unit in plan.units:
        agency = plan.agency
        if agency is None:
            raise Conflict("roster_faulty")
        unit_id = organisation.add_unit(unit.name, unit.code, parent_id=agency.id, by=by, now=now)
        units[unit.code.casefold()] = (unit_id, agency.id, f"{agency.path}{unit_id.hex}/")
    for it in plan.positions:
        positions[it.code.casefold()] = organisation.add_position(it.code, it.name, it.level_code, by=by, now=now)
    return _Places(units, positions)


def _newcomer(line: Line, places: _Places) -> Newcomer:
    entry = line.entry
    _, agency_id, path = places.units[entry.unit_code.casefold()]
    posting = places.posting(line)
    new = NewEmployee(
        agency_id=agency_id,
        name=entry.name,
        employment_type=entry.employment_type,
        identifier=entry.number,
        title_before=entry.title_before or "",
        title_after=entry.title_after or "",
        email=entry.email,
        rank_code=entry.rank_code,
        active_from=entry.from_on,
        posting=posting,
    )
    return Newcomer(new, posting, path, entry.supervisor)


def _bearers(plan: Plan, found: Known) -> dict[str, UUID]:
    """Who bears each number that the file names, also those who get theirs by it."""
    given = {it.entry.number: it.employee_id for it in plan.lines if it.entry.number and it.employee_id}
    return found.numbers | given


def _change(plan: Plan, places: _Places, bearers: Mapping[str, UUID], found: Known, *, by: Actor, now: datetime) -> None:
    """Correct and move those who are there already; whom a row puts under somebody stays there when that one moves."""
    spared: defaultdict[UUID, set[UUID]] = defaultdict(set)
    for line in plan.lines:
        employee_id = line.employee_id or bearers.get(line.entry.number or "")
        if line.entry.supervisor and employee_id:
            spared[bearers[line.entry.supervisor]].add(employee_id)
    for line in plan.lines:
        if line.verdict is not Verdict.CHANGED or line.employee_id is None:
            continue
        if line.correction is not None:
            records.correct(line.employee_id, line.correction, by=by, now=now)
        if line.gives_number and line.entry.number:
            records.change_identifier(line.employee_id, line.entry.number, by=by, now=now)
        _place(line, places, bearers, found, frozenset(spared[line.employee_id]), by=by, now=now)


def _place(
    line: Line,
    places: _Places,
    bearers: Mapping[str, UUID],
    found: Known,
    spared: frozenset[UUID],
    *,
    by: Actor,
    now: datetime,
) -> None:
    if line.placing is None or line.employee_id is None:
        return
    if line.placing.is_earlier:
        staff.begin_earlier(line.employee_id, line.placing.from_on, by=by, now=now)
        return
    present = found.people[line.employee_id].present
    supervisor_id = bearers[line.entry.supervisor] if line.entry.supervisor else None
    if line.placing.keeps_supervisor and present is not None:
        supervisor_id = present.supervisor_id
    staff.move(line.employee_id, places.posting(line, supervisor_id), spared=spared, by=by, now=now)
