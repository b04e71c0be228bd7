"""From an exam to a certificate and a raised level: the whole story, top to bottom, in one transaction."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from elearn.certs import particulars
from elearn.certs import queries as certificates
from elearn.certs import services as certificate_services
from elearn.certs.facts import CertificateRequest, Issued, SnapshotCompetency, SnapshotModule
from elearn.competency import services as competency_services
from elearn.competency import terms
from elearn.competency.facts import EvidenceClaim, LessonHoursClaim
from elearn.courses.facts.versions import CourseFacts
from elearn.courses.queries import enrollments, versions
from elearn.exams import queries as exams
from elearn.exams import services as exam_services
from elearn.exams.facts import ExamOutcome, Sitting
from elearn.kernel import audit, jobs
from elearn.kernel.actor import Actor
from elearn.kernel.clock import DEFAULT_ZONE, local_date
from elearn.kernel.errors import Conflict
from elearn.kernel.settings import Agency, rule_value
from elearn.people import agencies, arrangements
from elearn.people import queries as people
from elearn.people.facts.staff import Person
from elearn.workflows.enrollment import exam_door
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
    door = exam_door(exam_id, by=by, now=now)
    if not door.box.open:
        next_at = door.box.next_at.isoformat() if door.box.next_at else None
        raise Conflict("exam_closed", reasons=list(door.box.reasons), next_at=next_at)
    granted = _time_granted(by, now=now)
    return exam_services.start(door.exam, door.attempts, by=by, now=now, standing=door.standing, time_percent=granted)


def _time_granted(by: Actor, *, now: datetime) -> int:
    """How much of the usual time a person has, in percent."""
    granted = arrangements.accommodation_on(by.employee_id, local_date(now, by.zone)) if by.employee_id else None
    return granted.time_percent if granted else 100


@dataclass(frozen=True, slots=True)
class _Story:
    """Who passed which version of which course in which agency, and when that person began to learn it."""

    person: Person
    facts: CourseFacts
    agency: Agency
    began_at: datetime


def submit_exam(attempt_id: UUID, *, by: Actor, now: datetime) -> Submission:
    """Mark the exam; on a pass issue the certificate, record the hours, and raise what was passed.

    Again gives the same answer and changes nothing.
    """
    outcome = exam_services.submit(attempt_id, by=by, now=now)
    if outcome.again:
        return _known(outcome, now=now)
    details = {"score_bp": outcome.score_bp, "passed": outcome.passed}
    audit.record("attempt.submit", "attempt", attempt_id, by=by, now=now, **details)
    if not any(it.passed for it in outcome.competencies) and not outcome.passed:
        return Submission(outcome, None)
    story = _story_of(outcome, by=by, now=now)
    _raise_levels(outcome, story, by=by, now=now)
    certificate = _certify(outcome, story, by=by, now=now) if outcome.passed else None
    return Submission(outcome, certificate)


def certify_later(attempt_id: UUID, *, by: Actor, now: datetime) -> Issued:
    """Issue the certificate of a pass that could not be issued then; raises Conflict while it still cannot."""
    attempt = exams.attempt_for_update(attempt_id)
    outcome = attempt.outcome(again=True)
    if not outcome.passed:
        raise Conflict("not_passed")
    story = _story_of(outcome, by=by, now=now)
    if missing := hindrance(story.person, story.agency):
        raise Conflict(missing)
    issued = certificate_services.issue(_request(outcome, story, now=now), by=by, now=now)
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
    zone = agencies.agency_of(outcome.employee_id, now=now).zone
    return Submission(outcome, certificates.issued_by_attempt(outcome.attempt_id, on=local_date(now, zone)))


def _raise_levels(outcome: ExamOutcome, story: _Story, *, by: Actor, now: datetime) -> None:
    """Each competency is evidenced by its own sub-score alone, whatever the total says."""
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
            observed_on=local_date(outcome.submitted_at, story.agency.zone),
            valid_until=None,
            reason=story.facts.code,
        )
        for it in outcome.competencies
        if it.passed
    ]
    if claims:
        competency_services.record_evidence(claims, by=by, now=now)


def _certify(outcome: ExamOutcome, story: _Story, *, by: Actor, now: datetime) -> Issued | None:
    """Record the lesson hours and issue; where something must be set first, a job waits for it instead."""
    if outcome.number == 1 or not exams.has_passed_before(outcome.attempt_id, since=story.began_at):
        _record_hours(outcome, story, by=by, now=now)
    if hindrance(story.person, story.agency):
        jobs.enqueue(CERTIFY_JOB, str(outcome.attempt_id), {"attempt_id": str(outcome.attempt_id)}, now=now)
        return None
    return certificate_services.issue(_request(outcome, story, now=now), is_first=True, by=by, now=now)


def hindrance(person: Person, agency: Agency) -> str | None:
    """What keeps a pass from being certified at present, as a code: something not set, or particulars in dispute."""
    missing = certificate_services.hindrance(sample=person.is_demo, number_pattern=agency.number_pattern)
    return missing or ("particulars_reported" if particulars.is_disputed(person.id) else None)


def _record_hours(outcome: ExamOutcome, story: _Story, *, by: Actor, now: datetime) -> None:
    """The hours of the course, once for each time it was learned: a renewal of the exam alone earns none."""
    facts, zone = story.facts, story.agency.zone
    competency_services.record_lesson_hours(
        LessonHoursClaim(
            employee_id=story.person.id,
            form_key=facts.form,
            title=facts.title,
            lesson_hours=facts.lesson_hours,
            started_on=local_date(story.began_at, zone),
            finished_on=local_date(outcome.submitted_at, zone),
            source_type="attempt",
            source_id=outcome.attempt_id,
            provider=facts.provider,
        ),
        by=by,
        now=now,
    )


def _story_of(outcome: ExamOutcome, *, by: Actor, now: datetime) -> _Story:
    """Read once what the rest of the submission needs to know."""
    person, agency = people.person_with_agency(outcome.employee_id, zone=by.zone, now=now)
    enrolled = enrollments.learning_of(outcome.employee_id, outcome.course_id)
    if enrolled is None:
        version = versions.current_version(versions.course_of(outcome.course_id))
        return _Story(person, versions.version_facts(version.id), agency, outcome.started_at)
    return _Story(person, versions.version_facts(enrolled.version_id), agency, enrolled.began_at)


def _request(outcome: ExamOutcome, story: _Story, *, now: datetime) -> CertificateRequest:
    person, facts, agency = story.person, story.facts, story.agency
    on = local_date(now, agency.zone)
    names = terms.competency_names([it.competency for it in outcome.competencies])
    levels = terms.level_names(on)
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
        form=terms.form_name(facts.form, on),
        lesson_hours=facts.lesson_hours,
        started_on=local_date(story.began_at, agency.zone),
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
