"""What a staff file would change, row by row, against what the register knows; pure: nothing is asked, nothing written."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from elearn.kernel.actor import Actor
from elearn.people import policies
from elearn.people.facts.staff import Correction, Unit
from elearn.people.roster import circles
from elearn.people.roster.known import Known, Standing
from elearn.people.roster.places import NewPosition, NewUnit, Places
from elearn.people.roster.placing import Placing, Target, placed
from elearn.people.roster.records import Change, corrected
from elearn.people.roster.shape import COLUMNS, Entry, Problem, Roster
from elearn.people.rules import fits_rank


class Verdict(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Line:
    """A good row: who it is, what it changes, and what is done for that."""

    entry: Entry
    verdict: Verdict
    employee_id: UUID | None = None
    changes: tuple[Change, ...] = ()
    correction: Correction | None = None
    gives_number: bool = False
    placing: Placing | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """All of it; only a plan without problems is carried out."""

    row_count: int
    lines: tuple[Line, ...]
    problems: tuple[Problem, ...]
    units: tuple[NewUnit, ...]
    positions: tuple[NewPosition, ...]
    agency: Unit | None

    def count(self, verdict: Verdict) -> int:
        """How many rows come to this."""
        return sum(it.verdict is verdict for it in self.lines)

    @property
    def faulty_rows(self) -> int:
        """How many rows have something to mend."""
        return len({it.row for it in self.problems})

    @property
    def changes_anything(self) -> bool:
        """Whether any good row is not as it should be already."""
        return any(it.verdict is not Verdict.UNCHANGED for it in self.lines)

    @property
    def digest(self) -> str:
        """What was shown and what would be done now are the same where their digests are."""
        told = [(it.entry.row, it.verdict, it.employee_id, it.changes) for it in self.lines]
        return sha256(repr((told, self.problems, self.units, self.positions)).encode()).hexdigest()


@dataclass(slots=True)
class Asked:
    """For whom and when a plan is made, and what it may make on the way."""

    by: Actor
    on: date
    creates_units: bool = False
    agency_id: UUID | None = None


def plan(roster: Roster, known: Known, asked: Asked) -> Plan:
    """Compare every entry with what is known; the problems of reading stay with those of comparing."""
    planner = _Planner(roster, known, asked, Places(known, asked.by, asked.creates_units, _agency(known, asked)))
    for entry in roster.entries:
        planner.take(entry)
    planner.refuse_circles()
    problems = sorted((*roster.problems, *planner.problems), key=_order)
    bad = {it.row for it in problems}
    lines = tuple(it for it in planner.lines if it.entry.row not in bad)
    units, positions = planner.places.made_for({it.entry.row for it in lines})
    return Plan(roster.row_count, lines, tuple(problems), units, positions, planner.places.agency)


def _order(it: Problem) -> tuple[int, int]:
    return it.row, COLUMNS.index(it.column) if it.column in COLUMNS else len(COLUMNS)


def _agency(known: Known, asked: Asked) -> Unit | None:
    """Where new units go: what was said, else the only agency there is."""
    if asked.agency_id is not None:
        return known.unit_by_id.get(asked.agency_id)
    roots = known.agencies()
    return roots[0] if len(roots) == 1 else None


@dataclass(slots=True)
class _Planner:
    """Takes entry by entry."""

    roster: Roster
    known: Known
    asked: Asked
    places: Places
    lines: list[Line] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    met: dict[UUID, int] = field(default_factory=dict)

    def take(self, entry: Entry) -> None:
        """One entry: a line, or its problems."""
        problems = list(self.places.problems(entry))
        is_placed = not problems
        standing = self._whose(entry, problems)
        problems += self._about_rank(entry, standing)
        problems += self._about_supervisor(entry)
        if is_placed:
            problems += self._about_reach(entry, standing)
        line = self._line(entry, standing, problems) if not problems else None
        self.problems += problems
        if line is not None and not problems:
            self.lines.append(line)

    def _whose(self, entry: Entry, problems: list[Problem]) -> Standing | None:
        """Who it is: by number, else by address where that person bears no number or the row names none."""
        by_number = self.known.numbers.get(entry.number) if entry.number else None
        by_email = self.known.emails.get(entry.email) if entry.email else None
        found = by_number or by_email
        owner = self.known.people[by_email] if by_email else None
        if owner is not None and owner.id != by_number and (by_number or (entry.number and owner.number)):
            problems.append(Problem(entry.row, "email", "email_in_use", entry.email or ""))
            return None
        if found is None:
            if entry.number in self.known.former:
                problems.append(Problem(entry.row, "nip", "number_former", entry.number or ""))
            return None
        first = self.met.setdefault(found, entry.row)
        if first != entry.row:
            problems.append(Problem(entry.row, "nip", "person_twice", entry.number or "", {"row": str(first)}))
        standing = self.known.people[found]
        if standing.left_on is not None:
            problems.append(Problem(entry.row, "nip", "has_left", entry.number or ""))
        return standing

    def _about_reach(self, entry: Entry, standing: Standing | None) -> Iterator[Problem]:
        if not policies.may_hire(self.asked.by, self.places.path(entry)):
            yield Problem(entry.row, "kode_unit", "out_of_reach", entry.unit_code)
        elif standing is not None and not policies.may_hire(self.asked.by, self.known.path_of(standing)):
            yield Problem(entry.row, "nip", "person_out_of_reach", entry.number or "")

    def _about_rank(self, entry: Entry, standing: Standing | None) -> Iterator[Problem]:
        code = entry.rank_code or (standing.rank_code if standing else None)
        scheme = self.known.schemes.get(code) if code else None
        if scheme is not None and not fits_rank(scheme, entry.employment_type):
            yield Problem(entry.row, "golongan", "rank_unfit", self.known.ranks[code or ""])

    def _about_supervisor(self, entry: Entry) -> Iterator[Problem]:
        number = entry.supervisor
        if number is None:
            return
        if number == entry.number:
            yield Problem(entry.row, "nip_atasan", "own_supervisor", number)
            return
        found = self.known.people.get(self.known.numbers[number]) if number in self.known.numbers else None
        if found is None and number in self.roster.numbers:
            return
        unit = self.places.unit(entry)
        is_fit = found is not None and found.is_at_work(self.asked.on)
        if found is None or not is_fit or (unit is not None and found.agency_id != unit.agency_id):
            yield Problem(entry.row, "nip_atasan", "supervisor_unknown", number)

    def _line(self, entry: Entry, standing: Standing | None, problems: list[Problem]) -> Line | None:
        if standing is None:
            if entry.from_on is not None and entry.from_on > self.asked.on:
                problems.append(Problem(entry.row, "tmt_jabatan", "move_in_future", entry.from_on.isoformat()))
            return Line(entry, Verdict.NEW)
        correction, changes = corrected(entry, standing, self.known)
        placing = placed(entry, standing, self._target(entry), self.known, on=self.asked.on)
        if isinstance(placing, Problem):
            problems.append(placing)
            return None
        gives = entry.number is not None and standing.number is None
        if gives:
            changes = (Change("nip", "", entry.number or ""), *changes)
        if placing is not None:
            changes = (*changes, *placing.changes)
        if changes and standing.id == self.asked.by.employee_id:
            problems.append(Problem(entry.row, "nip", "own_record", entry.number or ""))
        verdict = Verdict.CHANGED if changes else Verdict.UNCHANGED
        return Line(entry, verdict, standing.id, changes, correction, gives, placing)

    def _target(self, entry: Entry) -> Target:
        position = self.known.positions.get(entry.position_code.casefold())
        unit = self.places.unit(entry)
        supervisor = self.known.numbers.get(entry.supervisor or "")
        return Target(
            unit.id if unit else None,
            position.id if position else None,
            self.places.unit_name(entry),
            self.places.position_name(entry),
            supervisor,
        )

    def refuse_circles(self) -> None:
        """Refuse the rows by which somebody would be above themselves."""
        for line in circles.closing(self.lines_above(), self.known):
            self.problems.append(Problem(line[0], "nip_atasan", "supervisor_circle", line[1]))

    def lines_above(self) -> list[circles.Above]:
        """Who would be above whom by the good rows, where they say it or a move ends it."""
        return [
            circles.Above(
                it.entry.row,
                it.employee_id or it.entry.number or it.entry.row,
                it.entry.supervisor,
                it.placing is not None and it.placing.loses_supervisor,
            )
            for it in self.lines
        ]
