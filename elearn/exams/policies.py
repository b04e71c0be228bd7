"""Who may do what with exams; verdicts only, no queries."""

from elearn.exams.models.attempts import Attempt
from elearn.kernel.actor import Actor, Role


def may_sit(actor: Actor, attempt: Attempt) -> bool:
    """Only the person whose attempt it is."""
    return actor.employee_id is not None and actor.employee_id == attempt.employee_id


def may_close(actor: Actor, attempt: Attempt) -> bool:
    """The person, or the clock when the time is up."""
    return actor.is_system or may_sit(actor, attempt)


def may_publish(actor: Actor, _subject: object) -> bool:
    """Trainers and the installation's own operator."""
    return actor.is_system or actor.has(Role.TRAINER, Role.ADMINISTRATOR)
