"""The learner's pages of exams: lobby, room, saving, submission and result; no rules."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from elearn.exams import queries, services
from elearn.exams.views.api import AnswerSchema, SavedSchema
from elearn.kernel.errors import Conflict, Invalid
from elearn.web.edge import clean
from elearn.web.faces import Face, face
from elearn.web.request import actor, is_for_machines, now
from elearn.workflows import certification, enrollment

bp = face(Face.LEARNER, "exams", __name__)


@bp.get("/<uuid:exam_id>")
def lobby(exam_id: UUID) -> ResponseReturnValue:
    """Before the clock starts: rules, duration, attempts, what happens if the network fails."""
    page = enrollment.enrollment_of_exam(exam_id, by=actor(), now=now())
    return render_template("exams/learner/lobby.html", page=page, exam_id=exam_id)


@bp.post("/<uuid:exam_id>/attempts")
def start(exam_id: UUID) -> ResponseReturnValue:
    """Start the clock, or go on with the open attempt."""
    sitting, _started = certification.start_exam(exam_id, by=actor(), now=now())
    return redirect(url_for(".room", attempt_id=sitting.id))


@bp.get("/attempts/<uuid:attempt_id>")
def room(attempt_id: UUID) -> ResponseReturnValue:
    """The exam itself; a closed attempt leads to its result."""
    sitting = queries.sitting_of(actor(), attempt_id, now=now())
    if sitting.submitted_at is not None:
        return redirect(url_for(".result", attempt_id=attempt_id))
    return render_template("exams/learner/room.html", sitting=sitting)


@bp.put("/attempts/<uuid:attempt_id>/answers/<int:slot>")
def answer(attempt_id: UUID, slot: int) -> ResponseReturnValue:
    """Store one answer, sent by the page's script as JSON."""
    body = request.get_json(silent=True)
    sent: dict[str, Any] = body if isinstance(body, dict) else {}
    if problems := AnswerSchema().validate(sent):
        raise Invalid("answer_malformed", errors=problems)
    given: dict[str, Any] = AnswerSchema().load(sent)
    saved = services.record_answer(
        attempt_id,
        slot,
        given["seq"],
        given["value"],
        lease=given["lease"],
        client_at=clean(given["client_at"]),
        by=actor(),
        now=now(),
    )
    receipt: dict[str, Any] = SavedSchema().dump(saved)
    return receipt


@bp.post("/attempts/<uuid:attempt_id>/lease")
def take_over(attempt_id: UUID) -> ResponseReturnValue:
    """Go on with the attempt on this device."""
    services.take_over(attempt_id, by=actor(), now=now())
    flash(_("You go on here. Answers that were sent are all there."), "ok")
    return redirect(url_for(".room", attempt_id=attempt_id))


@bp.get("/attempts/<uuid:attempt_id>/review")
def review(attempt_id: UUID) -> ResponseReturnValue:
    """What is stored, before it is handed in."""
    sitting = queries.sitting_of(actor(), attempt_id, now=now())
    if sitting.submitted_at is not None:
        return redirect(url_for(".result", attempt_id=attempt_id))
    blank = [item.slot for item in sitting.paper if not item.answer]
    return render_template("exams/learner/review.html", sitting=sitting, blank=blank)


@bp.post("/attempts/<uuid:attempt_id>/submission")
def submit(attempt_id: UUID) -> ResponseReturnValue:
    """Hand in and be marked."""
    certification.submit_exam(attempt_id, by=actor(), now=now())
    return redirect(url_for(".result", attempt_id=attempt_id))


@bp.get("/attempts/<uuid:attempt_id>/result")
def result(attempt_id: UUID) -> ResponseReturnValue:
    """How it ended; an open attempt leads back to its room."""
    attempt = queries.attempt_of(actor(), attempt_id)
    if attempt.submitted_at is None:
        if is_for_machines():
            raise Conflict("attempt_open")
        return redirect(url_for(".room", attempt_id=attempt_id))
    done = certification.outcome_of(attempt_id, by=actor(), now=now())
    page = enrollment.enrollment_of_exam(attempt.exam_id, by=actor(), now=now())
    return render_template("exams/learner/result.html", done=done, page=page)
