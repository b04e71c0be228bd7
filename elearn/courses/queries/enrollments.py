"""The SELECTs of enrolments and of how far each has come; who may see a person was asked before."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from elearn.courses.facts.enrollments import (
    CourseProgress,
    EnrollmentView,
    ExamCondition,
    LessonProgress,
    ResumePoint,
)
from elearn.courses.models.catalogue import Course
from elearn.courses.models.enrollments import Enrollment
from elearn.courses.models.progress import LessonCompletion, LessonRead
from elearn.courses.queries import versions
from elearn.kernel.actor import Actor
from elearn.kernel.db import db
from elearn.kernel.errors import NotFound
from elearn.kernel.page import Page, PageRequest, paginate

LESSONS_INCOMPLETE = "lessons_incomplete"


def own_enrollment_for_update(actor: Actor, enrollment_id: UUID) -> Enrollment:
    """The actor's own enrolment, locked until the transaction ends; someone else's is simply not found."""
    own = (Enrollment.id == enrollment_id, Enrollment.employee_id == actor.employee_id)
    query = select(Enrollment).where(*own).with_for_update()
    enrollment = db.session.scalar(query.execution_options(populate_existing=True))
    if enrollment is None:
        raise NotFound("enrollment_not_found")
    return enrollment


def active_enrollment(employee_id: UUID, course_id: UUID) -> Enrollment | None:
    """The one enrolment of an employee in a course that is not withdrawn."""
    query = select(Enrollment).where(
        Enrollment.employee_id == employee_id,
        Enrollment.course_id == course_id,
        Enrollment.withdrawn_at.is_(None),
    )
    return db.session.scalar(query)


def unmet_conditions(employee_id: UUID, course_id: UUID) -> tuple[str, ...] | None:
    """What still keeps an employee from the exam of a course, as codes; None where there is no active enrolment."""
    query = (
        select(Enrollment.version_id, LessonCompletion.lesson_id)
        .outerjoin(LessonCompletion, LessonCompletion.enrollment_id == Enrollment.id)
        .where(Enrollment.employee_id == employee_id, Enrollment.course_id == course_id)
        .where(Enrollment.withdrawn_at.is_(None))
    )
    rows = db.session.execute(query).all()
    if not rows:
        return None
    completed = {lesson_id for _version_id, lesson_id in rows}
    facts = versions.version_facts(rows[0][0])
    whole = all(lesson.id in completed for module in facts.modules for lesson in module.lessons)
    return () if whole else (LESSONS_INCOMPLETE,)


def withdrawn_enrollment(employee_id: UUID, version_id: UUID) -> Enrollment | None:
    """The last enrolment of an employee in a version from which the employee stepped back."""
    query = (
        select(Enrollment)
        .where(Enrollment.employee_id == employee_id, Enrollment.version_id == version_id)
        .where(Enrollment.withdrawn_at.is_not(None))
        .order_by(Enrollment.enrolled_at.desc())
        .limit(1)
    )
    return db.session.scalar(query)


def completions_beside(enrollment: Enrollment) -> list[tuple[UUID, LessonCompletion]]:
    """What the same employee completed in other enrolments in the course, each with its version, the oldest first."""
    query = (
        select(Enrollment.version_id, LessonCompletion)
        .join(LessonCompletion, LessonCompletion.enrollment_id == Enrollment.id)
        .where(Enrollment.employee_id == enrollment.employee_id, Enrollment.course_id == enrollment.course_id)
        .where(Enrollment.id != enrollment.id)
        .order_by(LessonCompletion.completed_at)
    )
    return [(version_id, completion) for version_id, completion in db.session.execute(query)]


@dataclass(frozen=True, slots=True)
class Learning:
    """What an active enrolment stands for: the version that is learned, and when that learning began."""

    version_id: UUID
    began_at: datetime


def learning_of(employee_id: UUID, course_id: UUID) -> Learning | None:
    """What an employee learns in a course now; what was carried over into the enrolment was learned before it."""
    query = (
        select(Enrollment.version_id, Enrollment.enrolled_at, func.min(LessonCompletion.completed_at))
        .outerjoin(LessonCompletion, LessonCompletion.enrollment_id == Enrollment.id)
        .where(Enrollment.employee_id == employee_id, Enrollment.course_id == course_id)
        .where(Enrollment.withdrawn_at.is_(None))
        .group_by(Enrollment.id)
    )
    row = db.session.execute(query).one_or_none()
    return Learning(row[0], min(row[1], row[2] or row[1])) if row else None


def courses_completed(employee_id: UUID, slugs: Iterable[str]) -> frozenset[str]:
    """Those of the courses whose every lesson the employee has completed."""
    query = (
        select(Course.slug)
        .join(Enrollment, Enrollment.course_id == Course.id)
        .where(Enrollment.employee_id == employee_id, Course.slug.in_(list(slugs)))
        .where(Enrollment.completed_at.is_not(None))
    )
    return frozenset(db.session.scalars(query))


def enrollment_of(actor: Actor, enrollment_id: UUID) -> Enrollment:
    """The actor's own enrolment; someone else's is simply not found."""
    query = select(Enrollment).where(Enrollment.id == enrollment_id, Enrollment.employee_id == actor.employee_id)
    enrollment = db.session.scalar(query)
    if enrollment is None:
        raise NotFound("enrollment_not_found")
    return enrollment


def enrollment_view(actor: Actor, enrollment_id: UUID) -> EnrollmentView:
    """The actor's own enrolment with lessons, progress and the conditions of its exam; raises NotFound."""
    return _views([enrollment_of(actor, enrollment_id)])[0]


def enrollments_of(actor: Actor, wanted: PageRequest) -> Page[EnrollmentView]:
    """The actor's own enrolments, the latest first."""
    return enrollments_by(actor.employee_id, wanted)


def enrollments_by(employee_id: UUID | None, wanted: PageRequest) -> Page[EnrollmentView]:
    """The enrolments of a person, the latest first; who may see that person was asked before."""
    query = (
        select(Enrollment)
        .where(Enrollment.employee_id == employee_id)
        .order_by(Enrollment.enrolled_at.desc(), Enrollment.id.desc())
    )
    page: Page[Enrollment] = paginate(query, wanted)
    return Page(tuple(_views(page.items)), page.total, page.page, page.page_size)


def _views(enrollments: Sequence[Enrollment]) -> list[EnrollmentView]:
    ids = [it.id for it in enrollments]
    completions: defaultdict[UUID, dict[str, LessonCompletion]] = defaultdict(dict)
    for completion in db.session.scalars(select(LessonCompletion).where(LessonCompletion.enrollment_id.in_(ids))):
        completions[completion.enrollment_id][completion.lesson_id] = completion
    reads: defaultdict[UUID, dict[str, LessonRead]] = defaultdict(dict)
    for read in db.session.scalars(select(LessonRead).where(LessonRead.enrollment_id.in_(ids))):
        reads[read.enrollment_id][read.lesson_id] = read
    before = _completed_before(enrollments)
    return [_view(it, completions[it.id], reads[it.id], before[it.id]) for it in enrollments]


def _completed_before(enrollments: Sequence[Enrollment]) -> defaultdict[UUID, set[str]]:
    """By enrolment, the lessons that its employee completed in an earlier enrolment in the same course."""
    here, earlier = aliased(Enrollment), aliased(Enrollment)
    query = (
        select(here.id, LessonCompletion.lesson_id)
        .join(earlier, and_(earlier.employee_id == here.employee_id, earlier.course_id == here.course_id))
        .join(LessonCompletion, LessonCompletion.enrollment_id == earlier.id)
        .where(here.id.in_([it.id for it in enrollments]), earlier.enrolled_at < here.enrolled_at)
    )
    found: defaultdict[UUID, set[str]] = defaultdict(set)
    for enrollment_id, lesson_id in db.session.execute(query):
        found[enrollment_id].add(lesson_id)
    return found


def _view(
    enrollment: Enrollment,
    completions: Mapping[str, LessonCompletion],
    reads: Mapping[str, LessonRead],
    before: Collection[str],
) -> EnrollmentView:
    facts = versions.version_facts(enrollment.version_id)
    lessons = tuple(
        LessonProgress(
            id=lesson.id,
            title=lesson.title,
            module_id=module.id,
            minutes=lesson.minutes,
            has_check=lesson.has_check,
            has_task=lesson.has_task,
            completed=lesson.id in completions,
            completed_at=completions[lesson.id].completed_at if lesson.id in completions else None,
            place=reads[lesson.id].place if lesson.id in reads else 0,
            changed=lesson.id in before and lesson.id not in completions,
        )
        for module in facts.modules
        for lesson in module.lessons
    )
    progress = CourseProgress(sum(it.completed for it in lessons), len(lessons))
    return EnrollmentView(
        id=enrollment.id,
        employee_id=enrollment.employee_id,
        course_id=enrollment.course_id,
        version_id=enrollment.version_id,
        course=facts.slug,
        title=facts.title,
        status=enrollment.status,
        enrolled_at=enrollment.enrolled_at,
        withdrawn_at=enrollment.withdrawn_at,
        completed_at=enrollment.completed_at,
        facts=facts,
        lessons=lessons,
        progress=progress,
        conditions=_conditions(enrollment, lessons, progress),
        next_lesson_id=next((it.id for it in lessons if not it.completed), None),
        resume=_resume(lessons, reads, {it.id: it.title for it in facts.modules}),
        seen_at=max((it.seen_at for it in reads.values() if it.seen_at), default=None),
    )


def _resume(
    lessons: Sequence[LessonProgress], reads: Mapping[str, LessonRead], modules: Mapping[str, str]
) -> ResumePoint | None:
    left = {it.id: it for it in lessons if not it.completed}
    if not left:
        return None
    seen = [it for it in reads.values() if it.seen_at is not None and it.lesson_id in left]
    last = max(seen, key=lambda it: it.seen_at or it.first_opened_at, default=None)
    it = left[last.lesson_id] if last else next(iter(left.values()))
    return ResumePoint(it.id, it.title, modules[it.module_id], it.minutes, it.place)


def _conditions(
    enrollment: Enrollment, lessons: Iterable[LessonProgress], progress: CourseProgress
) -> tuple[ExamCondition, ...]:
    missing = [it.id for it in lessons if not it.completed]
    values = {"completed": progress.completed, "total": progress.total, "missing": missing}
    return (
        ExamCondition("enrollment_withdrawn", not enrollment.is_withdrawn, {}),
        ExamCondition(LESSONS_INCOMPLETE, not missing, values),
    )
