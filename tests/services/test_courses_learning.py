"""A lesson is completed by evidence, never by clicking, and stays completed."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from elearn.courses import lessons, services
from elearn.courses.facts.enrollments import EnrollmentStatus, Via
from elearn.courses.models.enrollments import Enrollment
from elearn.courses.models.progress import CheckTry, LessonRead, TaskSubmission
from elearn.courses.queries import enrollments
from elearn.courses.shown import CompletionOutcome, LessonEvidence
from elearn.kernel.actor import Actor
from elearn.kernel.audit import AuditEntry
from elearn.kernel.errors import Conflict, Invalid, NotFound
from tests.factories.courses import NOON, enrolled, make_learner, right_answers, wrong_answers

READ, ASKED = "m1-l1", "m1-l2"
TEXT = "satu dua tiga empat lima"


@pytest.fixture
def learner(session: Any) -> Actor:
    return make_learner()


@pytest.fixture
def enrollment(tmp_path: Path, learner: Actor) -> Enrollment:
    return enrolled(tmp_path, learner)


def by_api(
    enrollment: Enrollment, learner: Actor, lesson: str, *, fetched: bool = True, **evidence: Any
) -> CompletionOutcome:
    if fetched:
        services.fetch_lesson(enrollment.id, lesson, by=learner, now=NOON)
    return services.complete_lesson(enrollment.id, lesson, LessonEvidence(Via.API, **evidence), by=learner, now=NOON)


def right(enrollment: Enrollment) -> dict[str, list[str]]:
    return right_answers(lessons.lesson_in(enrollment, ASKED), enrollment)


def wrong(enrollment: Enrollment) -> dict[str, list[str]]:
    return wrong_answers(lessons.lesson_in(enrollment, ASKED), enrollment)


def in_browser(
    enrollment: Enrollment, learner: Actor, lesson: str, *, minutes: float, proved: bool = True, **evidence: Any
) -> CompletionOutcome:
    proof = LessonEvidence(Via.BROWSER, opened_at=NOON if proved else None, **evidence)
    now = NOON + timedelta(minutes=minutes)
    return services.complete_lesson(enrollment.id, lesson, proof, by=learner, now=now)


def test_through_the_api_having_fetched_is_having_read(enrollment: Enrollment, learner: Actor) -> None:
    outcome = by_api(enrollment, learner, READ)

    assert outcome == CompletionOutcome(completed=True, missing=(), check=None)


def test_through_the_api_a_lesson_that_was_not_fetched_is_not_read(enrollment: Enrollment, learner: Actor) -> None:
    never = by_api(enrollment, learner, READ, fetched=False)
    services.record_opening(enrollment.id, READ, by=learner, now=NOON)
    opened_elsewhere = by_api(enrollment, learner, READ, fetched=False)

    assert (never.missing, opened_elsewhere.missing) == (("read",), ("read",))
    assert by_api(enrollment, learner, READ).completed


def test_who_stepped_back_may_look_but_has_not_read(session: Any, enrollment: Enrollment, learner: Actor) -> None:
    services.withdraw(enrollment.id, by=learner, now=NOON)

    services.fetch_lesson(enrollment.id, READ, by=learner, now=NOON)

    assert session.get(LessonRead, (enrollment.id, READ)) is None


def test_the_first_fetch_counts_and_keeps_the_place(session: Any, enrollment: Enrollment, learner: Actor) -> None:
    services.keep_place(enrollment.id, READ, 7, by=learner, now=NOON)
    for minutes in (1, 2):
        services.fetch_lesson(enrollment.id, READ, by=learner, now=NOON + timedelta(minutes=minutes))

    read = session.get(LessonRead, (enrollment.id, READ))
    assert (read.first_opened_at, read.read_at, read.place) == (NOON, NOON + timedelta(minutes=1), 7)


def test_a_lesson_without_check_and_task_takes_a_quarter_of_its_reading_time(enrollment: Enrollment, learner: Actor) -> None:
    early = in_browser(enrollment, learner, READ, minutes=1)
    later = in_browser(enrollment, learner, READ, minutes=3)

    assert early.missing == ("dwell",)
    assert later.completed


def test_without_proof_of_opening_a_lesson_is_not_read(enrollment: Enrollment, learner: Actor) -> None:
    assert in_browser(enrollment, learner, READ, minutes=60, proved=False).missing == ("read",)


def test_an_opening_that_was_recorded_is_proof(enrollment: Enrollment, learner: Actor) -> None:
    services.record_opening(enrollment.id, READ, by=learner, now=NOON)

    assert in_browser(enrollment, learner, READ, minutes=60, proved=False).completed


def test_the_first_opening_counts(session: Any, enrollment: Enrollment, learner: Actor) -> None:
    for minutes in (0, 30):
        services.record_opening(enrollment.id, READ, by=learner, now=NOON + timedelta(minutes=minutes))

    assert session.get(LessonRead, (enrollment.id, READ)).first_opened_at == NOON


def test_clicking_alone_completes_nothing(enrollment: Enrollment, learner: Actor) -> None:
    outcome = in_browser(enrollment, learner, ASKED, minutes=60)

    assert outcome.missing == ("check", "task")
    assert not outcome.completed


def test_a_passed_check_and_a_text_complete_a_lesson(enrollment: Enrollment, learner: Actor) -> None:
    outcome = in_browser(enrollment, learner, ASKED, minutes=1, answers=right(enrollment), task=TEXT)

    assert outcome.completed
    assert outcome.check is not None
    assert outcome.check.score_bp == 10_000


def test_every_try_is_stored_also_a_failed_one(session: Any, enrollment: Enrollment, learner: Actor) -> None:
    by_api(enrollment, learner, ASKED, answers=wrong(enrollment))
    by_api(enrollment, learner, ASKED, answers=right(enrollment))

    tries = session.scalars(select(CheckTry).order_by(CheckTry.number)).all()
    assert [(it.number, it.passed) for it in tries] == [(1, False), (2, True)]
    assert tries[0].answers == {"c-1": ["d"], "c-2": ["d"], "c-3": ["d"]}
    assert tries[0].score_bp == 1333


def test_a_failed_try_says_what_is_missing_and_explains(enrollment: Enrollment, learner: Actor) -> None:
    outcome = by_api(enrollment, learner, ASKED, answers=wrong(enrollment), task="dua kata")

    assert outcome.missing == ("check_not_passed", "task_too_short")
    assert outcome.check is not None
    assert outcome.check.items[0].options[0].rationale == "Alasan d untuk c-1"
    assert outcome.check.items[0].correct_keys == ()


def test_evidence_may_come_one_by_one(enrollment: Enrollment, learner: Actor) -> None:
    first = by_api(enrollment, learner, ASKED, answers=right(enrollment))
    second = by_api(enrollment, learner, ASKED, task=TEXT)

    assert first.missing == ("task",)
    assert second.completed


def test_the_same_text_is_stored_once(session: Any, enrollment: Enrollment, learner: Actor) -> None:
    for text in (TEXT, TEXT, TEXT + " enam"):
        by_api(enrollment, learner, ASKED, task=text)

    found = session.scalars(select(TaskSubmission).order_by(TaskSubmission.number)).all()
    assert [(it.number, it.words) for it in found] == [(1, 5), (2, 6)]


def test_a_completed_lesson_never_becomes_incomplete(enrollment: Enrollment, learner: Actor) -> None:
    by_api(enrollment, learner, ASKED, answers=right(enrollment), task=TEXT)

    outcome = by_api(enrollment, learner, ASKED, answers=wrong(enrollment), task="")

    assert outcome.completed
    assert outcome.check is not None
    assert not outcome.check.passed
    assert lessons.lesson_view(learner, enrollment.id, ASKED).completed


def test_the_last_lesson_completes_the_course_and_its_conditions(enrollment: Enrollment, learner: Actor) -> None:
    by_api(enrollment, learner, ASKED, answers=right(enrollment), task=TEXT)
    assert not all(it.met for it in enrollments.enrollment_view(learner, enrollment.id).conditions)
    by_api(enrollment, learner, READ)

    view = enrollments.enrollment_view(learner, enrollment.id)
    assert view.status is EnrollmentStatus.COMPLETED
    assert view.completed_at == NOON
    assert view.next_lesson_id is None
    assert all(it.met for it in view.conditions)
    assert view.progress.completed == view.progress.total == 2


def test_one_continues_at_the_first_lesson_that_is_not_completed(enrollment: Enrollment, learner: Actor) -> None:
    assert enrollments.enrollment_view(learner, enrollment.id).next_lesson_id == READ
    by_api(enrollment, learner, READ)
    assert enrollments.enrollment_view(learner, enrollment.id).next_lesson_id == ASKED


def test_the_place_is_kept_for_another_device(enrollment: Enrollment, learner: Actor) -> None:
    services.keep_place(enrollment.id, READ, 7, by=learner, now=NOON)

    assert lessons.lesson_view(learner, enrollment.id, READ).place == 7
    assert enrollments.enrollment_view(learner, enrollment.id).lessons[0].place == 7


@pytest.mark.parametrize("place", [-1, 100_000])
def test_a_place_that_is_no_block_is_refused(enrollment: Enrollment, learner: Actor, place: int) -> None:
    with pytest.raises(Invalid, match="place_out_of_range"):
        services.keep_place(enrollment.id, READ, place, by=learner, now=NOON)


def test_answers_that_the_check_does_not_have_are_refused(enrollment: Enrollment, learner: Actor) -> None:
    for lesson, answers, code in (
        (ASKED, {"9": ["A"]}, "unknown_slot"),
        (ASKED, {"1": ["X"]}, "unknown_key"),
        (READ, {"1": ["A"]}, "no_check"),
    ):
        with pytest.raises(Invalid, match=code):
            by_api(enrollment, learner, lesson, answers=answers)


def test_nobody_learns_in_someone_elses_name(enrollment: Enrollment) -> None:
    with pytest.raises(NotFound, match="enrollment_not_found"):
        by_api(enrollment, make_learner(), READ)


def test_a_withdrawn_enrolment_learns_nothing_more(enrollment: Enrollment, learner: Actor) -> None:
    services.withdraw(enrollment.id, by=learner, now=NOON)

    with pytest.raises(Conflict, match="enrollment_withdrawn"):
        by_api(enrollment, learner, READ)


def test_a_lesson_of_another_course_is_not_found(enrollment: Enrollment, learner: Actor) -> None:
    with pytest.raises(NotFound, match="lesson_not_found"):
        by_api(enrollment, learner, "m9-l9")


def test_a_lesson_is_shown_without_its_key(enrollment: Enrollment, learner: Actor) -> None:
    view = lessons.lesson_view(learner, enrollment.id, ASKED)

    assert "Alasan" not in repr(view)
    assert view.last_try is None
    assert [it.slot for it in view.check_items] == [1, 2, 3]


def test_the_page_shows_the_try_that_passed(enrollment: Enrollment, learner: Actor) -> None:
    by_api(enrollment, learner, ASKED, answers=right(enrollment))
    by_api(enrollment, learner, ASKED, answers=wrong(enrollment))

    last = lessons.lesson_view(learner, enrollment.id, ASKED).last_try

    assert last is not None
    assert (last.number, last.passed) == (1, True)


def test_each_hand_in_is_audited_once(session: Any, enrollment: Enrollment, learner: Actor) -> None:
    by_api(enrollment, learner, ASKED, answers=wrong(enrollment))

    assert session.scalars(select(AuditEntry.act).where(AuditEntry.act.like("lesson.%"))).all() == ["lesson.complete"]


def test_learning_goes_on_at_the_lesson_last_seen_until_it_is_completed(enrollment: Enrollment, learner: Actor) -> None:
    def resume() -> tuple[str, int] | None:
        found = enrollments.enrollment_view(learner, enrollment.id).resume
        return (found.lesson_id, found.place) if found else None

    assert resume() == (READ, 0)
    services.keep_place(enrollment.id, ASKED, 5, by=learner, now=NOON)
    assert resume() == (ASKED, 5)
    services.keep_place(enrollment.id, READ, 9, by=learner, now=NOON + timedelta(minutes=1))
    assert resume() == (READ, 9)
    assert in_browser(enrollment, learner, READ, minutes=60).completed
    assert resume() == (ASKED, 5)
