"""A staff file, read: CSV as spreadsheets write it → rows to take in, and each problem by row and column; no database."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from io import StringIO

from elearn.kernel.errors import Invalid
from elearn.people import rules
from elearn.people.rules import EmploymentType, Identifier

COLUMNS = (
    *("nip", "nama", "gelar_depan", "gelar_belakang", "surel"),
    *("kepegawaian", "golongan", "unit", "jabatan", "jenjang"),
)
NEEDED = frozenset({"nama", "kepegawaian", "unit", "jabatan", "jenjang"})
MAX_ROWS = 2000
STEP = ">"
_KINDS = {
    "pns": EmploymentType.PNS,
    "pppk": EmploymentType.PPPK,
    "pppk paruh waktu": EmploymentType.PPPK_PART_TIME,
    "pppk pw": EmploymentType.PPPK_PART_TIME,
}
_EXAMPLES = (
    ("198609262015051001", "Siti Aminah", "", "S.Sos.", "", "PNS", "III/b", "Dinas Dukcapil > Bidang Pelayanan"),
    ("", "Budi Santoso", "Dr.", "M.Si.", "budi@kota.example", "PPPK", "IX", "Badan Kepegawaian"),
)
_POSTS = (("Kepala Seksi Pelayanan", "pengawas"), ("Analis Kepegawaian", "jf_ahli_pertama"))


@dataclass(frozen=True, slots=True)
class Terms:
    """What is in force on the day: codes of ranks by what people write, and of levels by code and by name."""

    ranks: Mapping[str, str]
    levels: Mapping[str, str]
    on: date


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the file that can be taken in; `unit` is the way down the tree, below the agency."""

    row: int
    name: str
    title_before: str
    title_after: str
    email: str | None
    identifier: str | None
    employment_type: EmploymentType
    rank_code: str | None
    unit: tuple[str, ...]
    position: str
    level_code: str


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in one cell: the row as the spreadsheet counts it, the column, a code, and what is written there."""

    row: int
    column: str
    code: str
    written: str = ""


@dataclass(frozen=True, slots=True)
class Roster:
    """What a file says: what can be taken in, and what is wrong; only a file without problems is taken in."""

    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]

    @property
    def faulty_rows(self) -> int:
        """How many rows have something to mend."""
        return len({it.row for it in self.problems})

    @property
    def units(self) -> tuple[tuple[str, ...], ...]:
        """Every unit that is named, parents first, each once."""
        found = {it.unit[:depth]: None for it in self.entries for depth in range(1, len(it.unit) + 1)}
        return tuple(sorted(found, key=len))

    @property
    def positions(self) -> tuple[tuple[str, str], ...]:
        """Every position that is named, with its level, each once."""
        return tuple(dict.fromkeys((it.position, it.level_code) for it in self.entries))


def template() -> str:
    """An example to fill in, with semicolons as an Indonesian spreadsheet opens it."""
    rows = [COLUMNS, *((*person, *post) for person, post in zip(_EXAMPLES, _POSTS, strict=True))]
    return "\ufeff" + "\r\n".join(";".join(it) for it in rows) + "\r\n"


def decoded(content: bytes) -> str:
    """The text of a file that a spreadsheet wrote; raises Invalid roster_unreadable."""
    if b"\x00" in content or content[:2] == b"PK":
        raise Invalid("roster_unreadable", field="staff")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def read(text: str, terms: Terms) -> Roster:
    """Read a whole file; raises Invalid: roster_empty, roster_columns (with `missing`), roster_too_long."""
    rows = _rows(text)
    if not rows:
        raise Invalid("roster_empty", field="staff")
    header = [re.sub(r"\W+", "_", it.strip().lower()) for it in rows[0][1]]
    missing = sorted(NEEDED - set(header))
    if missing:
        raise Invalid("roster_columns", field="staff", missing=", ".join(missing))
    if len(rows) - 1 > MAX_ROWS:
        raise Invalid("roster_too_long", field="staff", maximum=MAX_ROWS)
    if len(rows) == 1:
        raise Invalid("roster_empty", field="staff")
    reader = _Reader(terms)
    for number, cells in rows[1:]:
        reader.take(number, {name: cells[at].strip() if at < len(cells) else "" for at, name in enumerate(header)})
    return Roster(tuple(reader.entries), tuple(reader.problems))


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """The rows that say anything, numbered as a spreadsheet does; comma, semicolon or tab, whichever the header has most."""
    first = text.lstrip("\ufeff").partition("\n")[0]
    delimiter = max(";,\t", key=first.count)
    reader = csv.reader(StringIO(text.lstrip("\ufeff"), newline=""), delimiter=delimiter)
    return [(number, cells) for number, cells in enumerate(_lines(reader), 1) if any(it.strip() for it in cells)]


def _lines(reader: Iterable[list[str]]) -> Iterator[list[str]]:
    try:
        yield from reader
    except csv.Error:
        raise Invalid("roster_unreadable", field="staff") from None


@dataclass(slots=True)
class _Reader:
    """Takes row by row and remembers what must not come twice."""

    terms: Terms
    entries: list[Entry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    seen: dict[tuple[str, str], int] = field(default_factory=dict)

    def take(self, row: int, cells: Mapping[str, str]) -> None:
        """One row: an entry, or its problems."""
        found = list(self._problems(row, cells))
        self.problems += found
        if not found:
            self.entries.append(self._entry(row, cells))

    def _problems(self, row: int, cells: Mapping[str, str]) -> Iterator[Problem]:
        for column in sorted(NEEDED, key=COLUMNS.index):
            if not cells[column]:
                yield Problem(row, column, "cell_needed")
        yield from self._about_number(row, cells.get("nip", ""))
        yield from self._about_email(row, cells.get("surel", ""))
        if not cells.get("nip") and not cells.get("surel"):
            yield Problem(row, "nip", "no_login")
        for column, known, code in (
            ("kepegawaian", _KINDS, "kind_unknown"),
            ("golongan", self.terms.ranks, "rank_unknown"),
            ("jenjang", self.terms.levels, "level_unknown"),
        ):
            written = cells.get(column, "")
            if written and written.lower() not in known:
                yield Problem(row, column, code, written)
        for column in ("nama", "unit", "jabatan"):
            if len(cells[column]) > 200:
                yield Problem(row, column, "too_long", cells[column][:40])

    def _about_number(self, row: int, written: str) -> Iterator[Problem]:
        if not written:
            return
        try:
            number: Identifier = rules.read_nip(written, on=self.terms.on)
        except Invalid as error:
            yield Problem(row, "nip", error.code, written)
            return
        yield from self._once(row, "nip", number.value, written)

    def _about_email(self, row: int, written: str) -> Iterator[Problem]:
        if not written:
            return
        try:
            email = rules.tidy_email(written)
        except Invalid as error:
            yield Problem(row, "surel", error.code, written)
            return
        yield from self._once(row, "surel", email or "", written)

    def _once(self, row: int, column: str, value: str, written: str) -> Iterator[Problem]:
        if self.seen.setdefault((column, value), row) != row:
            yield Problem(row, column, "twice_in_file", written)

    def _entry(self, row: int, cells: Mapping[str, str]) -> Entry:
        return Entry(
            row=row,
            name=cells["nama"],
            title_before=cells.get("gelar_depan", ""),
            title_after=cells.get("gelar_belakang", ""),
            email=cells.get("surel") or None,
            identifier=cells.get("nip") or None,
            employment_type=_KINDS[cells["kepegawaian"].lower()],
            rank_code=self.terms.ranks.get(cells.get("golongan", "").lower()),
            unit=tuple(" ".join(it.split()) for it in cells["unit"].split(STEP) if it.strip()),
            position=" ".join(cells["jabatan"].split()),
            level_code=self.terms.levels[cells["jenjang"].lower()],
        )
