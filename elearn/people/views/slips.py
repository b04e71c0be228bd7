"""HR's pages on which slips are asked for, twice, and printed; the file is drawn after the commit and kept nowhere."""

from uuid import UUID

from flask import Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from elearn.kernel.guard import require
from elearn.kernel.installation import installation
from elearn.people import policies, queries, slip_sheet
from elearn.people import slips as reads
from elearn.people.facts.accounts import Slip
from elearn.people.services import slips
from elearn.people.views.filling import chosen
from elearn.people.views.subject import stoppable
from elearn.web.faces import Face, face
from elearn.web.headers import FILE_POLICY
from elearn.web.request import actor, drawn_after_commit, now

bp = face(Face.HR, "slips", __name__)


@bp.get("")
def ask() -> ResponseReturnValue:
    """Choose a unit, and see who would get a slip and whose unused code would end."""
    require(policies.may_hand_out_slips, actor(), None)
    unit_id, everybody, batch = _wanted(request.args)
    shown = "unit" in request.args
    found = reads.candidates(actor(), unit_id, everybody=everybody, batch=batch, now=now()) if shown else None
    return render_template(
        "people/hr/slips.html",
        units=queries.units_visible_to(actor(), roles=policies.STAFFING),
        unit=unit_id,
        everybody=everybody,
        batch=batch,
        found=found,
        size=reads.BATCH,
    )


@bp.post("")
def issue() -> ResponseReturnValue:
    """Make the codes, and answer with the slips as one file."""
    slip_sheet.require_press()
    unit_id, everybody, batch = _wanted(request.form)
    made = slips.issue_slips(unit_id, everybody=everybody, batch=batch, by=actor(), now=now())
    return drawn_after_commit(lambda: _file(made, f"lembar-masuk-{batch}.pdf"))


@bp.get("/people/<uuid:employee_id>")
def ask_for_one(employee_id: UUID) -> ResponseReturnValue:
    """Ask once more before a person's older codes end, and whether the slip is printed or sent as a text."""
    return render_template("people/hr/slip.html", person=stoppable(employee_id))


@bp.post("/people/<uuid:employee_id>")
def issue_one(employee_id: UUID) -> ResponseReturnValue:
    """Make a code for one person, and answer with the slip."""
    slip_sheet.require_press()
    made = slips.issue_slip(employee_id, by=actor(), now=now())
    return drawn_after_commit(lambda: _file((made,), "lembar-masuk.pdf"))


def _wanted(values: "dict[str, str]") -> tuple[UUID | None, bool, int]:
    """Unit, whether those with a password too, and which batch; nonsense is no page."""
    try:
        unit_id, batch = chosen(values.get("unit")), int(values.get("batch") or "1")
    except ValueError:
        abort(404)
    return unit_id, values.get("all") == "yes", min(max(batch, 1), 1000)


def _file(made: tuple[Slip, ...], name: str) -> Response:
    pdf = slip_sheet.press(made, fonts_dir=installation().fonts_dir)
    answer = Response(pdf, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    answer.headers["Content-Security-Policy"] = FILE_POLICY
    answer.headers["Slip-Count"] = str(len(made))  # for the page that it was asked from
    return answer
