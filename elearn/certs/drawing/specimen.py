"""A specimen: an invented certificate that warms the press and shows a template; it is never issued."""

from datetime import UTC, date, datetime

from elearn.certs.facts import CertificateSnapshot, SnapshotCompetency, SnapshotModule, SnapshotSigner

SPECIMEN = CertificateSnapshot(
    number="000000/CONTOH/XI/2026",
    code="00000000000000000",
    sample=True,
    agency_name="Badan Contoh Pengembangan Sumber Daya Manusia",
    provider="Badan Contoh",
    place="Kota Contoh",
    zone="Asia/Jakarta",
    holder_name="Nama Lengkap Peserta, S.Pd.",
    holder_identifier="199001012015011901",
    holder_rank="Penata Muda (III/a)",
    holder_position="Analis Contoh",
    holder_unit="Dinas Contoh",
    course_code="CTH-01",
    course_title="Judul Pelatihan Contoh",
    course_version=1,
    form="Teknis",
    lesson_hours=4,
    started_on=date(2026, 11, 23),
    finished_on=date(2026, 11, 25),
    issued_on=date(2026, 11, 25),
    issued_at=datetime(2026, 11, 25, 3, 0, tzinfo=UTC),
    valid_until=date(2029, 11, 25),
    score_bp=8250,
    pass_bp=7000,
    supervision="unsupervised",
    modules=(SnapshotModule("Mata pelatihan pertama", 2), SnapshotModule("Mata pelatihan kedua", 2)),
    competencies=(SnapshotCompetency("CTH-KOM", "Kompetensi contoh", 2, "Menengah", 8250, True),),
    signer=SnapshotSigner("Nama Pejabat", "Kepala Badan Contoh", "197001011995031901", "Keputusan contoh"),
    verify_url="https://elearn.example/verify/00000000000000000",
    template_version=2,
)
