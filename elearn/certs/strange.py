"""Files that the register does not know: which verdict they get and why; what they are was found out in inspection.py."""

from elearn.certs.appearance import Appearance, appearance
from elearn.certs.inspection import LARGEST, Inspection
from elearn.certs.rules import Outcome, Reason, Status

END = b"%%EOF"
_APPEARANCES = {
    Appearance.EMPTY: Reason.EMPTY,
    Appearance.PICTURE: Reason.PICTURE,
    Appearance.OFFICE: Reason.OFFICE,
    Appearance.ARCHIVE: Reason.ARCHIVE,
    Appearance.PAGE: Reason.PAGE,
    Appearance.OTHER: Reason.OTHER,
}


def judged(content: bytes, found: Inspection, *, is_ring_there: bool) -> tuple[Status, str]:
    """Verdict and reason of a file in which nothing leads to an entry of the register."""
    if found.signed_by_us:
        is_whole = found.signature == Outcome.PROVED
        return Status.ALTERED, Reason.UNREGISTERED if is_whole else Reason.CHANGED
    if found.kind == "encrypted":
        return Status.UNCHECKED, Reason.ENCRYPTED
    if found.kind == "pdf" and found.signature in (Outcome.PROVED, Outcome.FAILED):
        reason = Reason.FOREIGN if found.signature == Outcome.PROVED else Reason.FOREIGN_CHANGED
        return (Status.FOREIGN, reason) if is_ring_there else (Status.UNCHECKED, "")
    if found.signature == Outcome.UNCHECKED:
        return Status.UNCHECKED, Reason.TOO_LARGE if len(content) > LARGEST else ""
    return Status.NOT_FOUND, _unsigned(content, found)


def _unsigned(content: bytes, found: Inspection) -> Reason:
    """Why a file without any signature is no certificate."""
    if found.kind == "not_pdf":
        return _APPEARANCES[appearance(content)]
    if found.codes:
        return Reason.UNKNOWN_CODE
    if found.kind == "unreadable":
        return Reason.DAMAGED
    return Reason.PLAIN if found.has_text else Reason.SCAN


def copied(content: bytes, found: Inspection) -> Reason:
    """Why a file that bears the code of a registered certificate is not the file that was published."""
    if found.kind != "pdf" or END not in content[-1024:]:
        return Reason.CUT
    if found.signed_by_us:
        return Reason.CHANGED
    if found.signature == Outcome.ABSENT:
        return Reason.UNSIGNED
    return Reason.RESIGNED if found.signer else Reason.CHANGED
