"""Snapshots of certificates for tests; a test states only what it is about."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from elearn.certs.facts import CertificateSnapshot, SnapshotCompetency, SnapshotModule, SnapshotSigner
from elearn.certs.rules import check_character

ISSUED_AT = datetime(2026, 11, 25, 3, 15, tzinfo=UTC)
_BODY = "7K3M9QXW2B5FTRZH"
CODE = _BODY + check_character(_BODY)
PRINTED_CODE = "-".join(CODE[place : place + 4] for place in range(0, len(CODE), 4))

MODULES = (
    SnapshotModule("Standar pelayanan dan maklumat", 5),
    SnapshotModule("Komunikasi empatik di loket", 5),
    SnapshotModule("Menangani pengaduan dan SKM", 6),
)
COMPETENCIES = (
    SnapshotCompetency("MAN-PLP", "Pelayanan Publik", 2, "Menengah", 8600, True),
    SnapshotCompetency("MAN-KOM", "Komunikasi", 3, "Mahir", 6733, False),
)
SIGNER = SnapshotSigner(
    "Drs. Teuku Ahmad Fauzi, M.M.", "Kepala BKPSDM", "197203041995031001", "Keputusan Nomor 800/123/2026"
)
_PLAIN = CertificateSnapshot(
    number="000123/800.2/BKPSDM/XI/2026",
    code=CODE,
    sample=False,
    agency_name="Badan Kepegawaian Kota Lhokseumawe",
    provider="Pusat Pembelajaran Kota Lhokseumawe",
    place="Lhokseumawe",
    zone="Asia/Jakarta",
    holder_name="Cut Nyak Rahmawati, S.STP., M.Si.",
    holder_identifier="199001012015011901",
    holder_rank="Penata Muda Tingkat I (III/b)",
    holder_position="Analis Pelayanan Publik",
    holder_unit="Dinas Kependudukan",
    course_code="PPP-01",
    course_title="Pelayanan Publik Prima",
    course_version=4,
    form="Teknis",
    lesson_hours=16,
    started_on=date(2026, 11, 3),
    finished_on=date(2026, 11, 24),
    issued_on=date(2026, 11, 25),
    issued_at=ISSUED_AT,
    valid_until=date(2029, 11, 25),
    score_bp=8250,
    pass_bp=7000,
    supervision="unsupervised",
    modules=MODULES,
    competencies=COMPETENCIES,
    signer=SIGNER,
    verify_url=f"https://elearn.example/verify/{CODE}",
    template_version=1,
)


def snapshot(**changes: Any) -> CertificateSnapshot:
    """A certificate of PPP-01 with an official named; changed as stated."""
    return replace(_PLAIN, **changes)
