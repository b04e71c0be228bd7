"""Enrolling is idempotent, asks for what comes first, and can be undone."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from elearn.courses import services
from elearn.courses.content import read_course
from elearn.courses.facts.content import CourseContent
from elearn.courses.facts.enrollments import EnrollmentStatus, Via
from elearn.courses.models.enrollments import Enrollment
from elearn.courses.models.progress import LessonCompletion
from elearn.courses.queries import enrollments, versions
from elearn.kernel.actor import Actor
from elearn.kernel.audit import AuditEntry
from elearn.kernel.db import db
from elearn.kernel.errors import Conflict, Forbidden, NotFound
from elearn.kernel.page import PageRequest
from tests.factories.courses import (
    NOON,
    RATES,
    course_document,
    enrolled,
    make_content,
    make_learner,
    published,
    write_course,
)


@pytest.fixture
def learner(session: Any) -> Actor:
    return make_learner()


def acts(session: Any) -> list[str]:
    return list(session.scalars(select(AuditEntry.act).where(AuditEntry.subject_type == "enrollment")))


def test_enrolling_again_gives_the_same_enrolment(session: Any, tmp_path: Path, learner: Actor) -> None:
    published(make_content(tmp_path))

    first, created = services.enroll("kursus-uji", by=learner, now=NOON)
    again, created_again = services.enroll("kursus-uji", by=learner, now=NOON)

    assert (created, created_again) == (True, False)
    assert first.id == again.id
    assert acts(session) == ["enrollment.open"]


def test_one_enrols_by_id_too(session: Any, tmp_path: Path, learner: Actor) -> None:
    course_id = published(make_content(tmp_path)).course_id

    enrollment, _created = services.enroll(course_id, by=learner, now=NOON)

    assert enrollment.course_id == course_id


def test_an_enrolment_keeps_its_version(session: Any, tmp_path: Path, learner: Actor) -> None:
    enrollment = enrolled(tmp_path / "1", learner)

    published(make_content(tmp_path / "2", title="Judul baru"))

    assert enrollments.enrollment_view(learner, enrollment.id).title == "Kursus uji"
    assert enrollments.enrollment_view(make_enrolled(learner), enrollment.id).facts.version_number == 1


def make_enrolled(learner: Actor) -> Actor:
    """The same learner after enrolling again, which changes nothing."""
    services.enroll("kursus-uji", by=learner, now=NOON)
    return learner


def test_a_course_that_comes_first_is_asked_for(session: Any, tmp_path: Path, learner: Actor) -> None:
    published(make_content(tmp_path / "1"))
    published(make_content(tmp_path / "2", slug="lanjutan", code="UJI-02", prerequisites=["kursus-uji"]))

    with pytest.raises(Conflict, match="prerequisite_missing") as refusal:
        services.enroll("lanjutan", by=learner, now=NOON)

    assert refusal.value.details == {"courses": ["kursus-uji"]}


def test_a_completed_course_opens_what_follows(session: Any, tmp_path: Path, learner: Actor) -> None:
    enrolled(tmp_path / "1", learner).complete(now=NOON)
    published(make_content(tmp_path / "2", slug="lanjutan", code="UJI-02", prerequisites=["kursus-uji"]))

    _enrollment, created = services.enroll("lanjutan", by=learner, now=NOON)

    assert created


def test_an_unknown_course_is_not_found(session: Any, learner: Actor) -> None:
    with pytest.raises(NotFound, match="course_not_found"):
        services.enroll("tidak-ada", by=learner, now=NOON)


def test_nobody_in_particular_enrols(session: Any, tmp_path: Path) -> None:
    published(make_content(tmp_path))

    with pytest.raises(Forbidden, match="may_enroll"):
        services.enroll("kursus-uji", by=Actor.anonymous(), now=NOON)


def test_a_withdrawal_is_undone_with_all_progress(session: Any, tmp_path: Path, learner: Actor) -> None:
    enrollment = enrolled(tmp_path, learner)

    services.withdraw(enrollment.id, by=learner, now=NOON)
    assert enrollments.enrollment_view(learner, enrollment.id).status is EnrollmentStatus.WITHDRAWN
    services.reinstate(enrollment.id, by=learner, now=NOON)

    assert enrollments.enrollment_view(learner, enrollment.id).status is EnrollmentStatus.ACTIVE
    assert acts(session) == ["enrollment.open", "enrollment.withdraw", "enrollment.reinstate"]


def test_enrolling_after_a_withdrawal_takes_the_old_one_up(session: Any, tmp_path: Path, learner: Actor) -> None:
    enrollment = enrolled(tmp_path, learner)
    services.withdraw(enrollment.id, by=learner, now=NOON)

    again, created = services.enroll("kursus-uji", by=learner, now=NOON)

    assert (again.id, created) == (enrollment.id, False)
    assert session.scalar(select(func.count()).select_from(Enrollment)) == 1


def test_after_a_withdrawal_a_newer_version_is_a_new_enrolment(session: Any, tmp_path: Path, learner: Actor) -> None:
    old = enrolled(tmp_path / "1", learner)
    services.withdraw(old.id, by=learner, now=NOON)
    published(make_content(tmp_path / "2", title="Judul baru"))

    new, created = services.enroll("kursus-uji", by=learner, now=NOON)

    assert created
    assert new.id != old.id
    with pytest.raises(Conflict, match="already_enrolled"):
        services.reinstate(old.id, by=learner, now=NOON)


def complete(enrollment: Enrollment, *lessons: str) -> None:
    for lesson in lessons:
        db.session.add(LessonCompletion.of(enrollment.id, lesson, Via.API, now=NOON - timedelta(days=1)))
    db.session.flush()


def with_new_text(root: Path) -> CourseContent:
    """The course with another text in its second lesson."""
    folder = write_course(root)
    lesson = folder / "lessons" / "m1-l2.md"
    lesson.write_text(lesson.read_text(encoding="utf-8").replace("## Kedua", "## Kedua, baru"), encoding="utf-8")
    return read_course(folder, RATES)


def test_what_was_completed_counts_in_a_newer_version_where_the_lesson_is_the_same(
    session: Any, tmp_path: Path, learner: Actor
) -> None:
    old = enrolled(tmp_path / "1", learner)
    complete(old, "m1-l1", "m1-l2")
    services.withdraw(old.id, by=learner, now=NOON)
    published(with_new_text(tmp_path / "2"))

    new, created = services.enroll("kursus-uji", by=learner, now=NOON + timedelta(minutes=1))

    first, second = enrollments.enrollment_view(learner, new.id).lessons
    assert created
    assert (first.completed, first.completed_at, first.changed) == (True, NOON - timedelta(days=1), False)
    assert (second.completed, second.changed) == (False, True)
    assert new.completed_at is None
    learning = enrollments.learning_of(new.employee_id, new.course_id)
    assert learning is not None
    assert learning.began_at == NOON - timedelta(days=1)


def test_a_newer_version_with_the_same_lessons_is_completed_at_once(session: Any, tmp_path: Path, learner: Actor) -> None:
    old = enrolled(tmp_path / "1", learner)
    complete(old, "m1-l1", "m1-l2")
    services.withdraw(old.id, by=learner, now=NOON)
    published(make_content(tmp_path / "2", title="Judul baru"))

    new, _created = services.enroll("kursus-uji", by=learner, now=NOON + timedelta(minutes=1))

    assert new.completed_at == NOON + timedelta(minutes=1)
    assert not any(it.changed for it in enrollments.enrollment_view(learner, new.id).lessons)


def test_nobody_profits_from_what_another_completed(session: Any, tmp_path: Path, learner: Actor) -> None:
    complete(enrolled(tmp_path / "1", make_learner()), "m1-l1")
    published(make_content(tmp_path / "2", title="Judul baru"))

    new, _created = services.enroll("kursus-uji", by=learner, now=NOON)

    assert enrollments.enrollment_view(learner, new.id).progress.completed == 0


def test_a_completed_course_is_not_withdrawn_from(session: Any, tmp_path: Path, learner: Actor) -> None:
    enrollment = enrolled(tmp_path, learner)
    enrollment.complete(now=NOON)

    with pytest.raises(Conflict, match="enrollment_completed"):
        services.withdraw(enrollment.id, by=learner, now=NOON)


def test_someone_elses_enrolment_is_not_found_and_not_touched(session: Any, tmp_path: Path, learner: Actor) -> None:
    enrollment = enrolled(tmp_path, learner)
    stranger = make_learner()

    with pytest.raises(NotFound, match="enrollment_not_found"):
        enrollments.enrollment_view(stranger, enrollment.id)
    with pytest.raises(NotFound, match="enrollment_not_found"):
        services.withdraw(enrollment.id, by=stranger, now=NOON)


def test_ones_own_enrolments_are_listed(session: Any, tmp_path: Path, learner: Actor) -> None:
    enrolled(tmp_path, learner)

    assert [it.course for it in enrollments.enrollments_of(learner, PageRequest()).items] == ["kursus-uji"]
    assert enrollments.enrollments_of(make_learner(), PageRequest()).total == 0


def test_the_exam_waits_for_the_lessons(session: Any, tmp_path: Path, learner: Actor) -> None:
    enrollment = enrolled(tmp_path, learner)

    conditions = {it.code: it for it in enrollments.enrollment_view(learner, enrollment.id).conditions}

    assert conditions["enrollment_withdrawn"].met
    assert not conditions["lessons_incomplete"].met
    assert conditions["lessons_incomplete"].values["missing"] == ["m1-l1", "m1-l2"]
    assert course_document()["exam"]["minutes"] == versions.version_facts(enrollment.version_id).exam.minutes
