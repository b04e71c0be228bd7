"""The geometry of the small pictures: honest shares, outlines in proportion, words that fit."""

import pytest

from elearn.web import charts


@pytest.mark.parametrize(
    ("value", "maximum", "expected"),
    [(0, 20, 0), (8, 20, 40), (20, 20, 100), (31, 20, 100), (199, 200, 99), (3, 0, 0), (-1, 20, 0)],
)
def test_a_share_is_whole_only_when_all_is_reached(value: int, maximum: int, expected: int) -> None:
    assert charts.share(value, maximum) == expected


def test_a_radar_draws_each_axis_in_proportion_and_in_the_order_given() -> None:
    drawn = charts.radar([("Utara", 5, 0), ("Timur", 0, 5), ("Selatan", 5, 5), ("Barat", 1, 4)])

    assert drawn is not None
    assert drawn.required == "0,-100 0,0 0,100 -20,0"
    assert drawn.achieved == "0,0 100,0 0,100 -80,0"
    assert [it.anchor for it in drawn.labels] == ["middle", "start", "middle", "end"]
    assert len(drawn.rings) == 5


@pytest.mark.parametrize("count", [2, 9])
def test_too_few_or_too_many_axes_make_no_radar(count: int) -> None:
    assert charts.radar([("a", 1, 1)] * count) is None


def test_words_break_between_words_and_say_that_something_is_left_out() -> None:
    assert charts.wrapped("Orientasi pada hasil", 13, 3) == ("Orientasi", "pada hasil")
    assert charts.wrapped("Pengembangan diri dan orang lain selalu", 13, 2) == ("Pengembangan", "diri dan…")
    assert charts.wrapped("", 13, 2) == ("",)


def test_a_long_name_is_set_smaller_and_a_short_one_not_larger_than_asked() -> None:
    assert charts.type_size("Sari", 240, 20) == 20
    assert charts.type_size("x" * 40, 240, 20) == 13
    assert charts.type_size("x" * 400, 240, 20) == 6


def test_a_name_of_any_length_stands_whole_in_a_few_lines_that_fit() -> None:
    name = (
        "Prof. Dr. Raden Ajeng Siti Nurhalizah Kusumawardhani Prawirodirdjo-Djojohadikusumo Sastrowardoyo, "
        "S.Sos., M.Si., CGCAE"
    )

    size, lines = charts.fitted(name, 240, 26, 20, 3)

    assert charts.fitted("Sari", 240, 26, 20, 3) == (20, ("Sari",))
    assert " ".join(lines) == name
    assert len(lines) <= 3
    assert 8 <= size <= 26 // len(lines)
    assert max(len(it) for it in lines) * size * 0.46 <= 240
