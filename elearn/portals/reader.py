"""What the learner's frame shows of its reader: the lesson hours of the year; reads only."""

from elearn.competency import queries as competencies
from elearn.competency.facts import LessonHours
from elearn.kernel.clock import local_date
from elearn.kernel.settings import UnknownRule
from elearn.people import login
from elearn.web.request import actor, now


def year_of_learning() -> LessonHours | None:
    """The reader's lesson hours of this year against their duty; None for nobody, and where no rule is in force."""
    who, employment = actor(), login.current_employment()
    if who.employee_id is None or employment is None:
        return None
    on = local_date(now(), who.zone)
    try:
        return competencies.lesson_hours_of(who.employee_id, employment, on.year, on)
    except UnknownRule:
        return None
