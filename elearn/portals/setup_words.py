"""Words of the set-up: its steps and their problems; what is wrong in a staff file is said by people's roster_words."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from elearn.kernel.errors import Invalid
from elearn.people.roster.planning import Plan
from elearn.people.views import roster_words, wording

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


def kept(name: str, typed: dict[str, Any], roster: Plan | None) -> tuple[str, str]:
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
        "setup_unfinished": _("A step is still open. Go through all of them first."),
    }
    return words.get(error.code) or roster_words.refused(error)
