"""The page on which HR of everything sees and overrides what a position requires; no rules."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import SelectChoice

from elearn.competency import demands, policies, rules, services, terms
from elearn.competency.forms import RequirementForm
from elearn.competency.views import wording
from elearn.kernel.clock import local_date
from elearn.kernel.errors import Invalid
from elearn.kernel.guard import require
from elearn.people import structure
from elearn.web.faces import Face, face
from elearn.web.request import actor, now, on_invalid

bp = face(Face.HR, "requirements", __name__, prefix="/positions")


@bp.before_request
def _enter() -> None:
    """Positions are shared by all units, so these pages are for roles that reach everywhere."""
    require(policies.may_set_requirement, actor(), "")


@bp.get("/<uuid:position_id>")
def requirements(position_id: UUID) -> ResponseReturnValue:
    """What a position requires today, by its level or by itself."""
    return _page(position_id, RequirementForm(formdata=None, effective_from=local_date(now(), actor().zone)))


@bp.post("/<uuid:position_id>/requirements")
def override(position_id: UUID) -> ResponseReturnValue:
    """Require another level of one competency from a day on."""
    form = RequirementForm()
    on_invalid(lambda error: _refused(position_id, form, error))
    structure.position(position_id)
    if not _filled(form).validate_on_submit():
        return _page(position_id, form), 422
    services.set_position_requirement(
        position_id,
        form.competency.data,
        int(form.required_level.data),
        effective_from=form.effective_from.data,
        legal_basis=form.legal_basis.data,
        by=actor(),
        now=now(),
    )
    flash(_("The required level is set. Profiles follow from that day on."), "ok")
    return redirect(url_for(".requirements", position_id=position_id))


def _refused(position_id: UUID, form: RequirementForm, error: Invalid) -> str:
    field = form.effective_from if error.code == "requirement_same_day" else form.legal_basis
    field.errors = [wording.problem(error)]
    return _page(position_id, form)


def _filled(form: RequirementForm) -> RequirementForm:
    on = local_date(now(), actor().zone)
    known = terms.competency_choices(on)
    names = terms.level_names(on)
    form.competency.choices = [SelectChoice("", str(_("Choose"))), *(SelectChoice(code, name) for code, name in known)]
    form.required_level.choices = [SelectChoice("", str(_("Choose"))), SelectChoice("0", str(_("0 · not required")))]
    form.required_level.choices += [SelectChoice(str(it), wording.level(it, names)) for it in rules.LEVELS]
    return form


def _page(position_id: UUID, form: RequirementForm) -> str:
    on = local_date(now(), actor().zone)
    position = structure.position(position_id)
    return render_template(
        "competency/hr/position.html",
        position=position,
        level_name=structure.levels(on).get(position.level_code, position.level_code),
        demands=demands.demands_of(position_id, position.level_code, on=on),
        names=terms.level_names(on),
        form=_filled(form),
        words=wording,
    )
