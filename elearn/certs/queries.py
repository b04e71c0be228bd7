"""Every SELECT of certificates but the public check's, which is in hotpath.py."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from elearn.certs.facts import Issued, SnapshotSigner
from elearn.certs.models import Certificate, CertificatePublication, Revocation, SignerAppointment
from elearn.certs.rules import Status
from elearn.kernel.actor import Actor
from elearn.kernel.db import db
from elearn.kernel.errors import NotFound
from elearn.kernel.kept import Kept
from elearn.kernel.page import Page, PageRequest, paginate

T = TypeVar("T")

_Successor = aliased(Certificate)


def certificate(certificate_id: UUID) -> Certificate:
    """A certificate by id; raises NotFound."""
    return _found(db.session.get(Certificate, certificate_id))


def certificate_for_update(certificate_id: UUID) -> Certificate:
    """A certificate with its row locked: revoking and replacing wait for each other. Raises NotFound."""
    query = select(Certificate).where(Certificate.id == certificate_id).with_for_update()
    return _found(db.session.scalar(query.execution_options(populate_existing=True)))


def successor(certificate_id: UUID) -> Certificate | None:
    """The certificate that replaced this one."""
    return db.session.scalar(select(Certificate).where(Certificate.supersedes_id == certificate_id))


def certificate_of_attempt(attempt_id: UUID) -> Certificate | None:
    """The certificate that a pass led to; where it was replaced, the newest."""
    query = select(Certificate).outerjoin(_Successor, _Successor.supersedes_id == Certificate.id)
    return db.session.scalar(query.where(Certificate.attempt_id == attempt_id, _Successor.id.is_(None)))


def publication(certificate_id: UUID) -> CertificatePublication | None:
    """The signed file of a certificate, once there is one."""
    return db.session.get(CertificatePublication, certificate_id)


def revocation(certificate_id: UUID) -> Revocation | None:
    """The revocation of a certificate, if it was revoked."""
    return db.session.get(Revocation, certificate_id)


@Kept
def _appointments() -> dict[UUID, tuple[tuple[date, date | None, SnapshotSigner], ...]]:
    """Everybody ever appointed, by agency: (first day, last day, who is named), the newest first."""
    query = select(SignerAppointment).order_by(SignerAppointment.from_on.desc(), SignerAppointment.id.desc())
    found: dict[UUID, tuple[tuple[date, date | None, SnapshotSigner], ...]] = {}
    for it in db.session.scalars(query):
        named = SnapshotSigner(it.name, it.title, it.identifier, it.legal_basis)
        found[it.agency_id] = (*found.get(it.agency_id, ()), (it.from_on, it.to_on, named))
    return found


def signer_on(agency_id: UUID, on: date) -> SnapshotSigner | None:
    """Who is appointed to be named as signer on a day."""
    spans = _appointments().get(agency_id, ())
    return next((named for first, last, named in spans if first <= on and (last is None or last >= on)), None)


def signers(agency_id: UUID) -> Sequence[SignerAppointment]:
    """Everybody ever appointed to be named by an agency, the newest first."""
    query = select(SignerAppointment).where(SignerAppointment.agency_id == agency_id)
    return db.session.scalars(query.order_by(SignerAppointment.from_on.desc(), SignerAppointment.id.desc())).all()


def signer(appointment_id: UUID) -> SignerAppointment:
    """One appointment; raises NotFound."""
    found = db.session.get(SignerAppointment, appointment_id)
    if found is None:
        raise NotFound("no_appointment")
    return found


def issued_to(employee_ids: Sequence[UUID], wanted: PageRequest, *, on: date) -> Page[Issued]:
    """The certificates of some people, newest first; who may see those people was asked before."""
    query = _with_standing().where(Certificate.employee_id.in_(employee_ids))
    page = paginate(query.order_by(Certificate.issued_at.desc(), Certificate.id), wanted, scalars=False)
    return page.map(lambda row: _issued(row, on))


def issued_in(agency_paths: Select[Any], wanted: PageRequest, *, on: date) -> Page[Issued]:
    """The certificates of the employees a sub-SELECT names, newest first."""
    query = _with_standing().where(Certificate.employee_id.in_(agency_paths))
    page = paginate(query.order_by(Certificate.issued_at.desc(), Certificate.id), wanted, scalars=False)
    return page.map(lambda row: _issued(row, on))


def issued(certificate_id: UUID, *, on: date) -> Issued:
    """One certificate with its standing; raises NotFound."""
    row = db.session.execute(_with_standing().where(Certificate.id == certificate_id)).one_or_none()
    return _issued(_found(row), on)


def issued_of(actor: Actor, certificate_id: UUID, *, on: date) -> Issued:
    """One's own certificate; somebody else's is simply not found."""
    found = issued(certificate_id, on=on)
    if found.employee_id != actor.employee_id:
        raise NotFound
    return found


def issued_by_attempt(attempt_id: UUID, *, on: date) -> Issued | None:
    """The certificate that a pass led to, or the newest that replaced it, with its standing."""
    query = _with_standing().where(Certificate.attempt_id == attempt_id, _Successor.id.is_(None))
    row = db.session.execute(query).one_or_none()
    return _issued(row, on) if row is not None else None


def just_issued(made: Certificate, *, on: date) -> Issued:
    """A certificate that this transaction has made: without file, replacement or revocation yet."""
    return _as_issued(made, on=on)


def _with_standing() -> Any:
    return (
        select(
            Certificate,
            CertificatePublication.certificate_id.is_not(None).label("pdf_ready"),
            Revocation.revoked_at,
            Revocation.reason,
            _Successor.id.label("successor_id"),
        )
        .outerjoin(CertificatePublication, CertificatePublication.certificate_id == Certificate.id)
        .outerjoin(Revocation, Revocation.certificate_id == Certificate.id)
        .outerjoin(_Successor, _Successor.supersedes_id == Certificate.id)
    )


def _issued(row: Any, on: date) -> Issued:
    return _as_issued(row[0], row.pdf_ready, row.revoked_at, row.reason, row.successor_id, on=on)


def _as_issued(
    it: Certificate,
    pdf_ready: bool = False,
    revoked_at: datetime | None = None,
    reason: str | None = None,
    successor_id: UUID | None = None,
    *,
    on: date,
) -> Issued:
    content = it.content()
    return Issued(
        id=it.id,
        employee_id=it.employee_id,
        attempt_id=it.attempt_id,
        number=it.number,
        code=it.code,
        status=_status(it, revoked=revoked_at is not None, superseded=successor_id is not None, on=on),
        course_code=content.course_code,
        course_title=content.course_title,
        holder_name=content.holder_name,
        issued_on=content.issued_on,
        valid_until=it.valid_until,
        sample=it.sample,
        pdf_ready=bool(pdf_ready),
        revoked_at=revoked_at,
        revocation_reason=reason,
        successor_id=successor_id,
        agency_name=content.agency_name,
    )


def _status(it: Certificate, *, revoked: bool, superseded: bool, on: date) -> str:
    """What the register says to those who may see the certificate anyway; the public asks hotpath.py."""
    if revoked:
        return Status.REVOKED
    if superseded:
        return Status.SUPERSEDED
    if it.valid_until is not None and it.valid_until < on:
        return Status.EXPIRED
    return Status.SAMPLE if it.sample else Status.VALID


def _found(thing: T | None) -> T:
    if thing is None:
        raise NotFound
    return thing
