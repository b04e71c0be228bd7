"""From rows to entries: the header, each cell by its column, what must not come twice; no database."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from elearn.people.roster import cells
from elearn.people.roster.cells import Unfit
from elearn.people.roster.plain import header_name
from elearn.people.roster.shape import (
    COLUMNS,
    IGNORED,
    LONGEST_CELL,
    MAX_ROWS,
    NEEDED,
    Cell,
    Entry,
    Problem,
    Roster,
    Rows,
    text_of,
    unreadable,
)
from elearn.people.rules import Identifier, fits_employment


@dataclass(frozen=True, slots=True)
class Terms:
    """What is in force on the day: codes of ranks by what people write, and of levels by code and by name."""

    ranks: Mapping[str, str]
    levels: Mapping[str, str]
    on: date


def read(rows: Rows, terms: Terms) -> Roster:
    """What a file says; a header that does not fit is a problem of row 1, and then no row is read.

    Raises Invalid: file_empty, file_too_long.
    """
    filled = [(number, row) for number, row in enumerate(rows, 1) if not all(cells.is_blank(it) for it in row)]
    if len(filled) < 2:
        raise unreadable("file_empty")
    if len(filled) - 1 > MAX_ROWS:
        raise unreadable("file_too_long")
    at, header = filled[0]
    places = Header.of(header)
    problems = list(places.problems(at, filled[1:]))
    if problems:
        return Roster(len(filled) - 1, (), tuple(problems))
    reader = _Reader(terms)
    for number, row in filled[1:]:
        reader.take(number, places.named(row))
    numbers = frozenset(value for column, value in reader.seen if column == "nip")
    return Roster(len(filled) - 1, tuple(reader.entries), tuple(reader.problems), numbers)


@dataclass(frozen=True, slots=True)
class Header:
    """Which column stands where; `written` is what the cells of the header say."""

    names: tuple[str, ...]
    written: tuple[str, ...]

    @classmethod
    def of(cls, row: list[Cell]) -> "Header":
        """The header as its cells say it."""
        written = tuple(text_of(it).strip() for it in row)
        return cls(tuple(header_name(it) for it in written), written)

    def problems(self, at: int, rows: list[tuple[int, list[Cell]]]) -> Iterator[Problem]:
        """Columns that are missing, unknown or twice there; one without a name matters where something stands in it."""
        for name in NEEDED:
            if name not in self.names:
                yield Problem(at, name, "column_missing")
        width = max(len(row) for _number, row in rows)
        for place in range(max(width, len(self.names))):
            name = self.names[place] if place < len(self.names) else ""
            written = self.written[place] if place < len(self.written) else ""
            if name in COLUMNS:
                if self.names.index(name) != place:
                    yield Problem(at, name, "column_twice", written)
            elif name and name not in IGNORED:
                yield Problem(at, written[:60], "column_unknown", written)
            elif not name and any(place < len(row) and not cells.is_blank(row[place]) for _number, row in rows):
                yield Problem(at, _letters(place), "column_unnamed", written)

    def named(self, row: list[Cell]) -> dict[str, Cell]:
        """The cells that say something, by column."""
        pairs = zip(self.names, row, strict=False)
        return {name: it for name, it in pairs if name in COLUMNS and not cells.is_blank(it)}


def _letters(place: int) -> str:
    """What a spreadsheet calls a column: A, B, …, AA."""
    return (_letters(place // 26 - 1) if place >= 26 else "") + chr(65 + place % 26)


@dataclass(slots=True)
class _Reader:
    """Takes row by row and remembers what must not come twice."""

    terms: Terms
    entries: list[Entry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    seen: dict[tuple[str, str], int] = field(default_factory=dict)

    def take(self, row: int, written: Mapping[str, Cell]) -> None:
        """One row: an entry, or its problems."""
        found: dict[str, Any] = {}
        problems = list(self._read(row, written, found))
        problems += self._missing(row, written)
        number = found.get("nip")
        if isinstance(number, Identifier):
            problems += self._once(row, "nip", number.value)
        if "email" in found:
            problems += self._once(row, "email", found["email"])
        self.problems += sorted(problems, key=lambda it: COLUMNS.index(it.column))
        if not problems:
            self.entries.append(_entry(row, found))

    def _read(self, row: int, written: Mapping[str, Cell], found: dict[str, Any]) -> Iterator[Problem]:
        for column, cell in written.items():
            text = text_of(cell)
            try:
                if len(text) > LONGEST_CELL:
                    raise Unfit("too_long")
                found[column] = _READERS[column](cell, self.terms)
            except Unfit as unfit:
                yield Problem(row, column, unfit.code, text[:80])

    def _missing(self, row: int, written: Mapping[str, Cell]) -> Iterator[Problem]:
        for column in NEEDED:
            if column not in written and not (column == "nip" and "email" in written):
                yield Problem(row, column, "no_login" if column == "nip" else "cell_needed")

    def _once(self, row: int, column: str, value: str) -> Iterator[Problem]:
        first = self.seen.setdefault((column, value), row)
        if first != row:
            yield Problem(row, column, "twice_in_file", value, {"row": str(first)})


_READERS: dict[str, Callable[[Cell, Terms], Any]] = {
    "nip": lambda it, terms: cells.number(it, terms.on),
    "nama": lambda it, _terms: cells.name(it),
    "gelar_depan": lambda it, _terms: cells.title(it),
    "gelar_belakang": lambda it, _terms: cells.title(it),
    "email": lambda it, _terms: cells.email(it),
    "status": lambda it, _terms: cells.kind(it),
    "golongan": lambda it, terms: cells.rank(it, terms.ranks),
    "kode_unit": lambda it, _terms: cells.code(it),
    "unit": lambda it, _terms: cells.name(it),
    "kode_jabatan": lambda it, _terms: cells.code(it),
    "jabatan": lambda it, _terms: cells.name(it),
    "jenjang": lambda it, terms: cells.level(it, terms.levels),
    "tmt_jabatan": lambda it, _terms: cells.day(it),
    "nip_atasan": lambda it, terms: cells.number(it, terms.on),
}


def _entry(row: int, found: Mapping[str, Any]) -> Entry:
    number, supervisor = found.get("nip"), found.get("nip_atasan")
    return Entry(
        row=row,
        name=found["nama"],
        employment_type=found["status"],
        unit_code=found["kode_unit"],
        position_code=found["kode_jabatan"],
        number=number.value if number else None,
        title_before=found.get("gelar_depan"),
        title_after=found.get("gelar_belakang"),
        email=found.get("email"),
        rank_code=found.get("golongan"),
        unit_name=found.get("unit"),
        position_name=found.get("jabatan"),
        level_code=found.get("jenjang"),
        from_on=found.get("tmt_jabatan"),
        supervisor=supervisor.value if supervisor else None,
        warnings=_warnings(number, found) if number else (),
    )


def _warnings(number: Identifier, found: Mapping[str, Any]) -> tuple[str, ...]:
    fits = fits_employment(number.type, found["status"])
    return number.warnings if fits else (*number.warnings, "identifier_unlike_employment")
