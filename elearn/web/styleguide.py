"""The page that shows every shared piece in both themes, for whoever builds pages; there only where a switch says so."""

from flask import Blueprint, Flask, render_template
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, SelectField, StringField

from elearn.web.forms import Form

THEMES = ("light", "dark")
COLOURS = (
    ("canvas", "paper", "ink", "ink-2", "line", "line-2", "primary", "primary-soft"),
    ("gold", "gold-fill", "gold-soft", "ok", "ok-soft", "warn", "warn-soft", "bad", "bad-soft", "info", "info-soft"),
    ("heat-1", "heat-2", "heat-3", "heat-4", "heat-5", "gap-0", "gap-1", "gap-2", "gap-3"),
)


class SampleForm(Form):
    """One field of each kind."""

    name = StringField("Nama lengkap")
    unit = SelectField("Unit kerja", choices=["Pilih", "Bidang Pelayanan"])
    agree = BooleanField("Ingat ponsel ini")


def styleguide() -> ResponseReturnValue:
    """Every piece, in the light and in the dark; its words are samples and in no catalogue."""
    forms = {theme: (SampleForm(prefix=f"{theme}-fine"), SampleForm(prefix=f"{theme}-wrong")) for theme in THEMES}
    for _fine, wrong in forms.values():
        wrong.name.errors = ["Tulis nama seperti di SK. Yang lain tetap tersimpan."]
    return render_template("web/styleguide.html", forms=forms, colours=COLOURS)


def init_app(app: Flask, *, shown: bool) -> None:
    """Give the page its address where it is shown; elsewhere there is none."""
    if shown:
        blueprint = Blueprint("styleguide", __name__)
        blueprint.add_url_rule("/styleguide", view_func=styleguide)
        app.register_blueprint(blueprint)
