"""The JSON shapes of competency in /api/v1; building them is views/api.py's."""

from marshmallow import Schema, fields

from elearn.web.api import PageSchema


class EvidenceSchema(Schema):
    """One piece of evidence."""

    id = fields.UUID(required=True)
    kind = fields.Str(required=True)
    level = fields.Int(required=True)
    claimed_level = fields.Int(required=True)
    score_bp = fields.Int(required=True, allow_none=True)
    supervision = fields.Str(required=True)
    observed_on = fields.Date(required=True)
    valid_until = fields.Date(required=True, allow_none=True)
    standing = fields.Str(required=True)
    expired = fields.Bool(required=True)
    source = fields.Str(required=True)
    decided_at = fields.AwareDateTime(required=True, allow_none=True)
    decided_reason = fields.Str(required=True)


class ProfileItemSchema(Schema):
    """Where a person stands in one competency."""

    competency = fields.Str(required=True)
    name = fields.Str(required=True)
    kind = fields.Str(required=True)
    required = fields.Int(required=True)
    achieved = fields.Int(required=True)
    confirmed = fields.Int(required=True)
    standing = fields.Str(required=True)
    gap = fields.Int(required=True)
    why = fields.Str(required=True)
    evidence = fields.List(fields.Nested(EvidenceSchema), required=True)


class FormHoursSchema(Schema):
    """Lesson hours by form of development."""

    form = fields.Str(required=True)
    name = fields.Str(required=True)
    lesson_hours = fields.Int(required=True)


class LessonHoursSchema(Schema):
    """Lesson hours (JP) of the year against the duty or the ceiling."""

    year = fields.Int(required=True)
    first_on = fields.Date(required=True)
    last_on = fields.Date(required=True)
    basis = fields.Str(required=True)
    earned = fields.Int(required=True)
    target = fields.Int(required=True, allow_none=True)
    cap = fields.Int(required=True, allow_none=True)
    enforcement = fields.Str(required=True)
    state = fields.Str(required=True)
    by_form = fields.List(fields.Nested(FormHoursSchema), required=True)


class ProfileSchema(Schema):
    """A competency profile on a day."""

    employee_id = fields.UUID(required=True)
    on = fields.Date(required=True)
    jpm_bp = fields.Int(required=True, allow_none=True)
    items = fields.List(fields.Nested(ProfileItemSchema), required=True)
    lesson_hours = fields.Nested(LessonHoursSchema, required=True)


class LevelSchema(Schema):
    """What one level means."""

    level = fields.Int(required=True)
    name = fields.Str(required=True)
    description = fields.Str(required=True)
    indicators = fields.List(fields.Str(), required=True)


class CompetencySchema(Schema):
    """One competency of the dictionary."""

    competency = fields.Str(required=True)
    kind = fields.Str(required=True)
    name = fields.Str(required=True)
    definition = fields.Str(required=True)
    legal_basis = fields.Str(required=True)
    confidence = fields.Str(required=True)
    effective_from = fields.Date(required=True)
    levels = fields.List(fields.Nested(LevelSchema), required=True)


class CompetencyPageSchema(PageSchema):
    """One page of the dictionary."""

    items = fields.List(fields.Nested(CompetencySchema), required=True)
