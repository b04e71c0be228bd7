"""The process apart that opens workbooks by calamine, once bounds.py let them pass; asked by book.py only."""

import json
from datetime import date, datetime
from io import BytesIO
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from elearn.kernel.apart import Limits, NoAnswer, serve
from elearn.people.roster.bounds import Unsafe, Workbook, inspect
from elearn.people.roster.shape import MAX_COLUMNS, MAX_ROWS

LIMITS = Limits(memory=448 * 1024 * 1024, processor=12, patience=18.0)
PREFERRED = "pegawai"


def main() -> None:
    """Serve until standard input ends."""
    serve(answer, LIMITS)


def answer(order: bytes) -> bytes:
    """From a workbook to the rows of its first visible sheet, or of the one called Pegawai, as JSON."""
    try:
        found = inspect(order) if order.startswith(b"PK") else Workbook({}, {})
        rows = _rows(order, found)
    except Unsafe as unsafe:
        raise NoAnswer(unsafe.code) from None
    except PasswordError:
        raise NoAnswer("file_protected") from None
    except CalamineError:
        raise NoAnswer("file_unreadable") from None
    return json.dumps(rows, ensure_ascii=False).encode()


def _rows(content: bytes, found: Workbook) -> list[list[Any]]:
    with CalamineWorkbook.from_filelike(BytesIO(content)) as book:
        sheets = [
            it for it in book.sheets_metadata if it.typ is SheetTypeEnum.WorkSheet and it.visible is SheetVisibleEnum.Visible
        ]
        if not sheets:
            raise Unsafe("file_unreadable")
        chosen = next((it for it in sheets if it.name.strip().lower() == PREFERRED), sheets[0])
        sheet = book.get_sheet_by_name(chosen.name)
        if sheet.end is None:
            raise Unsafe("file_empty")
        if sheet.end[0] > MAX_ROWS or sheet.end[1] >= MAX_COLUMNS:
            raise Unsafe("file_too_long")
        rows = [[_plain(it) for it in row] for row in sheet.to_python(skip_empty_area=False)]
    for at_row, at_column in found.broken_in(chosen.name):
        if at_row < len(rows) and at_column < len(rows[at_row]):
            rows[at_row][at_column] = {"broken": True}
    return rows


def _plain(cell: Any) -> Any:
    """A cell as JSON; whole numbers without a fraction, days as days, durations and times of day as their text."""
    if isinstance(cell, bool | str):
        return cell
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() else cell
    if isinstance(cell, int):
        return cell
    if isinstance(cell, datetime):
        return {"day": f"{cell:%Y-%m-%d}"} if not cell.hour and not cell.minute else cell.isoformat(" ")
    return {"day": cell.isoformat()} if isinstance(cell, date) else str(cell)


if __name__ == "__main__":
    main()
