"""An enrolment and its exam on one page: courses say which conditions are met, this story whether the exam is open."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from elearn.certs import queries as certificates
from elearn.competency import queries as competencies
from elearn.courses import catalogue
from elearn.courses.facts.enrollments import EnrollmentStatus, EnrollmentView
from elearn.courses.facts.versions import LessonFacts
from elearn.courses.queries import enrollments
from elearn.courses.shown import CoursePage
from elearn.courses.topics import lessons_about
from elearn.exams import queries as exams
from elearn.exams import services as exam_services
from elearn.exams.facts import AttemptAllowance
from elearn.exams.rules import PassStanding
from elearn.kernel.actor import Actor
from elearn.kernel.clock import first_moment, local_date
from elearn.kernel.errors import NotFound
from elearn.kernel.settings import rule_value


@dataclass(frozen=True, slots=True)
class ExamBox:
    """Whether the exam is open for one learner and, where it is not, why (codes)."""

    id: UUID | None
    open: bool
    reasons: tuple[str, ...]
    attempts_used: int = 0
    attempts_max: int = 0
    next_at: datetime | None = None
    open_attempt_id: UUID | None = None
    closes_at: datetime | None = None
    passed_attempt_id: UUID | None = None
    certificate_id: UUID | None = None
    pass_counts: bool = False
    is_remedial: bool = False


@dataclass(frozen=True, slots=True)
class EnrollmentPage:
    """One enrolment with its exam."""

    enrollment: EnrollmentView
    exam: ExamBox


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """One course of the catalogue; `exam` once the learner has completed every lesson of it."""

    course: CoursePage
    exam: ExamBox | None


def catalogue_entry(slug: str, *, by: Actor, now: datetime) -> CatalogueEntry:
    """A course as it is before one enrols and, where one has learned all of it, its exam; raises NotFound."""
    page = catalogue.course_page(by, slug)
    if page.enrollment_id is None or page.enrollment_status is not EnrollmentStatus.COMPLETED:
        return CatalogueEntry(page, None)
    return CatalogueEntry(page, enrollment_page(page.enrollment_id, by=by, now=now).exam)


def enrollment_page(enrollment_id: UUID, *, by: Actor, now: datetime) -> EnrollmentPage:
    """One's own enrolment with its exam; raises NotFound."""
    view = enrollments.enrollment_view(by, enrollment_id)
    return EnrollmentPage(view, exam_box(view, by=by, now=now))


def exam_box(view: EnrollmentView, *, by: Actor, now: datetime) -> ExamBox:
    """Whether the exam of an enrolment is open now; an open attempt can always be gone on with."""
    exam = exams.exam_of_course(view.course_id)
    if exam is None or exam.current_version_id is None:
        return ExamBox(None, open=False, reasons=("no_exam",))
    unmet = tuple(it.code for it in view.conditions if not it.met)
    standing = pass_standing(exam.id, by=by, now=now)
    allowed = exam_services.allowance(view.employee_id, exam.id, zone=by.zone, now=now, standing=standing)
    going_on = allowed.open_attempt_id is not None
    reasons = () if going_on else (*unmet, *allowed.reasons)
    return ExamBox(
        id=exam.id,
        open=not reasons,
        reasons=reasons,
        attempts_used=allowed.used,
        attempts_max=allowed.maximum,
        next_at=allowed.next_at,
        open_attempt_id=allowed.open_attempt_id,
        closes_at=allowed.open_until,
        passed_attempt_id=allowed.passed_attempt_id,
        certificate_id=_certificate_id(allowed),
        pass_counts=allowed.passed_attempt_id is not None and standing.counts,
        is_remedial=allowed.is_remedial,
    )


def pass_standing(exam_id: UUID, *, by: Actor, now: datetime) -> PassStanding:
    """Whether the actor's last pass in an exam still counts, and from when on it may be renewed.

    It counts until its certificate expires or is revoked, or the evidence that it gave lapses, whatever comes first;
    so many days before that (a dated rule) it may be renewed.
    """
    passed_id = exams.last_pass_id(by.employee_id, exam_id) if by.employee_id else None
    if passed_id is None:
        return exam_services.STANDS
    today = local_date(now, by.zone)
    certificate = certificates.issued_by_attempt(passed_id, on=today)
    ends = [competencies.evidence_lapses_on("attempt", passed_id), certificate.valid_until if certificate else None]
    last_day = min((it for it in ends if it is not None), default=None)
    if (certificate and certificate.revoked_at) or (last_day and last_day < today):
        return PassStanding(counts=False)
    if last_day is None:
        return exam_services.STANDS
    days = timedelta(days=rule_value("exam.renewal_days", today))
    return PassStanding(counts=True, renewable_at=first_moment(last_day - days, by.zone))


def enrollment_of_exam(exam_id: UUID, *, by: Actor, now: datetime) -> EnrollmentPage:
    """The actor's enrolment in the course of an exam; raises NotFound where there is none."""
    exam = exams.exam(exam_id)
    enrollment = enrollments.active_enrollment(by.employee_id, exam.course_id) if by.employee_id else None
    if enrollment is None:
        raise NotFound("not_enrolled")
    return enrollment_page(enrollment.id, by=by, now=now)


def _certificate_id(allowed: AttemptAllowance) -> UUID | None:
    if allowed.passed_attempt_id is None:
        return None
    certificate = certificates.certificate_of_attempt(allowed.passed_attempt_id)
    return certificate.id if certificate else None


def lessons_to_reread(attempt_id: UUID, *, by: Actor, now: datetime) -> tuple[tuple[str, tuple[LessonFacts, ...]], ...]:
    """After one's own closed attempt: the topics that stayed under the pass mark, with the lessons that teach them."""
    attempt = exams.attempt_of(by, attempt_id)
    page = enrollment_of_exam(attempt.exam_id, by=by, now=now)
    return lessons_about(page.enrollment.version_id, exams.weak_topics(attempt))
