"""The JSON of certificates and verifications, shared by the API and the public pages."""

from typing import Any

from marshmallow import Schema, fields

from elearn.certs.facts import CertificateSnapshot, Verification
from elearn.certs.views.wording import masked_name
from elearn.web.api import PageSchema
from elearn.web.filters import nip_masked


class CertificateSchema(Schema):
    """A certificate as its holder and HR see it in lists."""

    id = fields.UUID(required=True)
    number = fields.Str(required=True)
    code = fields.Str(required=True)
    status = fields.Str(required=True)
    course = fields.Str(required=True, attribute="course_code")
    title = fields.Str(required=True, attribute="course_title")
    holder = fields.Str(required=True, attribute="holder_name")
    issued_on = fields.Date(required=True)
    valid_until = fields.Date(required=True, allow_none=True)
    sample = fields.Bool(required=True)
    pdf_ready = fields.Bool(required=True)


class CertificatePageSchema(PageSchema):
    """A page of certificates."""

    items = fields.List(fields.Nested(CertificateSchema), required=True)


class VerificationSchema(Schema):
    """The answer of a verification."""

    status = fields.Str(required=True)
    checked_at = fields.AwareDateTime(required=True)
    proofs = fields.Dict(keys=fields.Str(), values=fields.Str(), required=True)
    certificate = fields.Dict(allow_none=True, required=True)
    revoked_on = fields.Date(allow_none=True)
    reason = fields.Str(allow_none=True, metadata={"description": "Why, for a file that the register does not know"})


def verification_body(found: Verification) -> dict[str, Any]:
    """A verification as its JSON body."""
    content = found.certificate
    body: dict[str, Any] = VerificationSchema().dump(
        {
            "status": found.status,
            "checked_at": found.checked_at,
            "proofs": found.proofs,
            "certificate": _facts(content, masked=found.masked) if content else None,
            "revoked_on": found.revoked_on,
            "reason": found.reason or None,
        }
    )
    return body


def _facts(content: CertificateSnapshot, *, masked: bool) -> dict[str, Any]:
    return {
        "number": content.number,
        "code": content.code,
        "holder": masked_name(content.holder_name) if masked else content.holder_name,
        "identifier_type": content.holder_identifier_type,
        "identifier_masked": nip_masked(content.holder_identifier),
        "unit": content.holder_unit,
        "agency": content.agency_name,
        "course": content.course_code,
        "title": content.course_title,
        "lesson_hours": content.lesson_hours,
        "issued_on": content.issued_on.isoformat(),
        "valid_until": content.valid_until.isoformat() if content.valid_until else None,
        "sample": content.sample,
        "supervision": content.supervision,
        "competencies": [
            {"competency": it.code, "name": it.name, "level": it.level, "score_bp": it.score_bp, "passed": it.passed}
            for it in content.competencies
        ],
    }
