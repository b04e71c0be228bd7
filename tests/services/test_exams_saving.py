"""Saving an answer: acknowledged is stored, newest wins, late is kept apart, strangers see nothing."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from elearn.exams import queries, services
from elearn.exams.facts import Sitting
from elearn.exams.models.attempts import Answer
from elearn.kernel.db import db
from elearn.kernel.errors import Conflict, Invalid, NotFound
from elearn.kernel.seal import is_sealed
from elearn.workflows import certification
from tests.factories import world as worlds
from tests.factories.courses import NOON
from tests.factories.world import World

END = NOON + timedelta(minutes=20)


@pytest.fixture
def sitting(world: World) -> Sitting:
    return worlds.start(world, "learner")


def save(world: World, sitting: Sitting, seq: int, value: Any, *, slot: int = 1, now: Any = NOON, **rest: Any) -> Any:
    return services.record_answer(sitting.id, slot, seq, value, by=world.actor("learner"), now=now, **rest)


def stored(world: World, sitting: Sitting, slot: int = 1) -> tuple[str, ...]:
    return queries.sitting_of(world.actor("learner"), sitting.id, now=NOON).paper[slot - 1].answer


def test_what_is_acknowledged_is_what_is_stored(world: World, sitting: Sitting) -> None:
    saved = save(world, sitting, 1, ["B"])

    assert stored(world, sitting) == ("B",) == saved.value
    assert saved.time_left_s == 20 * 60
    assert is_sealed(saved.receipt, "answer", sitting.id, 1, 1, ["B"], NOON.isoformat(), False)


def test_the_same_save_again_gets_the_same_receipt_and_no_second_event(world: World, sitting: Sitting) -> None:
    first = save(world, sitting, 1, ["B"])
    again = save(world, sitting, 1, ["B"], now=NOON + timedelta(minutes=1))

    assert (again.receipt, again.saved_at) == (first.receipt, first.saved_at)
    assert len(db.session.scalars(select(Answer)).all()) == 1


@pytest.mark.parametrize(("seq", "value"), [(1, ["C"]), (2, ["C"])])
def test_an_overtaken_save_is_refused_and_told_what_is_current(
    world: World, sitting: Sitting, seq: int, value: list[str]
) -> None:
    save(world, sitting, 1, ["A"])
    save(world, sitting, 2, ["B"])

    with pytest.raises(Conflict, match="stale_seq") as refused:
        save(world, sitting, seq, value)

    assert refused.value.details == {"seq": 2, "value": ["B"], "in_doubt": False}
    assert stored(world, sitting) == ("B",)


def test_an_empty_list_clears(world: World, sitting: Sitting) -> None:
    save(world, sitting, 1, ["A"])
    save(world, sitting, 2, [])

    assert stored(world, sitting) == ()


@pytest.mark.parametrize("value", [["Z"], ["A", "B"], ["a"], "A", [1], ["A", "A"], None, [["A"]]])
def test_keys_that_the_place_does_not_have_are_refused(world: World, sitting: Sitting, value: Any) -> None:
    with pytest.raises(Invalid):
        save(world, sitting, 1, value)

    assert stored(world, sitting) == ()


@pytest.mark.parametrize("seq", [0, -1, 2**31])
def test_a_sequence_number_out_of_range_is_refused(world: World, sitting: Sitting, seq: int) -> None:
    with pytest.raises(Invalid, match="seq_out_of_range"):
        save(world, sitting, seq, ["A"])


def test_a_superseded_lease_is_refused_and_a_client_alone_needs_none(world: World, sitting: Sitting) -> None:
    moved = services.take_over(sitting.id, by=world.actor("learner"), now=NOON)

    with pytest.raises(Conflict, match="moved"):
        save(world, sitting, 1, ["A"], lease=sitting.lease)
    save(world, sitting, 1, ["A"], lease=moved.lease)
    save(world, sitting, 2, ["B"])
    assert stored(world, sitting) == ("B",)


def test_at_the_deadline_it_counts_and_after_it_is_late_for_five_minutes(world: World, sitting: Sitting) -> None:
    assert not save(world, sitting, 1, ["A"], now=END).late
    late = save(world, sitting, 2, ["B"], now=END + timedelta(seconds=1))
    again = save(world, sitting, 2, ["B"], now=END + timedelta(minutes=4))

    assert late.late
    assert (again.receipt, again.late) == (late.receipt, True)
    assert late.time_left_s == 0
    assert stored(world, sitting) == ("A",)
    with pytest.raises(Conflict, match="attempt_closed"):
        save(world, sitting, 3, ["C"], now=END + timedelta(minutes=5, seconds=1))


def test_a_late_save_is_kept_after_the_clock_closed_but_not_after_the_person_did(world: World, sitting: Sitting) -> None:
    certification.submit_exam(sitting.id, by=worlds.SYSTEM, now=END + timedelta(minutes=2))
    assert save(world, sitting, 1, ["A"], now=END + timedelta(minutes=3)).late

    other = worlds.start(world, "other")
    certification.submit_exam(other.id, by=world.actor("other"), now=NOON)
    with pytest.raises(Conflict, match="attempt_closed"):
        services.record_answer(other.id, 1, 1, ["A"], by=world.actor("other"), now=NOON)


def test_strangers_and_unknown_places_are_not_found(world: World, sitting: Sitting) -> None:
    for name in ("other", "trainer", "hr", "admin"):
        with pytest.raises(NotFound):
            services.record_answer(sitting.id, 1, 1, ["A"], by=world.actor(name), now=NOON)
    for slot in (0, 11, 2**15, 2**31, 2**40, 2**64):
        with pytest.raises(NotFound):
            save(world, sitting, 1, ["A"], slot=slot)


@pytest.mark.parametrize("sent", ["\x0010.00", "\ud80010.00", "10.00"])
def test_the_clock_of_a_client_is_kept_as_far_as_a_database_takes_it(world: World, sitting: Sitting, sent: str) -> None:
    save(world, sitting, 1, ["A"], client_at=sent)

    assert db.session.scalars(select(Answer.client_at)).one() == "10.00"


def test_marks_are_a_replay_of_the_answers_in_time(world: World, sitting: Sitting) -> None:
    right = worlds.right_keys(sitting.id)
    for slot, keys in right.items():
        wrong = ["A"] if keys != ["A"] else ["B"]
        save(world, sitting, 1, wrong, slot=slot)
        save(world, sitting, 2, keys, slot=slot)
        save(world, sitting, 3, wrong, slot=slot, now=END + timedelta(seconds=30))

    done = certification.submit_exam(sitting.id, by=world.actor("learner"), now=END + timedelta(minutes=1))

    assert done.outcome.score_bp == 10_000


def test_no_two_papers_are_alike_but_one_seed_draws_one_paper(world: World, sitting: Sitting) -> None:
    from elearn.exams import bank, paper
    from elearn.exams.models.attempts import Attempt

    row = db.session.get_one(Attempt, sitting.id)
    version = bank.version(row.exam_version_id)
    drawn = paper.draw(version.spec, version.items.values(), row.seed)

    places = queries.slots_of(sitting.id)
    assert [(it.item_id, tuple(it.option_ids)) for it in places] == [(it.item_id, it.option_ids) for it in drawn]
    assert paper.draw(version.spec, reversed(list(version.items.values())), row.seed) == drawn
    assert paper.draw(version.spec, version.items.values(), "another") != drawn


def test_a_mark_of_doubt_is_stored_with_the_answer_and_shown_elsewhere(world: World, sitting: Sitting) -> None:
    save(world, sitting, 1, [], in_doubt=True)
    save(world, sitting, 2, ["B"])
    other = queries.sitting_of(world.actor("learner"), sitting.id, now=NOON).paper[0]
    save(world, sitting, 3, ["B"], in_doubt=False)
    save(world, sitting, 3, ["B"])

    assert (other.answer, other.in_doubt) == (("B",), True)
    assert not queries.sitting_of(world.actor("learner"), sitting.id, now=NOON).paper[0].in_doubt
    with pytest.raises(Conflict, match="stale_seq"):
        save(world, sitting, 3, ["B"], in_doubt=True)
    assert [it.in_doubt for it in db.session.scalars(select(Answer).order_by(Answer.seq))] == [True, True, False]
