"""HR's list of people in reach, and their one-time codes; a person's page is composed by competency."""

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from elearn.kernel.clock import local_date
from elearn.people import queries
from elearn.people.views import codes
from elearn.web.faces import Face, face
from elearn.web.request import actor, now, page_request, reads_only

bp = face(Face.HR, "people", __name__)

MAX_SEARCH = 100


@bp.get("")
def people() -> ResponseReturnValue:
    """The people in reach, searched by ?q=, within ?unit=, in the order of ?sort=."""
    return _page()


def _page(problem: str = "") -> str:
    words = request.args.get("q", "")[:MAX_SEARCH]
    unit, sort = _unit(request.args.get("unit", "")), request.args.get("sort", "name")
    on = local_date(now(), actor().zone)
    page = queries.people_visible_to(actor(), page_request(), on=on, search=words, unit_id=unit, sort=sort)
    units = queries.units_visible_to(actor())
    return render_template(
        "people/hr/people.html", page=page, words=words, unit=unit, sort=sort, units=units, problem=problem
    )


def _unit(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@bp.post("/lookup")
@reads_only
def lookup() -> ResponseReturnValue:
    """Find one person by NIP; sent by POST, so that no NIP stands in an address or a log."""
    person = queries.person_by_number(actor(), request.form.get("number", ""), on=local_date(now(), actor().zone))
    if person is None:
        return _page(_("Nobody in your reach bears this NIP. Check the 18 digits.")), 422
    return redirect(url_for("competency_hr.person_profile", employee_id=person.id))


@bp.post("/<uuid:employee_id>/code")
def issue_code(employee_id: UUID) -> ResponseReturnValue:
    """Issue a one-time code for a person in reach; it is shown once."""
    return codes.issue(employee_id)
