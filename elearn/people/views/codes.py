"""One-time codes from the act to the page that shows one, once, with a text to send; HR and administrators share it."""

from typing import Any
from uuid import UUID

import segno
from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from elearn.kernel.clock import local_date
from elearn.people import grants, handover, personnel, policies, queries
from elearn.people.facts.accounts import IssuedCode, Slip
from elearn.people.services import accounts, factors, slips
from elearn.web.filters import show_datetime
from elearn.web.request import actor, drawn_after_commit, now


def issue(employee_id: UUID) -> ResponseReturnValue:
    """Issue a code for a person in reach, and lead to the page that shows it."""
    return _hand_over(employee_id, accounts.issue_code(employee_id, by=actor(), now=now()))


def reset_factor(employee_id: UUID) -> ResponseReturnValue:
    """Reset a person's second factor, and lead to the page that shows the code for another password."""
    return _hand_over(employee_id, factors.reset(employee_id, by=actor(), now=now()), after_reset=True)


def _hand_over(employee_id: UUID, issued: IssuedCode, *, after_reset: bool = False) -> ResponseReturnValue:
    """A reload of the page behind it makes no other code; the browser carries one only once it is stored."""

    def lead_on() -> ResponseReturnValue:
        handover.carry(issued, employee_id, after_reset=after_reset, by=actor(), now=now())
        return redirect(url_for(".code", employee_id=employee_id))

    return drawn_after_commit(lead_on)


def page(employee_id: UUID) -> str:
    """The code that this browser carries for a person in reach, or, where it was shown, the offer of a new one."""
    on = local_date(now(), actor().zone)
    person = queries.person_visible_to(actor(), employee_id, on=on)
    standing = grants.standing(employee_id, on=on)
    carried = handover.take(employee_id, by=actor(), now=now())
    return render_template(
        "people/admin/code.html",
        person=person,
        **(_shown(slips.slip_of(employee_id, carried.issued, by=actor(), now=now())) if carried else {}),
        after_reset=carried is not None and carried.after_reset,
        code_until=personnel.account_state(employee_id, on=on, now=now()).code_until,
        may_issue=policies.may_issue_code(actor(), standing) and not person.is_suspended and person.left_on is None,
    )


def _shown(slip: Slip) -> dict[str, Any]:
    door = slip.address.partition("?")[0]
    qr = segno.make(slip.address, error="m", micro=False).png_data_uri(scale=5, border=4)
    return {"slip": slip, "qr": qr, "text": _text(slip, door), "door": door}


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
