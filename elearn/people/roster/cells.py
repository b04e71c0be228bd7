"""Reading single cells: numbers of civil servants, days, words; each gives a value or raises Unfit with a code."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date

from elearn.kernel.errors import Invalid
from elearn.kernel.text import storable
from elearn.people import rules
from elearn.people.roster.shape import Broken, Cell
from elearn.people.rules import EmploymentType, Identifier

KINDS = {
    "pns": EmploymentType.PNS,
    "pppk": EmploymentType.PPPK,
    "pppk paruh waktu": EmploymentType.PPPK_PART_TIME,
    "pppk pw": EmploymentType.PPPK_PART_TIME,
    "pppk_part_time": EmploymentType.PPPK_PART_TIME,
}
FIRST_YEAR = 1945
LONGEST_CODE = 100
_UNSEEN = re.compile("[\u200b\u2060\ufeff\u00ad]")
_MARKS = re.compile("['\u2018\u2019\u02bc`\"\u200c\u200d\u200e\u200f\u202a-\u202e\u2066-\u2069\\s.\\-]")
_POWER = re.compile(r"[0-9]+([.,][0-9]+)?[eE]\+?[0-9]+")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            *("januari jan january", "februari feb pebruari february", "maret mar march", "april apr", "mei may"),
            *("juni jun june", "juli jul july", "agustus agu ags agt aug august", "september sep sept"),
            *("oktober okt oct october", "november nov nopember", "desember des dec december"),
        ),
        1,
    )
    for name in names.split()
}


class Unfit(Exception):
    """A cell that cannot be read; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def words(cell: Cell) -> str:
    """Text with single spaces and without what nobody sees; raises Unfit: cell_broken, cell_not_text."""
    if isinstance(cell, Broken):
        raise Unfit("cell_broken")
    if not isinstance(cell, str):
        raise Unfit("cell_not_text")
    return " ".join(_UNSEEN.sub("", storable(cell)).split())


def code(cell: Cell) -> str:
    """A code of a unit or a position; a whole number is one, a fraction may have lost its zeros."""
    if isinstance(cell, int) and not isinstance(cell, bool):
        return str(cell)
    found = unicodedata.normalize("NFKC", words(cell)).removeprefix("'")
    if len(found) > LONGEST_CODE:
        raise Unfit("too_long")
    return found


def is_blank(cell: Cell) -> bool:
    """Whether nobody would see anything in it."""
    return isinstance(cell, str) and not _UNSEEN.sub("", cell).strip()


def number(cell: Cell, on: date) -> Identifier:
    """A NIP or NI PPPK, kept as text; a spreadsheet's number has lost its last digits and is refused."""
    if isinstance(cell, Broken):
        raise Unfit("cell_broken")
    if not isinstance(cell, str) or _POWER.fullmatch(cell.strip()):
        raise Unfit("nip_is_number")
    digits = _MARKS.sub("", unicodedata.normalize("NFKC", _UNSEEN.sub("", cell)))
    try:
        found = rules.read_nip(digits, on=on)
    except Invalid as error:
        raise Unfit(error.code) from None
    if found.sequence == 0:
        raise Unfit("nip_digits_lost")
    return found


def day(cell: Cell) -> date:
    """A day: a date cell, 2026-01-31, 31/01/2026, 31-01-2026 or 31 Januari 2026; what may mean two days is refused."""
    if isinstance(cell, date):
        return _sensible(cell.year, cell.month, cell.day)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        raise Unfit("date_is_number")
    text = unicodedata.normalize("NFKC", words(cell)).lower()
    if found := re.fullmatch(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})( 00:00(:00)?)?", text):
        return _sensible(int(found[1]), int(found[2]), int(found[3]))
    if found := re.fullmatch(r"([0-9]{1,2}) ?[- ] ?([a-z]{3,9})\.? ?[- ] ?([0-9]{4})", text):
        return _sensible(int(found[3]), _MONTHS.get(found[2], 0), int(found[1]))
    if found := re.fullmatch(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})", text):
        first, second = int(found[1]), int(found[2])
        if first != second and first <= 12 and second <= 12:
            raise Unfit("date_ambiguous")
        return _sensible(int(found[3]), second, first)
    raise Unfit("date_unreadable")


def _sensible(year: int, month: int, day_of_month: int) -> date:
    try:
        found = date(year, month, day_of_month)
    except ValueError:
        raise Unfit("date_unreadable") from None
    if found.year < FIRST_YEAR:
        raise Unfit("date_unreadable")
    return found


def kind(cell: Cell) -> EmploymentType:
    """The kind of civil servant."""
    found = KINDS.get(words(cell).lower())
    if found is None:
        raise Unfit("kind_unknown")
    return found


def rank(cell: Cell, known: Mapping[str, str]) -> str:
    """The code of a rank by its code or grade: III/b, III b, IIIb."""
    text = str(cell) if isinstance(cell, int) and not isinstance(cell, bool) else words(cell)
    plain = re.sub(r"\s+", "", text).lower()
    split = re.sub(r"^([ivx]+)[-/.]?([a-e])$", r"\1/\2", plain)
    found = known.get(plain) or known.get(split)
    if found is None:
        raise Unfit("rank_unknown")
    return found


def level(cell: Cell, known: Mapping[str, str]) -> str:
    """The code of a level by its code or name, in any case."""
    found = known.get(words(cell).lower())
    if found is None:
        raise Unfit("level_unknown")
    return found


def email(cell: Cell) -> str:
    """An e-mail address."""
    try:
        return rules.tidy_email(words(cell)) or ""
    except Invalid as error:
        raise Unfit(error.code) from None


def name(cell: Cell) -> str:
    """A name by the rule of all names; units and positions have the same."""
    try:
        return rules.tidy_name(words(cell))
    except Invalid as error:
        raise Unfit(error.code) from None


def title(cell: Cell) -> str:
    """Titles before or after a name, as the record keeps them."""
    found = words(cell).strip(",").strip()
    if len(found) > 100:
        raise Unfit("title_too_long")
    return found
