"""HR's list of evidence that waits for a decision, and the confirmation of chosen rows; no rules."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from elearn.competency import pending, services, terms
from elearn.competency.views import wording
from elearn.kernel.actor import Role
from elearn.kernel.clock import local_date
from elearn.kernel.errors import Invalid
from elearn.kernel.readlog import note_reading
from elearn.people import queries as people
from elearn.web.faces import Face, face
from elearn.web.request import actor, now, on_invalid, page_request

bp = face(Face.HR, "evidence", __name__, prefix="/evidence")


@bp.get("")
def waiting() -> ResponseReturnValue:
    """What waits, within ?unit=, of ?competency=, in the order of ?sort=; whose it is is noted as read."""
    return _page(**_asked(request.args))


@bp.post("/confirmation")
def confirm() -> ResponseReturnValue:
    """Confirm the chosen rows."""
    asked = _asked(request.form)
    on_invalid(lambda error: _page(**asked, problem=wording.problem(error)))
    count = services.confirm_pending(_chosen(), by=actor(), now=now())
    flash(_("%(count)s levels are confirmed.", count=count), "ok")
    return redirect(url_for(".waiting", **asked))


def _chosen() -> list[UUID]:
    try:
        return [UUID(it) for it in request.form.getlist("evidence")]
    except ValueError as error:
        raise Invalid("nothing_chosen", field="evidence") from error


def _asked(sent: Any) -> dict[str, Any]:
    try:
        unit = UUID(sent.get("unit", ""))
    except ValueError:
        unit = None
    sort = sent.get("sort", "")
    sort = sort if sort in pending.SORTS else pending.SORTS[0]
    return {"unit": unit, "competency": sent.get("competency", "")[:40], "sort": sort}


def _page(*, unit: UUID | None, competency: str, sort: str, problem: str = "") -> str:
    on = local_date(now(), actor().zone)
    page = pending.pending_for(actor(), page_request(), on=on, unit_id=unit, competency=competency, sort=sort)
    for employee_id in {it.employee_id for it in page.items}:
        note_reading(employee_id, "pending_evidence", by=actor(), now=now())
    return render_template(
        "competency/hr/evidence.html",
        page=page,
        asked={"unit": unit, "competency": competency, "sort": sort},
        units=people.units_visible_to(actor(), roles=(Role.HR_OFFICER,)),
        competencies=terms.competency_choices(on),
        names=terms.level_names(on),
        problem=problem,
        words=wording,
    )
