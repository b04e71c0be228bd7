"""The law of certificates: public codes, numbers, and the verdict of a verification; pure."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from elearn.kernel.errors import Invalid
from elearn.kernel.text import CROCKFORD

ALPHABET = CROCKFORD
CODE_LENGTH = 17
SEAL_PURPOSE = "certificate"
SAMPLE_PREFIX = "CONTOH-"
_READ_AS = str.maketrans({"I": "1", "L": "1", "O": "0", "-": None, " ": None, "\u2010": None, "\u2013": None})
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


def new_code() -> str:
    """A public code: 16 random characters of Crockford's base 32 (80 bits) and a check character."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH - 1))
    return body + check_character(body)


def check_character(body: str) -> str:
    """Luhn's check modulo 32 (ISO/IEC 7812-1, generalised): finds every single wrong character."""
    total = 0
    for place, character in enumerate(reversed(body)):
        value = ALPHABET.index(character) * (2 if place % 2 == 0 else 1)
        total += value // len(ALPHABET) + value % len(ALPHABET)
    return ALPHABET[-total % len(ALPHABET)]


def read_code(text: str) -> str | None:
    """A code as people type it (any case, hyphens, O for 0, I and L for 1); None where it cannot be one."""
    code = text.strip().upper().translate(_READ_AS)
    if len(code) != CODE_LENGTH or any(character not in ALPHABET for character in code):
        return None
    return code if check_character(code[:-1]) == code[-1] else None


def number(pattern: str, sequence: int, issued_on: date) -> str:
    """A certificate number from its agency's pattern, e.g. `{nomor}/<archive code>/<unit>/{bulan}/{tahun}`.

    {nomor} is the sequence with six digits, {bulan} the Roman month and {tahun} the year of the local date of issue.
    """
    return (
        pattern.replace("{nomor}", f"{sequence:06d}")
        .replace("{bulan}", _ROMAN[issued_on.month - 1])
        .replace("{tahun}", str(issued_on.year))
    )


def check_pattern(pattern: str) -> None:
    """Raise Invalid unless numbers of this pattern cannot repeat within or across years, or read as samples."""
    is_whole = "{nomor}" in pattern and "{tahun}" in pattern and len(pattern) <= 80
    if not is_whole or pattern.strip().upper().startswith(SAMPLE_PREFIX):
        raise Invalid("number_pattern", field="number_pattern")


def may_coincide(one: str, other: str) -> bool:
    """Whether two patterns give the same number in some month; case and blanks do not tell numbers apart."""
    months = [date(2026, month, 1) for month in range(1, 13)]
    first, second = ({"".join(number(it, 1, on).casefold().split()) for on in months} for it in (one, other))
    return not first.isdisjoint(second)


class Proof(StrEnum):
    """What a verification rests on."""

    REGISTER = "register"
    SEAL = "seal"
    FILE = "file"
    SIGNATURE = "signature"


class Outcome(StrEnum):
    """How one proof ended; there is no fifth way."""

    PROVED = "proved"
    FAILED = "failed"
    UNCHECKED = "unchecked"
    ABSENT = "absent"


class Status(StrEnum):
    """The verdict of a verification."""

    VALID = "valid"
    SAMPLE = "sample"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"
    ALTERED = "altered"
    FOREIGN = "foreign"
    NOT_FOUND = "not_found"
    UNCHECKED = "unchecked"


@dataclass(frozen=True, slots=True)
class Standing:
    """What the register says of a certificate beside its content."""

    sample: bool
    revoked: bool
    superseded: bool
    valid_until: date | None


DECLARED_BY_CODE = frozenset({Proof.REGISTER, Proof.SEAL})
DECLARED_BY_FILE = frozenset(Proof)


def verdict(standing: Standing | None, proofs: Mapping[Proof, Outcome], declared: frozenset[Proof], *, on: date) -> Status:
    """The verdict; it fails closed.

    A good verdict (valid, sample) comes only from *proved* for every declared proof. A failed proof outweighs
    everything the register says: where it is the file's own, the file was altered; where it is the register's, the
    file is not to blame and nothing can be said. And a proof that is missing or cannot be checked leaves nothing good.
    """
    if Proof.FILE in declared and Outcome.FAILED in (proofs.get(Proof.FILE), proofs.get(Proof.SIGNATURE)):
        return Status.ALTERED
    if Outcome.FAILED in proofs.values():
        return Status.UNCHECKED
    if standing is None:
        if proofs.get(Proof.REGISTER) is Outcome.ABSENT:
            return Status.NOT_FOUND
        return Status.UNCHECKED
    if standing.revoked:
        return Status.REVOKED
    if standing.superseded:
        return Status.SUPERSEDED
    if not declared or any(proofs.get(proof) is not Outcome.PROVED for proof in declared):
        return Status.UNCHECKED
    if standing.valid_until is not None and standing.valid_until < on:
        return Status.EXPIRED
    return Status.SAMPLE if standing.sample else Status.VALID
