"""One-time codes and what a password must not be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.kernel.errors import Invalid
from elearn.people import hashing, rules

GOOD = "kereta pagi ke Lhokseumawe"


@given(st.integers(min_value=0, max_value=2**256))
def test_a_code_is_read_back_however_it_is_typed(number: int) -> None:
    code = rules.spell_code(number)
    shown = rules.show_code(code)

    assert len(shown) == 11
    assert shown[5] == "-"
    for typed in (
        shown,
        shown.lower(),
        code,
        f" {shown} ",
        shown.replace("0", "o").replace("1", "l"),
        code.replace("1", "I"),
    ):
        assert rules.read_code(typed) == code


def test_codes_use_all_fifty_bits() -> None:
    assert rules.spell_code(0) == "0000000000"
    assert rules.spell_code(2**50 - 1) == "ZZZZZZZZZZ"
    assert rules.spell_code(2**50) == "0000000000"


@pytest.mark.parametrize("text", ["", "ABCDE-FGHJ", "ABCDE-FGHJKM", "ABCDE-FGHJU", "ABCDE!FGHJK", "ABCDE-FGHJ\u0661"])
def test_what_cannot_be_a_code_is_none(text: str) -> None:
    assert rules.read_code(text) is None


@pytest.mark.parametrize(
    "password",
    [
        GOOD,
        "ü" * 3 + " kali tiga itu sembilan",
        "benar kuda baterai staples",
        "hujan turun di bulan juni",
        "kopi susu tanpa gula ya",
        "8x" + "Kp3!vQz" * 3,
    ],
)
def test_a_long_password_of_any_composition_is_good(password: str) -> None:
    rules.check_password(password, min_length=15)


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("empat belas ka", "password_too_short"),
        ("x" * 257, "password_too_long"),
        ("aaaaaaaaaaaaaaaa", "password_too_common"),
        ("abcabcabcabcabcabc", "password_too_common"),
        ("123456789012345", "password_too_common"),
        ("1234567890123456", "password_too_common"),
        ("9876543210987654", "password_too_common"),
        ("qwertyuiopasdfgh", "password_too_common"),
        ("passwordpassword", "password_too_common"),
        ("Password12345678", "password_too_common"),
        ("katasandi-rahasia", "password_too_common"),
        ("rahasia rahasia 1", "password_too_common"),
        ("1q2w3e4r5t6y7u8i", "password_too_common"),
        ("1qaz2wsx3edc4rfv", "password_too_common"),
        ("qazwsxedcrfvtgbyhn", "password_too_common"),
        ("abcdefghijklmnop", "password_too_common"),
        ("iloveyouiloveyou", "password_too_common"),
        ("semangat45semangat45", "password_too_common"),
        ("indonesiaraya2026", "password_too_common"),
        ("Pemerintah Kota 2026", "password_too_common"),
        ("P4ssw0rd-Rahasia1", "password_too_common"),
    ],
)
def test_a_short_long_or_common_password_is_refused_by_code(password: str, code: str) -> None:
    with pytest.raises(Invalid, match=code) as refusal:
        rules.check_password(password, min_length=15)

    assert refusal.value.field == "password"


def test_the_length_counts_what_the_hash_sees() -> None:
    with pytest.raises(Invalid, match="password_too_short"):
        rules.check_password("e\u0301" * 8 + "12345", min_length=15)


@pytest.mark.parametrize(
    "password",
    ["Cut Nyak Meutia", "cutnyakmeutia2026", "meutia.cutnyak@kota.go.id", "198609262015051001", "19860926-Meutia-19860926"],
)
def test_a_password_that_is_little_more_than_oneself_is_refused(password: str) -> None:
    with pytest.raises(Invalid, match="password_is_yours"):
        rules.check_password_is_not_own(
            password, name="Cut Nyak Meutia", email="cutnyak@kota.go.id", identifier="198609262015051001"
        )


@pytest.mark.parametrize("password", ["Lhokseumawe-2026-Lhokseumawe", "Kota Lhokseumawe 2026", "disdukcapil.2026!"])
def test_a_password_that_is_little_more_than_ones_agency_is_refused(password: str) -> None:
    with pytest.raises(Invalid, match="password_is_yours"):
        rules.check_password_is_not_own(
            password, name="Cut", email=None, identifier=None, agency="Pemerintah Kota Lhokseumawe Disdukcapil"
        )


WORDS = ("perahu", "kecil", "laut", "biru", "hujan", "kereta", "sawah", "padi", "angin", "gunung")


@given(st.lists(st.sampled_from(WORDS), min_size=4, unique=True))
def test_four_different_words_are_good_in_any_order(words: list[str]) -> None:
    rules.check_password(" ".join(words), min_length=15)


def test_a_sentence_with_ones_name_in_it_is_good() -> None:
    rules.check_password_is_not_own("Meutia naik kereta ke laut", name="Cut Nyak Meutia", email=None, identifier=None)


def test_a_hash_opens_for_its_password_in_any_spelling_of_it_and_for_no_other() -> None:
    stored = hashing.hash_password("café di pinggir kota")

    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert hashing.verify(stored, "cafe\u0301 di pinggir kota")
    assert not hashing.verify(stored, "cafe di pinggir kota")
    assert not hashing.is_dated(stored)


@pytest.mark.parametrize("stored", [None, "", "$argon2id$broken", "plain"])
def test_without_a_readable_hash_nothing_opens(stored: str | None) -> None:
    assert not hashing.verify(stored, GOOD)
