"""Courses in /api/v1: catalogue, enrolments, lessons; shapes are in schemas.py."""

from typing import Any
from uuid import UUID

from flask import jsonify, request, url_for
from flask.typing import ResponseReturnValue

from elearn.courses import catalogue, lessons, services
from elearn.courses.facts.enrollments import EnrollmentView, LessonProgress, Via
from elearn.courses.queries.enrollments import enrollments_of
from elearn.courses.search import Wanted
from elearn.courses.shown import CourseCard, LessonEvidence, LessonView
from elearn.courses.views import schemas
from elearn.courses.views.picture import picture_response
from elearn.kernel.markdown import with_pictures_at
from elearn.web.api import page_body
from elearn.web.faces import api_face
from elearn.web.request import actor, now, page_request
from elearn.workflows import enrollment as story

api = api_face("courses")


@api.get("/courses")
@api.response(200, schemas.CoursePageSchema)
def courses() -> dict[str, Any]:
    """The catalogue."""
    return page_body(catalogue.courses_found(actor(), Wanted(), page_request()).page.map(_card))


@api.get("/enrollments")
@api.response(200, schemas.EnrollmentPageSchema)
def enrollments() -> dict[str, Any]:
    """One's own enrolments, the latest first."""
    return page_body(enrollments_of(actor(), page_request()).map(_line))


@api.post("/enrollments")
@api.arguments(schemas.NewEnrollmentSchema)
@api.response(201, schemas.EnrollmentSchema)
def enroll(sent: dict[str, str]) -> tuple[dict[str, Any], int]:
    """Enrol in a course; again answers 200 with the same enrolment."""
    enrollment, created = services.enroll(sent["course"], by=actor(), now=now())
    return _enrollment(enrollment.id), 201 if created else 200


@api.get("/enrollments/<uuid:enrollment_id>")
@api.response(200, schemas.EnrollmentSchema)
def enrollment(enrollment_id: UUID) -> dict[str, Any]:
    """One of one's own enrolments."""
    return _enrollment(enrollment_id)


@api.get("/enrollments/<uuid:enrollment_id>/lessons/<lesson_id>")
@api.response(200, schemas.LessonSchema)
def lesson(enrollment_id: UUID, lesson_id: str) -> dict[str, Any]:
    """A lesson; having fetched it counts as having read it, and is noted (asking for the headers alone is not)."""
    if request.method == "HEAD":
        return _lesson(lessons.lesson_view(actor(), enrollment_id, lesson_id))
    return _lesson(services.fetch_lesson(enrollment_id, lesson_id, by=actor(), now=now()))


@api.get("/enrollments/<uuid:enrollment_id>/media/<picture>")
@api.doc(responses={"200": {"description": "The picture", "content": schemas.PICTURES}})
def show_picture(enrollment_id: UUID, picture: str) -> ResponseReturnValue:
    """A picture of a lesson, at the address that the lesson's `html` gives; send the token with it. Never changes."""
    return picture_response(lessons.picture_of(actor(), enrollment_id, picture))


@api.put("/enrollments/<uuid:enrollment_id>/lessons/<lesson_id>/completion")
@api.arguments(schemas.CompletionRequestSchema)
@api.response(200, schemas.CompletionSchema)
@api.alt_response(422, schema=schemas.IncompleteSchema)
def complete_lesson(sent: dict[str, Any], enrollment_id: UUID, lesson_id: str) -> ResponseReturnValue:
    """Complete a lesson that was fetched; 422 says what is missing, and a failed try is remembered all the same."""
    task = sent["task"]["text"] if sent["task"] else None
    evidence = LessonEvidence(via=Via.API, answers=sent["answers"], task=task)
    outcome = services.complete_lesson(enrollment_id, lesson_id, evidence, by=actor(), now=now())
    if outcome.completed:
        return outcome  # type: ignore[return-value]  # flask-smorest turns it into JSON
    code = "lesson_incomplete"
    problem = {"type": f"urn:elearn:{code}", "title": code, "status": 422, "code": code}
    response = jsonify(problem | schemas.CompletionSchema().dump(outcome))
    response.content_type = "application/problem+json"
    response.status_code = 422
    return response


def _card(card: CourseCard) -> dict[str, Any]:
    names = ("id", "slug", "code", "title", "summary", "form", "lesson_hours", "enrollment_id")
    return {name: getattr(card, name) for name in names} | {"version": card.version_number}


def _line(view: EnrollmentView) -> dict[str, Any]:
    names = ("id", "course", "title", "enrolled_at", "progress", "next_lesson_id")
    own = {name: getattr(view, name) for name in names}
    return own | {"status": view.status.value, "version": view.facts.version_number}


def _enrollment(enrollment_id: UUID) -> dict[str, Any]:
    page = story.enrollment_page(enrollment_id, by=actor(), now=now())
    view = page.enrollment
    return _line(view) | {"lessons": [_lesson_line(it) for it in view.lessons], "exam": page.exam}


def _lesson_line(it: LessonProgress) -> dict[str, Any]:
    names = ("id", "title", "minutes", "has_check", "has_task", "completed", "completed_at", "place", "changed")
    return {name: getattr(it, name) for name in names} | {"module": it.module_id}


def _lesson(view: LessonView) -> dict[str, Any]:
    names = ("id", "title", "minutes", "completed", "place")
    task = view.task
    return {name: getattr(view, name) for name in names} | {
        "html": with_pictures_at(view.html, url_for(".show_picture", enrollment_id=view.enrollment_id, picture="")),
        "check": {"pass_bp": view.check_pass_bp, "items": view.check_items} if view.check_items else None,
        "task": {
            "title": task.title,
            "prompt": task.prompt_html,
            "min_words": task.min_words,
            "text": view.task_text,
        }
        if task
        else None,
    }
