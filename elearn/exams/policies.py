"""Who may do what with exams; verdicts only, no queries."""

from elearn.exams.models.attempts import Attempt
from elearn.exams.models.bank import Exam
from elearn.kernel.actor import Actor, Grant, Role

READING = (Role.TRAINER, Role.ITEM_REVIEWER, Role.EXAM_OFFICER)
KNOWING_KEYS = (Role.TRAINER, Role.ITEM_REVIEWER)


def may_sit(actor: Actor, attempt: Attempt) -> bool:
    """Only the person whose attempt it is."""
    return actor.employee_id is not None and actor.employee_id == attempt.employee_id


def may_close(actor: Actor, attempt: Attempt) -> bool:
    """The person, or the clock when the time is up."""
    return actor.is_system or may_sit(actor, attempt)


def may_publish(actor: Actor, _subject: object) -> bool:
    """Trainers and the installation's own operator."""
    return actor.is_system or actor.has(Role.TRAINER, Role.ADMINISTRATOR)


def may_read_results(actor: Actor, exam: Exam) -> bool:
    """Who teaches, reviews or runs this exam or its course; over a unit, then of that unit's people alone."""
    return any(it.role in READING and _is_about(it, exam) for it in actor.grants)


def may_read_everybody(actor: Actor, exam: Exam) -> bool:
    """Whether the answers of everybody count, whatever their unit."""
    return any(it.role in READING and _is_about(it, exam) and not it.unit_path for it in actor.grants)


def may_see_keys(actor: Actor, exam: Exam) -> bool:
    """Which option is right is for those who write and review items; who only runs the exam need not know."""
    return any(it.role in KNOWING_KEYS and _is_about(it, exam) for it in actor.grants)


def _is_about(grant: Grant, exam: Exam) -> bool:
    return grant.is_over_units or exam.id == grant.exam_id or exam.course_id == grant.course_id
