"""The learner's pages of courses: catalogue, course, enrolment and lesson; no rules."""

from datetime import datetime
from uuid import UUID

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from elearn.competency.terms import level_names
from elearn.courses import catalogue, lessons, services
from elearn.courses.facts.enrollments import Via
from elearn.courses.proof import opening_token, proved_opening
from elearn.courses.queries.enrollments import enrollment_view, enrollments_of
from elearn.courses.search import Wanted
from elearn.courses.shown import CheckResult, CompletionOutcome, LessonEvidence
from elearn.courses.views import wording
from elearn.courses.views.picture import picture_response
from elearn.kernel.clock import local_date
from elearn.kernel.errors import Invalid
from elearn.kernel.markdown import with_pictures_at
from elearn.web.faces import Face, face
from elearn.web.notes import undoable
from elearn.web.request import actor, drawn_after_commit, now, page_request
from elearn.workflows import enrollment as story

LESSON = "/enrollments/<uuid:enrollment_id>/lessons/<lesson_id>"
MAX_SEARCH = 100
LESSON_MINUTES = (15, 30, 60)
"""Between which lengths of the longest lesson the catalogue lets one choose."""

bp = face(Face.LEARNER, "courses", __name__)


@bp.get("")
def courses() -> ResponseReturnValue:
    """The catalogue: ?q= searches, ?competency=, ?level= and ?minutes= (of the longest lesson) filter."""
    wanted = Wanted(
        words=request.args.get("q", "")[:MAX_SEARCH],
        competency=request.args.get("competency") or None,
        level=request.args.get("level", type=int),
        longest=request.args.get("minutes", type=int),
    )
    return render_template(
        "courses/learner/courses.html",
        found=catalogue.courses_found(actor(), wanted, page_request()),
        wanted=wanted,
        competencies=catalogue.competencies_taught(),
        levels=level_names(local_date(now(), actor().zone)),
        minutes=LESSON_MINUTES,
        wording=wording,
    )


@bp.get("/<slug>")
def course(slug: str) -> ResponseReturnValue:
    """A course before one enrols in it; once all of it is learned, the way to its exam."""
    entry = story.catalogue_entry(slug, by=actor(), now=now())
    return render_template("courses/learner/course.html", page=entry.course, exam=entry.exam, wording=wording)


@bp.get("/enrollments")
def enrollments() -> ResponseReturnValue:
    """The learner's own courses."""
    page = enrollments_of(actor(), page_request())
    return render_template("courses/learner/enrollments.html", page=page, wording=wording)


@bp.post("/enrollments")
def enroll() -> ResponseReturnValue:
    """Enrol in the course of the form, and go on to the lesson that is next."""
    enrollment, created = services.enroll(request.form.get("course", ""), by=actor(), now=now())
    if created:
        undoable(_("You are enrolled."), url_for(".withdraw", enrollment_id=enrollment.id, undo=1))
    else:
        flash(_("You are already enrolled."), "ok")
    lesson_id = enrollment_view(actor(), enrollment.id).next_lesson_id
    if lesson_id is None:
        return redirect(url_for(".enrollment", enrollment_id=enrollment.id))
    return redirect(url_for(".lesson", enrollment_id=enrollment.id, lesson_id=lesson_id))


@bp.get("/enrollments/<uuid:enrollment_id>")
def enrollment(enrollment_id: UUID) -> ResponseReturnValue:
    """An enrolment: lessons, progress and the exam; just made (?new=), it offers to take it back."""
    page = story.enrollment_page(enrollment_id, by=actor(), now=now())
    return render_template("courses/learner/enrollment.html", page=page, wording=wording)


@bp.post("/enrollments/<uuid:enrollment_id>/withdrawal")
def withdraw(enrollment_id: UUID) -> ResponseReturnValue:
    """Step back from a course; who takes an enrolment back at once (`undo`) returns to the catalogue."""
    services.withdraw(enrollment_id, by=actor(), now=now())
    if request.args.get("undo"):
        flash(_("The enrolment is taken back."), "info")
        return redirect(url_for(".courses"))
    undoable(_("You have withdrawn. What you completed is kept."), url_for(".reinstate", enrollment_id=enrollment_id))
    return redirect(url_for(".enrollment", enrollment_id=enrollment_id))


@bp.post("/enrollments/<uuid:enrollment_id>/reinstatement")
def reinstate(enrollment_id: UUID) -> ResponseReturnValue:
    """Undo a withdrawal."""
    services.reinstate(enrollment_id, by=actor(), now=now())
    flash(_("You are enrolled again, with all that you completed."), "ok")
    return redirect(url_for(".enrollment", enrollment_id=enrollment_id))


@bp.get(LESSON)
def lesson(enrollment_id: UUID, lesson_id: str) -> ResponseReturnValue:
    """A lesson with its check and its task."""
    return _lesson_page(enrollment_id, lesson_id, None)


@bp.get("/enrollments/<uuid:enrollment_id>/media/<picture>")
def show_picture(enrollment_id: UUID, picture: str) -> ResponseReturnValue:
    """A picture of a lesson."""
    return picture_response(lessons.picture_of(actor(), enrollment_id, picture))


@bp.post(LESSON + "/opening")
def open_lesson(enrollment_id: UUID, lesson_id: str) -> ResponseReturnValue:
    """Note that the lesson is open in the browser; sent by script."""
    services.record_opening(enrollment_id, lesson_id, by=actor(), now=now())
    return "", 204


@bp.put(LESSON + "/place")
def keep_place(enrollment_id: UUID, lesson_id: str) -> ResponseReturnValue:
    """Remember where the learner is in the lesson; sent by script as {"place": block}."""
    sent = request.get_json()
    place = sent.get("place") if isinstance(sent, dict) else None
    if type(place) is not int:
        raise Invalid("place_out_of_range", field="place")
    services.keep_place(enrollment_id, lesson_id, place, by=actor(), now=now())
    return {"place": place}


@bp.post(LESSON + "/reading")
def read_lesson(enrollment_id: UUID, lesson_id: str) -> ResponseReturnValue:
    """The learner says, at the lesson's end, that it is read."""
    return _complete(enrollment_id, lesson_id, LessonEvidence(Via.BROWSER, _opened_at(enrollment_id, lesson_id)))


@bp.post(LESSON + "/completion")
def complete_lesson(enrollment_id: UUID, lesson_id: str) -> ResponseReturnValue:
    """The learner hands in the check and the task."""
    evidence = LessonEvidence(
        via=Via.BROWSER,
        opened_at=_opened_at(enrollment_id, lesson_id),
        answers=_answers(),
        task=request.form.get("task"),
    )
    return _complete(enrollment_id, lesson_id, evidence)


def _complete(enrollment_id: UUID, lesson_id: str, evidence: LessonEvidence) -> ResponseReturnValue:
    outcome = services.complete_lesson(enrollment_id, lesson_id, evidence, by=actor(), now=now())
    if not outcome.completed:
        return drawn_after_commit(lambda: (_lesson_page(enrollment_id, lesson_id, outcome), 422))
    flash(_("Lesson completed."), "ok")
    return redirect(url_for(".lesson", enrollment_id=enrollment_id, lesson_id=lesson_id))


def _lesson_page(enrollment_id: UUID, lesson_id: str, outcome: CompletionOutcome | None) -> str:
    view = lessons.lesson_view(actor(), enrollment_id, lesson_id)
    result = outcome.check if outcome and outcome.check else view.last_try
    return render_template(
        "courses/learner/lesson.html",
        lesson=view,
        html=with_pictures_at(view.html, url_for(".show_picture", enrollment_id=enrollment_id, picture="")),
        outcome=outcome,
        result=result,
        feedback={item.slot: item for item in result.items} if result else {},
        chosen=_answers() if outcome else _chosen(result),
        task_text=request.form.get("task", view.task_text),
        token=request.form.get("token") or _token(enrollment_id, lesson_id),
        wording=wording,
    )


def _chosen(result: CheckResult | None) -> dict[str, list[str]]:
    return {str(item.slot): list(item.chosen) for item in result.items} if result else {}


def _answers() -> dict[str, list[str]]:
    """The chosen keys by slot, from fields named answer-<slot>; blank ones are not sent by browsers."""
    prefix = "answer-"
    return {name.removeprefix(prefix): request.form.getlist(name) for name in request.form if name.startswith(prefix)}


def _token(enrollment_id: UUID, lesson_id: str) -> str:
    return opening_token(str(current_app.secret_key), enrollment_id, lesson_id, now=now())


def _opened_at(enrollment_id: UUID, lesson_id: str) -> datetime | None:
    token = request.form.get("token", "")
    return proved_opening(str(current_app.secret_key), token, enrollment_id, lesson_id, now=now())
