"""Roles with scope and one-time codes, for administrators; no rules."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import SelectChoice

from elearn.kernel.actor import Role
from elearn.kernel.clock import local_date
from elearn.kernel.errors import Conflict, Invalid
from elearn.people import grants, queries
from elearn.people.facts.roles import RoleScope
from elearn.people.forms import RoleForm
from elearn.people.services import roles
from elearn.people.views import codes, wording
from elearn.people.views.filling import put
from elearn.web.faces import Face, face
from elearn.web.request import actor, now, on_invalid, page_request

bp = face(Face.ADMIN, "people", __name__, prefix="")


@bp.get("/roles")
def role_grants() -> ResponseReturnValue:
    """Who may do what, and where."""
    return _page(_form())


@bp.post("/roles")
def grant_role() -> ResponseReturnValue:
    """Give a role within a scope, with a reason."""
    form = _form()

    on_invalid(lambda error: _page(put(form, error)))
    if not form.validate_on_submit():
        return _page(form), 422
    employee_id = queries.employee_id_by_login(form.login.data)
    if employee_id is None or employee_id == actor().employee_id:
        form.login.errors = [_not_given(employee_id)]
        return _page(form), 422
    scope = RoleScope(unit_id=UUID(form.unit.data) if form.unit.data else None)
    try:
        roles.grant_role(employee_id, Role(form.role.data), scope=scope, reason=form.reason.data, by=actor(), now=now())
    except Conflict as conflict:
        raise Invalid(conflict.code, field="login") from conflict
    flash(_("The role is given. The person signs in again to use it."), "ok")
    return redirect(url_for(".role_grants"))


def _not_given(employee_id: UUID | None) -> str:
    if employee_id is None:
        return str(_("Nobody signs in by this NIP or e-mail address."))
    return str(_("You cannot give a role to yourself."))


@bp.post("/roles/<uuid:grant_id>/revocation")
def revoke_role(grant_id: UUID) -> ResponseReturnValue:
    """Take a role back, with a reason."""
    on_invalid(lambda error: (_page(_form(), wording.problem(error)), 422))
    roles.revoke_role(grant_id, reason=request.form.get("reason", ""), by=actor(), now=now())
    flash(_("The role is taken back."), "ok")
    return redirect(url_for(".role_grants"))


@bp.post("/people/<uuid:employee_id>/code")
def issue_code(employee_id: UUID) -> ResponseReturnValue:
    """Issue a one-time code; the page it leads to shows it once."""
    return codes.issue(employee_id)


@bp.get("/people/<uuid:employee_id>/code")
def code(employee_id: UUID) -> ResponseReturnValue:
    """The code that was just issued, once."""
    return codes.page(employee_id)


def _form() -> RoleForm:
    form = RoleForm()
    units = [SelectChoice(str(it.id), "– " * it.depth + it.name) for it in queries.units_visible_to(actor())]
    form.unit.choices = [SelectChoice("", _("Everywhere")), *units]
    form.role.choices = [SelectChoice(it.value, wording.role(it.value)) for it in Role if it is not Role.LEARNER]
    return form


def _page(form: RoleForm, problem: str = "") -> str:
    on = local_date(now(), actor().zone)
    page = grants.grants_visible_to(actor(), page_request(), on=on)
    return render_template("people/admin/roles.html", page=page, form=form, problem=problem, wording=wording)
