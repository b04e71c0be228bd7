"""Where a one-time code becomes a password, offered or one's own, and where one is asked for; no rules."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from elearn.kernel.clock import local_date
from elearn.kernel.errors import Invalid
from elearn.people import accounts as reads
from elearn.people import challenge as halfway
from elearn.people import login as door
from elearn.people import passphrase
from elearn.people.forms import CodeForm
from elearn.people.services import accounts
from elearn.people.views import wording
from elearn.web.faces import Face, face
from elearn.web.limits import limiter
from elearn.web.request import actor, now, on_invalid

bp: Blueprint = face(Face.PUBLIC, "activation", __name__)

HOME = "/learn/"


@bp.get("/activate")
def activate() -> ResponseReturnValue:
    """Where a code becomes a password; a slip's address fills in the code and says whose it is."""
    return _page(CodeForm(request.args))


@bp.post("/activate")
@limiter.limit("120 per minute")
def use_code() -> ResponseReturnValue:
    """Set the offered password or one's own, and go in; without scripts it also makes another offer or shows the typing."""
    form = CodeForm()
    on_invalid(lambda error: (_with_problem(form, error), 422))
    if not form.validate_on_submit():
        return _page(form, kept=True), 422
    choice = request.form.get("choice", "own")  # Enter in a field chooses nothing: then one's own, if it was typed
    if choice == "another":
        return _page(form)
    if choice == "show":
        return _page(form, kept=True, shown=True)
    password = form.offered.data if choice == "offered" else form.password.data
    if not password or not (form.login.data or form.slip_id):
        return _page(form, kept=True, empty=True), 422
    outcome = accounts.use_code(
        form.login.data or "",
        form.code.data,
        password,
        slip_id=form.slip_id,
        user_agent=door.device_label(request.user_agent.string),
        by=actor(),
        now=now(),
    )
    if outcome.half is not None:
        halfway.begin(outcome.half, onward=HOME)
        return redirect(url_for("people_public.challenge"))
    if outcome.session_token is None:
        return _page(form, kept=True, refused=True), 422
    door.begin(outcome.session_token, remember=False)
    flash(_("Your password is set, and you are in. Keep it where only you find it."), "ok")
    return redirect(HOME)


def _with_problem(form: CodeForm, error: Invalid) -> str:
    form.password.errors = [wording.problem(error)]
    return _page(form, kept=True)


def _page(form: CodeForm, *, kept: bool = False, refused: bool = False, shown: bool = False, empty: bool = False) -> str:
    """The page; the offer stays as it was where `kept`, and what was typed is shown in plain letters where `shown`."""
    on = local_date(now(), actor().zone)
    minimum = reads.password_min_length(on, has_factor=False)
    is_ours = kept and passphrase.is_of_ours(form.offered.data or "")
    return render_template(
        "people/public/activate.html",
        form=form,
        offered=form.offered.data if is_ours else passphrase.offer(min_length=minimum),
        by_slip=form.slip_id is not None and bool(form.code.data) and not refused,
        refused=refused,
        shown=shown,
        empty=empty,
        minimum=minimum,
        tries=reads.code_tries(on),
    )
