"""Exams in /api/v1: attempts, answers, submission; shapes are here, rules are not."""

from typing import Any
from uuid import UUID

from marshmallow import EXCLUDE, Schema, fields

from elearn.exams import queries, services
from elearn.exams.facts import Saved, Sitting
from elearn.web.edge import clean
from elearn.web.faces import api_face
from elearn.web.request import actor, now
from elearn.workflows import certification

api = api_face("exams")


class OptionSchema(Schema):
    """An option: its letter on this paper and its text."""

    key = fields.Str(required=True)
    text = fields.Str(required=True)


class SlotSchema(Schema):
    """An item as the learner sees it, with what is stored for it."""

    slot = fields.Int(required=True)
    type = fields.Str(required=True)
    stem = fields.Str(required=True)
    options = fields.List(fields.Nested(OptionSchema), required=True)
    answer = fields.List(fields.Str(), required=True)
    seq = fields.Int(required=True)
    in_doubt = fields.Bool(required=True)


class SittingSchema(Schema):
    """An attempt with its whole paper."""

    id = fields.UUID(required=True)
    exam = fields.UUID(required=True)
    title = fields.Str(required=True)
    lease = fields.Str(required=True)
    opened_at = fields.AwareDateTime(required=True)
    closes_at = fields.AwareDateTime(required=True)
    server_now = fields.AwareDateTime(required=True)
    submitted_at = fields.AwareDateTime(allow_none=True, required=True)
    state = fields.Str(required=True)
    paper = fields.List(fields.Nested(SlotSchema), required=True)


class AnswerSchema(Schema):
    """A save: `value` are the chosen keys, `seq` rises for each slot, `in_doubt` is the learner's own mark."""

    class Meta:
        """Unknown fields, such as a client's own clock, are read over."""

        unknown = EXCLUDE

    seq = fields.Int(required=True, strict=True, validate=lambda number: number < 2**31)
    value = fields.List(fields.Str(), required=True)
    lease = fields.Str(load_default=None, allow_none=True)
    client_at = fields.Str(load_default=None, allow_none=True, validate=lambda text: len(text) <= 64)
    in_doubt = fields.Bool(load_default=None, allow_none=True)


class SavedSchema(Schema):
    """The receipt of a save."""

    slot = fields.Int(required=True)
    seq = fields.Int(required=True)
    value = fields.List(fields.Str(), required=True)
    saved_at = fields.AwareDateTime(required=True)
    server_now = fields.AwareDateTime(required=True)
    time_left_s = fields.Int(required=True)
    receipt = fields.Str(required=True)
    late = fields.Bool(required=True)


class CompetencyOutcomeSchema(Schema):
    """The sub-score of one competency."""

    competency = fields.Str(required=True)
    level = fields.Int(required=True)
    score_bp = fields.Int(required=True)
    pass_bp = fields.Int(required=True)
    passed = fields.Bool(required=True)


class CertificateRefSchema(Schema):
    """The certificate that a pass led to."""

    id = fields.UUID(required=True)
    number = fields.Str(required=True)
    code = fields.Str(required=True)
    status = fields.Str(required=True)


class SubmissionSchema(Schema):
    """How an attempt ended."""

    attempt = fields.UUID(required=True)
    submitted_at = fields.AwareDateTime(required=True)
    passed = fields.Bool(required=True)
    score_bp = fields.Int(required=True)
    pass_bp = fields.Int(required=True)
    competencies = fields.List(fields.Nested(CompetencyOutcomeSchema), required=True)
    certificate = fields.Nested(CertificateRefSchema, allow_none=True, required=True)


@api.post("/exams/<uuid:exam_id>/attempts")
@api.response(201, SittingSchema)
def start(exam_id: UUID) -> tuple[dict[str, Any], int]:
    """Start an attempt; while one is open, again answers 200 with it."""
    sitting, started = certification.start_exam(exam_id, by=actor(), now=now())
    return sitting_body(sitting), 201 if started else 200


@api.get("/attempts/<uuid:attempt_id>")
@api.response(200, SittingSchema)
def attempt(attempt_id: UUID) -> dict[str, Any]:
    """One's own attempt with its paper and what is stored."""
    return sitting_body(queries.sitting_of(actor(), attempt_id, now=now()))


@api.post("/attempts/<uuid:attempt_id>/lease")
@api.response(200, SittingSchema)
def take_over(attempt_id: UUID) -> dict[str, Any]:
    """Go on with an attempt on this device; saves with the lease held before are refused."""
    return sitting_body(services.take_over(attempt_id, by=actor(), now=now()))


@api.put("/attempts/<uuid:attempt_id>/answers/<int:slot>")
@api.arguments(AnswerSchema)
@api.response(200, SavedSchema)
def answer(sent: dict[str, Any], attempt_id: UUID, slot: int) -> Saved:
    """Store one answer; the receipt is signed over what is stored."""
    return services.record_answer(
        attempt_id,
        slot,
        sent["seq"],
        sent["value"],
        lease=sent["lease"],
        client_at=clean(sent["client_at"]),
        in_doubt=sent["in_doubt"],
        by=actor(),
        now=now(),
    )


@api.post("/attempts/<uuid:attempt_id>/submission")
@api.response(201, SubmissionSchema)
def submit(attempt_id: UUID) -> tuple[dict[str, Any], int]:
    """Hand in the attempt and have it marked; again answers 200 with the same."""
    done = certification.submit_exam(attempt_id, by=actor(), now=now())
    return submission_body(done), 200 if done.outcome.again else 201


def sitting_body(sitting: Sitting) -> dict[str, Any]:
    """An attempt as its JSON body; `state` is derived: open, time_up or submitted."""
    open_state = "time_up" if sitting.is_time_up else "open"
    state = "submitted" if sitting.submitted_at is not None else open_state
    return {
        "id": sitting.id,
        "exam": sitting.exam_id,
        "title": sitting.title,
        "lease": sitting.lease,
        "opened_at": sitting.opened_at,
        "closes_at": sitting.closes_at,
        "server_now": sitting.server_now,
        "submitted_at": sitting.submitted_at,
        "state": state,
        "paper": sitting.paper,
    }


def submission_body(done: certification.Submission) -> dict[str, Any]:
    """A submission as its JSON body."""
    outcome = done.outcome
    return {
        "attempt": outcome.attempt_id,
        "submitted_at": outcome.submitted_at,
        "passed": outcome.passed,
        "score_bp": outcome.score_bp,
        "pass_bp": outcome.pass_bp,
        "competencies": outcome.competencies,
        "certificate": done.certificate,
    }
