"""Certificates, their files, revocations, number series, signers' appointments, checks of particulars; no queries."""

import hashlib
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from elearn.certs.facts import CertificateSnapshot, Holder, ParticularsReport, SnapshotSigner
from elearn.kernel.errors import Conflict, Invalid
from elearn.kernel.ids import new_id
from elearn.kernel.model import Model

IS_OPEN = text("settled_at IS NULL")


class NumberSeries(Model):
    """A series of numbers of one agency; certificates of demo people have one of their own."""

    __tablename__ = "number_series"
    is_kept_in_process = True
    __table_args__ = (UniqueConstraint("agency_id", "sample"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("org_units.id"))
    sample: Mapped[bool]

    @classmethod
    def of(cls, agency_id: UUID, *, sample: bool) -> Self:
        """The series of an agency."""
        return cls(id=new_id(), agency_id=agency_id, sample=sample)


class NumberCounter(Model):
    """The last number given in a year of a series: locked last in the issuing transaction, so without gaps."""

    __tablename__ = "number_counters"

    series_id: Mapped[UUID] = mapped_column(ForeignKey("number_series.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class Certificate(Model):
    """A frozen snapshot with its number and public code; never edited, its PDF is a projection of it.

    A pass has one first certificate; those that replace it bear its attempt too, each replaces one other.
    """

    __tablename__ = "certificates"
    __table_args__ = (
        UniqueConstraint("series_id", "year", "sequence"),
        Index(
            "uq_certificates_first_of_attempt",
            "attempt_id",
            unique=True,
            sqlite_where=text("supersedes_id IS NULL"),
            postgresql_where=text("supersedes_id IS NULL"),
        ),
        CheckConstraint("sequence > 0", name="sequence"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    employee_id: Mapped[UUID] = mapped_column(ForeignKey("employees.id"), index=True)
    course_id: Mapped[UUID] = mapped_column(ForeignKey("courses.id"))
    attempt_id: Mapped[UUID | None] = mapped_column(ForeignKey("attempts.id"), index=True)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("org_units.id"))
    series_id: Mapped[UUID] = mapped_column(ForeignKey("number_series.id"))
    year: Mapped[int]
    sequence: Mapped[int]
    number: Mapped[str] = mapped_column(unique=True)
    code: Mapped[str] = mapped_column(unique=True)
    sample: Mapped[bool]
    issued_at: Mapped[datetime]
    valid_until: Mapped[date | None]
    snapshot: Mapped[str]
    snapshot_sha256: Mapped[str]
    seal: Mapped[str]
    supersedes_id: Mapped[UUID | None] = mapped_column(ForeignKey("certificates.id"), unique=True)

    def content(self) -> CertificateSnapshot:
        """What the certificate says."""
        return CertificateSnapshot.from_json(self.snapshot)


class CertificatePublication(Model):
    """The one signed file of a certificate; written once, the file is never rendered again."""

    __tablename__ = "certificate_publications"

    certificate_id: Mapped[UUID] = mapped_column(ForeignKey("certificates.id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(unique=True)
    size: Mapped[int]
    key_id: Mapped[str]
    published_at: Mapped[datetime]

    @classmethod
    def of(cls, certificate_id: UUID, pdf: bytes, key_id: str, *, now: datetime) -> Self:
        """The file as it was signed."""
        return cls(
            certificate_id=certificate_id,
            sha256=hashlib.sha256(pdf).hexdigest(),
            size=len(pdf),
            key_id=key_id,
            published_at=now,
        )


class Revocation(Model):
    """A certificate was withdrawn: a row with a reason, never a deletion; the number stays used."""

    __tablename__ = "revocations"
    __table_args__ = (CheckConstraint("length(reason) >= 5", name="reason"),)

    certificate_id: Mapped[UUID] = mapped_column(ForeignKey("certificates.id"), primary_key=True)
    reason: Mapped[str]
    revoked_at: Mapped[datetime]
    revoked_by: Mapped[UUID | None]

    @classmethod
    def of(cls, certificate: Certificate, reason: str, by: UUID | None, *, now: datetime) -> Self:
        """Withdraw a certificate; raises Invalid where no reason is given."""
        if len(reason.strip()) < 5:
            raise Invalid("reason_missing", field="reason")
        return cls(certificate_id=certificate.id, reason=reason.strip(), revoked_at=now, revoked_by=by)


class SignerAppointment(Model):
    """Who may be named as signer on an agency's certificates, over a span of days, on which basis."""

    __tablename__ = "signer_appointments"
    is_kept_in_process = True
    __table_args__ = (CheckConstraint("to_on IS NULL OR to_on >= from_on", name="span"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("org_units.id"), index=True)
    name: Mapped[str]
    title: Mapped[str]
    identifier: Mapped[str | None]
    legal_basis: Mapped[str]
    from_on: Mapped[date]
    to_on: Mapped[date | None]

    @classmethod
    def appoint(cls, agency_id: UUID, signer: SnapshotSigner, *, from_on: date) -> Self:
        """Record an appointment from a day on; raises Invalid signer_incomplete."""
        for field in ("name", "title", "legal_basis"):
            if not getattr(signer, field).strip():
                raise Invalid("signer_incomplete", field=field)
        return cls(
            id=new_id(),
            agency_id=agency_id,
            name=signer.name.strip(),
            title=signer.title.strip(),
            identifier=signer.identifier,
            legal_basis=signer.legal_basis.strip(),
            from_on=from_on,
        )

    def end_on(self, last: date) -> None:
        """Let this be the last day, or the first day where that is later; an earlier end stays."""
        last = max(last, self.from_on)
        self.to_on = last if self.to_on is None else min(self.to_on, last)


class ParticularsCheck(Model):
    """What a person said of their particulars as certificates print them: right, or wrong and what is (a report).

    A report keeps the person's certificates from being issued until HR has settled it; one may be open at a time.
    """

    __tablename__ = "particulars_checks"
    __table_args__ = (
        CheckConstraint("is_right OR length(note) > 0", name="note"),
        CheckConstraint("NOT is_right OR settled_at IS NOT NULL", name="right_is_settled"),
        Index("uq_particulars_checks_open", "employee_id", unique=True, sqlite_where=IS_OPEN, postgresql_where=IS_OPEN),
        Index("ix_particulars_checks_employee_id_said_at", "employee_id", "said_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    employee_id: Mapped[UUID] = mapped_column(ForeignKey("employees.id"))
    holder: Mapped[dict[str, Any]]
    is_right: Mapped[bool]
    note: Mapped[str]
    said_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[UUID | None] = mapped_column(ForeignKey("employees.id"))
    answer: Mapped[str]

    @classmethod
    def confirm(cls, employee_id: UUID, holder: Holder, *, now: datetime) -> Self:
        """All is right."""
        return cls._said(employee_id, holder, "", is_right=True, settled_at=now, now=now)

    @classmethod
    def report(cls, employee_id: UUID, holder: Holder, note: str, *, now: datetime) -> Self:
        """Something is wrong; raises Invalid note_needed."""
        if len(note.strip()) < 3:
            raise Invalid("note_needed", field="note")
        return cls._said(employee_id, holder, note.strip()[:1000], is_right=False, settled_at=None, now=now)

    @classmethod
    def _said(
        cls, employee_id: UUID, holder: Holder, note: str, *, is_right: bool, settled_at: datetime | None, now: datetime
    ) -> Self:
        return cls(
            id=new_id(),
            employee_id=employee_id,
            holder=asdict(holder),
            is_right=is_right,
            note=note,
            said_at=now,
            settled_at=settled_at,
            settled_by=None,
            answer="",
        )

    def settle(self, answer: str, by: UUID | None, *, now: datetime) -> None:
        """Let it wait no more; raises Conflict where it was settled before."""
        if self.settled_at is not None:
            raise Conflict("report_settled")
        self.settled_at, self.settled_by, self.answer = now, by, answer.strip()[:1000]

    def facts(self) -> ParticularsReport:
        """It as a value."""
        return ParticularsReport(
            id=self.id,
            employee_id=self.employee_id,
            holder=Holder(**self.holder),
            note=self.note,
            said_at=self.said_at,
            settled_at=self.settled_at,
            answer=self.answer,
        )
