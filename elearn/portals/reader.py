"""What the learner's frame shows of its reader: the lesson hours of the year; reads only."""

from elearn.competency import queries as competencies
from elearn.competency.facts import LessonHours
from elearn.kernel.clock import local_date
from elearn.kernel.errors import NotFound
from elearn.kernel.settings import UnknownRule
from elearn.people import queries as people
from elearn.web.request import actor, now


def year_of_learning() -> LessonHours | None:
    """The reader's lesson hours of this year against their duty; None for nobody, and where no rule is in force."""
    who = actor()
    if who.employee_id is None:
        return None
    on = local_date(now(), who.zone)
    try:
        return competencies.lesson_hours_of(who.employee_id, people.employment_of(who.employee_id), on.year, on)
    except (NotFound, UnknownRule):
        return None
