"""From an exam to a certificate and a raised level: the whole story, top to bottom, in one transaction."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from elearn.certs import particulars
from elearn.certs import queries as certificates
from elearn.certs import services as certificate_services
from elearn.certs.facts import CertificateRequest, Issued, SnapshotCompetency, SnapshotModule
from elearn.competency import queries as competencies
from elearn.competency import services as competency_services
from elearn.competency.facts import EvidenceClaim, LessonHoursClaim
from elearn.courses.facts.versions import CourseFacts
from elearn.courses.queries import enrollments
from elearn.courses.queries import versions as courses
from elearn.exams import queries as exams
from elearn.exams import services as exam_services
from elearn.exams.facts import ExamOutcome, Sitting
from elearn.kernel import audit, jobs
from elearn.kernel.actor import Actor
from elearn.kernel.clock import DEFAULT_ZONE, local_date
from elearn.kernel.errors import Conflict
from elearn.kernel.settings import Agency, rule_value
from elearn.people import arrangements
from elearn.people import queries as people
from elearn.people.facts.staff import Person
from elearn.workflows.enrollment import enrollment_of_exam, pass_standing
from elearn.workflows.particulars import holder_of

CERTIFY_JOB = "certification.certify"
CLOSE_JOB = "certification.close_attempt"


@dataclass(frozen=True, slots=True)
class Submission:
    """How a submission ended: the outcome and, after a pass, the certificate (None while it cannot be issued)."""

    outcome: ExamOutcome
    certificate: Issued | None


def start_exam(exam_id: UUID, *, by: Actor, now: datetime) -> tuple[Sitting, bool]:
    """Start the exam of a course, or go on with the open attempt: (sitting, whether it was started now).

    Raises NotFound without an enrolment and Conflict exam_closed with the reasons where it is not open.
    """
    page = enrollment_of_exam(exam_id, by=by, now=now)
    if not page.exam.open:
        next_at = page.exam.next_at.isoformat() if page.exam.next_at else None
        raise Conflict("exam_closed", reasons=list(page.exam.reasons), next_at=next_at)
    standing = pass_standing(exam_id, by=by, now=now)
    return exam_services.start(exam_id, by=by, now=now, standing=standing, time_percent=_time_granted(by, now=now))


def _time_granted(by: Actor, *, now: datetime) -> int:
    """How much of the usual time a person has, in percent."""
    granted = arrangements.accommodation_on(by.employee_id, local_date(now, by.zone)) if by.employee_id else None
    return granted.time_percent if granted else 100


def submit_exam(attempt_id: UUID, *, by: Actor, now: datetime) -> Submission:
    """Mark the exam; on a pass issue the certificate, record the hours, and raise what was passed.

    Again gives the same answer and changes nothing.
    """
    outcome = exam_services.submit(attempt_id, by=by, now=now)
    if outcome.again:
        return _known(outcome, now=now)
    details = {"score_bp": outcome.score_bp, "passed": outcome.passed}
    audit.record("attempt.submit", "attempt", attempt_id, by=by, now=now, **details)
    _raise_levels(outcome, by=by, now=now)
    certificate = _certify(outcome, by=by, now=now) if outcome.passed else None
    return Submission(outcome, certificate)


def certify_later(attempt_id: UUID, *, by: Actor, now: datetime) -> Issued:
    """Issue the certificate of a pass that could not be issued then; raises Conflict while it still cannot."""
    attempt = exams.attempt_for_update(attempt_id)
    outcome = attempt.outcome(again=True)
    if not outcome.passed:
        raise Conflict("not_passed")
    issued = _issue(outcome, by=by, now=now)
    audit.record("certificate.issue", "certificate", issued.id, by=by, now=now, attempt=str(attempt_id))
    return issued


def order_closing(now: datetime) -> None:
    """Order the closing of attempts that are still open some minutes after their deadline.

    A dated rule, read once for every agency, by the calendar of western Indonesia.
    """
    minutes = rule_value("exam.autosubmit_after_minutes", local_date(now, DEFAULT_ZONE))
    for attempt_id in exams.overdue_attempt_ids(now - timedelta(minutes=minutes), but_for=CLOSE_JOB):
        jobs.enqueue(CLOSE_JOB, str(attempt_id), {"attempt_id": str(attempt_id)}, now=now)


def outcome_of(attempt_id: UUID, *, by: Actor, now: datetime) -> Submission:
    """How one's own attempt ended; raises NotFound, or Conflict while it is open."""
    return _known(exams.attempt_of(by, attempt_id).outcome(again=True), now=now)


def _known(outcome: ExamOutcome, *, now: datetime) -> Submission:
    zone = people.agency_of(outcome.employee_id, now=now).zone
    return Submission(outcome, certificates.issued_by_attempt(outcome.attempt_id, on=local_date(now, zone)))


def _raise_levels(outcome: ExamOutcome, *, by: Actor, now: datetime) -> None:
    """Each competency is evidenced by its own sub-score alone, whatever the total says."""
    passed = [it for it in outcome.competencies if it.passed]
    if not passed:
        return
    course = courses.course_of(outcome.course_id)
    zone = people.agency_of(outcome.employee_id, now=now).zone
    claims = [
        EvidenceClaim(
            employee_id=outcome.employee_id,
            competency_code=it.competency,
            level=it.level,
            kind="exam",
            source_type="attempt",
            source_id=outcome.attempt_id,
            score_bp=it.score_bp,
            supervision="supervised" if outcome.supervision == "supervised" else "unsupervised",
            observed_on=local_date(outcome.submitted_at, zone),
            valid_until=None,
            reason=course.code,
        )
        for it in passed
    ]
    competency_services.record_evidence(claims, by=by, now=now)


def _certify(outcome: ExamOutcome, *, by: Actor, now: datetime) -> Issued | None:
    """Record the lesson hours and issue; where something must be set first, a job waits for it instead."""
    person, facts, agency = _story_of(outcome, now=now)
    if not exams.has_passed_before(outcome.attempt_id, since=_began_at(outcome)):
        _record_hours(outcome, person, facts, agency, by=by, now=now)
    if hindrance(person, agency):
        jobs.enqueue(CERTIFY_JOB, str(outcome.attempt_id), {"attempt_id": str(outcome.attempt_id)}, now=now)
        return None
    return _issue(outcome, by=by, now=now)


def hindrance(person: Person, agency: Agency) -> str | None:
    """What keeps a pass from being certified at present, as a code: something not set, or particulars in dispute."""
    missing = certificate_services.hindrance(sample=person.is_demo, number_pattern=agency.number_pattern)
    return missing or ("particulars_reported" if particulars.is_disputed(person.id) else None)


def _record_hours(
    outcome: ExamOutcome, person: Person, facts: CourseFacts, agency: Agency, *, by: Actor, now: datetime
) -> None:
    """The hours of the course, once for each time it was learned: a renewal of the exam alone earns none."""
    competency_services.record_lesson_hours(
        LessonHoursClaim(
            employee_id=person.id,
            form_key=facts.form,
            title=facts.title,
            lesson_hours=facts.lesson_hours,
            started_on=_started_on(outcome, agency.zone),
            finished_on=local_date(outcome.submitted_at, agency.zone),
            source_type="attempt",
            source_id=outcome.attempt_id,
            provider=facts.provider,
        ),
        by=by,
        now=now,
    )


def _issue(outcome: ExamOutcome, *, by: Actor, now: datetime) -> Issued:
    person, facts, agency = _story_of(outcome, now=now)
    if missing := hindrance(person, agency):
        raise Conflict(missing)
    return certificate_services.issue(_request(outcome, person, facts, agency, now=now), by=by, now=now)


def _story_of(outcome: ExamOutcome, *, now: datetime) -> tuple[Person, CourseFacts, Agency]:
    """Who passed which version of which course, in which agency."""
    agency = people.agency_of(outcome.employee_id, now=now)
    person = people.person(outcome.employee_id, on=local_date(now, agency.zone))
    enrollment = enrollments.active_enrollment(outcome.employee_id, outcome.course_id)
    if enrollment is None:
        version_id = courses.current_version(courses.course_of(outcome.course_id)).id
    else:
        version_id = enrollment.version_id
    return person, courses.version_facts(version_id), agency


def _began_at(outcome: ExamOutcome) -> datetime:
    enrollment = enrollments.active_enrollment(outcome.employee_id, outcome.course_id)
    return enrollments.began_at(enrollment) if enrollment else outcome.started_at


def _started_on(outcome: ExamOutcome, zone: str) -> date:
    return local_date(_began_at(outcome), zone)


def _request(
    outcome: ExamOutcome, person: Person, facts: CourseFacts, agency: Agency, *, now: datetime
) -> CertificateRequest:
    on = local_date(now, agency.zone)
    names = competencies.competency_names([it.competency for it in outcome.competencies])
    levels = competencies.level_names(on)
    return CertificateRequest(
        attempt_id=outcome.attempt_id,
        employee_id=person.id,
        course_id=facts.course_id,
        agency_id=agency.id,
        agency_name=agency.name,
        provider=facts.provider,
        place=agency.place,
        zone=agency.zone,
        number_pattern=agency.number_pattern,
        sample=person.is_demo,
        holder=holder_of(person),
        course_code=facts.code,
        course_title=facts.title,
        course_version=facts.version_number,
        form=competencies.form_name(facts.form, on),
        lesson_hours=facts.lesson_hours,
        started_on=_started_on(outcome, agency.zone),
        finished_on=local_date(outcome.submitted_at, agency.zone),
        validity_years=rule_value("certificate.validity_years", on),
        score_bp=outcome.score_bp,
        pass_bp=outcome.pass_bp,
        supervision=outcome.supervision,
        modules=tuple(SnapshotModule(it.title, it.lesson_hours) for it in facts.modules),
        competencies=tuple(
            SnapshotCompetency(
                code=it.competency,
                name=names.get(it.competency, it.competency),
                level=it.level,
                level_name=levels.get(it.level, ""),
                score_bp=it.score_bp,
                passed=it.passed,
            )
            for it in outcome.competencies
        ),
    )


def correct_certificate(certificate_id: UUID, *, by: Actor, now: datetime) -> Issued:
    """Replace a certificate after its holder's particulars were corrected; for HR with the holder in reach.

    The newest certificate of a pass can be replaced as often as it takes. Raises Conflict as services.reissue does.
    """
    certificate = certificates.certificate(certificate_id)
    require_reach(certificate.employee_id, by=by, now=now)
    holder = holder_of(people.person_today(certificate.employee_id, now=now))
    return certificate_services.reissue(certificate_id, holder, by=by, now=now)


def revoke_certificate(certificate_id: UUID, reason: str, *, by: Actor, now: datetime) -> None:
    """Withdraw a certificate, for HR with its holder in reach; raises NotFound for strangers."""
    certificate = certificates.certificate(certificate_id)
    require_reach(certificate.employee_id, by=by, now=now)
    certificate_services.revoke(certificate_id, reason, by=by, now=now)


def require_reach(employee_id: UUID, *, by: Actor, now: datetime) -> Person:
    """The person, if HR's or a signer's reach holds them; else NotFound."""
    return people.person_visible_to(by, employee_id, on=local_date(now, by.zone), roles=people.CERTIFYING)
