"""Words about staff files: what is wrong in a cell and how to mend it, what a row changes; no decisions."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from elearn.kernel.errors import Invalid
from elearn.people.roster.records import Change, kind_words
from elearn.people.roster.shape import MAX_ROWS, NEEDED, Problem
from elearn.people.views import wording
from elearn.web.words import called

verdict = called({"new": _l("New"), "changed": _l("Changed"), "unchanged": _l("Unchanged")})
"""What becomes of a row."""


def refused(error: Invalid) -> str:
    """Why a whole file cannot be read, and what to do."""
    words: dict[str, str] = {
        "file_needed": _("Choose a file first."),
        "file_empty": _("There is nobody in this file. Nothing was changed; write one person in each row below the header."),
        "file_too_large": _(
            "This file is larger than 8 MB. Nothing was changed; split it, or delete pictures and other sheets."
        ),
        "file_too_long": _(
            "This file has too many rows or columns: at most %(rows)s people. Nothing was changed; split it, and delete "
            "other sheets.",
            rows=MAX_ROWS,
        ),
        "file_protected": _("This file is protected by a password. Nothing was changed; save it without one."),
        "file_unsafe": _(
            "This file is built unlike any spreadsheet we know, so it was not opened. Nothing was changed; save it anew as "
            ".xlsx or .csv."
        ),
        "file_unreadable": _(
            "This is no spreadsheet we can read, or it is damaged. Nothing was changed; save it as .xlsx or .csv."
        ),
    }
    return words.get(error.code) or wording.problem(error)


def complaint(it: Problem) -> str:
    """One sentence about one cell: where, what should stand there, what does."""
    place: str = _("Row %(row)s, column %(column)s:", row=it.row, column=it.column)
    return f"{place} {reason(it)}"


def reason(it: Problem) -> str:
    """What is wrong in a cell, what is written there, and how to mend it."""
    words = str(_REASONS[it.code]) % _filling(it) if it.code in _REASONS else wording.problem(Invalid(it.code))
    written = " " + _("Written: “%(text)s”.", text=it.written[:60]) if it.written else ""
    return f"{words}{written}"


def _filling(it: Problem) -> dict[str, str]:
    """What the sentences name, whether or not they do."""
    return {"known": it.details.get("known", ""), "row": it.details.get("row", ""), "needed": ", ".join(NEEDED)}


_REASONS: dict[str, Any] = {
    "column_missing": _l("this column is missing. Add it to the header; needed are %(needed)s."),
    "column_unknown": _l("this column is unknown. Delete it, or give it a name of the template."),
    "column_unnamed": _l("something stands below an empty header. Name the column, or delete it."),
    "column_twice": _l("this column is there twice. Delete one of them."),
    "cell_needed": _l("must not be empty."),
    "cell_broken": _l("this formula gives no value. Write the value itself."),
    "cell_not_text": _l("must be text. Set the format of the cells to Text and write it again."),
    "nip_is_number": _l(
        "must be 18 digits as text. The spreadsheet kept a number and lost its last digits: set the format of the "
        "column to Text and write the NIP again."
    ),
    "nip_digits_lost": _l(
        "ends in 000, as where a spreadsheet lost the last digits. Set the format of the column to Text and write the "
        "NIP again."
    ),
    "nip_not_18_digits": _l("must be 18 digits."),
    "no_login": _l("needs a NIP, or an e-mail address in the column email, or nobody can sign in."),
    "twice_in_file": _l("stands in row %(row)s already. Keep one of the two rows."),
    "kind_unknown": _l("must be PNS, PPPK or PPPK Paruh Waktu."),
    "rank_unknown": _l("must be a rank in force, such as III/b, or IX for PPPK."),
    "level_unknown": _l("must be a level in force, such as pelaksana, pengawas or JF Ahli Muda."),
    "title_too_long": _l("is longer than 100 characters."),
    "date_is_number": _l("must be a day. Set the format of the cell to Date, or write it like 2026-01-31."),
    "date_ambiguous": _l("may be two days. Write it like 2026-02-01 or 1 Februari 2026."),
    "date_unreadable": _l("must be a day, such as 2026-01-31, 31/01/2026 or 31 Januari 2026."),
    "person_twice": _l("this person stands in row %(row)s already. Keep one of the two rows."),
    "number_former": _l("is a former number of somebody. Look that person up, and write the present number."),
    "has_left": _l("belongs to somebody who has left. Delete this row."),
    "email_in_use": _l(
        "belongs to somebody with another NIP. Where their NIP changed, change it on their page first; else write "
        "another address."
    ),
    "own_record": _l("is your own row, and nobody changes their own record. Delete it, or let a colleague load the file."),
    "out_of_reach": _l("is outside your units. Delete this row, or let a colleague load it."),
    "person_out_of_reach": _l("belongs to somebody outside your units. Delete this row, or let a colleague load it."),
    "supervisor_unknown": _l("nobody at work in this agency, and nobody in this file, bears this number."),
    "supervisor_circle": _l("closes a circle: by these rows somebody would be above themselves. Correct one of them."),
    "one_at_a_time": _l(
        "cannot change together with an earlier tmt_jabatan. Load the file with this cell empty first, then once more."
    ),
    "unit_unknown": _l("no unit bears this code. Correct it, or let units be created (--create-units)."),
    "unit_not_yours": _l("no unit bears this code, and only an administrator adds units. Correct it, or ask for the unit."),
    "unit_name_needed": _l("a new unit needs its name here."),
    "unit_name_differs": _l(
        "the unit with this code is called “%(known)s”. Correct the code or the name; units are renamed on their page."
    ),
    "agency_unclear": _l("there are several agencies. Say with --agency under which one units are created."),
    "position_not_yours": _l(
        "no position bears this code, and your role does not add positions. Correct it, or ask for the position."
    ),
    "position_needs_more": _l("a new position needs its name (jabatan) and level (jenjang)."),
    "position_name_differs": _l(
        "the position with this code is called “%(known)s”. Correct the code or the name; positions are renamed on "
        "their page."
    ),
    "position_level_differs": _l("the position with this code has the level %(known)s. Correct the code or the level."),
    "posting_is_newer": _l("the present posting began on %(known)s. Write that day or a later one."),
}


def value(change: Change, which: str) -> str:
    """A value of a change, before or after, as staff files write it; a dash for none."""
    text = change.before if which == "before" else change.after
    return (kind_words(text) if change.column == "status" and text else text) or "–"
