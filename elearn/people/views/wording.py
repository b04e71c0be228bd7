"""Words for the codes of people; which code applies is decided elsewhere."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from elearn.kernel.errors import Invalid
from elearn.web.words import called


def problem(error: Invalid) -> str:
    """Why an input cannot be accepted, and what to do."""
    return _about_secrets(error) or _about_people(error) or _about_places(error) or str(_("This value cannot be used."))


def _about_secrets(error: Invalid) -> str | None:
    words: dict[str, str] = {
        "password_too_short": _("Use at least %(minimum)s characters; a sentence is easy to remember.", **_minimum(error)),
        "password_too_long": _("This password is too long."),
        "password_too_common": _(
            "This is easy to guess: a common word, a repetition, or keys in a row. Four words of your own do better."
        ),
        "password_is_yours": _("Your name, number, address and agency are easy to guess. Choose other words."),
        "password_needed": _(
            "Your present password is shorter than %(minimum)s characters. Choose a new one here to turn this off.",
            **_minimum(error),
        ),
        "offer_is_over": _("This took too long. Nothing was changed; begin again."),
        "reason_needed": _("Give the reason in a few words."),
        "role_held": _("This person holds that role there already."),
        "not_active": _("This person is suspended or has left."),
        "scope_unfit": _("This role cannot be given there."),
    }
    return words.get(error.code)


def _about_people(error: Invalid) -> str | None:
    words: dict[str, str] = {
        "nip_not_18_digits": _("A NIP or NI PPPK has 18 digits. Count them again."),
        "nip_birth_date": _("The first eight digits are the date of birth, such as 19860926. This is no such day."),
        "nip_start_year": _("Digits 9 to 12 are the year of appointment. This year cannot be."),
        "nip_sex": _("Digit 15 is 1 for a man and 2 for a woman."),
        "identifier_in_use": _("Somebody else bears this number. Check it, or look that person up."),
        "identifier_in_future": _("This day has not come yet. Write the number down from then on."),
        "identifier_is_newer": _("The present number holds from a later day. Choose a day after it."),
        "email_unreadable": _("This is no e-mail address. It looks like siti@kota.example."),
        "email_in_use": _("Somebody else has this e-mail address."),
        "name_needed": _("Write the name."),
        "name_without_letter": _("A name has at least one letter."),
        "too_long": _("This is too long: at most 200 characters."),
        "rank_unknown": _("This rank is not in force."),
        "rank_unfit": _("This rank does not belong to the kind of employment. PNS and PPPK have ranks of their own."),
        "hire_in_future": _("This day has not come yet. Add the person from then on."),
        "move_in_future": _("This day has not come yet. Write the move down from then on."),
        "posting_is_newer": _("The present posting began on a later day. Choose a day after it."),
        "own_supervisor": _("Nobody supervises themselves."),
        "supervisor_unknown": _("Nobody at work in this agency signs in by this NIP or e-mail address."),
        "left_before_hired": _("This day lies before the first day at work."),
        "leave_in_future": _("This day has not come yet. Write it down from then on."),
    }
    return words.get(error.code)


def _about_places(error: Invalid) -> str | None:
    words: dict[str, str] = {
        "unit_unknown": _("This unit does not exist."),
        "unit_elsewhere": _("This unit belongs to another agency."),
        "unit_below": _("A unit cannot hang below itself."),
        "position_unknown": _("This position does not exist."),
        "code_needed": _("Write a code."),
        "code_in_use": _("This code is in use. Choose another one."),
        "level_unknown": _("This level is not in force."),
        "job_class_unknown": _("A job class is a number from 1 to 17."),
        "zone": _("Choose WIB, WITA or WIT."),
    }
    return words.get(error.code)


warning = called(
    {
        "age_unlikely": _l("By this number the person is younger than 17 or older than 70."),
        "start_age_unlikely": _l("By this number the person was appointed younger than 17 or older than 70."),
        "contract_code_unlikely": _l("Digits 13 and 14 are neither a month nor a usual contract code."),
        "sequence_unlikely": _l("The last three digits are 000."),
        "identifier_unlike_employment": _l("The number does not fit the kind of employment."),
    }
)
"""What looks unlikely about a number that was written nevertheless."""


employment = called({"pns": "PNS", "pppk": "PPPK", "pppk_part_time": _l("PPPK, part time")})
"""What a kind of employment is called."""


def choose() -> str:
    """The first line of a list in which something must be chosen."""
    return str(_("Choose"))


def none() -> str:
    """The line of a list that stands for nothing."""
    return str(_("None"))


def _minimum(error: Invalid) -> dict[str, object]:
    return {"minimum": error.details.get("minimum", "–")}


role = called(
    {
        "learner": _l("Learner"),
        "trainer": _l("Trainer"),
        "item_reviewer": _l("Item reviewer"),
        "exam_officer": _l("Exam officer"),
        "certificate_signer": _l("Certificate signer"),
        "hr_officer": _l("HR officer"),
        "supervisor": _l("Supervisor"),
        "administrator": _l("Administrator"),
        "auditor": _l("Auditor"),
    }
)
"""What a role is called."""


zone = called(
    {
        "Asia/Jakarta": _l("WIB (Jakarta)"),
        "Asia/Pontianak": _l("WIB (Pontianak)"),
        "Asia/Makassar": _l("WITA (Makassar)"),
        "Asia/Jayapura": _l("WIT (Jayapura)"),
    }
)
"""What a time zone is called."""


reading = called(
    {
        "competency_profile": _l("Competency profile"),
        "record": _l("Record, to change it"),
        "nip_lookup": _l("Search by NIP"),
        "pending_evidence": _l("Evidence awaiting a decision"),
        "certificate": _l("Certificate"),
        "gap_list": _l("List of levels and gaps"),
        "audit": _l("Audit trail"),
    }
)
"""What somebody looked at."""


scope = called({"read": _l("read"), "write": _l("change")})
"""What an API token may do."""
