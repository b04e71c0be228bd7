"""The shapes of certificates' forms."""

from flask_babel import lazy_gettext as _
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, Regexp

from elearn.web.forms import Form


class RevocationForm(Form):
    """Why a certificate is withdrawn."""

    reason = TextAreaField(_("Reason"), validators=[InputRequired(_("Give the reason in a few words.")), Length(max=500)])


_NEEDED = InputRequired(_("Fill this in."))


class SignerForm(Form):
    """An official whom certificates name from a day on; the view fills in the agencies."""

    agency = SelectField(_("Agency"), choices=[])
    name = StringField(_("Name with titles"), validators=[_NEEDED, Length(max=200)])
    title = StringField(_("Office held"), validators=[_NEEDED, Length(max=200)])
    identifier = StringField(
        _("NIP"),
        validators=[Optional(), Regexp(r"^[0-9 .\-]{18,30}$", message=_("A NIP has 18 digits."))],
        render_kw={"inputmode": "numeric"},
    )
    legal_basis = StringField(_("Basis of the appointment"), validators=[_NEEDED, Length(max=300)])
    from_on = DateField(_("From"), validators=[InputRequired(_("Choose a day."))])
