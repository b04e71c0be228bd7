"""The page that shows a one-time code once; HR's face and the administrator's share it."""

from uuid import UUID

from flask import render_template

from elearn.kernel.clock import local_date
from elearn.people import queries
from elearn.people.facts import IssuedCode
from elearn.people.services import accounts, factors
from elearn.web.request import actor, now


def issue(employee_id: UUID) -> str:
    """Issue a code for a person in reach and show it, this once."""
    return _shown(employee_id, accounts.issue_code(employee_id, by=actor(), now=now()))


def reset_factor(employee_id: UUID) -> str:
    """Reset a person's second factor and show the code for another password, this once."""
    return _shown(employee_id, factors.reset(employee_id, by=actor(), now=now()), after_reset=True)


def _shown(employee_id: UUID, issued: IssuedCode, *, after_reset: bool = False) -> str:
    person = queries.person_visible_to(actor(), employee_id, on=local_date(now(), actor().zone))
    return render_template("people/admin/code.html", issued=issued, person=person, after_reset=after_reset)
