"""The page that shows a one-time code once, with a text to send; HR's face and the administrator's share it."""

from uuid import UUID

import segno
from flask import render_template
from flask_babel import gettext as _

from elearn.people.facts import IssuedCode, Slip
from elearn.people.services import accounts, factors, slips
from elearn.web.filters import show_datetime
from elearn.web.request import actor, now


def issue(employee_id: UUID) -> str:
    """Issue a code for a person in reach and show it, this once."""
    return _shown(employee_id, accounts.issue_code(employee_id, by=actor(), now=now()))


def reset_factor(employee_id: UUID) -> str:
    """Reset a person's second factor and show the code for another password, this once."""
    return _shown(employee_id, factors.reset(employee_id, by=actor(), now=now()), after_reset=True)


def _shown(employee_id: UUID, issued: IssuedCode, *, after_reset: bool = False) -> str:
    slip = slips.slip_of(employee_id, issued, by=actor(), now=now())
    door = slip.address.partition("?")[0]
    return render_template(
        "people/admin/code.html",
        slip=slip,
        qr=segno.make(slip.address, error="m", micro=False).png_data_uri(scale=5, border=4),
        text=_text(slip, door),
        door=door,
        after_reset=after_reset,
    )


def _text(slip: Slip, door: str) -> str:
    """What is sent by WhatsApp."""
    lines = (
        _("Hello %(name)s, your account for learning at %(agency)s is ready.", name=slip.name, agency=slip.agency_name),
        _("1. Open this address:"),
        slip.address,
        _("2. Choose a password. You are in at once."),
        "",
        _(
            "If the address does not open: go to %(door)s, type your NIP or e-mail address and this code: %(code)s",
            door=door,
            code=slip.issued.code,
        ),
        _("It works once, until %(moment)s. Do not pass this message on.", moment=show_datetime(slip.issued.expires_at)),
    )
    return "\n".join(lines)
