"""The use-cases of courses: publish, enrol, learn; whether an exam is open is the workflow's to say."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from elearn.courses import lessons, marking, policies, queries, rules
from elearn.courses.document import changes_between, digest, with_media_kept, write_document
from elearn.courses.facts.content import CourseContent, LessonContent
from elearn.courses.facts.enrollments import Via
from elearn.courses.facts.versions import Published
from elearn.courses.models import (
    CheckTry,
    Course,
    CourseCompetency,
    CourseVersion,
    Enrollment,
    LessonCompletion,
    LessonRead,
    TaskSubmission,
)
from elearn.courses.shown import CheckResult, CompletionOutcome, LessonEvidence
from elearn.kernel import audit, storage
from elearn.kernel.actor import Actor
from elearn.kernel.db import db
from elearn.kernel.errors import Conflict, Forbidden, Invalid
from elearn.kernel.guard import require


def keep_files(content: CourseContent, *, by: Actor, now: datetime) -> None:
    """Store the pictures of a course before it is published, outside any transaction: writing files takes its time.

    They lie by their hash, so that nothing is overwritten and `now` leaves no trace.
    """
    require(policies.may_publish, by, content)
    for file in content.files:
        storage.put(file)


def publish(content: CourseContent, *, by: Actor, now: datetime) -> Published:
    """Publish a course as an immutable version; the same content publishes nothing. Audited by the workflow.

    Raises Invalid media_not_stored where a picture of it is not in the storage.
    """
    require(policies.may_publish, by, content)
    course = queries.course_with_slug_for_update(content.slug)
    before = queries.current_version(course) if course else None
    old = queries.pinned(before.id).content if before else None
    content = with_media_kept(content, old) if old else content
    _require_stored(content)
    document = write_document(content)
    sha256 = digest(document)
    if course and before and before.sha256 == sha256:
        return Published(course.id, before.id, before.number, changed=False, changes=())
    if course is None:
        course = Course.begin(content)
        db.session.add(course)
        db.session.flush()
    version = course.publish(content, document, sha256, by=by.employee_id, now=now)
    db.session.add(version)
    _state_competencies(course, content)
    db.session.flush()
    return Published(course.id, version.id, version.number, changed=True, changes=changes_between(old, content))


def _require_stored(content: CourseContent) -> None:
    missing = [it.name for it in content.media if not storage.holds(it.sha256)]
    if missing:
        raise Invalid("media_not_stored", field="media", names=missing)


def _state_competencies(course: Course, content: CourseContent) -> None:
    db.session.execute(delete(CourseCompetency).where(CourseCompetency.course_id == course.id))
    db.session.add_all(
        CourseCompetency(course_id=course.id, competency=it.competency, level=it.level) for it in content.competencies
    )


def enroll(slug_or_id: str | UUID, *, by: Actor, now: datetime) -> tuple[Enrollment, bool]:
    """Enrol the actor in the current version of a course; again gives the same enrolment and False.

    Whoever withdrew from this very version takes the old enrolment up again, with its progress. Raises NotFound,
    or Conflict prerequisite_missing with the `courses` (slugs) that come first.
    """
    course = queries.course_of(slug_or_id)
    require(policies.may_enroll, by, course)
    employee_id = _self(by)
    known = queries.active_enrollment(employee_id, course.id)
    if known is not None:
        return known, False
    version = queries.current_version(course)
    _require_prerequisites(employee_id, version)
    withdrawn = queries.withdrawn_enrollment(employee_id, version.id)
    if withdrawn is not None:
        return reinstate(withdrawn.id, by=by, now=now), False
    enrollment, created = _opened(Enrollment.open(employee_id, version, now=now))
    if created:
        details = {"course": course.slug, "version": version.number}
        audit.record("enrollment.open", "enrollment", enrollment.id, by=by, now=now, **details)
    return enrollment, created


def _self(by: Actor) -> UUID:
    if by.employee_id is None:
        raise Forbidden("no_employee")
    return by.employee_id


def _require_prerequisites(employee_id: UUID, version: CourseVersion) -> None:
    wanted = queries.version_facts(version.id).prerequisites
    missing = sorted(set(wanted) - queries.courses_completed(employee_id, wanted)) if wanted else []
    if missing:
        raise Conflict("prerequisite_missing", courses=missing)


def _opened(enrollment: Enrollment) -> tuple[Enrollment, bool]:
    """Store it, unless another request of the same person was faster: then that one's."""
    try:
        with db.session.begin_nested():
            db.session.add(enrollment)
    except IntegrityError:
        known = queries.active_enrollment(enrollment.employee_id, enrollment.course_id)
        if known is None:
            raise
        return known, False
    return enrollment, True


def withdraw(enrollment_id: UUID, *, by: Actor, now: datetime) -> Enrollment:
    """Step back from a course; what was learned stays, and `reinstate` undoes it."""
    enrollment = queries.own_enrollment_for_update(by, enrollment_id)
    enrollment.withdraw(now=now)
    audit.record("enrollment.withdraw", "enrollment", enrollment_id, by=by, now=now)
    return enrollment


def reinstate(enrollment_id: UUID, *, by: Actor, now: datetime) -> Enrollment:
    """Undo a withdrawal; raises Conflict already_enrolled where a newer enrolment is active."""
    enrollment = queries.own_enrollment_for_update(by, enrollment_id)
    if not enrollment.is_withdrawn:
        return enrollment
    if queries.active_enrollment(enrollment.employee_id, enrollment.course_id) is not None:
        raise Conflict("already_enrolled")
    enrollment.reinstate()
    audit.record("enrollment.reinstate", "enrollment", enrollment_id, by=by, now=now)
    return enrollment


def record_opening(enrollment_id: UUID, lesson_id: str, *, by: Actor, now: datetime) -> None:
    """Note that a lesson is open in a browser; the first time counts. Its row is its own record, not audited."""
    enrollment = _learning(enrollment_id, by)
    _reading(enrollment, lessons.lesson_in(enrollment, lesson_id), Via.BROWSER, opened_at=now)


def keep_place(enrollment_id: UUID, lesson_id: str, place: int, *, by: Actor, now: datetime) -> None:
    """Remember the block at which to resume a lesson on any device. Its row is its own record, not audited."""
    enrollment = _learning(enrollment_id, by)
    lesson = lessons.lesson_in(enrollment, lesson_id)
    _reading(enrollment, lesson, Via.BROWSER, opened_at=now).keep_place(place)


def complete_lesson(
    enrollment_id: UUID,
    lesson_id: str,
    evidence: LessonEvidence,
    *,
    by: Actor,
    now: datetime,
) -> CompletionOutcome:
    """Complete a lesson by evidence: read to its end, its check passed, its task handed in.

    What falls short is returned, not raised, since a failed try must be remembered; what was shown once (a passed
    check, a handed-in task, a completed lesson) stays. Raises Invalid for answers that the check does not have.
    """
    enrollment = _learning(enrollment_id, by)
    lesson = lessons.lesson_in(enrollment, lesson_id)
    missing = _read_to_end(enrollment, lesson, evidence, now=now)
    result, lacks_check = _try_check(enrollment, lesson, evidence.answers, now=now)
    missing += lacks_check + _hand_in(enrollment, lesson, evidence.task, now=now)
    outcome = _settle(enrollment, lesson, tuple(missing), result, evidence.via, now=now)
    audit.record(
        "lesson.complete",
        "enrollment",
        enrollment_id,
        by=by,
        now=now,
        lesson=lesson_id,
        completed=outcome.completed,
        missing=outcome.missing,
        score_bp=result.score_bp if result else None,
    )
    return outcome


def _learning(enrollment_id: UUID, by: Actor) -> Enrollment:
    enrollment = queries.own_enrollment_for_update(by, enrollment_id)
    enrollment.require_active()
    return enrollment


def _reading(enrollment: Enrollment, lesson: LessonContent, via: Via, *, opened_at: datetime) -> LessonRead:
    read = lessons.lesson_read(enrollment.id, lesson.id)
    if read is None:
        read = LessonRead.open(enrollment.id, lesson.id, via, at=opened_at)
        db.session.add(read)
    read.opened_already(opened_at)
    return read


def _read_to_end(enrollment: Enrollment, lesson: LessonContent, evidence: LessonEvidence, *, now: datetime) -> list[str]:
    """Through the API, having fetched is having read; in a browser, the page's own proof of its opening counts."""
    known = lessons.lesson_read(enrollment.id, lesson.id)
    if known is not None and known.read_at is not None:
        return []
    opened_at = now if evidence.via is Via.API else evidence.opened_at
    if known is None and opened_at is None:
        return ["read"]
    read = _reading(enrollment, lesson, evidence.via, opened_at=opened_at or now)
    proved_otherwise = evidence.via is Via.API or lesson.check is not None or lesson.task is not None
    if not proved_otherwise and not rules.has_dwelt(read.first_opened_at, now, lesson.reading_seconds):
        return ["dwell"]
    read.finish(now=now)
    return []


def _try_check(
    enrollment: Enrollment, lesson: LessonContent, given: Mapping[str, object] | None, *, now: datetime
) -> tuple[CheckResult | None, list[str]]:
    """Mark and store a try if there is one; then whether a passed try is still missing."""
    if lesson.check is None:
        if given:
            raise Invalid("no_check", field="answers")
        return None, []
    result = None
    if given:
        slots = marking.slots_of(lesson.check, enrollment.id)
        answers = marking.read_answers(slots, given)
        score = marking.score(lesson.check, answers)
        number = lessons.last_try_number(enrollment.id, lesson.id) + 1
        marks = {"score_bp": score, "pass_bp": lesson.check.pass_bp}
        db.session.add(CheckTry.of(enrollment.id, lesson.id, number, answers, **marks, now=now))
        result = marking.explained(lesson.check, slots, answers, number=number, score_bp=score)
    telling = lessons.telling_try(enrollment.id, lesson.id)
    if telling is None:
        return result, ["check"]
    return result, [] if telling.passed else ["check_not_passed"]


def _hand_in(enrollment: Enrollment, lesson: LessonContent, text: str | None, *, now: datetime) -> list[str]:
    """Store a long enough text if it is new; then whether one is still missing."""
    if lesson.task is None:
        return []
    last = lessons.last_submission(enrollment.id, lesson.id)
    text = rules.task_text(text or "")
    words = rules.word_count(text)
    if words >= lesson.task.min_words:
        if last is None or last.text != text:
            number = last.number + 1 if last else 1
            db.session.add(TaskSubmission.of(enrollment.id, lesson.id, number, text, words, now=now))
        return []
    if last is not None:
        return []
    return ["task_too_short"] if words else ["task"]


def _settle(
    enrollment: Enrollment,
    lesson: LessonContent,
    missing: tuple[str, ...],
    result: CheckResult | None,
    via: Via,
    *,
    now: datetime,
) -> CompletionOutcome:
    """A completed lesson never becomes incomplete; the last one completes the course."""
    done = lessons.completed_lesson_ids(enrollment.id)
    if lesson.id in done:
        return CompletionOutcome(completed=True, missing=(), check=result)
    if missing:
        return CompletionOutcome(completed=False, missing=missing, check=result)
    db.session.add(LessonCompletion.of(enrollment.id, lesson.id, via, now=now))
    if {it.id for it in queries.pinned(enrollment.version_id).content.lessons} <= done | {lesson.id}:
        enrollment.complete(now=now)
    return CompletionOutcome(completed=True, missing=(), check=result)
