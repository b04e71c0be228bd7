"""The shapes of people's forms; what a password or a code must be is said by the use-cases."""

from uuid import UUID

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, PasswordField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, Optional

from elearn.web.forms import DayField, Form

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
    """A one-time code and the password to be: the offered one, or one of one's own. A slip's address says whose code."""

    slip = HiddenField(validators=[Optional(), Length(max=40)])
    login = StringField(
        _("NIP or e-mail address"),
        validators=[Length(max=254)],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    code = StringField(
        _("One-time code"),
        validators=[_NEEDED, Length(max=40)],
        render_kw={"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"},
    )
    offered = HiddenField(validators=[Optional(), Length(max=300)])
    password = PasswordField(
        _("New password"),
        validators=[Optional(), Length(max=300)],
        render_kw={"autocomplete": "new-password", "autocapitalize": "none", "spellcheck": "false"},
    )

    @property
    def slip_id(self) -> UUID | None:
        """Whose code it is by the slip's address; None where a login says so."""
        try:
            return UUID(self.slip.data or "")
        except ValueError:
            return None


class PasswordForm(Form):
    """A change of one's own password."""

    current = PasswordField(
        _("Present password"), validators=[_NEEDED, Length(max=300)], render_kw={"autocomplete": "current-password"}
    )
    password = PasswordField(
        _("New password"), validators=[_NEEDED, Length(max=300)], render_kw={"autocomplete": "new-password"}
    )
    ends_tokens = BooleanField(_("Also end my API tokens"))


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


_NAME = {"autocomplete": "off", "spellcheck": "false"}


class RoleForm(Form):
    """A role for a person within a unit, or everywhere; the view fills in what may be chosen."""

    login = StringField(
        _("NIP or e-mail address"), validators=[_NEEDED, Length(max=254)], render_kw=_NAME | {"autocapitalize": "none"}
    )
    role = SelectField(_("Role"), choices=[])
    unit = SelectField(_("Unit"), choices=[], validators=[Optional()])
    reason = StringField(_("Reason"), validators=[_NEEDED, Length(max=300)])


_NUMBER = {"inputmode": "numeric", "autocomplete": "off"}


class _Numbered(Form):
    """Who comes: their number and kind of employment, before the name."""

    identifier = StringField(_("NIP or NI PPPK"), validators=[Optional(), Length(max=30)], render_kw=_NUMBER)
    employment_type = SelectField(_("Kind of employment"), choices=[], validators=[_NEEDED])


class CorrectionForm(Form):
    """What a person is called, and how they are reached."""

    name = StringField(_("Name without titles"), validators=[_NEEDED, Length(max=200)], render_kw=_NAME)
    title_before = StringField(_("Titles before the name"), validators=[Optional(), Length(max=100)], render_kw=_NAME)
    title_after = StringField(_("Titles after the name"), validators=[Optional(), Length(max=100)], render_kw=_NAME)
    email = StringField(
        _("E-mail address"),
        validators=[Optional(), Length(max=254)],
        render_kw=_NAME | {"type": "email", "inputmode": "email"},
    )
    rank_code = SelectField(_("Rank"), choices=[], validators=[Optional()])


class HireForm(_Numbered, CorrectionForm):
    """A person who comes; the view fills in what may be chosen."""

    unit_id = SelectField(_("Unit"), choices=[], validators=[_NEEDED])
    position_id = SelectField(_("Position"), choices=[], validators=[_NEEDED])
    supervisor_id = StringField(
        _("Supervisor: NIP or e-mail address"), validators=[Optional(), Length(max=254)], render_kw=_NAME
    )
    active_from = DayField(_("At work from"), validators=[Optional()])


class NumberForm(Form):
    """Another NIP or NI PPPK from a day on."""

    identifier = StringField(_("NIP or NI PPPK"), validators=[_NEEDED, Length(max=30)], render_kw=_NUMBER)
    valid_from = DayField(_("From"), validators=[_NEEDED])


class PostingForm(Form):
    """Another unit, position or supervisor from a day on."""

    unit_id = SelectField(_("Unit"), choices=[], validators=[_NEEDED])
    position_id = SelectField(_("Position"), choices=[], validators=[_NEEDED])
    from_on = DayField(_("From"), validators=[_NEEDED])
    keep_supervisor = BooleanField(_("Keep the present supervisor"))
    supervisor_id = StringField(
        _("Supervisor: NIP or e-mail address"), validators=[Optional(), Length(max=254)], render_kw=_NAME
    )


class ReasonForm(Form):
    """Why."""

    reason = StringField(_("Reason"), validators=[_NEEDED, Length(max=1000)], render_kw={"autocomplete": "off"})


class DepartureForm(Form):
    """The first day on which somebody is gone."""

    left_on = DayField(_("First day no longer at work"), validators=[_NEEDED])


class UnitForm(Form):
    """What a unit is called, and its code."""

    name = StringField(_("Name of the unit"), validators=[_NEEDED, Length(max=200)], render_kw=_NAME)
    code = StringField(_("Code"), validators=[_NEEDED, Length(max=60)], render_kw=_NAME)


class NewUnitForm(UnitForm):
    """A unit to be, below another."""

    parent_id = SelectField(_("Below"), choices=[], validators=[_NEEDED])


class NewAgencyForm(UnitForm):
    """An agency to be, with its time zone."""

    zone = SelectField(_("Time zone"), choices=[], validators=[_NEEDED])


class PlaceForm(Form):
    """Another place in the tree."""

    parent_id = SelectField(_("Below"), choices=[], validators=[_NEEDED])


class PositionForm(Form):
    """A position's name, level and job class."""

    name = StringField(_("Name of the position"), validators=[_NEEDED, Length(max=200)], render_kw=_NAME)
    level_code = SelectField(_("Level of the position"), choices=[], validators=[_NEEDED])
    job_class = StringField(_("Job class"), validators=[Optional(), Length(max=2)], render_kw=_NUMBER)


class NewPositionForm(PositionForm):
    """A position to be."""

    code = StringField(_("Code"), validators=[_NEEDED, Length(max=60)], render_kw=_NAME)


class AccommodationForm(Form):
    """What a person is granted for exams; the view fills in the choices."""

    time_percent = SelectField(_("Time"), coerce=int)
    arrangements = SelectMultipleField(_("Other arrangements"), validators=[Optional()])
    basis = StringField(_("Decision it rests on"), validators=[_NEEDED, Length(max=300)])
    until_on = DayField(_("Until"), validators=[Optional()])
