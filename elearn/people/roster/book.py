"""A staff file's rows, whatever it is by its content: workbooks are opened in a process apart, text in plain.py."""

import atexit
import json
from datetime import date
from typing import Any

from elearn.kernel.apart import Apart, NoAnswer
from elearn.people.roster import plain
from elearn.people.roster.shape import MAX_FILE, Broken, Cell, Rows, unreadable

MODULE = "elearn.people.roster.book_child"
SLOTS = 2
PATIENCE = 20.0
ARCHIVE, COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MOST_PARTS = 2_000

_openers = Apart(MODULE, slots=SLOTS, patience=PATIENCE)
atexit.register(_openers.close)


def rows_of(content: bytes) -> Rows:
    """Every row of the sheet, the blank ones too, so that the first is row 1 of the spreadsheet.

    Raises Invalid: file_empty, file_too_large, file_unreadable, file_protected, file_unsafe, file_too_long.
    """
    if len(content) > MAX_FILE:
        raise unreadable("file_too_large")
    if not content.strip():
        raise unreadable("file_empty")
    if content.startswith((ARCHIVE, COMPOUND)):
        return _opened(content)
    if content[:2] == b"PK":
        raise unreadable("file_unreadable")
    return plain.rows_of(content)


def _opened(content: bytes) -> Rows:
    if content.count(b"PK\x01\x02") > MOST_PARTS:
        raise unreadable("file_unsafe")
    try:
        answer = json.loads(_openers.ask(content))
    except NoAnswer as refusal:
        code = str(refusal)
        raise unreadable(code if code.startswith("file_") else "file_unsafe") from None
    return [[_cell(it) for it in row] for row in answer]


def _cell(it: Any) -> Cell:
    if isinstance(it, dict):
        return date.fromisoformat(it["day"]) if "day" in it else Broken()
    cell: Cell = it
    return cell
