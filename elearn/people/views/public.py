"""Getting in: sign-in, sign-out, activation and recovery by one-time code; no rules."""

from urllib.parse import urlsplit

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from elearn.kernel.errors import Invalid
from elearn.people import login as door
from elearn.people.forms import CodeForm, SignInForm
from elearn.people.services import accounts, sessions
from elearn.people.views import wording
from elearn.web.faces import Face, face
from elearn.web.limits import limiter
from elearn.web.request import actor, now, on_invalid

bp = face(Face.PUBLIC, "people", __name__)


@bp.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    """Where one signs in; whoever is signed in goes on."""
    if actor().is_signed_in:
        return redirect(_local(request.args.get("next")))
    return render_template("people/public/sign_in.html", form=SignInForm(request.args))


@bp.post("/sign-in")
@limiter.limit("300 per minute")  # against floods only: a whole office may sit behind one address
def check_sign_in() -> ResponseReturnValue:
    """Check and open a session; a refusal is remembered, and says only what is safe to say."""
    form = SignInForm()
    if not form.validate_on_submit():
        return render_template("people/public/sign_in.html", form=form), 422
    outcome = sessions.check_sign_in(
        form.login.data,
        form.password.data,
        remember=form.remember.data,
        user_agent=door.device_label(request.user_agent.string),
        replaces=door.current_token(),
        by=actor(),
        now=now(),
    )
    if outcome.session_token is None:
        return render_template("people/public/sign_in.html", form=form, refused=True), 422
    door.begin(outcome.session_token, remember=form.remember.data)
    return redirect(_local(form.next.data))


@bp.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End this session."""
    token = door.current_token()
    if token:
        sessions.sign_out(token, by=actor(), now=now())
    door.forget()
    return redirect(url_for(".sign_in"))


@bp.get("/activate")
def activate() -> ResponseReturnValue:
    """Where a one-time code becomes a password."""
    return render_template("people/public/activate.html", form=CodeForm(request.args))


@bp.post("/activate")
@limiter.limit("120 per minute")
def use_code() -> ResponseReturnValue:
    """Set a password by a one-time code."""
    form = CodeForm()

    def redraw(error: Invalid) -> ResponseReturnValue:
        form.password.errors = [wording.problem(error)]
        return render_template("people/public/activate.html", form=form), 422

    on_invalid(redraw)
    if not form.validate_on_submit():
        return render_template("people/public/activate.html", form=form), 422
    outcome = accounts.use_code(form.login.data, form.code.data, form.password.data, by=actor(), now=now())
    if not outcome.is_accepted:
        return render_template("people/public/activate.html", form=form, refused=True), 422
    flash(_("Your password is set. Sign in with it now."), "ok")
    return redirect(url_for(".sign_in"))


@bp.get("/forgot")
def forgot() -> ResponseReturnValue:
    """What to do when the password is forgotten."""
    return render_template("people/public/forgot.html")


def _local(target: str | None) -> str:
    """A path of ours, or home: never an address that somebody else put into the link."""
    target = target or ""
    parts = urlsplit(target)
    is_ours = target.startswith("/") and not target.startswith("//") and "\\" not in target and target.isprintable()
    return target if is_ours and not parts.netloc and not parts.scheme else "/learn/"
