"""Shapes of HR's browser input about evidence; meaning is validated by the models."""

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from elearn.web.forms import DayField, Form

_NEEDED = InputRequired(_l("Fill this in."))


class DecisionForm(Form):
    """The reason for confirming, rejecting or withdrawing a piece of evidence."""

    reason = TextAreaField(_l("Reason"), validators=[Length(max=1000)])


class RequirementForm(Form):
    """Another level that a position requires of a competency, from a day on; the view fills in what may be chosen."""

    competency = SelectField(_l("Competency"), choices=[], validators=[_NEEDED])
    required_level = SelectField(_l("Required level"), choices=[], validators=[_NEEDED])
    effective_from = DayField(_l("From"), validators=[_NEEDED])
    legal_basis = StringField(_l("Legal basis"), validators=[_NEEDED, Length(max=300)])
