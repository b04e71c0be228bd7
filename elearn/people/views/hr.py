"""HR's list of people in reach; a person's page is composed by competency."""

from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from elearn.kernel.clock import local_date
from elearn.people import queries
from elearn.web.faces import Face, face
from elearn.web.request import actor, now, page_request

bp = face(Face.HR, "people", __name__)

MAX_SEARCH = 100


@bp.get("")
def people() -> ResponseReturnValue:
    """The people in reach, searched by ?q=, within ?unit=, in the order of ?sort=."""
    words = request.args.get("q", "")[:MAX_SEARCH]
    unit, sort = _unit(request.args.get("unit", "")), request.args.get("sort", "name")
    on = local_date(now(), actor().zone)
    page = queries.people_visible_to(actor(), page_request(), on=on, search=words, unit_id=unit, sort=sort)
    return render_template(
        "people/hr/people.html", page=page, words=words, unit=unit, sort=sort, units=queries.units_visible_to(actor())
    )


def _unit(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
