"""A check is shown without its key, and explained only after a try."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from elearn.courses import marking
from elearn.courses.facts.content import CheckContent
from elearn.courses.marking import Slot
from elearn.kernel.audit import canonical_json
from elearn.kernel.errors import Invalid
from elearn.kernel.ids import new_id
from tests.factories.courses import best_options, make_content


@pytest.fixture
def check(tmp_path: Path) -> CheckContent:
    found = make_content(tmp_path).lessons[1].check
    assert found is not None
    return found


@pytest.fixture
def slots(check: CheckContent) -> tuple[Slot, ...]:
    return marking.slots_of(check, new_id())


def right(slots: tuple[Slot, ...]) -> dict[str, object]:
    return {str(slot.number): slot.keys_of(best_options(slot.item)) for slot in slots}


def test_what_is_shown_holds_no_key_weight_or_rationale(slots: tuple[Slot, ...]) -> None:
    shown: list[Any] = [asdict(it) for it in marking.shown(slots)]
    text = canonical_json(shown)

    assert "Alasan" not in text
    assert "correct" not in text
    assert '"weight"' not in text
    assert {tuple(sorted(option)) for it in shown for option in it["options"]} == {("key", "text")}


def test_everything_right_earns_everything(check: CheckContent, slots: tuple[Slot, ...]) -> None:
    assert marking.score(check, marking.read_answers(slots, right(slots))) == 10_000


def test_blank_earns_nothing(check: CheckContent, slots: tuple[Slot, ...]) -> None:
    assert marking.score(check, marking.read_answers(slots, {})) == 0


def test_a_failed_try_explains_only_what_was_chosen(check: CheckContent, slots: tuple[Slot, ...]) -> None:
    answers = marking.read_answers(slots, {"1": slots[0].keys_of(["d"])})

    result = marking.explained(check, slots, answers, number=1, score_bp=marking.score(check, answers))

    assert not result.passed
    assert [option.rationale for option in result.items[0].options] == ["Alasan d untuk c-1"]
    assert result.items[1].options == ()
    assert all(it.correct_keys == () for it in result.items)


def test_a_weighted_choice_says_its_points_and_the_others_say_none(check: CheckContent, slots: tuple[Slot, ...]) -> None:
    answers = marking.read_answers(slots, right(slots) | {"3": slots[2].keys_of(["b"])})

    result = marking.explained(check, slots, answers, number=1, score_bp=marking.score(check, answers))

    assert [(it.points, it.correct) for it in result.items] == [(None, True), (None, True), (4, False)]
    assert result.score_bp == 14 * 10_000 // 15


def test_a_passed_try_explains_everything(check: CheckContent, slots: tuple[Slot, ...]) -> None:
    answers = marking.read_answers(slots, right(slots))

    result = marking.explained(check, slots, answers, number=2, score_bp=marking.score(check, answers))

    assert result.passed
    assert [len(it.options) for it in result.items] == [4, 4, 4]
    assert [list(it.correct_keys) for it in result.items] == [list(slot.keys_of(best_options(slot.item))) for slot in slots]


def test_an_answer_to_a_place_that_is_not_there_is_refused(slots: tuple[Slot, ...]) -> None:
    with pytest.raises(Invalid, match="unknown_slot"):
        marking.read_answers(slots, {"4": ["A"]})
