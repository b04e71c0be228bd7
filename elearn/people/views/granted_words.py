"""Words for accommodations, as HR and the person themselves read them."""

from flask_babel import gettext as _


def time(percent: int) -> str:
    """How much time, against the usual."""
    if percent == 100:
        return str(_("Usual time"))
    return str(_("%(percent)s percent of the usual time", percent=percent))


def arrangements() -> dict[str, str]:
    """Every other arrangement by its code."""
    return {
        "large_print": _("Large print"),
        "screen_reader": _("Screen reader"),
        "helper": _("A helper who reads or writes"),
        "seat": _("A place that suits (access, light, quiet)"),
    }


def arrangement(code: str) -> str:
    """One of them."""
    return arrangements().get(code, code)


def problem(code: str) -> str:
    """Why a grant was refused."""
    words = {
        "basis_needed": _("Write on which decision it rests, such as the number of a letter."),
        "until_in_past": _("The last day is over already. Choose a day from today on, or leave it empty."),
        "nothing_granted": _("Choose more time, or at least one other arrangement."),
        "time_percent": _("Choose one of the shares in the list."),
        "arrangement_unknown": _("Choose from the list."),
    }
    return str(words.get(code) or _("This cannot be granted so. Check what you chose."))
