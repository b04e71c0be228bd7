"""Who may do what with courses; verdicts only, no queries."""

from elearn.courses.models.catalogue import Course
from elearn.kernel.actor import Actor, Role


def may_publish(actor: Actor, _subject: object) -> bool:
    """Trainers, administrators and the installation's own operator."""
    return actor.is_system or actor.has(Role.TRAINER, Role.ADMINISTRATOR)


def may_enroll(actor: Actor, _course: Course) -> bool:
    """Every active employee, for oneself."""
    return actor.is_signed_in and actor.has(Role.LEARNER)
