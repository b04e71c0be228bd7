"""Words for verdicts and proofs; which verdict applies is decided in rules.py."""

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from elearn.web.words import called


@dataclass(frozen=True, slots=True)
class Words:
    """A verdict as people read it: the word, the kind of banner, what it means, and one next step."""

    word: str
    kind: str
    icon: str
    meaning: str
    next_step: str


NO_CERTIFICATE = "no_certificate"


def verdict(status: str) -> Words:
    """The words of a status."""
    known: dict[str, Words] = {
        "valid": Words(
            _("VALID"),
            "ok",
            "check-circle",
            _("This certificate is registered and has not been revoked."),
            _("Compare the name and the number below with the paper in your hand."),
        ),
        "sample": Words(
            _("SAMPLE"),
            "info",
            "info-circle",
            _("This is a sample of a demonstration. It certifies nothing."),
            _("Ask the holder for the real certificate."),
        ),
        "expired": Words(
            _("EXPIRED"),
            "warn",
            "clock",
            _("This certificate is genuine, but its validity has ended."),
            _("Ask the holder for a newer certificate."),
        ),
        "superseded": Words(
            _("REPLACED"),
            "warn",
            "exclamation-triangle",
            _("This certificate was replaced by a corrected one."),
            _("Check the code of the new certificate."),
        ),
        "revoked": Words(
            _("REVOKED"),
            "bad",
            "x-circle",
            _("This certificate was revoked and no longer counts."),
            _("Ask the issuing office if you need to know more."),
        ),
        "altered": Words(
            _("FILE ALTERED"),
            "bad",
            "x-circle",
            _("This file is not the one that we issued."),
            _("Trust only the data of the register: check the code by itself."),
        ),
        "foreign": Words(
            _("NOT ISSUED BY US"),
            "bad",
            "x-circle",
            _("This file carries the signature of somebody else."),
            _("Have it checked by the office that signed it."),
        ),
        NO_CERTIFICATE: Words(
            _("NOT FOUND"),
            "bad",
            "x-circle",
            _("This file is no certificate of ours: nothing in it leads to our register."),
            _("Choose the PDF file as it was downloaded, or type the code below the QR code."),
        ),
        "not_found": Words(
            _("NOT FOUND"),
            "bad",
            "x-circle",
            _("We know no such certificate."),
            _("Check the 17 characters below the QR code and type them again."),
        ),
    }
    return known.get(
        status,
        Words(
            _("CANNOT BE CHECKED NOW"),
            "warn",
            "exclamation-triangle",
            _("The check could not be completed, so nothing is confirmed."),
            _("Try again in a few minutes."),
        ),
    )


def verdict_of(status: str, kind: str) -> Words:
    """As above; a file that says nothing of a certificate is told so, since no code was typed."""
    return verdict(NO_CERTIFICATE if (status, kind) == ("not_found", "file") else status)


proof = called(
    {
        "register": _l("Entry in the register"),
        "seal": _l("Seal of the register"),
        "file": _l("File unchanged"),
        "signature": _l("Signature in the file"),
    }
)
"""What a proof is about."""


def outcome(name: str) -> tuple[str, str]:
    """Kind of chip and words for how a proof ended."""
    return {
        "proved": ("ok", _("Proved")),
        "failed": ("bad", _("Failed")),
        "unchecked": ("warn", _("Could not be checked")),
        "absent": ("plain", _("Absent")),
    }.get(name, ("plain", name))


def status_chip(status: str) -> tuple[str, str]:
    """Kind of chip and words for a certificate's status in lists."""
    words = verdict(status)
    return ("gold" if status == "valid" else words.kind, words.word)


def identifier_kind(kind: str | None) -> str:
    """What the number of an employee is called, as it is printed."""
    return "NI PPPK" if kind == "ni_pppk" else "NIP"


def masked_name(name: str) -> str:
    """The first letter of each part of a name: an altered file proves no right to the rest."""
    return " ".join(part[0] + "***" for part in name.split() if part)
