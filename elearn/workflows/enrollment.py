"""An enrolment and its exam on one page: courses say which conditions are met, this story whether the exam is open."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from elearn.certs import queries as certificates
from elearn.courses import queries as courses
from elearn.courses.facts.enrollments import EnrollmentView
from elearn.exams import queries as exams
from elearn.exams import services as exam_services
from elearn.exams.facts import AttemptAllowance
from elearn.kernel.actor import Actor
from elearn.kernel.errors import NotFound


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
    passed_attempt_id: UUID | None = None
    certificate_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class EnrollmentPage:
    """One enrolment with its exam."""

    enrollment: EnrollmentView
    exam: ExamBox


def enrollment_page(enrollment_id: UUID, *, by: Actor, now: datetime) -> EnrollmentPage:
    """One's own enrolment with its exam; raises NotFound."""
    view = courses.enrollment_view(by, enrollment_id)
    return EnrollmentPage(view, exam_box(view, by=by, now=now))


def exam_box(view: EnrollmentView, *, by: Actor, now: datetime) -> ExamBox:
    """Whether the exam of an enrolment is open now; an open attempt can always be gone on with."""
    exam = exams.exam_of_course(view.course_id)
    if exam is None or exam.current_version_id is None:
        return ExamBox(None, open=False, reasons=("no_exam",))
    unmet = tuple(it.code for it in view.conditions if not it.met)
    allowed = exam_services.allowance(view.employee_id, exam.id, zone=by.zone, now=now)
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
        passed_attempt_id=allowed.passed_attempt_id,
        certificate_id=_certificate_id(allowed),
    )


def enrollment_of_exam(exam_id: UUID, *, by: Actor, now: datetime) -> EnrollmentPage:
    """The actor's enrolment in the course of an exam; raises NotFound where there is none."""
    exam = exams.exam(exam_id)
    enrollment = courses.active_enrollment(by.employee_id, exam.course_id) if by.employee_id else None
    if enrollment is None:
        raise NotFound("not_enrolled")
    return enrollment_page(enrollment.id, by=by, now=now)


def _certificate_id(allowed: AttemptAllowance) -> UUID | None:
    if allowed.passed_attempt_id is None:
        return None
    certificate = certificates.certificate_of_attempt(allowed.passed_attempt_id)
    return certificate.id if certificate else None
