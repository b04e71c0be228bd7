"""The JSON shapes of courses in /api/v1; building them is views/api.py's."""

from typing import Any

from marshmallow import Schema, fields, validate

from elearn.web.api import PageSchema

PICTURES: dict[str, dict[str, Any]] = {kind: {} for kind in ("image/png", "image/jpeg", "image/webp")}


class CourseSchema(Schema):
    """A course in the catalogue."""

    id = fields.UUID(required=True)
    slug = fields.Str(required=True)
    code = fields.Str(required=True)
    title = fields.Str(required=True)
    summary = fields.Str(required=True)
    form = fields.Str(required=True)
    lesson_hours = fields.Int(required=True)
    version = fields.Int(required=True)
    enrollment_id = fields.UUID(required=True, allow_none=True)


class CoursePageSchema(PageSchema):
    """One page of the catalogue."""

    items = fields.List(fields.Nested(CourseSchema), required=True)


class NewEnrollmentSchema(Schema):
    """Which course to enrol in."""

    course = fields.Str(required=True, validate=validate.Length(min=1, max=64))


class LessonLineSchema(Schema):
    """A lesson in an enrolment."""

    id = fields.Str(required=True)
    title = fields.Str(required=True)
    module = fields.Str(required=True)
    minutes = fields.Int(required=True)
    has_check = fields.Bool(required=True)
    has_task = fields.Bool(required=True)
    completed = fields.Bool(required=True)
    completed_at = fields.AwareDateTime(required=True, allow_none=True)
    place = fields.Int(required=True)
    changed = fields.Bool(
        required=True, metadata={"description": "Completed in an earlier version of the course, and changed since."}
    )


class ExamBoxSchema(Schema):
    """Whether the exam is open, and why not."""

    id = fields.UUID(required=True, allow_none=True)
    open = fields.Bool(required=True)
    reasons = fields.List(fields.Str(), required=True)
    attempts_used = fields.Int(required=True)
    attempts_max = fields.Int(required=True)
    next_at = fields.AwareDateTime(required=True, allow_none=True)
    open_attempt_id = fields.UUID(required=True, allow_none=True)
    certificate_id = fields.UUID(required=True, allow_none=True)


class ProgressSchema(Schema):
    """Completed lessons of all."""

    completed = fields.Int(required=True)
    total = fields.Int(required=True)


class EnrollmentLineSchema(Schema):
    """An enrolment in a list."""

    id = fields.UUID(required=True)
    course = fields.Str(required=True)
    title = fields.Str(required=True)
    version = fields.Int(required=True)
    status = fields.Str(required=True)
    enrolled_at = fields.AwareDateTime(required=True)
    progress = fields.Nested(ProgressSchema, required=True)
    next_lesson_id = fields.Str(required=True, allow_none=True)


class EnrollmentPageSchema(PageSchema):
    """One page of one's own enrolments."""

    items = fields.List(fields.Nested(EnrollmentLineSchema), required=True)


class EnrollmentSchema(EnrollmentLineSchema):
    """An enrolment with its lessons and its exam."""

    lessons = fields.List(fields.Nested(LessonLineSchema), required=True)
    exam = fields.Nested(ExamBoxSchema, required=True)


class ShownOptionSchema(Schema):
    """An option as shown."""

    key = fields.Str(required=True)
    text = fields.Str(required=True)


class ShownItemSchema(Schema):
    """A check item as shown: never a key, weight or rationale."""

    slot = fields.Int(required=True)
    type = fields.Str(required=True)
    stem = fields.Str(required=True)
    options = fields.List(fields.Nested(ShownOptionSchema), required=True)


class CheckSchema(Schema):
    """A lesson's check."""

    pass_bp = fields.Int(required=True)
    items = fields.List(fields.Nested(ShownItemSchema), required=True)


class TaskSchema(Schema):
    """A lesson's task; `prompt` is safe HTML, `text` what was handed in."""

    title = fields.Str(required=True)
    prompt = fields.Str(required=True)
    min_words = fields.Int(required=True)
    text = fields.Str(required=True)


class LessonSchema(Schema):
    """A lesson; `html` is safe HTML."""

    id = fields.Str(required=True)
    title = fields.Str(required=True)
    html = fields.Str(
        required=True,
        metadata={
            "description": "Safe HTML. Pictures have addresses on this server below "
            "/api/v1/enrollments/{enrollment_id}/media/, to be fetched with the same bearer token; "
            "width, height and alt are always given."
        },
    )
    minutes = fields.Int(required=True)
    completed = fields.Bool(required=True)
    place = fields.Int(required=True)
    check = fields.Nested(CheckSchema, required=True, allow_none=True)
    task = fields.Nested(TaskSchema, required=True, allow_none=True)


class TaskTextSchema(Schema):
    """A text to hand in."""

    text = fields.Str(required=True)


class CompletionRequestSchema(Schema):
    """What completes a lesson: the chosen keys by slot, and the task's text."""

    answers = fields.Dict(keys=fields.Str(), values=fields.List(fields.Str()), load_default=None, allow_none=True)
    task = fields.Nested(TaskTextSchema, load_default=None, allow_none=True)


class OptionFeedbackSchema(Schema):
    """Why a chosen option is right or not."""

    key = fields.Str(required=True)
    rationale = fields.Str(required=True)


class ItemFeedbackSchema(Schema):
    """What a try earned in one place."""

    slot = fields.Int(required=True)
    correct = fields.Bool(required=True)
    points = fields.Int(
        required=True, allow_none=True, metadata={"description": "Of a weighted item, 0 to 5; null for the others."}
    )
    chosen = fields.List(fields.Str(), required=True)
    correct_keys = fields.List(fields.Str(), required=True)
    options = fields.List(fields.Nested(OptionFeedbackSchema), required=True)


class CheckResultSchema(Schema):
    """One try of a check, marked."""

    number = fields.Int(required=True)
    score_bp = fields.Int(required=True)
    pass_bp = fields.Int(required=True)
    passed = fields.Bool(required=True)
    items = fields.List(fields.Nested(ItemFeedbackSchema), required=True)


class CompletionSchema(Schema):
    """Whether the lesson is completed, what is missing, and the try just made."""

    completed = fields.Bool(required=True)
    missing = fields.List(fields.Str(), required=True)
    check = fields.Nested(CheckResultSchema, required=True, allow_none=True)


class IncompleteSchema(CompletionSchema):
    """The same as a problem (RFC 9457): the lesson is not completed."""

    type = fields.Str(required=True)
    title = fields.Str(required=True)
    status = fields.Int(required=True)
    code = fields.Str(required=True)
