"""Marking is a pure function of answers and key; each competency stands on its own sub-score."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.exams import rules
from elearn.exams.specs import CompetencyRule, ItemType
from elearn.kernel.errors import Invalid
from tests.factories.exams import KOM, PLP, answered, make_item, make_spec, paper


@pytest.mark.parametrize(("chosen", "points"), [("a", 60), ("b", 0), ("", 0)])
def test_a_single_choice_is_right_or_not(chosen: str, points: int) -> None:
    full = rules.mark(make_spec(), [answered(make_item(), "a")]).points[0]

    assert rules.mark(make_spec(), [answered(make_item(), chosen)]).points == (full if points else 0,)


@pytest.mark.parametrize("kind", ItemType)
def test_blank_earns_nothing_even_where_the_key_is_blank(kind: ItemType) -> None:
    unmarked = make_item(kind=kind, right="", weights=(None, None, None, None))

    assert rules.mark(make_spec(), [answered(unmarked)]).points == (0,)


@pytest.mark.parametrize(
    ("kind", "right", "weights"),
    [
        (ItemType.SINGLE, "", None),
        (ItemType.SINGLE, "ab", None),
        (ItemType.MULTIPLE, "", None),
        (ItemType.MULTIPLE, "abcd", None),
        (ItemType.WEIGHTED, "", (5, 4, 3, 6)),
        (ItemType.WEIGHTED, "", (5, 4, 3, 0)),
        (ItemType.WEIGHTED, "", (5, 4, 3, None)),
        (ItemType.WEIGHTED, "", (4, 3, 2, 1)),
    ],
)
def test_an_impossible_key_is_refused_and_its_item_named(
    kind: ItemType, right: str, weights: tuple[int | None, ...] | None
) -> None:
    with pytest.raises(Invalid, match="impossible_key") as refusal:
        rules.require_possible_keys([make_item("baik"), make_item("buruk", kind, right=right, weights=weights)])

    assert refusal.value.details["items"] == ["buruk"]


@pytest.mark.parametrize(
    ("kind", "right"),
    [(ItemType.SINGLE, "d"), (ItemType.MULTIPLE, "a"), (ItemType.MULTIPLE, "abc"), (ItemType.WEIGHTED, "")],
)
def test_a_possible_key_is_let_through(kind: ItemType, right: str) -> None:
    rules.require_possible_keys([make_item(kind=kind, right=right)])


@pytest.mark.parametrize(("chosen", "is_right"), [("ac", True), ("a", False), ("abc", False), ("abcd", False), ("", False)])
def test_a_multiple_choice_is_all_or_nothing(chosen: str, is_right: bool) -> None:
    item = make_item(kind=ItemType.MULTIPLE, right="ac")

    assert (rules.mark(make_spec(), [answered(item, chosen)]).score_bp == 10_000) is is_right


@pytest.mark.parametrize(("chosen", "score_bp"), [("a", 10_000), ("b", 8000), ("c", 6000), ("d", 4000), ("", 0)])
def test_a_weighted_option_gives_its_fifths(chosen: str, score_bp: int) -> None:
    item = make_item(kind=ItemType.WEIGHTED, right="")

    assert rules.mark(make_spec(), [answered(item, chosen)]).score_bp == score_bp


def test_a_pass_in_total_with_nothing_in_one_competency_passes_the_other_only() -> None:
    result = rules.mark(make_spec(), paper(8, 0) + paper(0, 2, KOM))

    assert result.passed
    assert {it.competency: (it.score_bp, it.passed) for it in result.competencies} == {PLP: (10_000, True), KOM: (0, False)}


def test_a_competency_passes_though_the_total_fails() -> None:
    result = rules.mark(make_spec(), paper(2, 6) + paper(2, 0, KOM))

    assert not result.passed
    assert {it.competency: it.passed for it in result.competencies} == {PLP: False, KOM: True}


def test_too_few_items_evidence_nothing_however_right() -> None:
    spec = make_spec(competencies=(CompetencyRule(PLP, 2, 7000, 5),))

    assert not rules.mark(spec, paper(4, 0)).competencies[0].passed
    assert rules.mark(spec, paper(5, 0)).competencies[0].passed


def test_a_competency_without_items_scores_nothing() -> None:
    result = rules.mark(make_spec(), paper(8, 0))

    assert [(it.item_count, it.passed) for it in result.competencies] == [(8, True), (0, False)]


def test_almost_seventy_is_not_seventy() -> None:
    """69.99… % is rounded down, once."""
    spec = make_spec(pass_bp=6667, competencies=(CompetencyRule(PLP, 2, 6667, 1),))
    result = rules.mark(spec, paper(2, 1))

    assert result.score_bp == 6666
    assert not result.passed
    assert not result.competencies[0].passed


@given(st.integers(0, 30), st.integers(0, 30))
def test_a_score_is_the_share_rounded_down(right: int, wrong: int) -> None:
    if right + wrong:
        assert rules.mark(make_spec(), paper(right, wrong)).score_bp == right * 10_000 // (right + wrong)


@given(st.lists(st.booleans(), min_size=1, max_size=12))
def test_another_right_answer_never_lowers_a_score(given_right: list[bool]) -> None:
    def score(flags: list[bool]) -> int:
        return rules.mark(
            make_spec(), [answered(make_item(str(at)), "a" if it else "b") for at, it in enumerate(flags)]
        ).score_bp

    for at, is_right in enumerate(given_right):
        if not is_right:
            assert score([*given_right[:at], True, *given_right[at + 1 :]]) > score(given_right)
