"""The receipt over a whole submission: it names what was stored, and tells where something was changed since."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from elearn.exams import queries, receipts, services
from elearn.exams.models.attempts import AttemptSlot
from elearn.kernel import installation as places
from elearn.kernel.db import db
from elearn.kernel.errors import Conflict, NotFound
from elearn.kernel.seal import is_sealed
from elearn.workflows import certification, result
from tests.factories import world as worlds
from tests.factories.courses import NOON
from tests.factories.world import World

LATER = NOON + timedelta(minutes=10)


def handed_in(world: World, *, right: bool = True) -> Any:
    sitting = worlds.start(world, "learner")
    for slot, keys in list(worlds.right_keys(sitting.id).items())[:-1]:
        wrong = [next(key for key in "ABCD" if key not in keys)]
        services.record_answer(sitting.id, slot, 1, keys if right else wrong, by=world.actor("learner"), now=NOON)
    certification.submit_exam(sitting.id, by=world.actor("learner"), now=LATER)
    return sitting


def test_the_receipt_counts_what_was_stored_and_each_line_is_sealed(world: World) -> None:
    sitting = handed_in(world)

    receipt = receipts.of_submission(world.actor("learner"), sitting.id)

    assert receipt.is_intact is True
    assert receipt.answered == len(sitting.paper) - 1 == len(receipt.answers) - 1
    assert receipt.code is not None
    assert len(receipt.code) == 9
    first = receipt.answers[0]
    assert first.receipt is not None
    assert is_sealed(first.receipt, "answer", sitting.id, 1, 1, list(first.value), NOON.isoformat(), False)
    assert receipt.answers[-1].receipt is None


def test_again_it_is_the_same_and_another_paper_has_another(world: World) -> None:
    sitting = handed_in(world)
    first = receipts.of_submission(world.actor("learner"), sitting.id)
    certification.submit_exam(sitting.id, by=world.actor("learner"), now=LATER + timedelta(minutes=1))

    assert receipts.of_submission(world.actor("learner"), sitting.id) == first


def test_an_answer_changed_behind_the_products_back_is_told(world: World) -> None:
    sitting = handed_in(world)
    here = (AttemptSlot.attempt_id == sitting.id) & (AttemptSlot.slot == 1)
    kept = queries.slots_of(sitting.id)[0].value
    db.session.execute(update(AttemptSlot).where(here).values(value=["A" if kept != ["A"] else "B"]))

    assert receipts.of_submission(world.actor("learner"), sitting.id).is_intact is False


def test_an_open_attempt_has_none_and_strangers_find_none(world: World) -> None:
    sitting = worlds.start(world, "learner")

    with pytest.raises(Conflict, match="attempt_open"):
        receipts.of_submission(world.actor("learner"), sitting.id)
    for name in ("other", "hr", "admin"):
        with pytest.raises(NotFound):
            receipts.of_submission(world.actor(name), sitting.id)


def test_without_the_key_the_exam_still_closes_and_nothing_is_claimed(world: World, tmp_path: Path) -> None:
    sitting = worlds.start(world, "learner")
    here = places.installation()
    try:
        places.use(
            places.Installation(
                here.address, here.public_url, False, True, here.files_dir, tmp_path / "gone", here.fonts_dir
            )
        )
        done = services.submit(sitting.id, by=worlds.SYSTEM, now=NOON + timedelta(minutes=30))
        receipt = receipts.of_submission(world.actor("learner"), sitting.id)
    finally:
        places.use(here)

    assert not done.passed
    assert (receipt.code, receipt.is_intact) == (None, None)


def test_what_was_weak_leads_to_the_lessons_that_teach_it(world: World) -> None:
    sitting = handed_in(world, right=False)

    found = result.result_of(sitting.id, by=world.actor("learner"), now=LATER).reread

    assert found
    assert all(lessons for _topic, lessons in found)
    assert {lesson.id for _topic, lessons in found for lesson in lessons} <= {"m1-l1", "m1-l2"}


def test_nothing_is_to_be_read_again_after_a_full_score(world: World) -> None:
    sitting = worlds.start(world, "learner")
    for slot, keys in worlds.right_keys(sitting.id).items():
        services.record_answer(sitting.id, slot, 1, keys, by=world.actor("learner"), now=NOON)
    certification.submit_exam(sitting.id, by=world.actor("learner"), now=LATER)

    assert result.result_of(sitting.id, by=world.actor("learner"), now=LATER).reread == ()
