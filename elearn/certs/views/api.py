"""Certificates in /api/v1; verification is public and lives in public.py."""

from typing import Any
from uuid import UUID

from flask import Response, request
from flask.typing import ResponseReturnValue

from elearn.certs import queries, services
from elearn.certs.facts import Issued
from elearn.certs.views.bodies import CertificatePageSchema, CertificateSchema
from elearn.kernel.clock import local_date
from elearn.kernel.errors import Invalid
from elearn.web import errors
from elearn.web.api import page_body
from elearn.web.faces import api_face
from elearn.web.headers import FILE_POLICY
from elearn.web.request import actor, now, page_request

AWAY_FOR = "600"

api = api_face("certs")


@api.get("/certificates")
@api.response(200, CertificatePageSchema)
def certificates() -> dict[str, Any]:
    """One's own certificates, newest first (`holder=me` is the only holder there is here)."""
    if request.args.get("holder", "me") != "me":
        raise Invalid("holder_not_me", field="holder")
    who = actor()
    ids = [who.employee_id] if who.employee_id else []
    return page_body(queries.issued_to(ids, page_request(), on=local_date(now(), who.zone)))


@api.get("/certificates/<uuid:certificate_id>")
@api.response(200, CertificateSchema)
def certificate(certificate_id: UUID) -> Issued:
    """One of one's own certificates."""
    return queries.issued_of(actor(), certificate_id, on=local_date(now(), actor().zone))


@api.get("/certificates/<uuid:certificate_id>/pdf")
@api.response(200, content_type="application/pdf")
@api.alt_response(202, description="The file is being made; ask again after Retry-After seconds")
@api.alt_response(503, description="The file is being restored; the certificate is in the register all the same")
def certificate_pdf(certificate_id: UUID) -> ResponseReturnValue:
    """The signed file; 202 or 503, with Retry-After, while it is being made or fetched back from the backup."""
    found = queries.issued_of(actor(), certificate_id, on=local_date(now(), actor().zone))
    return pdf_response(found)


def pdf_response(found: Issued) -> Response:
    """The signed file of a certificate; 202 while it is being made, 503 while it is away."""
    try:
        pdf = services.file_of(found.id)
    except services.FileAway:
        away = errors.answer(503, "file_away")
        away.headers["Retry-After"] = AWAY_FOR
        return away
    if pdf is None:
        return Response(status=202, headers={"Retry-After": "2"})
    name = f"sertifikat-{found.course_code}-{found.code}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Security-Policy": FILE_POLICY}
    return Response(pdf, content_type="application/pdf", headers=headers)
