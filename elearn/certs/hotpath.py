"""The public check's one read of the register, in SQLAlchemy Core; it writes nothing."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from elearn.certs.models import Certificate, CertificatePublication, Revocation
from elearn.certs.rules import Standing
from elearn.kernel.db import db

_certificates = Certificate.__table__
_publications = CertificatePublication.__table__
_revocations = Revocation.__table__
_successors = _certificates.alias("successors")

_READ = select(
    _certificates.c.code,
    _certificates.c.number,
    _certificates.c.sample,
    _certificates.c.valid_until,
    _certificates.c.snapshot,
    _certificates.c.snapshot_sha256,
    _certificates.c.seal,
    _publications.c.sha256,
    _publications.c.key_id,
    _revocations.c.revoked_at,
    _successors.c.code.label("successor_code"),
).select_from(
    _certificates.outerjoin(_publications, _publications.c.certificate_id == _certificates.c.id)
    .outerjoin(_revocations, _revocations.c.certificate_id == _certificates.c.id)
    .outerjoin(_successors, _successors.c.supersedes_id == _certificates.c.id)
)


@dataclass(frozen=True, slots=True)
class Registered:
    """What the register holds of one certificate."""

    code: str
    number: str
    snapshot: str
    snapshot_sha256: str
    seal: str
    pdf_sha256: str | None
    key_id: str | None
    revoked_at: datetime | None
    successor_code: str | None
    sample: bool
    valid_until: date | None

    @property
    def standing(self) -> Standing:
        """What the verdict needs to know of it."""
        return Standing(
            sample=self.sample,
            revoked=self.revoked_at is not None,
            superseded=self.successor_code is not None,
            valid_until=self.valid_until,
        )


def registered_by_code(code: str) -> Registered | None:
    """The register's entry of a code."""
    return _read(_certificates.c.code == code)


def registered_by_file(sha256: str) -> Registered | None:
    """The register's entry of a file by its hash."""
    return _read(_publications.c.sha256 == sha256)


def _read(condition: Any) -> Registered | None:
    row = db.session.execute(_READ.where(condition)).one_or_none()
    if row is None:
        return None
    return Registered(
        code=row.code,
        number=row.number,
        snapshot=row.snapshot,
        snapshot_sha256=row.snapshot_sha256,
        seal=row.seal,
        pdf_sha256=row.sha256,
        key_id=row.key_id,
        revoked_at=row.revoked_at,
        successor_code=row.successor_code,
        sample=row.sample,
        valid_until=row.valid_until,
    )
