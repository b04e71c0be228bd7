"""The shapes of certificates' forms."""

from flask_babel import lazy_gettext as _
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from elearn.web.forms import Form


class RevocationForm(Form):
    """Why a certificate is withdrawn."""

    reason = TextAreaField(_("Reason"), validators=[InputRequired(_("Give the reason in a few words.")), Length(max=500)])
