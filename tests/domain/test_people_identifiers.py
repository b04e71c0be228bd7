"""What a NIP says, and how names and numbers are shown."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.kernel.errors import Invalid
from elearn.people import rules
from elearn.people.rules import EmploymentType, IdentifierType, Sex

TODAY = date(2026, 11, 25)


def test_a_nip_says_birth_start_sex_and_sequence() -> None:
    read = rules.read_nip("19860926 201505 1 001", on=TODAY)

    assert read.value == "198609262015051001"
    assert (read.type, read.born_on, read.start_year, read.start_month) == (
        IdentifierType.NIP,
        date(1986, 9, 26),
        2015,
        5,
    )
    assert (read.sex, read.sequence, read.contract_code, read.warnings) == (Sex.MALE, 1, None, ())


@pytest.mark.parametrize("code", ["21", "22", "23"])
def test_digits_that_are_no_month_make_it_a_number_of_a_contract(code: str) -> None:
    read = rules.read_nip(f"199202022023{code}2006", on=TODAY)

    assert (read.type, read.contract_code, read.start_month, read.sex) == (IdentifierType.NI_PPPK, code, None, Sex.FEMALE)
    assert read.warnings == ()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("19860926201505100", "nip_not_18_digits"),
        ("1986092620150510011", "nip_not_18_digits"),
        ("1.98E+17", "nip_not_18_digits"),
        ("", "nip_not_18_digits"),
        ("١٩٨٦٠٩٢٦٢٠١٥٠٥١٠٠١", "nip_not_18_digits"),
        ("198613262015051001", "nip_birth_date"),
        ("198602302015051001", "nip_birth_date"),
        ("202702012027021001", "nip_birth_date"),
        ("189912312015051001", "nip_birth_date"),
        ("198609261985051001", "nip_start_year"),
        ("198609262028051001", "nip_start_year"),
        ("198609262015053001", "nip_sex"),
        ("198609262015050001", "nip_sex"),
    ],
)
def test_what_cannot_be_is_refused_by_code(text: str, code: str) -> None:
    with pytest.raises(Invalid, match=code) as refusal:
        rules.read_nip(text, on=TODAY)

    assert refusal.value.field == "identifier"


@pytest.mark.parametrize(
    ("text", "warnings"),
    [
        ("195001011975011001", ("age_unlikely",)),
        ("201201012026011001", ("age_unlikely", "start_age_unlikely")),
        ("199202022023312006", ("contract_code_unlikely",)),
        ("198609262015051000", ("sequence_unlikely",)),
    ],
)
def test_what_is_merely_unlikely_is_a_warning(text: str, warnings: tuple[str, ...]) -> None:
    assert rules.read_nip(text, on=TODAY).warnings == warnings


def test_a_person_may_be_seventy_until_the_day_before_the_next_birthday() -> None:
    assert rules.read_nip("195511261980011001", on=TODAY).warnings == ()
    assert rules.read_nip("195511251980011001", on=TODAY).warnings == ("age_unlikely",)


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused_and_nothing_else(text: str) -> None:
    try:
        outcome = rules.read_nip(text, on=TODAY).value
    except Invalid as refusal:
        outcome = refusal.code

    assert len(outcome) == 18 or outcome.startswith("nip_")


def test_a_nip_belongs_to_permanent_staff_and_a_contract_number_to_the_others() -> None:
    assert rules.fits_employment(IdentifierType.NIP, EmploymentType.PNS)
    assert rules.fits_employment(IdentifierType.NI_PPPK, EmploymentType.PPPK_PART_TIME)
    assert not rules.fits_employment(IdentifierType.NIP, EmploymentType.PPPK)
    assert not rules.fits_employment(IdentifierType.NI_PPPK, EmploymentType.PNS)


def test_a_masked_nip_hides_month_sex_and_the_rest_of_the_middle() -> None:
    assert rules.masked("198609262015051001") == "19860926******1001"


@pytest.mark.parametrize(
    ("parts", "shown"),
    [
        (("Cut Nyak Meutia", "Dr.", "S.STP., M.Si."), "Dr. Cut Nyak Meutia, S.STP., M.Si."),
        (("Suharto", "", ""), "Suharto"),
        (("Siti", "", "A.Md."), "Siti, A.Md."),
        (("Siti", "Ir.", ""), "Ir. Siti"),
    ],
)
def test_titles_stand_before_and_after_the_name(parts: tuple[str, str, str], shown: str) -> None:
    assert rules.name_with_titles(*parts) == shown


@pytest.mark.parametrize("text", ["siti", "siti@", "@x.id", "a b@x.id", "a@x", "a@@x.id", "a@x..id", "é@x.id"])
def test_an_unreadable_address_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="email_unreadable"):
        rules.tidy_email(text)


def test_an_address_is_kept_in_lower_case_and_none_is_none() -> None:
    assert rules.tidy_email(" Siti@Kota.GO.id ") == "siti@kota.go.id"
    assert rules.tidy_email("  ") is None
