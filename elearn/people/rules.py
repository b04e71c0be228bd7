"""The law of people, pure: what a NIP says, names, one-time codes, passwords, scopes; no database and no texts."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import pairwise

from elearn.kernel.errors import Invalid
from elearn.kernel.text import CROCKFORD

AGES = range(17, 71)
FIRST_START_YEAR = 1945
PASSWORD_MAX_LENGTH = 256
CODE_LENGTH = 10
SPARE_CODES = 10
ARRANGEMENTS = ("large_print", "screen_reader", "helper", "seat")
ZONES = ("Asia/Jakarta", "Asia/Pontianak", "Asia/Makassar", "Asia/Jayapura")

_READ_AS = str.maketrans("OIL", "011")
_ROMAN = {"I": 1, "V": 5, "X": 10}


class EmploymentType(StrEnum):
    """Kinds of civil servants: permanent, by contract, by part-time contract."""

    PNS = "pns"
    PPPK = "pppk"
    PPPK_PART_TIME = "pppk_part_time"


class IdentifierType(StrEnum):
    """What an 18-digit number of a civil servant is."""

    NIP = "nip"
    NI_PPPK = "ni_pppk"


class Sex(StrEnum):
    """As the fifteenth digit says."""

    MALE = "male"
    FEMALE = "female"


class CodePurpose(StrEnum):
    """What a one-time code is for."""

    ACTIVATION = "activation"
    RECOVERY = "recovery"


@dataclass(frozen=True, slots=True)
class Identifier:
    """What a NIP or NI PPPK says about its holder; `warnings` are codes of what looks unlikely.

    `start_month` is known for a NIP only, `contract_code` for an NI PPPK only.
    """

    value: str
    type: IdentifierType
    born_on: date
    start_year: int
    start_month: int | None
    contract_code: str | None
    sex: Sex
    sequence: int
    warnings: tuple[str, ...]


def read_nip(text: str, *, on: date) -> Identifier:
    """Read 18 digits as NIP (BKN: birth date, start month, sex, sequence) or NI PPPK, as of a day.

    Digits 13–14 tell them apart: 01…12 is a month, so a NIP; anything else is a contract code. Spaces, dots and
    hyphens are forgiven. Historic errors exist in master records, so what is merely unlikely is a warning.
    Raises Invalid: nip_not_18_digits, nip_birth_date, nip_start_year, nip_sex; all on field `identifier`.
    """
    value = re.sub(r"[\s.\-]", "", text)
    if not re.fullmatch(r"[0-9]{18}", value):
        raise Invalid("nip_not_18_digits", field="identifier")
    born_on = _birth_date(value[:8], on)
    start_year = int(value[8:12])
    if not max(FIRST_START_YEAR, born_on.year) <= start_year <= on.year + 1:
        raise Invalid("nip_start_year", field="identifier")
    if value[14] not in "12":
        raise Invalid("nip_sex", field="identifier")
    is_nip = 1 <= int(value[12:14]) <= 12
    return Identifier(
        value=value,
        type=IdentifierType.NIP if is_nip else IdentifierType.NI_PPPK,
        born_on=born_on,
        start_year=start_year,
        start_month=int(value[12:14]) if is_nip else None,
        contract_code=None if is_nip else value[12:14],
        sex=Sex.MALE if value[14] == "1" else Sex.FEMALE,
        sequence=int(value[15:]),
        warnings=tuple(_warnings(value, born_on, start_year, is_nip, on)),
    )


def _birth_date(digits: str, on: date) -> date:
    try:
        born_on = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise Invalid("nip_birth_date", field="identifier") from None
    if born_on.year < 1900 or born_on > on:
        raise Invalid("nip_birth_date", field="identifier")
    return born_on


def _warnings(value: str, born_on: date, start_year: int, is_nip: bool, on: date) -> Iterable[str]:
    if _age(born_on, on) not in AGES:
        yield "age_unlikely"
    if start_year - born_on.year not in AGES:
        yield "start_age_unlikely"
    if not is_nip and value[12] != "2":
        yield "contract_code_unlikely"
    if value[15:] == "000":
        yield "sequence_unlikely"


def _age(born_on: date, on: date) -> int:
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))


def fits_employment(identifier_type: IdentifierType, employment_type: EmploymentType) -> bool:
    """Whether this type of number belongs to this kind of civil servant."""
    return (identifier_type == IdentifierType.NIP) == (employment_type == EmploymentType.PNS)


def fits_rank(scheme: str, employment_type: EmploymentType) -> bool:
    """Whether a rank of this scheme belongs to this kind of civil servant: PPPK of either kind have grades of their own."""
    return (scheme == EmploymentType.PNS) == (employment_type == EmploymentType.PNS)


def grade_order(grade: str) -> tuple[int, str]:
    """Where a grade stands: II/a, II/b, III/a and so on; PPPK grades I to XVII are Roman numbers alone."""
    number, _, letter = grade.partition("/")
    values = [_ROMAN.get(it, 0) for it in number]
    signed = (value if value >= after else -value for value, after in zip(values, [*values[1:], 0], strict=True))
    return sum(signed), letter


def masked(identifier: str) -> str:
    """19860926******1001: a NIP reveals birth date and sex, so it is shown in part only."""
    return f"{identifier[:8]}{'*' * max(0, len(identifier) - 12)}{identifier[-4:]}"


def name_with_titles(name: str, title_before: str, title_after: str) -> str:
    """Dr. Cut Nyak Meutia, S.STP., M.Si.: titles before with a space, titles after with a comma."""
    front = f"{title_before} {name}".strip()
    return f"{front}, {title_after}" if title_after else front


def tidy_name(text: str, *, field: str = "name") -> str:
    """A name with single spaces, as written; single-word names are names, but one without any letter is none.

    Raises Invalid: name_needed, name_without_letter, too_long.
    """
    name = " ".join(text.split())
    if not name:
        raise Invalid("name_needed", field=field)
    if not any(it.isalpha() for it in name):
        raise Invalid("name_without_letter", field=field)
    if len(name) > 200:
        raise Invalid("too_long", field=field)
    return name


def tidy_email(text: str | None) -> str | None:
    """An e-mail address in lower case, or None for none. Raises Invalid: email_unreadable."""
    email = (text or "").strip().lower()
    if not email:
        return None
    if len(email) > 254 or not email.isascii() or not re.fullmatch(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+", email):
        raise Invalid("email_unreadable", field="email")
    return email


def spell_code(number: int) -> str:
    """The lowest 50 bits of a number as ten characters of Crockford's base 32."""
    return "".join(CROCKFORD[number >> (5 * place) & 31] for place in reversed(range(CODE_LENGTH)))


def show_code(code: str) -> str:
    """XXXXX-XXXXX, as it is read out and typed."""
    return f"{code[:5]}-{code[5:]}"


def read_code(text: str) -> str | None:
    """A code as people type it (any case, hyphens, O for 0, I and L for 1); None where it cannot be one."""
    code = re.sub(r"[\s\-]", "", text).upper().translate(_READ_AS)
    return code if len(code) == CODE_LENGTH and all(sign in CROCKFORD for sign in code) else None


def normal_password(password: str) -> str:
    """The one spelling of a password, so that another keyboard's composed letters are the same (NIST SP 800-63B)."""
    return unicodedata.normalize("NFKC", password)


def check_password(password: str, *, min_length: int, told: int | None = None) -> None:
    """Refuse what is too short, too long or trivially common; no rules of composition (NIST SP 800-63B §3.1.1.2).

    `told` is the minimum that a refusal names where it may not tell that a shorter one would do for this person.
    Raises Invalid on field `password`: password_too_short, password_too_long, password_too_common.
    """
    password = normal_password(password)
    if len(password) < min_length:
        raise Invalid("password_too_short", field="password", minimum=told or min_length)
    if len(password) > PASSWORD_MAX_LENGTH:
        raise Invalid("password_too_long", field="password", maximum=PASSWORD_MAX_LENGTH)
    if _is_common(password.casefold()):
        raise Invalid("password_too_common", field="password")


_RUNS = ("0123456789" * 4, "9876543210" * 4, "1234567890" * 4, "0987654321" * 4, "abcdefghijklmnopqrstuvwxyz" * 2)
_ROWS = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_WORDS = (
    *("passphrase", "password", "katasandi", "rahasia", "sandi", "indonesia", "merdeka", "pancasila", "garuda"),
    *("elearn", "admin", "qwerty", "bismillah", "sayang", "iloveyou", "raya", "jaya", "asn", "pns", "pppk", "bkn"),
    *("pemerintah", "kota", "kabupaten", "provinsi", "dinas", "badan", "kantor", "pegawai"),
)
_LEET = str.maketrans("013457@$!", "oieastasi")


def _is_common(password: str) -> bool:
    """Short blocks over and over, walks over the keyboard, sequences, and common words with a year or number."""
    letters = re.sub(r"[\W_]", "", password)
    if _period(letters) <= max(4, len(letters) // 2) or _is_walk(letters):
        return True
    return any(_is_little(_without_words(it)) for it in (letters, letters.translate(_LEET)))


def _without_words(letters: str) -> str:
    for word in sorted(_WORDS, key=len, reverse=True):
        letters = letters.replace(word, "")
    return letters


def _is_little(rest: str) -> bool:
    return len(set(rest)) <= 2 or len(rest) <= 4 or any(rest in run for run in _RUNS)


def _is_walk(letters: str) -> bool:
    """Whether most steps go to a neighbour on the keyboard or in a sequence, as in 1q2w3e4r or qazwsxedc.

    In sentences it is about one step in five; walks along columns jump back at every third or fourth.
    """
    steps = sum(_is_step(one, other) for one, other in pairwise(letters))
    return steps * 10 >= (len(letters) - 1) * 6 if len(letters) > 1 else True


_AT = {key: (row, place) for row, keys in enumerate(_ROWS) for place, key in enumerate(keys)}


def _is_step(one: str, other: str) -> bool:
    if abs(ord(one) - ord(other)) <= 1:
        return True
    if one not in _AT or other not in _AT:
        return False
    (row, place), (other_row, other_place) = _AT[one], _AT[other]
    return abs(row - other_row) <= 1 and abs(place - other_place) <= 1


def _period(text: str) -> int:
    return next((size for size in range(1, len(text)) if text[size:] == text[:-size]), len(text))


def check_password_is_not_own(
    password: str, *, name: str, email: str | None, identifier: str | None, agency: str = ""
) -> None:
    """Refuse a password that is little more than the person's name, e-mail address, NIP or agency, or a year with it.

    Raises Invalid on field `password`: password_is_yours.
    """
    rest = re.sub(r"[\W_]", "", normal_password(password).casefold())
    known = [*re.split(r"\W+", f"{name} {agency}".casefold()), *re.split(r"[\W_]+", (email or "").casefold())]
    for word in sorted({*known, identifier or "", (identifier or "")[:8]}, key=len, reverse=True):
        if len(word) >= 3:
            rest = rest.replace(word, "")
    if len(rest) <= 5:
        raise Invalid("password_is_yours", field="password")


def is_at_work(on: date, active_from: date, left_on: date | None, suspended_at: datetime | None) -> bool:
    """Whether somebody with these days is at work on a day and may act."""
    return active_from <= on and (left_on is None or on < left_on) and suspended_at is None
