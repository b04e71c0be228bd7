"""The frozen snapshot that a certificate is, and its canonical JSON; how it looks on paper is said in rendering.py."""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any, Self
from uuid import UUID


@dataclass(frozen=True, slots=True)
class SnapshotModule:
    """One module as it was taught: its title and its hours of learning (JP)."""

    title: str
    lesson_hours: int


@dataclass(frozen=True, slots=True)
class SnapshotCompetency:
    """One competency as it was examined; the score is in basis points."""

    code: str
    name: str
    level: int
    level_name: str
    score_bp: int
    passed: bool


@dataclass(frozen=True, slots=True)
class SnapshotSigner:
    """The official whose dated appointment stood when the certificate was issued."""

    name: str
    title: str
    identifier: str | None
    legal_basis: str


@dataclass(frozen=True, slots=True)
class CertificateSnapshot:
    """All that a certificate says, as of its issue. Scores are basis points; `zone` is an IANA zone.

    `supervision` is "unsupervised" or "supervised"; `code` is the public code without separators; `form` is the
    form's name; `holder_identifier_type` is "nip" or "ni_pppk", and unknown in the oldest.
    """

    number: str
    code: str
    sample: bool
    agency_name: str
    provider: str
    place: str
    zone: str
    holder_name: str
    holder_identifier: str | None
    holder_rank: str | None
    holder_position: str | None
    holder_unit: str | None
    course_code: str
    course_title: str
    course_version: int
    form: str
    lesson_hours: int
    started_on: date
    finished_on: date
    issued_on: date
    issued_at: datetime
    valid_until: date | None
    score_bp: int
    pass_bp: int
    supervision: str
    modules: tuple[SnapshotModule, ...]
    competencies: tuple[SnapshotCompetency, ...]
    signer: SnapshotSigner | None
    verify_url: str
    template_version: int
    holder_identifier_type: str | None = None

    def to_json(self) -> str:
        """Canonical JSON: sorted keys, no spaces, ISO dates, UTC instants, pure ASCII; equal values give equal text."""
        values = asdict(self) | {"issued_at": self.issued_at.astimezone(UTC)}
        return json.dumps(values, sort_keys=True, separators=(",", ":"), default=_iso)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The snapshot that to_json wrote; raises ValueError, TypeError or KeyError for anything else."""
        values: dict[str, Any] = json.loads(text)
        for key in ("started_on", "finished_on", "issued_on"):
            values[key] = date.fromisoformat(values[key])
        values["issued_at"] = datetime.fromisoformat(values["issued_at"])
        values["valid_until"] = date.fromisoformat(values["valid_until"]) if values["valid_until"] else None
        values["modules"] = tuple(SnapshotModule(**module) for module in values["modules"])
        values["competencies"] = tuple(SnapshotCompetency(**one) for one in values["competencies"])
        values["signer"] = SnapshotSigner(**values["signer"]) if values["signer"] else None
        return cls(**values)


def _iso(value: object) -> str:
    """Dates and instants in ISO 8601; nothing else is a snapshot's value."""
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in a snapshot")


@dataclass(frozen=True, slots=True)
class Holder:
    """A person's particulars as a certificate states them."""

    name: str
    identifier: str | None
    identifier_type: str | None
    rank: str | None
    position: str | None
    unit: str | None

    def frozen(self) -> dict[str, Any]:
        """As the fields of a snapshot."""
        return {f"holder_{name}": value for name, value in asdict(self).items()}


@dataclass(frozen=True, slots=True)
class ParticularsReport:
    """What a person said is wrong with their particulars, and what became of it."""

    id: UUID
    employee_id: UUID
    holder: Holder
    note: str
    said_at: datetime
    settled_at: datetime | None
    answer: str


@dataclass(frozen=True, slots=True)
class ParticularsStanding:
    """Whether a person has said of the present particulars that they are right; `report` is the open one.

    `last` is the newest report that was settled, with HR's answer.
    """

    holder: Holder
    is_confirmed: bool
    report: ParticularsReport | None
    last: ParticularsReport | None


@dataclass(frozen=True, slots=True)
class CertificateRequest:
    """All that issuing needs to know of a pass, told by the workflow; scores in basis points."""

    attempt_id: UUID
    employee_id: UUID
    course_id: UUID
    agency_id: UUID
    agency_name: str
    provider: str
    place: str
    zone: str
    number_pattern: str | None
    sample: bool
    holder: Holder
    course_code: str
    course_title: str
    course_version: int
    form: str
    lesson_hours: int
    started_on: date
    finished_on: date
    validity_years: int | None
    score_bp: int
    pass_bp: int
    supervision: str
    modules: tuple[SnapshotModule, ...]
    competencies: tuple[SnapshotCompetency, ...]


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate as its holder and others may be told of it."""

    id: UUID
    employee_id: UUID
    attempt_id: UUID | None
    number: str
    code: str
    status: str
    course_code: str
    course_title: str
    holder_name: str
    issued_on: date
    valid_until: date | None
    sample: bool
    pdf_ready: bool
    revoked_at: datetime | None = None
    revocation_reason: str | None = None
    successor_id: UUID | None = None
    agency_name: str = ""


@dataclass(frozen=True, slots=True)
class Verification:
    """The answer to "is this true?": verdict, each proof, the time of the check, and what may be shown.

    `masked` says that the holder's name must not be shown in full (an altered file proves no right to it). `reason`
    is why, where a file was judged, one of rules.Reason; `signer` whom a stranger's signature names, unproved; `codes`
    the certificates that several in one file lead to; `file_sha256` the hash of the file that we published.
    """

    status: str
    proofs: dict[str, str]
    checked_at: datetime
    certificate: CertificateSnapshot | None
    masked: bool = False
    revoked_on: date | None = None
    successor_code: str | None = None
    kind: str = "code"
    reason: str = ""
    signer: str = ""
    codes: tuple[str, ...] = ()
    file_sha256: str | None = None
