"""The use-cases of certificates: issue, publish the file, replace, revoke, appoint; a pass is told by the workflow."""

import hashlib
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from elearn.certs import numbering, policies, queries
from elearn.certs.facts import CertificateRequest, CertificateSnapshot, Issued, SnapshotSigner
from elearn.certs.models import (
    DEFAULT_PATTERN,
    SAMPLE_PREFIX,
    Certificate,
    CertificatePublication,
    Revocation,
    SignerAppointment,
)
from elearn.certs.rules import SEAL_PURPOSE, check_pattern, new_code, number
from elearn.kernel import audit, jobs, storage
from elearn.kernel.actor import Actor
from elearn.kernel.clock import local_date
from elearn.kernel.db import db
from elearn.kernel.errors import Conflict
from elearn.kernel.guard import require
from elearn.kernel.ids import new_id
from elearn.kernel.installation import installation
from elearn.kernel.seal import seal

TEMPLATE_VERSION = 1
RENDER_JOB = "certs.render_pdf"


def may_be_issued(*, sample: bool) -> bool:
    """Whether a certificate may be issued: outside the demo its QR needs the configured public address."""
    return sample or installation().public_url is not None


def issue(asked: CertificateRequest, *, by: Actor, now: datetime) -> Issued:
    """Freeze the snapshot, take the next number and order the file; once for each attempt.

    Raises Conflict public_url_missing outside the demo where the installation has no public address.
    Audited by the workflow.
    """
    known = queries.certificate_of_attempt(asked.attempt_id)
    on = local_date(now, asked.zone)
    if known is not None:
        return queries.issued(known.id, on=on)
    if not may_be_issued(sample=asked.sample):
        raise Conflict("public_url_missing")
    code = new_code()
    valid_until = _years_later(on, asked.validity_years)
    draft = CertificateSnapshot(
        number="",
        code=code,
        sample=asked.sample,
        agency_name=asked.agency_name,
        provider=asked.provider,
        place=asked.place,
        zone=asked.zone,
        holder_name=asked.holder_name,
        holder_identifier=asked.holder_identifier,
        holder_rank=asked.holder_rank,
        holder_position=asked.holder_position,
        holder_unit=asked.holder_unit,
        course_code=asked.course_code,
        course_title=asked.course_title,
        course_version=asked.course_version,
        form=asked.form,
        lesson_hours=asked.lesson_hours,
        started_on=asked.started_on,
        finished_on=asked.finished_on,
        issued_on=on,
        issued_at=now,
        valid_until=valid_until,
        score_bp=asked.score_bp,
        pass_bp=asked.pass_bp,
        supervision=asked.supervision,
        modules=asked.modules,
        competencies=asked.competencies,
        signer=_signer(asked.agency_id, on),
        verify_url=f"{installation().address}/verify/{code}",
        template_version=TEMPLATE_VERSION,
    )
    made = _register(draft, asked, supersedes_id=None, now=now)
    return queries.issued(made.id, on=on)


def _register(
    draft: CertificateSnapshot, asked: CertificateRequest, *, supersedes_id: UUID | None, now: datetime
) -> Certificate:
    """Number, seal and store a snapshot; the number is taken last but for the row itself."""
    series_id = numbering.series_of(asked.agency_id, sample=asked.sample)
    certificate_id = new_id()
    jobs.enqueue(RENDER_JOB, str(certificate_id), {"certificate_id": str(certificate_id)}, now=now)
    sequence = numbering.take_number(series_id, draft.issued_on.year)
    pattern = asked.number_pattern or DEFAULT_PATTERN
    check_pattern(pattern)
    text = number((SAMPLE_PREFIX if asked.sample else "") + pattern, sequence, draft.issued_on)
    snapshot = replace(draft, number=text).to_json()
    digest = hashlib.sha256(snapshot.encode()).hexdigest()
    certificate = Certificate(
        id=certificate_id,
        employee_id=asked.employee_id,
        course_id=asked.course_id,
        attempt_id=asked.attempt_id if supersedes_id is None else None,
        agency_id=asked.agency_id,
        series_id=series_id,
        year=draft.issued_on.year,
        sequence=sequence,
        number=text,
        code=draft.code,
        sample=asked.sample,
        issued_at=now,
        valid_until=draft.valid_until,
        snapshot=snapshot,
        snapshot_sha256=digest,
        seal=seal(SEAL_PURPOSE, draft.code, text, digest),
        supersedes_id=supersedes_id,
    )
    db.session.add(certificate)
    db.session.flush()
    return certificate


def _signer(agency_id: UUID, on: date) -> SnapshotSigner | None:
    found = queries.signer_on(agency_id, on)
    return SnapshotSigner(found.name, found.title, found.identifier, found.legal_basis) if found else None


def _years_later(on: date, years: int | None) -> date | None:
    if years is None:
        return None
    try:
        return on.replace(year=on.year + years)
    except ValueError:
        return on.replace(year=on.year + years, day=28)


def publish(certificate_id: UUID, pdf: bytes, key_id: str, *, by: Actor, now: datetime) -> None:
    """Make the signed file the certificate's file; a second one is ignored, the first is never replaced."""
    if queries.publication(certificate_id) is not None:
        return
    db.session.add(CertificatePublication.of(certificate_id, pdf, key_id, now=now))
    audit.record("certificate.publish", "certificate", certificate_id, by=by, now=now, key_id=key_id)


def revoke(certificate_id: UUID, reason: str, *, by: Actor, now: datetime) -> None:
    """Withdraw a certificate with a reason; once. Whether the holder is in reach was asked by the workflow."""
    certificate = queries.certificate(certificate_id)
    require(policies.may_revoke, by, certificate)
    if queries.revocation(certificate_id) is not None:
        raise Conflict("already_revoked")
    db.session.add(Revocation.of(certificate, reason, by.employee_id, now=now))
    audit.record("certificate.revoke", "certificate", certificate_id, by=by, now=now, reason=reason)


def reissue(certificate_id: UUID, corrected: CertificateRequest, *, by: Actor, now: datetime) -> Issued:
    """Replace a certificate by one with corrected particulars and a number of its own; the old reads as replaced."""
    old = queries.certificate(certificate_id)
    require(policies.may_revoke, by, old)
    content = old.content()
    code = new_code()
    on = local_date(now, content.zone)
    draft = replace(
        content,
        code=code,
        holder_name=corrected.holder_name,
        holder_identifier=corrected.holder_identifier,
        holder_rank=corrected.holder_rank,
        holder_position=corrected.holder_position,
        holder_unit=corrected.holder_unit,
        issued_on=on,
        issued_at=now,
        signer=_signer(old.agency_id, on),
        verify_url=f"{installation().address}/verify/{code}",
    )
    made = _register(draft, corrected, supersedes_id=old.id, now=now)
    audit.record("certificate.reissue", "certificate", made.id, by=by, now=now, supersedes=str(old.id))
    return queries.issued(made.id, on=on)


def appoint_signer(agency_id: UUID, signer: SnapshotSigner, *, from_on: date, by: Actor, now: datetime) -> None:
    """Record who is named as signer from a day on, for certificates issued from now on; the newest word counts.

    Whoever was named until then ends the day before. Raises Forbidden, Invalid signer_incomplete.
    """
    require(policies.may_appoint, by, agency_id)
    for other in queries.signers(agency_id):
        if other.from_on <= from_on:
            other.end_on(from_on - timedelta(days=1))
    db.session.add(SignerAppointment.appoint(agency_id, signer, from_on=from_on))
    details = {"name": signer.name, "title": signer.title, "from_on": from_on.isoformat()}
    audit.record("signer.appoint", "org_unit", agency_id, by=by, now=now, **details)


def end_signer(appointment_id: UUID, *, by: Actor, now: datetime) -> None:
    """Name this signer no more from tomorrow on; what had not begun goes. Raises NotFound, Forbidden."""
    appointment = queries.signer(appointment_id)
    require(policies.may_appoint, by, appointment.agency_id)
    today = local_date(now, by.zone)
    if appointment.from_on > today:
        db.session.delete(appointment)
    else:
        appointment.end_on(today)
    audit.record("signer.end", "org_unit", appointment.agency_id, by=by, now=now, name=appointment.name)


def file_of(certificate_id: UUID) -> bytes | None:
    """The signed file, or None while it is being made."""
    found = queries.publication(certificate_id)
    return storage.get(found.sha256) if found else None
