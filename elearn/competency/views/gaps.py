"""HR's list of people with their levels and gaps, asked for by the address of the page; no rules."""

from typing import Any
from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from elearn.competency import gaps, queries
from elearn.competency.views import wording
from elearn.kernel.clock import local_date
from elearn.kernel.readlog import note_reading
from elearn.people import queries as people
from elearn.web.faces import Face, face
from elearn.web.request import actor, now, page_request

bp = face(Face.HR, "gaps", __name__, prefix="/gaps")

MAX_SEARCH = 100


@bp.get("")
def levels() -> ResponseReturnValue:
    """People in reach, by ?q=, ?unit=, ?competency= and ?show=, in the order of ?sort=; who is shown is noted as read."""
    on, asked = local_date(now(), actor().zone), _asked()
    page = gaps.people_with_gaps(actor(), asked, page_request(), on=on)
    for it in page.items:
        note_reading(it.employee_id, "gap_list", by=actor(), now=now())
    return render_template(
        "competency/hr/gaps.html",
        page=page,
        asked=asked,
        kept=_kept(asked),
        units=people.units_visible_to(actor()),
        competencies=queries.competency_choices(on),
        names=queries.level_names(on),
        words=wording,
    )


def _asked() -> gaps.Wanted:
    sent = request.args
    try:
        unit = UUID(sent.get("unit", ""))
    except ValueError:
        unit = None
    show, sort = sent.get("show", ""), sent.get("sort", "")
    return gaps.Wanted(
        unit_id=unit,
        competency=sent.get("competency", "")[:40],
        search=sent.get("q", "")[:MAX_SEARCH],
        show=show if show in gaps.SHOWN else gaps.SHOWN[0],
        sort=sort if sort in gaps.SORTS else gaps.SORTS[0],
    )


def _kept(asked: gaps.Wanted) -> dict[str, Any]:
    """What the addresses of other pages of this list say."""
    return {
        "q": asked.search or None,
        "unit": asked.unit_id,
        "competency": asked.competency or None,
        "show": asked.show,
        "sort": asked.sort,
    }
