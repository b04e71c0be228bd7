"""The SELECTs of one lesson of an enrolment: material, reading, tries, texts; enrolments are in queries/."""

from collections.abc import Collection, Iterable
from uuid import UUID

from sqlalchemy import func, select

from elearn.courses import marking
from elearn.courses.facts.content import LessonContent
from elearn.courses.facts.versions import ModuleFacts
from elearn.courses.models.enrollments import Enrollment
from elearn.courses.models.progress import CheckTry, LessonCompletion, LessonRead, TaskSubmission
from elearn.courses.queries.enrollments import enrollment_of
from elearn.courses.queries.versions import pinned
from elearn.courses.shown import CheckResult, LessonView, OutlineLesson, OutlineModule, ShownPicture
from elearn.kernel import storage
from elearn.kernel.actor import Actor
from elearn.kernel.db import db
from elearn.kernel.errors import NotFound


def lesson_in(enrollment: Enrollment, lesson_id: str) -> LessonContent:
    """A lesson of the enrolment's version; raises NotFound."""
    for lesson in pinned(enrollment.version_id).content.lessons:
        if lesson.id == lesson_id:
            return lesson
    raise NotFound("lesson_not_found")


def lesson_read(enrollment_id: UUID, lesson_id: str) -> LessonRead | None:
    """What is known of the reading of a lesson."""
    return db.session.get(LessonRead, (enrollment_id, lesson_id))


def lesson_completion(enrollment_id: UUID, lesson_id: str) -> LessonCompletion | None:
    """The completion of a lesson."""
    return db.session.get(LessonCompletion, (enrollment_id, lesson_id))


def completed_lesson_ids(enrollment_id: UUID) -> frozenset[str]:
    """The lessons that are completed."""
    query = select(LessonCompletion.lesson_id).where(LessonCompletion.enrollment_id == enrollment_id)
    return frozenset(db.session.scalars(query))


def last_try_number(enrollment_id: UUID, lesson_id: str) -> int:
    """The number of the last try of a check, 0 before the first."""
    query = select(func.max(CheckTry.number)).where(CheckTry.enrollment_id == enrollment_id, CheckTry.lesson_id == lesson_id)
    return db.session.scalar(query) or 0


def telling_try(enrollment_id: UUID, lesson_id: str) -> CheckTry | None:
    """The last try that passed, else the last one."""
    query = (
        select(CheckTry)
        .where(CheckTry.enrollment_id == enrollment_id, CheckTry.lesson_id == lesson_id)
        .order_by(CheckTry.passed.desc(), CheckTry.number.desc())
        .limit(1)
    )
    return db.session.scalar(query)


def last_submission(enrollment_id: UUID, lesson_id: str) -> TaskSubmission | None:
    """The text that was handed in last for a lesson's task."""
    query = (
        select(TaskSubmission)
        .where(TaskSubmission.enrollment_id == enrollment_id, TaskSubmission.lesson_id == lesson_id)
        .order_by(TaskSubmission.number.desc())
        .limit(1)
    )
    return db.session.scalar(query)


def lesson_view(actor: Actor, enrollment_id: UUID, lesson_id: str) -> LessonView:
    """One lesson of the actor's own enrolment, without the key of its check; raises NotFound."""
    enrollment = enrollment_of(actor, enrollment_id)
    lesson = lesson_in(enrollment, lesson_id)
    version = pinned(enrollment.version_id)
    order = [it.id for it in version.content.lessons]
    at = order.index(lesson_id)
    module = next(it for it in version.content.modules if lesson in it.lessons)
    read = lesson_read(enrollment_id, lesson_id)
    completion = lesson_completion(enrollment_id, lesson_id)
    handed_in = last_submission(enrollment_id, lesson_id) if lesson.task else None
    check = lesson.check
    return LessonView(
        enrollment_id=enrollment_id,
        course=version.facts.slug,
        course_title=version.facts.title,
        module_title=module.title,
        id=lesson.id,
        title=lesson.title,
        html=lesson.html,
        minutes=lesson.minutes_count,
        reading_seconds=lesson.reading_seconds,
        check_pass_bp=check.pass_bp if check else None,
        check_items=marking.shown(marking.slots_of(check, enrollment_id)) if check else (),
        task=lesson.task,
        task_text=handed_in.text if handed_in else "",
        completed=completion is not None,
        completed_at=completion.completed_at if completion else None,
        place=read.place if read else 0,
        last_try=_result(enrollment_id, lesson),
        outline=_outline(version.facts.modules, completed_lesson_ids(enrollment_id)),
        previous_lesson_id=order[at - 1] if at else None,
        next_lesson_id=order[at + 1] if at + 1 < len(order) else None,
    )


def _outline(modules: Iterable[ModuleFacts], done: Collection[str]) -> tuple[OutlineModule, ...]:
    return tuple(
        OutlineModule(it.title, tuple(OutlineLesson(one.id, one.title, one.minutes, one.id in done) for one in it.lessons))
        for it in modules
    )


def picture_of(actor: Actor, enrollment_id: UUID, name: str) -> ShownPicture:
    """A picture of the version of the actor's own enrolment; raises NotFound. Names are looked up, never paths."""
    enrollment = enrollment_of(actor, enrollment_id)
    for picture in pinned(enrollment.version_id).content.media:
        if picture.name == name:
            return ShownPicture(picture.name, picture.type, picture.sha256, storage.get(picture.sha256))
    raise NotFound("picture_not_found")


def _result(enrollment_id: UUID, lesson: LessonContent) -> CheckResult | None:
    tried = telling_try(enrollment_id, lesson.id) if lesson.check else None
    if tried is None or lesson.check is None:
        return None
    slots = marking.slots_of(lesson.check, enrollment_id)
    return marking.explained(lesson.check, slots, tried.answers, number=tried.number, score_bp=tried.score_bp)
