"""What may be a name, and in which order grades stand."""

import pytest

from elearn.kernel.errors import Invalid
from elearn.people.rules import grade_order, tidy_name


@pytest.mark.parametrize("name", ["Suharto", "I Gusti  Ngurah", "R2-D2", "محمد", "李", "Siti 🌸", "Ó"])
def test_one_letter_of_any_script_makes_a_name(name: str) -> None:
    assert tidy_name(name) == " ".join(name.split())


@pytest.mark.parametrize("name", ["123", "--", "🌸", ". ,", "12 34"])
def test_without_a_letter_there_is_no_name(name: str) -> None:
    with pytest.raises(Invalid, match="name_without_letter"):
        tidy_name(name)


def test_grades_stand_by_their_roman_numbers_and_letters() -> None:
    pns = ["I/a", "I/d", "II/a", "II/d", "III/a", "III/d", "IV/a", "IV/e"]
    pppk = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XIV", "XVII"]

    assert sorted(set(pns), key=grade_order) == pns
    assert sorted(set(pppk), key=grade_order) == pppk
