"""The pages about positions, for whoever staffs everywhere; what a position requires is competency's."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import SelectChoice

from elearn.kernel.clock import local_date
from elearn.kernel.errors import Invalid
from elearn.kernel.guard import require
from elearn.people import policies, structure
from elearn.people.forms import NewPositionForm, PositionForm
from elearn.people.services import organisation
from elearn.people.structure import PositionLine
from elearn.people.views import wording
from elearn.people.views.filling import Trail, form_page, put
from elearn.web.faces import Face, face
from elearn.web.request import actor, now, on_invalid, page_request

bp = face(Face.HR, "positions", __name__, prefix="/positions")

MAX_SEARCH = 100


@bp.before_request
def _enter() -> None:
    """Positions are shared by all units: whoever may add one sees them all, and nobody else needs these pages."""
    require(policies.may_add_position, actor(), "")


@bp.get("")
def positions() -> ResponseReturnValue:
    """The positions, searched by ?q=."""
    words = request.args.get("q", "")[:MAX_SEARCH]
    page = structure.position_page(page_request(), search=words)
    return render_template("people/hr/positions.html", page=page, words=words, levels=_levels())


def _levels() -> dict[str, str]:
    return structure.levels(local_date(now(), actor().zone))


@bp.get("/new")
def new_position() -> ResponseReturnValue:
    """Where a position is added."""
    return _new_page(_with_levels(NewPositionForm(formdata=None)))


@bp.post("")
def add() -> ResponseReturnValue:
    """Add a position."""
    form = _with_levels(NewPositionForm())
    on_invalid(lambda error: _new_page(put(form, error)))
    if not form.validate_on_submit():
        return _new_page(form), 422
    job_class = _job_class(form)
    organisation.add_position(
        form.code.data, form.name.data, form.level_code.data, job_class=job_class, by=actor(), now=now()
    )
    flash(_("The position is added."), "ok")
    return redirect(url_for(".positions"))


def _new_page(form: NewPositionForm) -> str:
    title, button = _("Add a position"), _("Add the position")
    return form_page(form, title, action=url_for(".add"), trail=_trail(), button=button, helps=_helps())


def _helps() -> dict[str, str]:
    return {
        "level_code": _("It says which competency levels are required, unless the position overrides them."),
        "job_class": _("1 to 17; may be left empty."),
        "code": _("Short and lasting; each code stands for one position."),
    }


@bp.get("/<uuid:position_id>/record")
def record(position_id: UUID) -> ResponseReturnValue:
    """A position, ready to be corrected."""
    it = structure.position(position_id)
    form = PositionForm(formdata=None, name=it.name, level_code=it.level_code, job_class=str(it.job_class or ""))
    return _record_page(it, _with_levels(form))


@bp.post("/<uuid:position_id>/record")
def correct(position_id: UUID) -> ResponseReturnValue:
    """Correct a position's name, level or class."""
    it, form = structure.position(position_id), _with_levels(PositionForm())
    on_invalid(lambda error: _record_page(it, put(form, error)))
    if not form.validate_on_submit():
        return _record_page(it, form), 422
    organisation.change_position(
        position_id, form.name.data, form.level_code.data, job_class=_job_class(form), by=actor(), now=now()
    )
    flash(_("The position is corrected."), "ok")
    return redirect(url_for("requirements_hr.requirements", position_id=position_id))


def _trail() -> Trail:
    return [(url_for(".positions"), _("Positions"))]


def _with_levels(form: PositionForm) -> PositionForm:
    form.level_code.choices = [SelectChoice("", wording.choose())]
    form.level_code.choices += [SelectChoice(code, name) for code, name in _levels().items()]
    return form


def _record_page(it: PositionLine, form: PositionForm) -> str:
    return form_page(
        form,
        _("Correct the position"),
        action=url_for(".correct", position_id=it.id),
        trail=[*_trail(), (url_for("requirements_hr.requirements", position_id=it.id), f"{it.name} ({it.code})")],
        button=_("Save"),
        helps=_helps(),
    )


def _job_class(form: PositionForm) -> int | None:
    text = (form.job_class.data or "").strip()
    if text and not (text.isascii() and text.isdigit()):
        raise Invalid("job_class_unknown", field="job_class")
    return int(text) if text else None
