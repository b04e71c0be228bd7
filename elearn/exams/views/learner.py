"""The learner's pages around an exam: lobby, start and result; the room is in room.py."""

from datetime import timedelta
from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from elearn.competency.terms import competency_names
from elearn.exams import receipts
from elearn.exams.rules import minutes_granted
from elearn.exams.views import receipt_text
from elearn.kernel.clock import local_date
from elearn.kernel.errors import Conflict, Invalid
from elearn.people import arrangements
from elearn.people.views import granted_words
from elearn.web.edge import clean
from elearn.web.faces import Face, face
from elearn.web.headers import FILE_POLICY
from elearn.web.request import actor, is_for_machines, now, on_invalid
from elearn.workflows import certification, enrollment, particulars
from elearn.workflows import result as story

bp = face(Face.LEARNER, "exams", __name__)

STAMPING = timedelta(minutes=1)
"""So soon after handing in, the certificate stamps in; later it is simply there."""

STARTED = "started"
"""The fragment by which the room's script knows that its device started the attempt."""


@bp.get("/<uuid:exam_id>")
def lobby(exam_id: UUID) -> ResponseReturnValue:
    """Before the clock starts: rules, duration, attempts, what is printed, what happens if the network fails."""
    return _lobby(exam_id)


@bp.post("/<uuid:exam_id>/particulars")
def say_particulars(exam_id: UUID) -> ResponseReturnValue:
    """Say that what certificates will print is right, or what is wrong with it."""
    note = clean(request.form.get("note", "")) or ""

    def redraw(_error: Invalid) -> ResponseReturnValue:
        return _lobby(exam_id, note=note, note_error=_("Write in a few words what is wrong and how it should read.")), 422

    on_invalid(redraw)
    enrollment.enrollment_of_exam(exam_id, by=actor(), now=now())
    if request.form.get("said") == "right":
        particulars.confirm_particulars(by=actor(), now=now())
        flash(_("Noted: these particulars are right."), "ok")
    else:
        particulars.report_particulars(note, by=actor(), now=now())
        flash(_("Reported to your HR office. You may sit the exam now; the certificate waits until it is settled."), "ok")
    return redirect(url_for(".lobby", exam_id=exam_id, _anchor="particulars"))


def _lobby(exam_id: UUID, **shown: str) -> str:
    page = enrollment.enrollment_of_exam(exam_id, by=actor(), now=now())
    employee_id, on = actor().employee_id, local_date(now(), actor().zone)
    return render_template(
        "exams/learner/lobby.html",
        page=page,
        exam_id=exam_id,
        said=particulars.own_particulars(by=actor(), now=now()),
        granted=arrangements.accommodation_on(employee_id, on) if employee_id else None,
        words=granted_words,
        minutes_granted=minutes_granted,
        **shown,
    )


@bp.post("/<uuid:exam_id>/attempts")
def start(exam_id: UUID) -> ResponseReturnValue:
    """Start the clock, or go on with the open attempt; the device that starts holds it, any other asks first.

    A browser that runs no scripts could store no answer: it starts nothing.
    """
    if request.form.get("ready") != "yes":
        flash(
            _("Nothing was started and no attempt is used: the exam needs JavaScript. Allow it for this site, then reload."),
            "bad",
        )
        return redirect(url_for(".lobby", exam_id=exam_id))
    sitting, started = certification.start_exam(exam_id, by=actor(), now=now())
    return redirect(url_for("room_learner.room", attempt_id=sitting.id, _anchor=STARTED if started else None))


@bp.get("/attempts/<uuid:attempt_id>/result")
def result(attempt_id: UUID) -> ResponseReturnValue:
    """How it ended; an open attempt leads back to its room."""
    try:
        done = story.result_of(attempt_id, by=actor(), now=now())
    except Conflict:
        if is_for_machines():
            raise
        return redirect(url_for("room_learner.room", attempt_id=attempt_id))
    return render_template(
        "exams/learner/result.html",
        done=done,
        names=competency_names([it.competency for it in done.outcome.competencies]),
        is_fresh=now() - done.outcome.submitted_at < STAMPING,
    )


@bp.get("/attempts/<uuid:attempt_id>/receipts")
def receipt_file(attempt_id: UUID) -> ResponseReturnValue:
    """Every receipt of one's own closed attempt as a text to keep."""
    receipt = receipts.of_submission(actor(), attempt_id)
    name = f"tanda-terima-{receipt.code or attempt_id}.txt"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-store",
        "Content-Security-Policy": FILE_POLICY,
    }
    text = receipt_text.as_text(receipt)
    return Response(text, content_type="text/plain; charset=utf-8", headers=headers)
