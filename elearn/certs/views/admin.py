"""Whom certificates name as signer, from which day to which, for administrators; no rules."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import SelectChoice

from elearn.certs import queries
from elearn.certs.facts import SnapshotSigner
from elearn.certs.forms import SignerForm
from elearn.kernel.clock import local_date
from elearn.kernel.errors import Invalid
from elearn.people import queries as people
from elearn.web.faces import Face, face
from elearn.web.request import actor, now, on_invalid
from elearn.workflows import administration

bp = face(Face.ADMIN, "certs", __name__, prefix="/signers")


@bp.get("")
def signers() -> ResponseReturnValue:
    """Everybody ever appointed in the agencies in reach, and a form for the next."""
    return _page(_form())


@bp.post("")
def appoint() -> ResponseReturnValue:
    """Name an official from a day on."""
    form = _form()

    def redraw(error: Invalid) -> ResponseReturnValue:
        form[error.field or "name"].errors = [_("Fill this in.")]
        return _page(form), 422

    on_invalid(redraw)
    if not form.validate_on_submit():
        return _page(form), 422
    number = "".join(it for it in form.identifier.data or "" if it.isdigit())
    signer = SnapshotSigner(form.name.data, form.title.data, number or None, form.legal_basis.data)
    administration.appoint_signer(UUID(form.agency.data), signer, from_on=form.from_on.data, by=actor(), now=now())
    flash(_("Certificates issued from that day on name this official. Issued ones stay as they are."), "ok")
    return redirect(url_for(".signers"))


@bp.post("/<uuid:appointment_id>/ending")
def end(appointment_id: UUID) -> ResponseReturnValue:
    """Name an official no more from tomorrow on."""
    administration.end_signer(appointment_id, by=actor(), now=now())
    flash(_("From tomorrow on certificates name this official no more. Issued ones stay as they are."), "ok")
    return redirect(url_for(".signers"))


def _form() -> SignerForm:
    form = SignerForm()
    form.agency.choices = [SelectChoice(str(it.id), it.name) for it in people.agencies_administered_by(actor())]
    if form.from_on.data is None and not form.is_submitted():
        form.from_on.data = local_date(now(), actor().zone)
    return form


def _page(form: SignerForm) -> str:
    agencies = [(it.name, queries.signers(it.id)) for it in people.agencies_administered_by(actor())]
    today = local_date(now(), actor().zone)
    return render_template("certs/admin/signers.html", agencies=agencies, form=form, today=today)
