"""Answers "is this true?" by code or by file; fails closed, writes nothing, and never raises for strange input."""

import hashlib
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import structlog
from sqlalchemy.exc import SQLAlchemyError

from elearn.certs import hotpath, inspection, strange
from elearn.certs.facts import CertificateSnapshot, Verification
from elearn.certs.rules import (
    DECLARED_BY_CODE,
    DECLARED_BY_FILE,
    SEAL_PURPOSE,
    Outcome,
    Proof,
    Reason,
    Status,
    read_code,
    verdict,
)
from elearn.certs.signing import keyring
from elearn.kernel import storage
from elearn.kernel.clock import DEFAULT_ZONE, local_date
from elearn.kernel.db import db
from elearn.kernel.installation import installation
from elearn.kernel.seal import NoSealKey, is_sealed

log = structlog.get_logger(__name__)


def verify_code(text: str, *, now: datetime) -> Verification:
    """What the register says of a public code; a hit and a miss do the same work."""
    code = read_code(text)
    try:
        entry = hotpath.registered_by_code(code or "")
    except SQLAlchemyError as error:
        log.error("register_unreachable", error=str(error))
        db.session.rollback()
        return _unreachable(now)
    proofs = _register_proofs(entry)
    return _answer(entry, proofs, DECLARED_BY_CODE, now=now)


def verify_file(content: bytes, *, now: datetime) -> Verification:
    """What an uploaded file is: the whole file's hash against the register first, then its signature."""
    sha256 = hashlib.sha256(content).hexdigest()
    try:
        entry = hotpath.registered_by_file(sha256)
        db.session.rollback()
        if entry is not None:
            return _registered_file(entry, content, now=now)
        ring = _keyring(installation().keys_dir)
        found = inspection.inspect(content, known_certificates=list(ring.values()))
        return _unknown_file(content, found, is_ring_there=bool(ring), now=now)
    except SQLAlchemyError as error:
        log.error("register_unreachable", error=str(error))
        db.session.rollback()
        return _unreachable(now, kind="file")


def verify_hash(sha256: str, *, now: datetime) -> Verification:
    """What the file of this SHA-256 is, where we published it: our own copy is judged as the upload would be.

    Without such an entry, or where our copy is away, the reason is unknown_hash: then the file itself must be seen.
    """
    try:
        entry = hotpath.registered_by_file(sha256) if storage.is_name(sha256) else None
        db.session.rollback()
    except SQLAlchemyError as error:
        log.error("register_unreachable", error=str(error))
        db.session.rollback()
        return _unreachable(now, kind="file")
    content = _published(sha256) if entry else None
    if entry is None or content is None:
        proofs = {Proof.REGISTER: Outcome.ABSENT, Proof.SEAL: Outcome.ABSENT, Proof.FILE: Outcome.UNCHECKED}
        return Verification(Status.NOT_FOUND, _words(proofs), now, None, kind="file", reason=Reason.UNKNOWN_HASH)
    return _registered_file(entry, content, now=now)


def _published(sha256: str) -> bytes | None:
    """Our copy of a published file; None where it is away or no longer what it was."""
    try:
        content = storage.get(sha256)
    except OSError as error:
        log.error("certificate_file_away", sha256=sha256, error=str(error))
        return None
    if hashlib.sha256(content).hexdigest() != sha256:
        log.error("certificate_file_altered", sha256=sha256)
        return None
    return content


def too_large(now: datetime) -> Verification:
    """The answer to a file beyond what is taken: it was not looked at."""
    proofs = {Proof.FILE: Outcome.UNCHECKED, Proof.SIGNATURE: Outcome.UNCHECKED}
    return Verification(Status.UNCHECKED, _words(proofs), now, None, kind="file", reason=Reason.TOO_LARGE)


def _registered_file(entry: hotpath.Registered, content: bytes, *, now: datetime) -> Verification:
    """A file whose hash the register holds: is the signature in it ours too?"""
    ring = _keyring(installation().keys_dir)
    found = inspection.inspect(content, known_certificates=list(ring.values()), seek_codes=False)
    signature = Outcome(found.signature)
    if signature is Outcome.PROVED and not found.signed_by_us:
        signature = Outcome.FAILED if entry.key_id in ring else Outcome.UNCHECKED
    proofs = _register_proofs(entry) | {Proof.FILE: Outcome.PROVED, Proof.SIGNATURE: signature}
    return _answer(entry, proofs, DECLARED_BY_FILE, now=now, kind="file")


def _register_proofs(entry: hotpath.Registered | None) -> dict[Proof, Outcome]:
    """Whether the entry is there, whole, and sealed by this installation's key."""
    snapshot = entry.snapshot if entry else ""
    digest = hashlib.sha256(snapshot.encode()).hexdigest()
    whole = entry is not None and digest == entry.snapshot_sha256 and _says_the_same(entry)
    try:
        sealed = is_sealed(
            entry.seal if entry else "",
            SEAL_PURPOSE,
            entry.code if entry else "",
            entry.number if entry else "",
            digest,
        )
    except NoSealKey as error:
        log.error("seal_key_missing", error=str(error))
        seal_outcome = Outcome.UNCHECKED
    else:
        seal_outcome = Outcome.PROVED if sealed else Outcome.FAILED
    if entry is None:
        return {Proof.REGISTER: Outcome.ABSENT, Proof.SEAL: Outcome.ABSENT}
    return {Proof.REGISTER: Outcome.PROVED if whole else Outcome.FAILED, Proof.SEAL: seal_outcome}


def _says_the_same(entry: hotpath.Registered) -> bool:
    """Whether the columns a verdict rests on agree with the sealed snapshot."""
    content = _content(entry)
    return content is not None and (content.code, content.number, content.sample, content.valid_until) == (
        entry.code,
        entry.number,
        entry.sample,
        entry.valid_until,
    )


def _content(entry: hotpath.Registered) -> CertificateSnapshot | None:
    try:
        return CertificateSnapshot.from_json(entry.snapshot)
    except (ValueError, KeyError, TypeError):
        return None


def _answer(
    entry: hotpath.Registered | None,
    proofs: dict[Proof, Outcome],
    declared: frozenset[Proof],
    *,
    now: datetime,
    kind: str = "code",
) -> Verification:
    content = _content(entry) if entry else None
    on = local_date(now, content.zone if content else DEFAULT_ZONE)
    status = verdict(entry.standing if entry else None, proofs, declared, on=on)
    is_ours = proofs[Proof.REGISTER] is proofs[Proof.SEAL] is Outcome.PROVED
    trusted = is_ours and status not in (Status.UNCHECKED, Status.NOT_FOUND)
    return Verification(
        status=status,
        proofs=_words(proofs),
        checked_at=now,
        certificate=content if trusted else None,
        masked=status is Status.ALTERED,
        revoked_on=local_date(entry.revoked_at, content.zone) if entry and entry.revoked_at and content else None,
        successor_code=entry.successor_code if entry and trusted else None,
        kind=kind,
        file_sha256=entry.pdf_sha256 if entry and trusted else None,
    )


def _unknown_file(content: bytes, found: inspection.Inspection, *, is_ring_there: bool, now: datetime) -> Verification:
    """A file that the register does not know: altered, several in one, another's, not ours, or not to be judged."""
    proofs = {
        Proof.REGISTER: Outcome.ABSENT,
        Proof.SEAL: Outcome.ABSENT,
        Proof.FILE: Outcome.FAILED,
        Proof.SIGNATURE: Outcome(found.signature),
    }
    read = (hotpath.registered_by_code(code) for code in found.codes)
    entries = {entry.code: entry for entry in read if entry is not None}
    if len(entries) > 1:
        answer = Verification(Status.ALTERED, _words(proofs | {Proof.REGISTER: Outcome.UNCHECKED}), now, None, kind="file")
        return replace(answer, reason=Reason.SEVERAL, codes=tuple(entries))
    for entry in entries.values():
        declared = _register_proofs(entry) | {Proof.FILE: Outcome.FAILED}
        answer = _answer(entry, declared, DECLARED_BY_FILE, now=now, kind="file")
        return replace(answer, reason=strange.copied(content, found), signer=found.signer)
    status, reason = strange.judged(content, found, is_ring_there=is_ring_there)
    return Verification(status, _words(proofs), now, None, kind="file", reason=reason, signer=found.signer)


def _unreachable(now: datetime, kind: str = "code") -> Verification:
    proofs = {Proof.REGISTER: Outcome.UNCHECKED, Proof.SEAL: Outcome.UNCHECKED}
    return Verification(Status.UNCHECKED, _words(proofs), now, None, kind=kind)


def _words(proofs: dict[Proof, Outcome]) -> dict[str, str]:
    return {proof.value: outcome.value for proof, outcome in proofs.items()}


def _keyring(keys_dir: Path) -> dict[str, bytes]:
    """Our certificates by key; none where they cannot be read, and then no signature can be called ours or foreign."""
    try:
        return keyring.known_certificates(keys_dir)
    except (OSError, ValueError) as error:
        log.error("keyring_unreadable", error=str(error))
        return {}
