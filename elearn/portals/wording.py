"""Words for what the front doors show: what is due and in how many days; which applies is decided elsewhere."""

from flask_babel import gettext as _
from flask_babel import ngettext

from elearn.portals.learning import DueKind


def due(kind: DueKind) -> tuple[str, str, str]:
    """Icon, kind of chip and words for something that has a day."""
    return {
        DueKind.EXAM_CLOSES: ("hourglass-split", "warn", str(_("Your exam is open and ends then"))),
        DueKind.EXAM_OPENS: ("calendar-check", "info", str(_("The exam opens again"))),
        DueKind.RENEWAL_OPENS: ("arrow-repeat", "info", str(_("The pass can be renewed from then on"))),
        DueKind.CERTIFICATE_ENDS: ("award", "plain", str(_("The certificate is valid until then"))),
    }[kind]


def in_days(days: int) -> str:
    """How far away a day is."""
    if days <= 0:
        return str(_("today"))
    if days == 1:
        return str(_("tomorrow"))
    if days < 60:
        return str(ngettext("in %(num)s day", "in %(num)s days", days))
    if days < 730:
        return str(ngettext("in %(num)s month", "in %(num)s months", days // 30))
    return str(ngettext("in %(num)s year", "in %(num)s years", days // 365))
