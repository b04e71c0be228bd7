"""The learner's own certificates; no rules."""

from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue

from elearn.certs import particulars, queries
from elearn.certs.views import wording
from elearn.certs.views.api import pdf_response
from elearn.kernel.clock import local_date
from elearn.kernel.installation import installation
from elearn.web.faces import Face, face
from elearn.web.request import actor, now, page_request

bp = face(Face.LEARNER, "certs", __name__)


@bp.get("")
def certificates() -> ResponseReturnValue:
    """One's own certificates, newest first."""
    who = actor()
    ids = [who.employee_id] if who.employee_id else []
    page = queries.issued_to(ids, page_request(), on=local_date(now(), who.zone))
    verify = f"{installation().address}/verify/"
    waits = who.employee_id is not None and particulars.is_disputed(who.employee_id)
    return render_template("certs/learner/certificates.html", page=page, verify=verify, waits=waits, wording=wording)


@bp.get("/<uuid:certificate_id>")
def certificate(certificate_id: UUID) -> ResponseReturnValue:
    """One of one's own certificates: state, file, address to share."""
    found = queries.issued_of(actor(), certificate_id, on=local_date(now(), actor().zone))
    address = f"{installation().address}/verify/{found.code}"
    return render_template("certs/learner/certificate.html", it=found, address=address, wording=wording)


@bp.get("/<uuid:certificate_id>/pdf")
def certificate_pdf(certificate_id: UUID) -> ResponseReturnValue:
    """The signed file; 202 while it is being made."""
    return pdf_response(queries.issued_of(actor(), certificate_id, on=local_date(now(), actor().zone)))
