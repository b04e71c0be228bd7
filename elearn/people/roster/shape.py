"""What a staff file is made of: its columns, cells, rows and problems; values only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from elearn.kernel.errors import Invalid
from elearn.people.rules import EmploymentType

COLUMNS = (
    *("nip", "nama", "gelar_depan", "gelar_belakang", "email", "status", "golongan"),
    *("kode_unit", "unit", "kode_jabatan", "jabatan", "jenjang", "tmt_jabatan", "nip_atasan"),
)
NEEDED = ("nip", "nama", "status", "kode_unit", "kode_jabatan")
IGNORED = frozenset({"galat", "no"})
ALIASES = {"surel": "email", "e_mail": "email", "kepegawaian": "status"}
MAX_ROWS = 25_000
MAX_COLUMNS = 60
MAX_FILE = 8 * 1024 * 1024
LONGEST_CELL = 2_000


@dataclass(frozen=True, slots=True)
class Broken:
    """A cell whose formula left no value, or an error in its place; formulas are never worked out here."""


Cell = str | int | float | bool | date | Broken
Rows = list[list[Cell]]


def unreadable(code: str, **details: Any) -> Invalid:
    """The refusal of a whole file."""
    return Invalid(code, field="file", **details)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in one cell: the row as the spreadsheet counts it, the column, a code, and what is written there."""

    row: int
    column: str
    code: str
    written: str = ""
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """One row that can be read; None stands for an empty cell or a column that is not there: what is known stays."""

    row: int
    name: str
    employment_type: EmploymentType
    unit_code: str
    position_code: str
    number: str | None = None
    title_before: str | None = None
    title_after: str | None = None
    email: str | None = None
    rank_code: str | None = None
    unit_name: str | None = None
    position_name: str | None = None
    level_code: str | None = None
    from_on: date | None = None
    supervisor: str | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Roster:
    """What a file says: how many rows say anything, what can be read of them, and what is wrong.

    `numbers` are those of the bad rows, too: whoever names such a one as supervisor is not wrong by that.
    """

    row_count: int
    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]
    numbers: frozenset[str] = frozenset()


def text_of(cell: Cell) -> str:
    """A cell as it is written, for people to read."""
    if isinstance(cell, Broken):
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return f"{cell:.10g}"
    return cell.isoformat() if isinstance(cell, date) else str(cell)
