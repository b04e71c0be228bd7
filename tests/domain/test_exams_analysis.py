"""Item statistics against figures computed by hand."""

import math

import pytest

from elearn.exams.analysis import (
    Answered,
    Flag,
    ItemStatistics,
    OptionCount,
    Span,
    by_item,
    item_statistics,
    option_ids_of,
    spread,
)


def answered(chosen: str, points: int, rest: int) -> Answered:
    return Answered(tuple(chosen), points, rest)


FIVE = [answered("a", 5, 10), answered("a", 5, 20), answered("b", 0, 5), answered("", 0, 10), answered("b", 0, 15)]
"""Points 5 5 0 0 0 (mean 2), rest 10 20 5 10 15 (mean 12).

Deviations 3 3 -2 -2 -2 and -2 8 -7 -2 3: products -6+24+14+4-6 = 30, squares 30 and 130, so r = 30/√3900.
"""


def test_facility_omissions_and_shares_as_computed_by_hand() -> None:
    found = item_statistics(FIVE, "abc")

    assert found is not None
    assert (found.n, found.omitted, found.facility) == (5, 1, 0.4)
    assert found.options == (OptionCount("a", 2), OptionCount("b", 2), OptionCount("c", 0))
    assert sum(it.count for it in found.options) + found.omitted == found.n


def test_discrimination_leaves_the_item_itself_out() -> None:
    found = item_statistics(FIVE, "abc")

    assert found is not None
    assert found.discrimination == pytest.approx(30 / math.sqrt(3900), abs=1e-9)


def test_without_variation_there_is_no_discrimination() -> None:
    same = item_statistics([answered("a", 5, 10), answered("a", 5, 20)], "ab")
    level = item_statistics([answered("a", 5, 10), answered("b", 0, 10)], "ab")

    assert same is not None
    assert level is not None
    assert (same.discrimination, level.discrimination) == (None, None)


def test_weighted_options_earn_part_of_the_facility() -> None:
    found = item_statistics([answered("a", 5, 1), answered("b", 3, 2), answered("c", 1, 3)], "abc")

    assert found is not None
    assert found.facility == pytest.approx(0.6, abs=1e-12)
    assert found.discrimination == pytest.approx(-1, abs=1e-9)


def test_there_is_nothing_to_say_before_anything_is_handed_in() -> None:
    assert item_statistics([], "abc") is None


@pytest.mark.parametrize(
    ("n", "facility", "discrimination", "flags"),
    [
        (49, 0.1, -0.5, ()),
        (50, 0.29, 0.3, (Flag.TOO_HARD,)),
        (50, 0.81, None, (Flag.TOO_EASY,)),
        (50, 0.3, 0.1, ()),
        (50, 0.5, 0.09, (Flag.WEAK,)),
        (50, 0.2, -0.01, (Flag.TOO_HARD, Flag.KEY_DOUBTFUL)),
    ],
)
def test_flags_wait_for_enough_answers(
    n: int, facility: float, discrimination: float | None, flags: tuple[Flag, ...]
) -> None:
    found = ItemStatistics(n, 0, facility, discrimination, ())

    assert (found.is_small, found.flags) == (n < 50, flags)


def test_papers_are_turned_round_and_letters_are_read_by_their_own_paper() -> None:
    papers = [[("x", ("a",), 5), ("y", (), 0)], [("x", ("b",), 0), ("z", ("a", "c"), 5)]]

    assert by_item(papers) == {
        "x": [answered("a", 5, 0), answered("b", 0, 5)],
        "y": [answered("", 0, 5)],
        "z": [answered("ac", 5, 0)],
    }
    assert option_ids_of(["C", "A"], ["salah", "benar", "lain"], "ABCDEFGH") == ("lain", "salah")


def test_scores_fall_into_spans_of_ten_that_end_at_the_pass_mark_too() -> None:
    found = spread([0, 990, 7_499, 7_500, 10_000], pass_bp=7_500)

    assert sum(it.count for it in found) == 5
    assert [it for it in found if it.count] == [
        Span(0, 2, False),
        Span(70, 1, False),
        Span(75, 1, True),
        Span(90, 1, True),
    ]
    assert [it.first for it in spread([], pass_bp=7_000)] == list(range(0, 100, 10))
