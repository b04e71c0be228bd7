"""An enrolment and its exam on one page: courses say which conditions are met, this story whether the exam is open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from elearn.certs import queries as certificates
from elearn.certs.facts import Issued
from elearn.competency import queries as competencies
from elearn.courses import catalogue
from elearn.courses.facts.enrollments import EnrollmentStatus, EnrollmentView
from elearn.courses.queries import enrollments
from elearn.courses.shown import CoursePage
from elearn.exams import queries as exams
from elearn.exams import services as exam_services
from elearn.exams.facts import ExamRef
from elearn.exams.models.attempts import Attempt
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
class LastPass:
    """Whether somebody's last pass in an exam counts, and the certificate that it led to."""

    standing: PassStanding
    certificate: Issued | None = None


@dataclass(frozen=True, slots=True)
class ExamDoor:
    """What a start asks: the exam, the actor's attempts in it, whether the last pass counts, and whether it is open."""

    exam: ExamRef
    attempts: Sequence[Attempt]
    standing: PassStanding
    box: ExamBox


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
    attempts = exams.attempts_of(view.employee_id, exam.id)
    return _box(exam, unmet, attempts, last_pass(attempts, by=by, now=now), by=by, now=now)


def _box(
    exam: ExamRef, unmet: tuple[str, ...], attempts: Sequence[Attempt], passed: LastPass, *, by: Actor, now: datetime
) -> ExamBox:
    allowed = exam_services.allowance(attempts, zone=by.zone, now=now, standing=passed.standing)
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
        certificate_id=passed.certificate.id if passed.certificate else None,
        pass_counts=allowed.passed_attempt_id is not None and passed.standing.counts,
        is_remedial=allowed.is_remedial,
    )


def exam_door(exam_id: UUID, *, by: Actor, now: datetime) -> ExamDoor:
    """Whether the actor may start an exam now; raises NotFound where there is no enrolment in its course."""
    exam = exams.exam(exam_id)
    unmet = enrollments.unmet_conditions(by.employee_id, exam.course_id) if by.employee_id else None
    if unmet is None or by.employee_id is None:
        raise NotFound("not_enrolled")
    attempts = exams.attempts_of(by.employee_id, exam.id)
    passed = last_pass(attempts, by=by, now=now)
    return ExamDoor(exam, attempts, passed.standing, _box(exam, unmet, attempts, passed, by=by, now=now))


def last_pass(attempts: Sequence[Attempt], *, by: Actor, now: datetime) -> LastPass:
    """Whether the last pass among somebody's attempts still counts, and from when on it may be renewed.

    It counts until its certificate expires or is revoked, or the evidence that it gave lapses, whatever comes first;
    so many days before that (a dated rule) it may be renewed.
    """
    passed_id = next((it.id for it in reversed(attempts) if it.passed), None)
    if passed_id is None:
        return LastPass(exam_services.STANDS)
    today = local_date(now, by.zone)
    certificate = certificates.issued_by_attempt(passed_id, on=today)
    ends = [competencies.evidence_lapses_on("attempt", passed_id), certificate.valid_until if certificate else None]
    last_day = min((it for it in ends if it is not None), default=None)
    if (certificate and certificate.revoked_at) or (last_day and last_day < today):
        return LastPass(PassStanding(counts=False), certificate)
    if last_day is None:
        return LastPass(exam_services.STANDS, certificate)
    days = timedelta(days=rule_value("exam.renewal_days", today))
    return LastPass(PassStanding(counts=True, renewable_at=first_moment(last_day - days, by.zone)), certificate)


def enrollment_of_exam(exam_id: UUID, *, by: Actor, now: datetime) -> EnrollmentPage:
    """The actor's enrolment in the course of an exam; raises NotFound where there is none."""
    exam = exams.exam(exam_id)
    enrollment = enrollments.active_enrollment(by.employee_id, exam.course_id) if by.employee_id else None
    if enrollment is None:
        raise NotFound("not_enrolled")
    return enrollment_page(enrollment.id, by=by, now=now)
