"""Who may do what with courses; verdicts only, no queries."""

from uuid import UUID

from elearn.courses.models.catalogue import Course
from elearn.kernel.actor import Actor, Role


def may_publish(actor: Actor, _subject: object) -> bool:
    """Trainers, administrators and the installation's own operator."""
    return actor.is_system or actor.has(Role.TRAINER, Role.ADMINISTRATOR)


TEACHING = (Role.TRAINER, Role.ITEM_REVIEWER, Role.EXAM_OFFICER)


def courses_taught(actor: Actor) -> frozenset[UUID] | None:
    """The courses that are the actor's own as a trainer, reviewer or officer; None where no course bounds the role."""
    grants = [it for it in actor.grants if it.role in TEACHING]
    if any(it.is_over_units for it in grants):
        return None
    return frozenset(it.course_id for it in grants if it.course_id is not None)


def may_enroll(actor: Actor, _course: Course) -> bool:
    """Every active employee, for oneself."""
    return actor.is_signed_in and actor.has(Role.LEARNER)
