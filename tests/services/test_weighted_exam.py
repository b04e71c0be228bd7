"""An exam of weighted items from the folder to the result: every option earns its weight of five, a blank nothing."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from elearn.exams import bank, queries, receipts, results
from elearn.exams import services as exams
from elearn.exams.facts import Sitting
from elearn.exams.models.attempts import Attempt
from elearn.exams.rules import KEYS
from elearn.exams.specs import ItemType
from elearn.kernel.actor import Actor, Grant, Role
from elearn.kernel.audit import canonical_json
from elearn.kernel.db import db
from elearn.kernel.errors import Invalid
from elearn.kernel.ids import new_id
from elearn.workflows import certification
from tests.factories import world as worlds
from tests.factories.courses import NOON, item
from tests.factories.world import KOM_ITEMS, PLP_ITEMS, World

WEIGHTS = (5, 4, 3, 2)


def weighted_items() -> list[dict[str, Any]]:
    plp = [item(f"plp-{n}", kind="weighted") for n in range(PLP_ITEMS * 3)]
    kom = [item(f"kom-{n}", kind="weighted", competency="MAN-KOM", topic="komunikasi") for n in range(KOM_ITEMS * 3)]
    return plp + kom + [item(f"c-{n}", "check", "weighted") for n in (1, 2, 3)]


@pytest.fixture
def situations(world: World, tmp_path: Path) -> World:
    """The small agency, whose course has come out anew with weighted items alone."""
    worlds.make_course(tmp_path, items=weighted_items())
    return world


def key_of_weight(attempt_id: UUID, slot: int, weight: int) -> str:
    """The letter behind which this paper shows the option of a weight."""
    items = bank.version(db.session.get_one(Attempt, attempt_id).exam_version_id).items
    place = next(it for it in queries.slots_of(attempt_id) if it.slot == slot)
    weights = {option.id: option.weight for option in items[place.item_id].options}
    return next(KEYS[at] for at, option in enumerate(place.option_ids) if weights[option] == weight)


def answer(world: World, name: str, weights: dict[int, int]) -> tuple[Sitting, Any]:
    """A handed-in paper on which the option of a weight was chosen at each of these places, the others left blank."""
    sitting = worlds.start(world, name)
    for slot, weight in weights.items():
        keys = [key_of_weight(sitting.id, slot, weight)]
        exams.record_answer(sitting.id, slot, 1, keys, by=world.actor(name), now=NOON)
    return sitting, certification.submit_exam(sitting.id, by=world.actor(name), now=NOON)


def test_a_paper_earns_the_weights_of_what_was_chosen(situations: World) -> None:
    chosen = {slot: WEIGHTS[slot % 4] for slot in range(1, 10)}

    sitting, done = answer(situations, "learner", chosen)

    earned = {slot: chosen.get(slot, 0) for slot in range(1, 11)}
    assert done.outcome.score_bp == sum(earned.values()) * 10_000 // 50
    for row in done.outcome.competencies:
        own = [earned[slot] for slot in earned if worlds.competency_of(sitting.id, slot) == row.competency]
        assert row.score_bp == sum(own) * 10_000 // (5 * len(own))
    receipt = receipts.of_submission(situations.actor("learner"), sitting.id)
    assert (receipt.is_intact, receipt.answered) == (True, 9)


def test_seventy_of_a_hundred_passes_and_one_weight_less_does_not(situations: World) -> None:
    """Seven fives of ten items are 35 of 50 points; a weight less on one of them is 34."""
    fives = dict.fromkeys(range(1, 8), 5)

    _sitting, passed = answer(situations, "learner", fives)
    _sitting, failed = answer(situations, "other", fives | {7: 4})

    assert (passed.outcome.score_bp, passed.outcome.passed) == (7000, True)
    assert (failed.outcome.score_bp, failed.outcome.passed) == (6800, False)


def test_the_paper_says_which_items_are_weighted_and_takes_one_key_without_a_weight_in_sight(situations: World) -> None:
    sitting = worlds.start(situations, "learner")

    assert {it.type for it in sitting.paper} == {ItemType.WEIGHTED}
    shown = canonical_json([str(it) for it in sitting.paper])
    assert "Alasan" not in shown
    assert "weight=" not in shown
    with pytest.raises(Invalid, match="only_one_key"):
        exams.record_answer(sitting.id, 1, 1, ["A", "B"], by=situations.actor("learner"), now=NOON)


def test_facility_is_the_mean_share_of_the_weights(situations: World) -> None:
    for name, weight in (("learner", 5), ("other", 2), ("signer", 3)):
        answer(situations, name, dict.fromkeys(range(1, 11), weight))
    trainer = Actor(new_id(), frozenset({Grant(Role.TRAINER)}), via="session")
    exam = results.exam_read_by(trainer, situations.exam_id)

    lines = [it.statistics for it in results.items_answered(trainer, exam, on=NOON.date())]

    assert sum(it.facility * it.n for it in lines) == pytest.approx(10 * (5 + 2 + 3) / 5)
    assert all(it.omitted == 0 for it in lines)
    weights = dict(zip("abcd", WEIGHTS, strict=True))
    for it in lines:
        share = sum(weights[one.option_id] * one.count for one in it.options) / (5 * it.n)
        assert it.facility == pytest.approx(share)
