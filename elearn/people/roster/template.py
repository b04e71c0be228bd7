"""The files that people fill in, as .xlsx and .csv, and the file of only the bad rows; cells are text, never formulas."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

from elearn.people.roster.shape import COLUMNS, NEEDED

EXAMPLES = (
    ("000000000000000000", "CONTOH Siti Aminah", "", "S.Sos.", "siti@kota.example", "PNS", "III/b")
    + ("DUKCAPIL", "Dinas Dukcapil", "ANL-KEP", "Analis Kepegawaian", "JF Ahli Pertama", "2026-01-31", ""),
)
"""A row that is no person's: its number is not one, so that a file in which it was left is refused and not taken in."""

MENDED = "galat"
_TEXT = "@"
_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


@dataclass(frozen=True, slots=True)
class Lists:
    """What may be chosen in the columns that have a list."""

    ranks: tuple[str, ...]
    levels: tuple[str, ...]
    units: tuple[tuple[str, str], ...] = ()
    positions: tuple[tuple[str, str], ...] = ()


def as_csv() -> str:
    """An example to fill in, with semicolons as an Indonesian spreadsheet opens it."""
    return csv_text([COLUMNS, *EXAMPLES])


def csv_text(rows: Iterable[Sequence[str]]) -> str:
    """Text that a spreadsheet opens as UTF-8; a cell that would be a formula begins with an apostrophe."""
    return "\ufeff" + "".join(";".join(_quoted(it) for it in row) + "\r\n" for row in rows)


def _quoted(cell: str) -> str:
    guarded = f"'{cell}" if cell.startswith(_STARTS) else cell
    escaped = guarded.replace('"', '""')
    return f'"{escaped}"' if any(it in guarded for it in ';,"\r\n\t|') or guarded != cell else cell


def as_workbook(
    rows: Iterable[Sequence[str]], lists: Lists, notes: Sequence[tuple[str, str]], *, errors: bool = False
) -> bytes:
    """A workbook whose sheet Pegawai is filled in; every cell is typed as text, lists are offered where there are some."""
    out = BytesIO()
    options: dict[str, Any] = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options | {"strings_to_numbers": False}) as book:
        text = book.add_format({"num_format": _TEXT, "quote_prefix": True})
        head = book.add_format({"bold": True, "num_format": _TEXT, "bottom": 1})
        sheet = book.add_worksheet("Pegawai")
        columns = (*COLUMNS, MENDED) if errors else COLUMNS
        for place, name in enumerate(columns):
            sheet.set_column(place, place, 60 if name == MENDED else 24, book.add_format({"num_format": _TEXT}))
            sheet.write_string(0, place, name, head)
        sheet.freeze_panes(1, 1)
        for number, row in enumerate(rows, 1):
            for place, cell in enumerate(row):
                if cell:
                    sheet.write_string(number, place, cell[:32_000], text)
        _offer(book, sheet, lists)
        _explain(book, notes)
    return out.getvalue()


def _offer(book: Any, sheet: Any, lists: Lists) -> None:
    """Lists beside the columns that have one; other values are let through, they are looked at when the file is read."""
    offered: Mapping[str, Sequence[str]] = {
        "status": ("PNS", "PPPK", "PPPK Paruh Waktu"),
        "golongan": lists.ranks,
        "jenjang": lists.levels,
        "kode_unit": [it for it, _name in lists.units],
        "kode_jabatan": [it for it, _name in lists.positions],
    }
    kept = book.add_worksheet("Daftar")
    for place, (column, values) in enumerate(offered.items()):
        kept.write_string(0, place, column)
        for number, value in enumerate(values, 1):
            kept.write_string(number, place, value)
        if values:
            letter = chr(65 + place)
            source = f"=Daftar!${letter}$2:${letter}${len(values) + 1}"
            at = COLUMNS.index(column)
            sheet.data_validation(1, at, 25_000, at, {"validate": "list", "source": source, "error_type": "information"})
    for place, pairs in ((6, lists.units), (8, lists.positions)):
        for number, (code, name) in enumerate(pairs):
            kept.write_string(number + 1, place, code)
            kept.write_string(number + 1, place + 1, name)


def _explain(book: Any, notes: Sequence[tuple[str, str]]) -> None:
    sheet = book.add_worksheet("Petunjuk")
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 1, 100)
    for number, (column, words) in enumerate(notes):
        sheet.write_string(number, 0, f"{column} *" if column in NEEDED else column)
        sheet.write_string(number, 1, words)
