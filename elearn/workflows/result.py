"""How one's own exam ended, on one page: the outcome, its certificate, what to read again and when to try again."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from elearn.certs import particulars
from elearn.certs import queries as certificates
from elearn.certs.facts import Issued
from elearn.courses.facts.versions import LessonFacts
from elearn.courses.queries import enrollments
from elearn.courses.topics import lessons_about
from elearn.exams import queries as exams
from elearn.exams import receipts
from elearn.exams.facts import ExamOutcome
from elearn.exams.receipts import SubmissionReceipt
from elearn.kernel.actor import Actor
from elearn.kernel.clock import local_date
from elearn.workflows.enrollment import ExamBox, exam_door

TopicLessons = tuple[str, tuple[LessonFacts, ...]]


@dataclass(frozen=True, slots=True)
class ExamResult:
    """One closed attempt as its owner sees it.

    `enrollment_id` is the enrolment that the course is learned under now, None where the learner stepped back from it;
    `again` says when the exam may be tried again, where it was not passed; `reread` are the topics that stayed under
    the pass mark, the weakest first, with the lessons that teach them; `waits_for_hr` says that a pass waits for HR to
    settle what its owner reported.
    """

    outcome: ExamOutcome
    certificate: Issued | None
    enrollment_id: UUID | None
    again: ExamBox | None
    reread: tuple[TopicLessons, ...]
    receipt: SubmissionReceipt
    waits_for_hr: bool


def result_of(attempt_id: UUID, *, by: Actor, now: datetime) -> ExamResult:
    """How one's own attempt ended; raises NotFound, or Conflict while it is open."""
    attempt = exams.attempt_of(by, attempt_id)
    outcome = attempt.outcome(again=True)
    places = exams.slots_of(attempt_id)
    certificate = certificates.issued_by_attempt(attempt_id, on=local_date(now, by.zone)) if outcome.passed else None
    enrolled = enrollments.active_enrollment(outcome.employee_id, outcome.course_id)
    weak = exams.weak_topics(attempt, places)
    return ExamResult(
        outcome=outcome,
        certificate=certificate,
        enrollment_id=enrolled.id if enrolled else None,
        again=exam_door(outcome.exam_id, by=by, now=now).box if enrolled and not outcome.passed else None,
        reread=lessons_about(enrolled.version_id, weak) if enrolled and weak else (),
        receipt=receipts.over(attempt, places),
        waits_for_hr=outcome.passed and certificate is None and particulars.is_disputed(outcome.employee_id),
    )
