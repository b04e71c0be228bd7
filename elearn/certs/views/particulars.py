"""HR's list of what people reported as wrong in their particulars; no rules."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from elearn.kernel.errors import Conflict
from elearn.web.edge import clean
from elearn.web.faces import Face, face
from elearn.web.request import actor, now, page_request
from elearn.workflows import particulars

bp = face(Face.HR, "particulars", __name__, prefix="/certs/particulars")


@bp.get("")
def reports() -> ResponseReturnValue:
    """Those that wait, or with `?settled=1` those that are settled."""
    is_open = request.args.get("settled") != "1"
    page = particulars.reports_in_reach(page_request(), is_open=is_open, by=actor(), now=now())
    return render_template("certs/hr/particulars.html", page=page, is_open=is_open)


@bp.post("/<uuid:report_id>/settlement")
def settle(report_id: UUID) -> ResponseReturnValue:
    """Answer one; what waited for it goes on by itself."""
    answer = clean(request.form.get("answer", "")) or ""
    try:
        particulars.settle_report(report_id, answer, by=actor(), now=now())
    except Conflict:
        flash(_("Somebody has settled this report meanwhile; nothing was changed now."), "warn")
        return redirect(url_for(".reports", settled=1))
    flash(_("Settled. A certificate that waited for it is issued by itself within a minute."), "ok")
    return redirect(url_for(".reports"))
