"""HR's view of certificates: those of the people in reach, revocation, correction; no rules."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from elearn.certs.forms import RevocationForm
from elearn.certs.views import wording
from elearn.certs.views.api import pdf_response
from elearn.kernel.errors import Invalid
from elearn.web.faces import Face, face
from elearn.web.request import actor, now, on_invalid, page_request
from elearn.workflows import certification, register

bp = face(Face.HR, "certs", __name__)


@bp.get("")
def certificates() -> ResponseReturnValue:
    """The certificates of everybody in reach, newest first."""
    page = register.certificates_in_reach(page_request(), by=actor(), now=now())
    return render_template("certs/hr/certificates.html", page=page, wording=wording)


@bp.get("/<uuid:certificate_id>")
def certificate(certificate_id: UUID) -> ResponseReturnValue:
    """One certificate of somebody in reach."""
    return _page(certificate_id, RevocationForm())


@bp.get("/<uuid:certificate_id>/pdf")
def certificate_pdf(certificate_id: UUID) -> ResponseReturnValue:
    """Its signed file."""
    return pdf_response(register.certificate_in_reach(certificate_id, by=actor(), now=now()))


@bp.post("/<uuid:certificate_id>/revocation")
def revoke(certificate_id: UUID) -> ResponseReturnValue:
    """Withdraw it, with a reason."""
    form = RevocationForm()

    def redraw(error: Invalid) -> ResponseReturnValue:
        form.reason.errors = [_("Give the reason in a few words.")] if error.field == "reason" else []
        return _page(certificate_id, form), 422

    on_invalid(redraw)
    if not form.validate_on_submit():
        return _page(certificate_id, form), 422
    certification.revoke_certificate(certificate_id, form.reason.data, by=actor(), now=now())
    flash(_("The certificate is revoked. Whoever verifies it sees this from now on."), "ok")
    return redirect(url_for(".certificate", certificate_id=certificate_id))


@bp.post("/<uuid:certificate_id>/correction")
def correct(certificate_id: UUID) -> ResponseReturnValue:
    """Replace it by one with the holder's corrected particulars."""
    made = certification.correct_certificate(certificate_id, by=actor(), now=now())
    flash(_("A corrected certificate was issued; the old one reads as replaced."), "ok")
    return redirect(url_for(".certificate", certificate_id=made.id))


def _page(certificate_id: UUID, form: RevocationForm) -> str:
    found = register.certificate_in_reach(certificate_id, by=actor(), now=now())
    return render_template("certs/hr/certificate.html", it=found, form=form, wording=wording)
