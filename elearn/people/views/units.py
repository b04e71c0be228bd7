"""The administrator's pages about units: the tree, a new unit or agency, another name, code or place; no rules."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import SelectChoice

from elearn.kernel.clock import local_date
from elearn.kernel.errors import Conflict, Invalid
from elearn.people import policies, structure
from elearn.people.facts.staff import Unit
from elearn.people.forms import NewAgencyForm, NewUnitForm, PlaceForm, UnitForm
from elearn.people.rules import ZONES
from elearn.people.services import organisation
from elearn.people.views import wording
from elearn.people.views.filling import Trail, form_page, put, unit_choices
from elearn.web.faces import Face, face
from elearn.web.request import actor, now, on_invalid

bp = face(Face.ADMIN, "units", __name__, prefix="/units")


@bp.get("")
def units() -> ResponseReturnValue:
    """The tree of units, with how many people work in each."""
    on = local_date(now(), actor().zone)
    return render_template(
        "people/admin/units.html",
        units=structure.units_shaped_by(actor()),
        heads=structure.headcounts(on),
        may_add_agency=policies.may_shape_units(actor(), None),
    )


@bp.get("/new")
def new_unit() -> ResponseReturnValue:
    """Where a unit is added."""
    return _new_page(_new_form())


@bp.post("")
def add() -> ResponseReturnValue:
    """Add a unit below another."""
    form = _new_form()
    on_invalid(lambda error: _new_page(put(form, error)))
    if not form.validate_on_submit():
        return _new_page(form), 422
    parent_id = UUID(form.parent_id.data)
    organisation.add_unit(form.name.data, form.code.data, parent_id=parent_id, by=actor(), now=now())
    flash(_("The unit is added."), "ok")
    return redirect(url_for(".units"))


def _new_form() -> NewUnitForm:
    form = NewUnitForm()
    form.parent_id.choices = unit_choices(structure.units_shaped_by(actor()), SelectChoice("", wording.choose()))
    return form


def _new_page(form: NewUnitForm) -> str:
    helps = {"code": _("Short and lasting, such as DISDUKCAPIL; each code stands for one unit.")}
    return form_page(form, _("Add a unit"), action=url_for(".add"), trail=_trail(), button=_("Add the unit"), helps=helps)


def _trail() -> Trail:
    return [(url_for(".units"), _("Units"))]


@bp.get("/agencies/new")
def new_agency() -> ResponseReturnValue:
    """Where an agency is added."""
    return _agency_page(_agency_form())


@bp.post("/agencies")
def add_agency() -> ResponseReturnValue:
    """Add an agency with its time zone."""
    form = _agency_form()
    on_invalid(lambda error: _agency_page(put(form, error)))
    if not form.validate_on_submit():
        return _agency_page(form), 422
    organisation.add_agency(form.name.data, form.code.data, form.zone.data, by=actor(), now=now())
    flash(_("The agency is added. Set its certificate texts under Agency."), "ok")
    return redirect(url_for(".units"))


def _agency_form() -> NewAgencyForm:
    form = NewAgencyForm()
    form.zone.choices = [SelectChoice(it, wording.zone(it)) for it in ZONES]
    return form


def _agency_page(form: NewAgencyForm) -> str:
    title, button = _("Add an agency"), _("Add the agency")
    helps = {"zone": _("Days and years begin by it: those of certificates, of validity, of lesson hours.")}
    return form_page(form, title, action=url_for(".add_agency"), trail=_trail(), button=button, helps=helps)


@bp.get("/<uuid:unit_id>")
def unit(unit_id: UUID) -> ResponseReturnValue:
    """One unit: its name and code, and where it hangs."""
    found = structure.unit_shaped_by(actor(), unit_id)
    return _unit_page(found, UnitForm(formdata=None, name=found.name, code=found.code), _place_form(found, shown=True))


@bp.post("/<uuid:unit_id>")
def rename(unit_id: UUID) -> ResponseReturnValue:
    """Give a unit another name or code."""
    found, form = structure.unit_shaped_by(actor(), unit_id), UnitForm()
    on_invalid(lambda error: _unit_page(found, put(form, error), _place_form(found, shown=True)))
    if not form.validate_on_submit():
        return _unit_page(found, form, _place_form(found, shown=True)), 422
    organisation.rename_unit(unit_id, form.name.data, code=form.code.data, by=actor(), now=now())
    flash(_("Saved. Certificates issued before keep what they say."), "ok")
    return redirect(url_for(".units"))


@bp.post("/<uuid:unit_id>/place")
def move(unit_id: UUID) -> ResponseReturnValue:
    """Hang a unit with all below it elsewhere in its agency."""
    found = structure.unit_shaped_by(actor(), unit_id)
    form, name = _place_form(found), UnitForm(formdata=None, name=found.name, code=found.code)
    on_invalid(lambda error: _unit_page(found, name, put(form, error)))
    if not form.validate_on_submit():
        return _unit_page(found, name, form), 422
    try:
        organisation.move_unit(unit_id, UUID(form.parent_id.data), by=actor(), now=now())
    except Conflict as conflict:
        raise Invalid("unit_below", field="parent_id") from conflict
    flash(_("The unit hangs elsewhere now, with all below it; roles over it follow."), "ok")
    return redirect(url_for(".units"))


def _place_form(found: Unit, *, shown: bool = False) -> PlaceForm:
    form = PlaceForm(formdata=None, parent_id=str(found.parent_id or "")) if shown else PlaceForm()
    places = (it for it in structure.units_shaped_by(actor()) if it.agency_id == found.agency_id)
    form.parent_id.choices = unit_choices(it for it in places if not it.path.startswith(found.path))
    return form


def _unit_page(found: Unit, form: UnitForm, place: PlaceForm) -> str:
    return render_template("people/admin/unit.html", unit=found, form=form, place=place)
