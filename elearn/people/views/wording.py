"""Words for the codes of people; which code applies is decided elsewhere."""

from flask_babel import gettext as _

from elearn.kernel.errors import Invalid


def problem(error: Invalid) -> str:
    """Why an input cannot be accepted, and what to do."""
    words: dict[str, str] = {
        "password_too_short": _("Use at least %(minimum)s characters; a sentence is easy to remember.", **_minimum(error)),
        "password_too_long": _("This password is too long."),
        "password_too_common": _("This password is too easy to guess. Choose another one."),
        "password_is_yours": _("Do not use your own name, number or address as a password."),
        "password_needed": _(
            "Your present password is shorter than %(minimum)s characters. Choose a new one here to turn this off.",
            **_minimum(error),
        ),
        "offer_is_over": _("This took too long. Nothing was changed; begin again."),
        "reason_needed": _("Give the reason in a few words."),
        "unit_unknown": _("This unit does not exist."),
    }
    return words.get(error.code, str(_("This value cannot be used.")))


def _minimum(error: Invalid) -> dict[str, object]:
    return {"minimum": error.details.get("minimum", "–")}


def role(code: str) -> str:
    """What a role is called."""
    words: dict[str, str] = {
        "learner": _("Learner"),
        "trainer": _("Trainer"),
        "item_reviewer": _("Item reviewer"),
        "exam_officer": _("Exam officer"),
        "certificate_signer": _("Certificate signer"),
        "hr_officer": _("HR officer"),
        "supervisor": _("Supervisor"),
        "administrator": _("Administrator"),
        "auditor": _("Auditor"),
    }
    return words.get(code, code)
