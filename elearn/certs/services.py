"""The use-cases of certificates: issue, publish the file, replace, revoke, appoint; a pass is told by the workflow."""

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

import structlog

from elearn.certs import numbering, policies, queries
from elearn.certs.facts import CertificateRequest, CertificateSnapshot, Holder, Issued, SnapshotSigner
from elearn.certs.models import (
    Certificate,
    CertificatePublication,
    Revocation,
    SignerAppointment,
)
from elearn.certs.rules import SAMPLE_PREFIX, SEAL_PURPOSE, check_pattern, new_code, number
from elearn.kernel import audit, jobs, storage
from elearn.kernel.actor import Actor
from elearn.kernel.clock import local_date
from elearn.kernel.db import db
from elearn.kernel.errors import Conflict
from elearn.kernel.guard import require
from elearn.kernel.ids import new_id
from elearn.kernel.installation import installation
from elearn.kernel.seal import is_sealed, seal
from elearn.kernel.settings import agency_values

TEMPLATE_VERSION = 2  # counts layouts; a file that was issued under an older one is never drawn again
RENDER_JOB = "certs.render_pdf"

log = structlog.get_logger(__name__)


def hindrance(*, sample: bool, number_pattern: str | None) -> str | None:
    """What must be set before a certificate can be issued, as a code; None where nothing is missing.

    Its number needs a pattern that is the agency's own and, outside the demo, its QR the configured public address.
    """
    if not sample and installation().public_url is None:
        return "public_url_missing"
    return None if number_pattern else "number_pattern_missing"


def issue(asked: CertificateRequest, *, is_first: bool = False, by: Actor, now: datetime) -> Issued:
    """Freeze the snapshot, take the next number and order the file; once for each attempt. Audited by the workflow.

    `is_first` says that the caller has just closed the attempt itself, so that there can be no certificate yet.
    Raises Conflict public_url_missing or number_pattern_missing.
    """
    known = None if is_first else queries.certificate_of_attempt(asked.attempt_id)
    on = local_date(now, asked.zone)
    if known is not None:
        return queries.issued(known.id, on=on)
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
        **asked.holder.frozen(),
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
        signer=queries.signer_on(asked.agency_id, on),
        verify_url=f"{installation().address}/verify/{code}",
        template_version=TEMPLATE_VERSION,
    )
    place = _Place(asked.employee_id, asked.course_id, asked.attempt_id, asked.agency_id, asked.number_pattern)
    return queries.just_issued(_register(draft, place, now=now), on=on)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a certificate stands in the register, beside what it says; the pattern is its agency's."""

    employee_id: UUID
    course_id: UUID
    attempt_id: UUID | None
    agency_id: UUID
    number_pattern: str | None
    supersedes_id: UUID | None = None


def _register(draft: CertificateSnapshot, place: _Place, *, now: datetime) -> Certificate:
    """Number, seal and store a snapshot; the number is taken last but for the row itself.

    Raises Conflict public_url_missing or number_pattern_missing, Invalid number_pattern.
    """
    pattern = place.number_pattern or ""
    if missing := hindrance(sample=draft.sample, number_pattern=pattern):
        raise Conflict(missing)
    check_pattern(pattern)
    series_id = numbering.series_of(place.agency_id, sample=draft.sample)
    certificate_id = new_id()
    jobs.enqueue(RENDER_JOB, str(certificate_id), {"certificate_id": str(certificate_id)}, now=now)
    sequence = numbering.take_number(series_id, draft.issued_on.year)
    text = number((SAMPLE_PREFIX if draft.sample else "") + pattern, sequence, draft.issued_on)
    snapshot = replace(draft, number=text).to_json()
    digest = hashlib.sha256(snapshot.encode()).hexdigest()
    certificate = Certificate(
        id=certificate_id,
        employee_id=place.employee_id,
        course_id=place.course_id,
        attempt_id=place.attempt_id,
        agency_id=place.agency_id,
        series_id=series_id,
        year=draft.issued_on.year,
        sequence=sequence,
        number=text,
        code=draft.code,
        sample=draft.sample,
        issued_at=now,
        valid_until=draft.valid_until,
        snapshot=snapshot,
        snapshot_sha256=digest,
        seal=seal(SEAL_PURPOSE, draft.code, text, digest),
        supersedes_id=place.supersedes_id,
    )
    db.session.add(certificate)
    db.session.flush()
    return certificate


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
    """Withdraw a certificate with a reason; once, and never one that was replaced: then its successor is meant.

    Raises Conflict already_revoked or superseded. Whether the holder is in reach was asked by the workflow.
    """
    certificate = queries.certificate_for_update(certificate_id)
    require(policies.may_revoke, by, certificate)
    if queries.revocation(certificate_id) is not None:
        raise Conflict("already_revoked")
    _require_newest(certificate)
    db.session.add(Revocation.of(certificate, reason, by.employee_id, now=now))
    audit.record("certificate.revoke", "certificate", certificate_id, by=by, now=now, reason=reason)


def reissue(certificate_id: UUID, holder: Holder, *, by: Actor, now: datetime) -> Issued:
    """Replace a certificate by one with corrected particulars and a number of its own; the old reads as replaced.

    Everything else comes from the old one: agency, series, course, scores, validity, whether it is a sample.
    Raises Conflict revoked (nothing makes a revoked one good again), superseded, entry_unsound, public_url_missing
    or number_pattern_missing.
    """
    old = queries.certificate_for_update(certificate_id)
    require(policies.may_revoke, by, old)
    if queries.revocation(certificate_id) is not None:
        raise Conflict("revoked")
    _require_newest(old)
    _require_sound(old)
    code = new_code()
    on = local_date(now, old.content().zone)
    draft = replace(
        old.content(),
        code=code,
        **holder.frozen(),
        issued_on=on,
        issued_at=now,
        signer=queries.signer_on(old.agency_id, on),
        verify_url=f"{installation().address}/verify/{code}",
        template_version=TEMPLATE_VERSION,
    )
    pattern = agency_values(old.agency_id, now).get("number_pattern")
    place = _Place(old.employee_id, old.course_id, old.attempt_id, old.agency_id, pattern, supersedes_id=old.id)
    made = _register(draft, place, now=now)
    audit.record("certificate.reissue", "certificate", made.id, by=by, now=now, supersedes=str(old.id))
    return queries.issued(made.id, on=on)


def _require_sound(certificate: Certificate) -> None:
    """What the seal does not vouch for must not be sealed anew under another number."""
    digest = hashlib.sha256(certificate.snapshot.encode()).hexdigest()
    if not is_sealed(certificate.seal, SEAL_PURPOSE, certificate.code, certificate.number, digest):
        raise Conflict("entry_unsound")


def _require_newest(certificate: Certificate) -> None:
    newer = queries.successor(certificate.id)
    if newer is not None:
        raise Conflict("superseded", successor=str(newer.id))


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


class FileAway(RuntimeError):
    """A published file is not where it was put, or not as it was: it must be fetched back from the backup."""


def file_of(certificate_id: UUID) -> bytes | None:
    """The signed file, or None while it is being made; raises FileAway, which is logged for the operator."""
    found = queries.publication(certificate_id)
    if found is None:
        return None
    try:
        pdf = storage.get(found.sha256)
    except OSError as error:
        log.error("certificate_file_away", certificate=str(certificate_id), sha256=found.sha256, error=str(error))
        raise FileAway(str(certificate_id)) from error
    if hashlib.sha256(pdf).hexdigest() != found.sha256:
        log.error("certificate_file_altered", certificate=str(certificate_id), sha256=found.sha256)
        raise FileAway(str(certificate_id))
    return pdf
