"""HR's list of people in reach, their one-time codes and second factors; a person's page is composed by competency."""

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from elearn.kernel.clock import local_date
from elearn.kernel.readlog import note_reading
from elearn.people import accounts as reads
from elearn.people import grants, policies, queries
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
    holders = reads.factor_holders(it.id for it in page.items)
    shown = {"page": page, "words": words, "unit": unit, "sort": sort, "units": units, "holders": holders}
    return render_template("people/hr/people.html", problem=problem, **shown)


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
    note_reading(person.id, "nip_lookup", by=actor(), now=now())
    return redirect(url_for("competency_hr.person_profile", employee_id=person.id))


@bp.get("/lookup")
def looked_up() -> ResponseReturnValue:
    """Back at the address of a search by NIP, which holds no NIP: the list, where one searches anew."""
    return redirect(url_for(".people"))


@bp.post("/<uuid:employee_id>/code")
def issue_code(employee_id: UUID) -> ResponseReturnValue:
    """Issue a one-time code for a person in reach; the page it leads to shows it once."""
    return codes.issue(employee_id)


@bp.get("/<uuid:employee_id>/code")
def code(employee_id: UUID) -> ResponseReturnValue:
    """The code that was just issued, once."""
    return codes.page(employee_id)


@bp.get("/<uuid:employee_id>/factor")
def factor(employee_id: UUID) -> ResponseReturnValue:
    """Ask once more before a person's second factor is reset."""
    on = local_date(now(), actor().zone)
    person = queries.person_visible_to(actor(), employee_id, on=on)
    may_reset = policies.may_reset_factor(actor(), grants.standing(employee_id, on=on))
    state = reads.factor_state(employee_id)
    return render_template("people/hr/factor.html", person=person, factor=state, may_reset=may_reset)


@bp.post("/<uuid:employee_id>/factor/reset")
def reset_factor(employee_id: UUID) -> ResponseReturnValue:
    """Take away the second factor of somebody who lost the phone; a one-time code is shown once."""
    return codes.reset_factor(employee_id)
