"""The shapes of people's forms; what a password or a code must be is said by the use-cases."""

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, PasswordField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from elearn.web.forms import Form

_NEEDED = InputRequired(_("Fill this in."))


class SignInForm(Form):
    """NIP or e-mail address, and password."""

    login = StringField(
        _("NIP or e-mail address"),
        validators=[_NEEDED, Length(max=254)],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField(
        _("Password"), validators=[_NEEDED, Length(max=256)], render_kw={"autocomplete": "current-password"}
    )
    remember = BooleanField(_("Remember this phone"))
    next = HiddenField(validators=[Optional(), Length(max=500)])


class CodeForm(Form):
    """A one-time code and the password to be."""

    login = StringField(
        _("NIP or e-mail address"), validators=[_NEEDED, Length(max=254)], render_kw={"autocomplete": "username"}
    )
    code = StringField(
        _("One-time code"),
        validators=[_NEEDED, Length(max=40)],
        render_kw={"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"},
    )
    password = PasswordField(
        _("New password"), validators=[_NEEDED, Length(max=300)], render_kw={"autocomplete": "new-password"}
    )


class PasswordForm(Form):
    """A change of one's own password."""

    current = PasswordField(
        _("Present password"), validators=[_NEEDED, Length(max=300)], render_kw={"autocomplete": "current-password"}
    )
    password = PasswordField(
        _("New password"), validators=[_NEEDED, Length(max=300)], render_kw={"autocomplete": "new-password"}
    )


_APP_CODE = {"inputmode": "numeric", "autocomplete": "one-time-code", "spellcheck": "false"}


class AppCodeForm(Form):
    """The code that the app shows, at sign-in."""

    code = StringField(_("Code from the app"), validators=[_NEEDED, Length(max=20)], render_kw=_APP_CODE)


class SpareCodeForm(Form):
    """A spare code, at sign-in, where the phone is away."""

    spare = StringField(
        _("Spare code"),
        validators=[_NEEDED, Length(max=40)],
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )


_PRESENT = {"autocomplete": "current-password"}


class OwnPasswordForm(Form):
    """One's present password, before something weighty."""

    current = PasswordField(_("Present password"), validators=[_NEEDED, Length(max=300)], render_kw=_PRESENT)


class FirstCodeForm(AppCodeForm):
    """The first code of the app, and the offer it answers."""

    offer = HiddenField(validators=[Length(max=1000)])


class SpareCodesForm(Form):
    """Password and app code, for fresh spare codes; it stands beside another form, so its fields have ids of their own."""

    current = PasswordField(
        _("Present password"), id="codes-current", validators=[_NEEDED, Length(max=300)], render_kw=_PRESENT
    )
    code = StringField(_("Code from the app"), id="codes-code", validators=[_NEEDED, Length(max=20)], render_kw=_APP_CODE)


class TurnOffForm(Form):
    """Password and a code of either kind; another password where the present one is short."""

    current = PasswordField(
        _("Present password"), id="off-current", validators=[_NEEDED, Length(max=300)], render_kw=_PRESENT
    )
    code = StringField(
        _("Code from the app, or a spare code"),
        id="off-code",
        validators=[_NEEDED, Length(max=40)],
        render_kw={"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"},
    )
    password = PasswordField(
        _("New password"),
        id="off-password",
        validators=[Optional(), Length(max=300)],
        render_kw={"autocomplete": "new-password"},
    )


class RoleForm(Form):
    """A role for a person within a unit, or everywhere; the view fills in what may be chosen."""

    login = StringField(_("NIP or e-mail address"), validators=[_NEEDED, Length(max=254)])
    role = SelectField(_("Role"), choices=[])
    unit = SelectField(_("Unit"), choices=[], validators=[Optional()])
    reason = StringField(_("Reason"), validators=[_NEEDED, Length(max=300)])
