"""The shapes of certificates' forms."""

from flask_babel import lazy_gettext as _
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from elearn.web.forms import Form


class RevocationForm(Form):
    """Why a certificate is withdrawn."""

    reason = TextAreaField(_("Reason"), validators=[InputRequired(_("Give the reason in a few words.")), Length(max=500)])


class CodeForm(Form):
    """A code as people type it."""

    code = StringField(_("Code of the certificate"), validators=[Length(max=200)])
