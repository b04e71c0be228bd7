"""Public codes and numbers: what is typed wrongly is noticed, what is typed oddly is read."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.certs import rules
from elearn.certs.rules import ALPHABET, CODE_LENGTH
from elearn.kernel.errors import Invalid

BODIES = st.text(alphabet=ALPHABET, min_size=CODE_LENGTH - 1, max_size=CODE_LENGTH - 1)


def test_a_code_carries_eighty_random_bits_and_reads_as_itself() -> None:
    codes = {rules.new_code() for _ in range(500)}

    assert len(codes) == 500
    assert (CODE_LENGTH - 1) * 5 >= 80
    assert all(rules.read_code(code) == code for code in codes)


@given(BODIES, st.integers(0, CODE_LENGTH - 1), st.sampled_from(ALPHABET))
def test_every_single_wrong_character_is_noticed(body: str, at: int, wrong: str) -> None:
    code = body + rules.check_character(body)
    if code[at] != wrong:
        assert rules.read_code(code[:at] + wrong + code[at + 1 :]) is None


def test_a_check_character_that_checks_nothing_is_caught() -> None:
    """Negative control: with a constant in its place a wrong character goes unnoticed."""
    body = "0123456789ABCDEF"
    constant = body + rules.check_character(body)
    wrong = "1" + body[1:]

    assert rules.read_code(wrong + constant[-1]) is None
    assert rules.read_code(wrong + rules.check_character(wrong)) is not None


@given(BODIES)
def test_a_code_is_read_as_people_type_it(body: str) -> None:
    code = body + rules.check_character(body)
    grouped = "-".join(code[at : at + 4] for at in range(0, CODE_LENGTH, 4))
    spelled = code.replace("1", "l").replace("0", "o")

    assert rules.read_code(grouped) == code
    assert rules.read_code(f"  {code.lower()} ") == code
    assert rules.read_code(spelled) == code


@pytest.mark.parametrize(
    "text", ["", "-", "000123/800.2/BKPSDM/XI/2026", "U" * 17, "0" * 16, "0" * 18, "é" * 17, "\x00" * 17]
)
def test_what_cannot_be_a_code_is_none(text: str) -> None:
    assert rules.read_code(text) is None


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading(text: str) -> None:
    found = rules.read_code(text)

    assert found is None or len(found) == CODE_LENGTH


def test_a_number_follows_its_pattern() -> None:
    pattern = "{nomor}/800.2/BKPSDM/{bulan}/{tahun}"

    assert rules.number(pattern, 123, date(2026, 11, 25)) == "000123/800.2/BKPSDM/XI/2026"
    assert rules.number(pattern, 1_000_000, date(2027, 1, 1)) == "1000000/800.2/BKPSDM/I/2027"


@pytest.mark.parametrize(
    "pattern", ["", "{nomor}", "{tahun}", "tanpa", "{nomor}/{tahun}" + "x" * 80, "contoh-{nomor}/{tahun}"]
)
def test_a_pattern_whose_numbers_could_repeat_is_refused(pattern: str) -> None:
    with pytest.raises(Invalid, match="number_pattern"):
        rules.check_pattern(pattern)


@pytest.mark.parametrize(
    ("other", "coincide"),
    [
        ("{nomor}/800.2/BKPSDM/{bulan}/{tahun}", True),
        ("{nomor}/800.2/bkpsdm/{bulan}/{tahun} ", True),
        ("{nomor}/800.2/BKPSDM/XI/{tahun}", True),
        ("{nomor}/800.2/DINKES/{bulan}/{tahun}", False),
        ("{nomor}/BKPSDM/{bulan}/{tahun}", False),
    ],
)
def test_patterns_coincide_where_some_month_gives_the_same_number(other: str, coincide: bool) -> None:
    assert rules.may_coincide("{nomor}/800.2/BKPSDM/{bulan}/{tahun}", other) is coincide
