"""Words for the codes of courses; which code applies is decided elsewhere."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from elearn.web.words import called

missing = called(
    {
        "read": _l("Open this lesson here and read it to its end."),
        "dwell": _l("Take your time with this lesson: it was opened only a moment ago. Read it, then confirm again."),
        "check": _l("Answer the check at the end of this lesson."),
        "check_not_passed": _l("The check is not passed yet. Read the feedback and try again."),
        "task": _l("Hand in your task."),
        "task_too_short": _l("Your text is shorter than asked for. It is still here: add to it, then hand it in."),
    }
)
"""What a learner still has to do in a lesson."""


def duration(minutes: int) -> str:
    """About how long something takes, in hours and minutes."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return str(_("about %(minutes)s min", minutes=rest))
    if not rest:
        return str(_("about %(hours)s h", hours=hours))
    return str(_("about %(hours)s h %(minutes)s min", hours=hours, minutes=rest))


def status(code: str) -> tuple[str, str]:
    """Kind of chip and words for the status of an enrolment."""
    return {
        "active": ("info", _("In progress")),
        "completed": ("ok", _("All lessons completed")),
        "withdrawn": ("plain", _("Withdrawn")),
    }.get(code, ("plain", code))


def exam_reason(code: str) -> str:
    """Why the exam is not open."""
    words: dict[str, str] = {
        "lessons_incomplete": _("Complete every lesson first."),
        "enrollment_withdrawn": _("You withdrew from this course."),
        "cooling_down": _("You may try again later."),
        "remedial_later": _("All attempts are used. Read the lessons again: remedial attempts open later."),
        "attempts_exhausted": _("All attempts are used."),
        "already_passed": _("You have passed this exam."),
        "attempt_open": _("An attempt is still open."),
        "no_exam": _("The exam is being prepared."),
    }
    return words.get(code, str(_("The exam is not open now.")))
