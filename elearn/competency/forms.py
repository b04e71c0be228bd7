"""Shapes of HR's browser input about evidence; meaning is validated by the models."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import Length

from elearn.web.forms import Form


class DecisionForm(Form):
    """The reason for confirming, rejecting or withdrawing a piece of evidence."""

    reason = TextAreaField(_l("Reason"), validators=[Length(max=1000)])
