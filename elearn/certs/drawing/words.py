"""Words on paper: cleaned text, Indonesian dates, scores and numbers; no fonts and no pages."""

import unicodedata
from collections.abc import Set
from datetime import date

MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip
LONGEST = 400
UNSHOWN = "?"


def clean(text: str | None, drawable: Set[int]) -> str:
    """One line of text that our fonts can draw.

    Control, format (also bidirectional) and unassigned characters are removed, spaces collapsed, letters that
    the fonts lack are reduced to their base letter or shown as a question mark, and the rest is cut at 400.
    """
    plain = unicodedata.normalize("NFC", (text or "")[: LONGEST * 4])
    kept = "".join(_drawn(character, drawable) for character in plain)
    line = " ".join(kept.split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1].rstrip() + "…"


def _drawn(character: str, drawable: Set[int]) -> str:
    """What stands for one character on paper."""
    category = unicodedata.category(character)
    if character.isspace():
        return " "
    if category.startswith(("C", "M")):
        return ""
    if ord(character) in drawable:
        return character
    base = unicodedata.normalize("NFKD", character)
    return "".join(part for part in base if ord(part) in drawable) or UNSHOWN


def long_date(day: date) -> str:
    """25 November 2026."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year:04d}"


def span(first: date, last: date) -> list[str]:
    """The days from first to last on one line or two, without saying a month twice: 3–25 November 2026."""
    if first == last:
        return [long_date(last)]
    if (first.year, first.month) == (last.year, last.month):
        return [f"{first.day}–{long_date(last)}"]
    begin = f"{first.day} {MONTHS[first.month - 1]}" if first.year == last.year else long_date(first)
    return [f"{begin} –", long_date(last)]


def score(basis_points: int) -> str:
    """Basis points on the scale to 100, decimal comma, no needless zeros: 8250 is 82,5."""
    whole, rest = divmod(basis_points, 100)
    return f"{whole},{rest:02d}".rstrip("0").rstrip(",") if rest else str(whole)


def grouped_code(code: str) -> str:
    """The public code in groups of four: ABCD-EFGH-JKMN-PQRS-T."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def identifier_kind(kind: str | None) -> str:
    """What the number of an employee is called; the oldest snapshots do not say, and were printed as NIP."""
    return "NI PPPK" if kind == "ni_pppk" else "NIP"


def grouped_identifier(identifier: str | None) -> str:
    """An 18-digit NIP or NI PPPK as it is written, 19900101 201501 1 001; anything else as it stands."""
    text = identifier or ""
    if len(text) == 18 and text.isascii() and text.isdigit():
        return f"{text[:8]} {text[8:14]} {text[14]} {text[15:]}"
    return text
