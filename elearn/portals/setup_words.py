"""Words of the set-up: its steps, its problems, and what is wrong in a cell of a staff file; no decisions."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from elearn.kernel.errors import Invalid
from elearn.people.roster import MAX_ROWS, Problem, Roster
from elearn.people.views import wording

zone = wording.zone


def step(name: str) -> str:
    """What a step is called."""
    words: dict[str, str] = {
        "agency": _("Agency"),
        "logo": _("Logo"),
        "administrator": _("First administrator"),
        "staff": _("Staff"),
        "check": _("Check and finish"),
    }
    return words[name]


def kept(name: str, typed: dict[str, Any], roster: Roster | None) -> tuple[str, str]:
    """Sign and words of what was kept of a step: nothing yet, all of it, that there is none, or what cannot be loaded."""
    if name not in typed:
        return "", ""
    if name == "logo" and not typed["logo"]["sha256"]:
        return "slash-circle", _("without a logo")
    if name == "staff" and roster is None:
        return "slash-circle", _("without a file")
    if name == "staff" and roster is not None and roster.problems:
        count = roster.faulty_rows
        return "exclamation-triangle", ngettext(
            "not loaded: %(num)s row has mistakes", "not loaded: %(num)s rows have mistakes", count
        )
    return "check-circle", _("kept")


def problem(error: Invalid) -> str:
    """Why a step cannot be kept, and what to do."""
    words: dict[str, str] = {
        "address": _("This is no address. It looks like https://belajar.kota.example, with nothing behind it."),
        "logo": _("Choose a whole PNG or JPEG picture of at most 512 KB and 4096 pixels a side."),
        "file_too_large": _("This file is larger than 900 KB. Nothing was kept; choose a smaller one."),
        "roster_unreadable": _("This is no CSV file. In the spreadsheet choose “Save as”, then “CSV”. Nothing was kept."),
        "roster_empty": _("There is nobody in this file. Nothing was kept."),
        "roster_columns": _(
            "These columns are missing: %(missing)s. Take the header of the example file. Nothing was kept.",
            missing=error.details.get("missing", ""),
        ),
        "roster_too_long": _(
            "At most %(maximum)s people at once. Split the file; the rest is added later.", maximum=MAX_ROWS
        ),
        "setup_unfinished": _("A step is still open. Go through all of them first."),
    }
    return words.get(error.code) or wording.problem(error)


def complaint(it: Problem) -> str:
    """One sentence about one cell: where, what should stand there, what does."""
    place = _("Row %(row)s, column %(column)s:", row=it.row, column=it.column)
    written = " " + _("Written: “%(text)s”.", text=it.written[:60]) if it.written else ""
    hint = ""
    if it.column == "nip" and "E+" in it.written.upper():
        hint = " " + _("Set the format of the cells to Text.")
    return f"{place} {_should(it)}{written}{hint}"


def _should(it: Problem) -> str:
    words: dict[str, str] = {
        "cell_needed": _("must not be empty."),
        "nip_not_18_digits": _("must be 18 digits."),
        "no_login": _("needs a NIP, or an e-mail address in the column surel, or nobody can sign in."),
        "twice_in_file": _("stands twice in this file."),
        "kind_unknown": _("must be PNS, PPPK or PPPK PW."),
        "rank_unknown": _("must be a rank in force, such as III/b or IX."),
        "level_unknown": _("must be a level in force, such as pelaksana, pengawas or JF Ahli Muda."),
    }
    return words.get(it.code) or wording.problem(Invalid(it.code))
