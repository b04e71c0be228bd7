"""The page that shows a one-time code once; HR's face and the administrator's share it."""

from uuid import UUID

from flask import render_template

from elearn.kernel.clock import local_date
from elearn.people import queries
from elearn.people.services import accounts
from elearn.web.request import actor, now


def issue(employee_id: UUID) -> str:
    """Issue a code for a person in reach and show it, this once."""
    issued = accounts.issue_code(employee_id, by=actor(), now=now())
    person = queries.person_visible_to(actor(), employee_id, on=local_date(now(), actor().zone))
    return render_template("people/admin/code.html", issued=issued, person=person)
