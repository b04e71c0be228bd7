"""A staff file as text: its encoding, its separator, its rows; nothing is known of columns but their names."""

import csv
import re
from collections.abc import Iterable, Iterator
from io import StringIO

import charset_normalizer

from elearn.people.roster.shape import ALIASES, COLUMNS, MAX_COLUMNS, MAX_ROWS, Rows, unreadable

SEPARATORS = ";,\t|"
SAMPLE = 64 * 1024
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_LIKELY = ["cp1252", "cp1250", "cp1251", "cp1256", "cp850", "mac_roman", "shift_jis", "gb18030", "big5"]
_DIRECTIVE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)


def rows_of(content: bytes) -> Rows:
    """The rows as a spreadsheet counts them; raises Invalid: file_unreadable, file_empty, file_too_long."""
    text = _decoded(content)
    if "\x00" in text:
        raise unreadable("file_unreadable")
    told = _DIRECTIVE.match(text)
    separator = told[1] if told else _separator(text)
    rows: Rows = []
    for row in _lines(csv.reader(StringIO(text[told.end() :] if told else text, newline=""), delimiter=separator)):
        if len(row) > MAX_COLUMNS * 4 or len(rows) > MAX_ROWS * 2:
            raise unreadable("file_too_long")
        rows.append(list(row))
    return rows


def _decoded(content: bytes) -> str:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _strictly(content, encoding)
    if 0 in content[:SAMPLE]:
        return _strictly(content, "utf-16-le" if content[1:SAMPLE:2].count(0) > content[:SAMPLE:2].count(0) else "utf-16-be")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _strictly(content, _guessed(content))


def _strictly(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeError:
        raise unreadable("file_unreadable") from None


def _guessed(content: bytes) -> str:
    """An encoding of one byte a letter, or of East Asia: the one that reads most like language, cp1252 in doubt.

    Only lines that hold other letters than ASCII are looked at: a few names tell nothing in a mass of digits.
    """
    telling = b"\n".join(it for it in content[: SAMPLE * 16].splitlines() if not it.isascii())[:SAMPLE]
    found = charset_normalizer.from_bytes(telling or content[:SAMPLE], cp_isolation=_LIKELY)
    best = found.best()
    western = next((it for it in found if it.encoding == "cp1252"), None)
    if best is None or (western is not None and western.chaos <= best.chaos):
        return "cp1252"
    return best.encoding


def _separator(text: str) -> str:
    """The separator by which the first line that says anything names most columns, else the commonest there."""
    first = next((it for it in text[:SAMPLE].splitlines() if it.strip()), "")
    return max(SEPARATORS, key=lambda it: (_named(first, it), first.count(it)))


def _named(line: str, separator: str) -> int:
    cells = next(_lines(csv.reader([line], delimiter=separator)), [])
    return len({header_name(it) for it in cells} & set(COLUMNS))


def header_name(cell: str) -> str:
    """A column's name as people write it: any case, spaces or hyphens for underscores."""
    name = re.sub(r"[\W_]+", "_", cell.strip("\ufeff\u200b").casefold()).strip("_")
    return ALIASES.get(name, name)


def _lines(reader: Iterable[list[str]]) -> Iterator[list[str]]:
    try:
        yield from reader
    except csv.Error:
        raise unreadable("file_unreadable") from None
