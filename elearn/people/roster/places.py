"""The units and positions that a staff file names: which are there, which would be made, which do not fit; pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from elearn.kernel.actor import Actor
from elearn.people import policies
from elearn.people.facts.staff import Unit
from elearn.people.roster.known import Known
from elearn.people.roster.shape import Entry, Problem


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A unit that would be made, under the agency."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class NewPosition:
    """A position that would be made."""

    code: str
    name: str
    level_code: str


@dataclass(slots=True)
class Places:
    """Looks at the places of each entry, and remembers what would be made; rows may name it again, but not otherwise."""

    known: Known
    by: Actor
    creates_units: bool
    agency: Unit | None
    units: dict[str, NewUnit] = field(default_factory=dict)
    positions: dict[str, NewPosition] = field(default_factory=dict)
    rows: dict[tuple[str, str], list[int]] = field(default_factory=dict)

    def problems(self, entry: Entry) -> Iterator[Problem]:
        """What is wrong with the unit and the position of an entry."""
        yield from self._about_unit(entry)
        yield from self._about_position(entry)

    def _about_unit(self, entry: Entry) -> Iterator[Problem]:
        key = entry.unit_code.casefold()
        there = self.known.units.get(key) or self.units.get(key)
        if there is not None:
            self.rows.setdefault(("unit", key), []).append(entry.row)
            if entry.unit_name is not None and not _same(entry.unit_name, there.name):
                yield Problem(entry.row, "unit", "unit_name_differs", entry.unit_name, {"known": there.name})
        elif not self.creates_units:
            yield Problem(entry.row, "kode_unit", "unit_unknown", entry.unit_code)
        elif self.agency is None:
            yield Problem(entry.row, "kode_unit", "agency_unclear", entry.unit_code)
        elif not policies.may_shape_units(self.by, self.agency.path):
            yield Problem(entry.row, "kode_unit", "unit_not_yours", entry.unit_code)
        elif entry.unit_name is None:
            yield Problem(entry.row, "unit", "unit_name_needed", entry.unit_code)
        else:
            self.units[key] = NewUnit(entry.unit_code, entry.unit_name)
            self.rows.setdefault(("unit", key), []).append(entry.row)

    def _about_position(self, entry: Entry) -> Iterator[Problem]:
        key = entry.position_code.casefold()
        there = self.known.positions.get(key) or self.positions.get(key)
        if there is not None:
            self.rows.setdefault(("position", key), []).append(entry.row)
            if entry.position_name is not None and not _same(entry.position_name, there.name):
                yield Problem(entry.row, "jabatan", "position_name_differs", entry.position_name, {"known": there.name})
            if entry.level_code is not None and entry.level_code != there.level_code:
                known = self.known.levels.get(there.level_code, there.level_code)
                yield Problem(entry.row, "jenjang", "position_level_differs", entry.level_code, {"known": known})
        elif not policies.may_add_position(self.by, entry.position_code):
            yield Problem(entry.row, "kode_jabatan", "position_not_yours", entry.position_code)
        elif entry.position_name is None or entry.level_code is None:
            column = "jabatan" if entry.position_name is None else "jenjang"
            yield Problem(entry.row, column, "position_needs_more", entry.position_code)
        else:
            self.positions[key] = NewPosition(entry.position_code, entry.position_name, entry.level_code)
            self.rows.setdefault(("position", key), []).append(entry.row)

    def unit(self, entry: Entry) -> Unit | None:
        """The unit of an entry; for one that would be made, the agency it would hang under."""
        return self.known.units.get(entry.unit_code.casefold())

    def path(self, entry: Entry) -> str:
        """Where the unit stands, or would stand, in the tree."""
        unit = self.unit(entry) or self.agency
        return unit.path if unit else ""

    def unit_name(self, entry: Entry) -> str:
        """What the unit is called."""
        key = entry.unit_code.casefold()
        there = self.known.units.get(key) or self.units.get(key)
        return there.name if there else entry.unit_code

    def position_name(self, entry: Entry) -> str:
        """What the position is called."""
        key = entry.position_code.casefold()
        there = self.known.positions.get(key) or self.positions.get(key)
        return there.name if there else entry.position_code

    def made_for(self, rows: set[int]) -> tuple[tuple[NewUnit, ...], tuple[NewPosition, ...]]:
        """What would be made for these rows; what only bad rows name is not."""
        units = tuple(it for key, it in self.units.items() if rows.intersection(self.rows["unit", key]))
        positions = tuple(it for key, it in self.positions.items() if rows.intersection(self.rows["position", key]))
        return units, positions


def _same(one: str, other: str) -> bool:
    """Names are the same whatever their case and spaces."""
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()
