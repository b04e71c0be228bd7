"""One-time codes from the act to the page that shows one, once; HR's face and the administrator's share it."""

from uuid import UUID

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from elearn.kernel.clock import local_date
from elearn.kernel.installation import installation
from elearn.people import grants, handover, personnel, policies, queries
from elearn.people.facts import IssuedCode
from elearn.people.services import accounts, factors
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
    return render_template(
        "people/admin/code.html",
        person=person,
        shown=handover.take(employee_id, by=actor(), now=now()),
        code_until=personnel.account_state(employee_id, on=on, now=now()).code_until,
        may_issue=policies.may_issue_code(actor(), standing) and not person.is_suspended and person.left_on is None,
        address=installation().address + url_for("people_public.activate"),
    )
