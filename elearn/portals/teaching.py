"""A trainer's first page: own courses, who learns in them, how their exams went; reads only."""

from dataclasses import dataclass
from datetime import datetime

from elearn.courses import catalogue
from elearn.courses.shown import TaughtCourse
from elearn.exams import results
from elearn.exams.results import ExamSummary
from elearn.kernel.actor import Actor
from elearn.kernel.clock import local_date
from elearn.kernel.page import Page, PageRequest


@dataclass(frozen=True, slots=True)
class Taught:
    """A course and its exam in numbers; `exam` is None where the course has none that the trainer may read."""

    course: TaughtCourse
    exam: ExamSummary | None


def trainer_home(actor: Actor, wanted: PageRequest, *, now: datetime) -> Page[Taught]:
    """One page of the actor's own courses, by title."""
    exams = results.exams_read_by(actor)
    page = catalogue.courses_taught(actor, {it.course_id for it in exams}, wanted)
    shown = {it.id for it in page.items}
    here = [it for it in exams if it.course_id in shown]
    found = {it.course_id: it for it in results.summaries(actor, here, on=local_date(now, actor.zone)).values()}
    return page.map(lambda it: Taught(it, found.get(it.id)))
