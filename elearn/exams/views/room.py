"""The exam room: its shell, its paper as JSON, its service worker, and the practice in it; no rules."""

import json
from typing import Any
from uuid import UUID

from flask import Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf
from marshmallow import ValidationError

from elearn.exams import queries, services, simulation
from elearn.exams.views.api import AnswerSchema, SavedSchema, SittingSchema, sitting_body
from elearn.exams.views.learner import STARTED
from elearn.exams.views.room_words import room_words
from elearn.kernel.errors import Invalid
from elearn.web import assets
from elearn.web.edge import clean
from elearn.web.faces import Face, face
from elearn.web.request import actor, is_for_machines, now
from elearn.workflows import certification

bp = face(Face.LEARNER, "room", __name__, prefix="/exams")

ANSWER, SAVED = AnswerSchema(), SavedSchema()


def shell() -> str:
    """The room without anybody in it: the same bytes for everybody."""
    return render_template("exams/learner/room.html", room_words=room_words())


@bp.get("/room")
def empty_room() -> ResponseReturnValue:
    """The shell as a browser keeps it, for a reload without a connection."""
    return shell()


@bp.get("/worker.js")
def worker() -> ResponseReturnValue:
    """The service worker, told which files make up the room."""
    files = [assets.address(name) for name in ("app.css", "room.js", "icons.svg")]
    body = (current_app.extensions["elearn_built"] / assets.address("sw.js").rsplit("/", 1)[1]).read_text("utf-8")
    head = f"const ROOM_SHELL = {json.dumps(url_for('.empty_room'))};\nconst ROOM_FILES = {json.dumps(files)};\n"
    return Response(head + body, content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"})


@bp.get("/attempts/<uuid:attempt_id>")
def room(attempt_id: UUID) -> ResponseReturnValue:
    """The room for an attempt of one's own; a closed attempt leads to its result."""
    if queries.attempt_of(actor(), attempt_id).submitted_at is not None:
        return redirect(url_for("exams_learner.result", attempt_id=attempt_id))
    return shell()


@bp.get("/attempts/<uuid:attempt_id>/paper")
def paper(attempt_id: UUID) -> ResponseReturnValue:
    """The whole paper, once, with what is stored; never a key, weight or explanation."""
    return _paper_body(sitting_body(queries.sitting_of(actor(), attempt_id, now=now())))


@bp.get("/attempts/<uuid:attempt_id>/state")
def state(attempt_id: UUID) -> ResponseReturnValue:
    """Who holds the attempt and how much time is left; nothing at all (204) where `?lease` still holds it."""
    return _state_body(queries.attempt_of(actor(), attempt_id))


@bp.put("/attempts/<uuid:attempt_id>/answers/<int:slot>")
def answer(attempt_id: UUID, slot: int) -> ResponseReturnValue:
    """Store one answer, sent by the room's script as JSON."""
    given = _answer_sent()
    saved = services.record_answer(
        attempt_id,
        slot,
        given["seq"],
        given["value"],
        lease=given["lease"],
        client_at=clean(given["client_at"]),
        in_doubt=given["in_doubt"],
        by=actor(),
        now=now(),
    )
    return _receipt(saved)


@bp.post("/attempts/<uuid:attempt_id>/lease")
def take_over(attempt_id: UUID) -> ResponseReturnValue:
    """Go on with the attempt on this device."""
    return _paper_body(sitting_body(services.take_over(attempt_id, by=actor(), now=now())))


@bp.post("/attempts/<uuid:attempt_id>/submission")
def submit(attempt_id: UUID) -> ResponseReturnValue:
    """Hand in and be marked; says where the result is."""
    certification.submit_exam(attempt_id, by=actor(), now=now())
    return _onward(url_for("exams_learner.result", attempt_id=attempt_id))


@bp.post("/simulation")
def begin_simulation() -> ResponseReturnValue:
    """Begin a practice in the room."""
    simulation.begin(by=actor(), now=now())
    return redirect(url_for(".simulation_room", _anchor=STARTED))


@bp.get("/simulation")
def simulation_room() -> ResponseReturnValue:
    """The room for a practice."""
    if simulation.sitting(by=actor(), now=now()).submitted_at is not None:
        return redirect(url_for(".simulation_result"))
    return shell()


@bp.get("/simulation/paper")
def simulation_paper() -> ResponseReturnValue:
    """Five harmless items, with what is stored."""
    return _paper_body(sitting_body(simulation.sitting(by=actor(), now=now())))


@bp.get("/simulation/state")
def simulation_state() -> ResponseReturnValue:
    """Who holds the practice and how much time is left."""
    return _state_body(simulation.sitting(by=actor(), now=now()))


@bp.put("/simulation/answers/<int:slot>")
def simulation_answer(slot: int) -> ResponseReturnValue:
    """Store one answer of a practice."""
    given = _answer_sent()
    sent = {name: given[name] for name in ("lease", "in_doubt")}
    saved = simulation.record(slot, given["seq"], given["value"], **sent, by=actor(), now=now())
    return _receipt(saved)


@bp.post("/simulation/lease")
def take_simulation_over() -> ResponseReturnValue:
    """Go on with the practice on this device."""
    return _paper_body(sitting_body(simulation.take_over(by=actor(), now=now())))


@bp.post("/simulation/submission")
def end_simulation() -> ResponseReturnValue:
    """Hand the practice in."""
    simulation.end(by=actor(), now=now())
    return _onward(url_for(".simulation_result"))


@bp.get("/simulation/result")
def simulation_result() -> ResponseReturnValue:
    """What was stored in the practice, and that one is ready."""
    return render_template("exams/learner/simulation.html", sitting=simulation.sitting(by=actor(), now=now()))


@bp.put("/check")
def check() -> ResponseReturnValue:
    """One real save for the device check; what comes back was read from the database."""
    sent = request.get_json(silent=True)
    nonce = sent.get("nonce") if isinstance(sent, dict) else None
    if not isinstance(nonce, str) or not nonce:
        raise Invalid("nonce_missing", field="nonce")
    return {"nonce": simulation.check_device(nonce, by=actor(), now=now()), "server_now": now().isoformat()}


def _answer_sent() -> dict[str, Any]:
    body = request.get_json(silent=True)
    sent: dict[str, Any] = body if isinstance(body, dict) else {}
    try:
        given: dict[str, Any] = ANSWER.load(sent)
    except ValidationError as error:
        raise Invalid("answer_malformed", errors=error.messages) from error
    return given


def _receipt(saved: object) -> dict[str, Any]:
    body: dict[str, Any] = SAVED.dump(saved)
    return body


def _paper_body(body: dict[str, Any]) -> dict[str, Any]:
    dumped: dict[str, Any] = SittingSchema().dump(body)
    return dumped | {"csrf": generate_csrf(), "zone": actor().zone}


def _state_body(sitting: Any) -> ResponseReturnValue:
    if sitting.submitted_at is None and request.args.get("lease") == sitting.lease:
        return "", 204
    left = max(0, int((sitting.closes_at - now()).total_seconds()))
    return {
        "lease": sitting.lease,
        "closes_at": sitting.closes_at.isoformat(),
        "time_left_s": left,
        "submitted": sitting.submitted_at is not None,
    }


def _onward(address: str) -> ResponseReturnValue:
    return {"next": address} if is_for_machines() else redirect(address)
