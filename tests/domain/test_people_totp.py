"""App codes: RFC 6238's own vectors, what may be typed, one step to either side, and no step twice."""

from base64 import b32encode
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.kernel.ids import new_seed
from elearn.people import totp

SEED = b32encode(b"12345678901234567890").decode()
STEP = timedelta(seconds=30)
NOON = datetime(2026, 11, 25, 5, 0, tzinfo=UTC)


def code(steps: int = 0) -> str:
    return pyotp.TOTP(SEED).generate_otp(totp.step_at(NOON) + steps)


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_codes_are_those_of_the_standard(second: int, expected: str) -> None:
    """RFC 6238, appendix B: the last six of its eight digits."""
    moment = datetime.fromtimestamp(second, UTC)

    assert totp.matching_step(SEED, expected, after=0, now=moment) == second // 30


@pytest.mark.parametrize("typed", ["287082", " 287082", "287 082", "2 8 7 0 8 2 "])
def test_ordinary_spaces_are_forgiven(typed: str) -> None:
    assert totp.read(typed) == "287082"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "28708",
        "2870821",
        "287-082",
        "287.082",
        "+28708",
        "-28708",
        "0x1234",
        "1e1000",
        "287\t082",
        "287082\n",
        "\n287082",
        "287\u00a0082",
        "287\u2009082",
        "287\u200b082",
        "287082\x00",
        "२८७०८२",
        "٢٨٧٠٨٢",
        "２８７０８２",
        "𝟐𝟖𝟕𝟎𝟖𝟐",
        "28708²",
        "abcdef",
    ],
)
def test_anything_but_six_ascii_digits_is_no_code(typed: str) -> None:
    """Other scripts' digits and other spaces would let one code be spelled in many ways."""
    assert totp.read(typed) is None


@given(st.text())
def test_what_is_read_is_six_ascii_digits(typed: str) -> None:
    found = totp.read(typed)

    assert found is None or (len(found) == 6 and found.isascii() and found.isdigit())


@pytest.mark.parametrize(("steps", "fits"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_one_step_to_either_side_fits_and_no_more(steps: int, fits: bool) -> None:
    found = totp.matching_step(SEED, code(steps), after=0, now=NOON)

    assert found == (totp.step_at(NOON) + steps if fits else None)


def test_a_step_that_was_used_fits_no_more_nor_one_before_it() -> None:
    used = totp.step_at(NOON)

    assert totp.matching_step(SEED, code(), after=used, now=NOON) is None
    assert totp.matching_step(SEED, code(-1), after=used, now=NOON) is None
    assert totp.matching_step(SEED, code(1), after=used, now=NOON) == used + 1
    assert totp.matching_step(SEED, code(1), after=used + 1, now=NOON + STEP) is None


def test_a_seed_is_160_random_bits_and_never_the_same() -> None:
    seeds = {new_seed() for _ in range(100)}

    assert len(seeds) == 100
    assert {len(seed) for seed in seeds} == {32}


def test_the_address_names_issuer_and_account_whatever_their_letters() -> None:
    found = urlsplit(totp.address(SEED, account="19860926******1001", issuer="Kota: Banda Aceh & Sabang"))

    assert (found.scheme, found.netloc) == ("otpauth", "totp")
    assert unquote(found.path).endswith("19860926******1001")
    assert parse_qs(found.query) == {"secret": [SEED], "issuer": ["Kota: Banda Aceh & Sabang"]}
