"""What a trainer may read of results: handed-in attempts of own exams alone, and keys only for those who may know."""

from typing import Any
from uuid import UUID

import pytest

from elearn.exams import policies, queries, results
from elearn.exams import services as exams
from elearn.kernel.actor import Actor, Grant, Role
from elearn.kernel.errors import NotFound
from elearn.kernel.ids import new_id
from elearn.kernel.page import PageRequest
from elearn.workflows import certification
from tests.factories import world as worlds
from tests.factories.courses import NOON
from tests.factories.world import World

ON = NOON.date()


def acting(role: Role, **scope: Any) -> Actor:
    return Actor(new_id(), frozenset({Grant(role, **scope)}), via="session")


EVERYWHERE = acting(Role.TRAINER)


def hand_in(world: World, name: str, *, blank: int = 0) -> UUID:
    """Everything right but for the first places, which stay blank."""
    sitting = worlds.start(world, name)
    for slot, keys in worlds.right_keys(sitting.id).items():
        if slot > blank:
            exams.record_answer(sitting.id, slot, 1, keys, by=world.actor(name), now=NOON)
    certification.submit_exam(sitting.id, by=world.actor(name), now=NOON)
    return sitting.id


def test_there_is_nothing_to_see_before_anything_is_handed_in(world: World) -> None:
    worlds.start(world, "other")
    exam = results.exam_read_by(EVERYWHERE, world.exam_id)

    assert results.items_answered(EVERYWHERE, exam, on=ON) == ()
    assert results.summaries(EVERYWHERE, [exam], on=ON)[exam.id].mean_bp is None
    assert results.attempts_handed_in(EVERYWHERE, exam, PageRequest(), by_score=False, on=ON).total == 0
    assert results.spread_of_scores(EVERYWHERE, exam, on=ON) == ()


def test_items_count_the_handed_in_papers_that_held_them(world: World) -> None:
    first, _second = hand_in(world, "learner", blank=2), hand_in(world, "other")
    worlds.start(world, "signer")
    exam = results.exam_read_by(EVERYWHERE, world.exam_id)

    assert sum(it.count for it in results.spread_of_scores(EVERYWHERE, exam, on=ON)) == 2
    lines = {it.item.id: it.statistics for it in results.items_answered(EVERYWHERE, exam, on=ON)}

    assert sum(it.n for it in lines.values()) == 20
    assert sum(it.omitted for it in lines.values()) == 2
    left_blank = [it.item_id for it in queries.slots_of(first)[:2]]
    assert all(lines[it].facility == 1 - 1 / lines[it].n for it in left_blank)
    assert all(sum(one.count for one in it.options) + it.omitted == it.n for it in lines.values())
    summary = results.summaries(EVERYWHERE, [exam], on=ON)[exam.id]
    assert (summary.handed_in, summary.passed, summary.mean_bp) == (2, 2, 9000)
    best = results.attempts_handed_in(EVERYWHERE, exam, PageRequest(page_size=1), by_score=True, on=ON)
    assert (best.total, best.items[0].score_bp) == (2, 10_000)


def test_a_trainer_reads_the_results_of_own_exams_alone(world: World) -> None:
    own = acting(Role.TRAINER, course_id=world.course_id)
    officer = acting(Role.EXAM_OFFICER, exam_id=world.exam_id)
    others = [
        acting(Role.TRAINER, course_id=new_id()),
        acting(Role.EXAM_OFFICER, exam_id=new_id()),
        acting(Role.HR_OFFICER),
        acting(Role.LEARNER),
    ]

    for actor in (own, officer, EVERYWHERE):
        assert [it.id for it in results.exams_read_by(actor)] == [world.exam_id]
    for actor in others:
        assert results.exams_read_by(actor) == []
        with pytest.raises(NotFound):
            results.exam_read_by(actor, world.exam_id)


def test_a_role_over_a_unit_counts_its_people_alone(world: World) -> None:
    from elearn.people import queries as people

    hand_in(world, "learner")
    path = people.unit(world.units["a"]).path
    inside, outside = acting(Role.TRAINER, unit_path=path), acting(Role.TRAINER, unit_path="/nowhere/")
    exam = results.exam_read_by(inside, world.exam_id)

    assert results.summaries(inside, [exam], on=ON)[exam.id].handed_in == 1
    assert results.summaries(outside, [exam], on=ON)[exam.id].handed_in == 0
    assert results.items_answered(outside, exam, on=ON) == ()


def test_only_those_who_write_and_review_items_see_which_option_is_right(world: World) -> None:
    exam = results.exam_read_by(EVERYWHERE, world.exam_id)
    seeing = {role for role in Role if policies.may_see_keys(acting(role), exam)}

    assert seeing == {Role.TRAINER, Role.ITEM_REVIEWER}
    assert not policies.may_see_keys(acting(Role.TRAINER, course_id=new_id()), exam)
