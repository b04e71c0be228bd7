"""The learner's pages around an exam: lobby, start and result; the room is in room.py."""

from uuid import UUID

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from elearn.competency.queries import competency_names
from elearn.exams import queries
from elearn.kernel.errors import Conflict
from elearn.web.faces import Face, face
from elearn.web.request import actor, is_for_machines, now
from elearn.workflows import certification, enrollment

bp = face(Face.LEARNER, "exams", __name__)

STARTED = "started"
"""The fragment by which the room's script knows that its device started the attempt."""


@bp.get("/<uuid:exam_id>")
def lobby(exam_id: UUID) -> ResponseReturnValue:
    """Before the clock starts: rules, duration, attempts, what happens if the network fails."""
    page = enrollment.enrollment_of_exam(exam_id, by=actor(), now=now())
    return render_template("exams/learner/lobby.html", page=page, exam_id=exam_id)


@bp.post("/<uuid:exam_id>/attempts")
def start(exam_id: UUID) -> ResponseReturnValue:
    """Start the clock, or go on with the open attempt; the device that starts holds it, any other asks first."""
    sitting, started = certification.start_exam(exam_id, by=actor(), now=now())
    return redirect(url_for("room_learner.room", attempt_id=sitting.id, _anchor=STARTED if started else None))


@bp.get("/attempts/<uuid:attempt_id>/result")
def result(attempt_id: UUID) -> ResponseReturnValue:
    """How it ended; an open attempt leads back to its room."""
    attempt = queries.attempt_of(actor(), attempt_id)
    if attempt.submitted_at is None:
        if is_for_machines():
            raise Conflict("attempt_open")
        return redirect(url_for("room_learner.room", attempt_id=attempt_id))
    done = certification.outcome_of(attempt_id, by=actor(), now=now())
    page = enrollment.enrollment_of_exam(attempt.exam_id, by=actor(), now=now())
    names = competency_names([it.competency for it in done.outcome.competencies])
    return render_template("exams/learner/result.html", done=done, page=page, names=names)
