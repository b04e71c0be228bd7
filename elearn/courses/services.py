"""The use-cases of courses: publish, enrol, learn; whether an exam is open is the workflow's to say."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from elearn.courses import completing, lessons, policies, rules
from elearn.courses.document import changes_between, digest, with_media_kept, write_document
from elearn.courses.facts.content import CourseContent
from elearn.courses.facts.enrollments import Via
from elearn.courses.facts.versions import Published
from elearn.courses.models.catalogue import Course, CourseCompetency, CourseVersion
from elearn.courses.models.enrollments import Enrollment
from elearn.courses.models.progress import LessonRead
from elearn.courses.queries import enrollments, versions
from elearn.courses.shown import CompletionOutcome, LessonEvidence, LessonView
from elearn.kernel import audit, storage
from elearn.kernel.actor import Actor
from elearn.kernel.db import db
from elearn.kernel.errors import Conflict, Forbidden, Invalid
from elearn.kernel.guard import require
from elearn.kernel.readlog import note_fetch


def keep_files(content: CourseContent, *, by: Actor, now: datetime) -> None:
    """Store the pictures of a course before it is published, outside any transaction: writing files takes its time.

    They lie by their hash, so that nothing is overwritten and `now` leaves no trace.
    """
    require(policies.may_publish, by, content)
    for file in content.files:
        storage.put(file)


def publish(content: CourseContent, *, by: Actor, now: datetime) -> Published:
    """Publish a course as an immutable version; the same content publishes nothing. Audited by the workflow.

    Raises Invalid media_not_stored where a picture of it is not in the storage, and prerequisite_unknown or
    prerequisite_circle where what must come first could never be completed.
    """
    require(policies.may_publish, by, content)
    _require_possible_prerequisites(content)
    course = versions.course_with_slug_for_update(content.slug)
    before = versions.current_version(course) if course else None
    old = versions.pinned(before.id).content if before else None
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


def _require_possible_prerequisites(content: CourseContent) -> None:
    before = versions.prerequisites_behind(content.prerequisites)
    if circle := rules.circle_through(content.slug, {**before, content.slug: content.prerequisites}):
        raise Invalid("prerequisite_circle", field="prerequisites", courses=list(circle))
    if unknown := sorted(set(content.prerequisites) - before.keys()):
        raise Invalid("prerequisite_unknown", field="prerequisites", courses=unknown)


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

    Whoever withdrew from this very version takes the old enrolment up again, with its progress; what was completed
    in another version counts where the lesson is still the same. Raises NotFound, or Conflict prerequisite_missing
    with the `courses` (slugs) that come first.
    """
    course = versions.course_of(slug_or_id)
    require(policies.may_enroll, by, course)
    employee_id = _self(by)
    known = enrollments.active_enrollment(employee_id, course.id)
    if known is not None:
        return known, False
    version = versions.current_version(course)
    _require_prerequisites(employee_id, version)
    withdrawn = enrollments.withdrawn_enrollment(employee_id, version.id)
    if withdrawn is not None:
        enrollment = reinstate(withdrawn.id, by=by, now=now)
        _carry_over(enrollment, now=now)
        return enrollment, False
    enrollment, created = _opened(Enrollment.open(employee_id, version, now=now))
    if created:
        carried = _carry_over(enrollment, now=now)
        details = {"course": course.slug, "version": version.number, "carried": carried}
        audit.record("enrollment.open", "enrollment", enrollment.id, by=by, now=now, **details)
    return enrollment, created


def _self(by: Actor) -> UUID:
    if by.employee_id is None:
        raise Forbidden("no_employee")
    return by.employee_id


def _require_prerequisites(employee_id: UUID, version: CourseVersion) -> None:
    wanted = versions.version_facts(version.id).prerequisites
    missing = sorted(set(wanted) - enrollments.courses_completed(employee_id, wanted)) if wanted else []
    if missing:
        raise Conflict("prerequisite_missing", courses=missing)


def _opened(enrollment: Enrollment) -> tuple[Enrollment, bool]:
    """Store it, unless another request of the same person was faster: then that one's."""
    try:
        with db.session.begin_nested():
            db.session.add(enrollment)
    except IntegrityError:
        known = enrollments.active_enrollment(enrollment.employee_id, enrollment.course_id)
        if known is None:
            raise
        return known, False
    return enrollment, True


def _carry_over(enrollment: Enrollment, *, now: datetime) -> list[str]:
    """A completed lesson never becomes incomplete: also not by a new version in which it is the same."""
    here = versions.pinned(enrollment.version_id).digests
    done = set(lessons.completed_lesson_ids(enrollment.id))
    carried = []
    for version_id, completion in enrollments.completions_beside(enrollment):
        lesson_id = completion.lesson_id
        is_same = lesson_id in here and versions.pinned(version_id).digests.get(lesson_id) == here[lesson_id]
        if is_same and lesson_id not in done:
            db.session.add(completion.carried_to(enrollment.id))
            done.add(lesson_id)
            carried.append(lesson_id)
    if here.keys() <= done:
        enrollment.complete(now=now)
    return carried


def withdraw(enrollment_id: UUID, *, by: Actor, now: datetime) -> Enrollment:
    """Step back from a course; what was learned stays, and `reinstate` undoes it."""
    enrollment = enrollments.own_enrollment_for_update(by, enrollment_id)
    enrollment.withdraw(now=now)
    audit.record("enrollment.withdraw", "enrollment", enrollment_id, by=by, now=now)
    return enrollment


def reinstate(enrollment_id: UUID, *, by: Actor, now: datetime) -> Enrollment:
    """Undo a withdrawal; raises Conflict already_enrolled where a newer enrolment is active."""
    enrollment = enrollments.own_enrollment_for_update(by, enrollment_id)
    if not enrollment.is_withdrawn:
        return enrollment
    if enrollments.active_enrollment(enrollment.employee_id, enrollment.course_id) is not None:
        raise Conflict("already_enrolled")
    enrollment.reinstate()
    audit.record("enrollment.reinstate", "enrollment", enrollment_id, by=by, now=now)
    return enrollment


def record_opening(enrollment_id: UUID, lesson_id: str, *, by: Actor, now: datetime) -> None:
    """Note that a lesson is open in a browser; the first time counts. Its row is its own record, not audited."""
    enrollment = _learning(enrollment_id, by)
    completing.reading(enrollment, lessons.lesson_in(enrollment, lesson_id), Via.BROWSER, opened_at=now).see(now=now)


def keep_place(enrollment_id: UUID, lesson_id: str, place: int, *, by: Actor, now: datetime) -> None:
    """Remember the block at which to resume a lesson on any device. Its row is its own record, not audited."""
    enrollment = _learning(enrollment_id, by)
    lesson = lessons.lesson_in(enrollment, lesson_id)
    completing.reading(enrollment, lesson, Via.BROWSER, opened_at=now).keep_place(place, now=now)


def fetch_lesson(enrollment_id: UUID, lesson_id: str, *, by: Actor, now: datetime) -> LessonView:
    """One lesson for a client of the API, to whom having fetched it is having read it; raises NotFound.

    The reading is noted beside the request, which only reads. Its row is its own record, not audited.
    """
    view = lessons.lesson_view(by, enrollment_id, lesson_id)
    read = lessons.lesson_read(enrollment_id, lesson_id)
    is_withdrawn = enrollments.enrollment_of(by, enrollment_id).is_withdrawn
    if not is_withdrawn and (read is None or read.read_at is None):
        dialect = db.session.get_bind().dialect.name
        note_fetch(LessonRead.fetch(enrollment_id, lesson_id, dialect, at=now))
        if read is not None:
            db.session.expire(read)
    return view


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
    missing = completing.read_to_end(enrollment, lesson, evidence, now=now)
    result, lacks_check = completing.try_check(enrollment, lesson, evidence.answers, now=now)
    missing += lacks_check + completing.hand_in(enrollment, lesson, evidence.task, now=now)
    outcome = completing.settle(enrollment, lesson, tuple(missing), result, evidence.via, now=now)
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
    enrollment = enrollments.own_enrollment_for_update(by, enrollment_id)
    enrollment.require_active()
    return enrollment
