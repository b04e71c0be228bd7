"""Getting in: sign-in, its second factor, sign-out; passwords by one-time code are activation.py's; no rules."""

from urllib.parse import urlsplit

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf

from elearn.kernel import meter
from elearn.kernel.clock import local_date
from elearn.people import accounts as reads
from elearn.people import challenge as halfway
from elearn.people import login as door
from elearn.people.facts.accounts import SignInOutcome
from elearn.people.forms import AppCodeForm, SignInForm, SpareCodeForm
from elearn.people.services import sessions
from elearn.web.faces import Face, face
from elearn.web.limits import limiter
from elearn.web.request import actor, is_for_machines, now

bp = face(Face.PUBLIC, "people", __name__)


@bp.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    """Where one signs in; whoever is signed in goes on. A page that signs in in place asks for its token alone."""
    if is_for_machines():
        return {"csrf": generate_csrf()}
    if actor().is_signed_in:
        return redirect(_local(request.args.get("next")))
    return _sign_in_page(SignInForm(request.args))


@bp.post("/sign-in")
@limiter.limit("300 per minute")  # against floods only: a whole office may sit behind one address
def check_sign_in() -> ResponseReturnValue:
    """Check and open a session; a refusal is remembered, and says only what is safe to say."""
    form = SignInForm()
    if not form.validate_on_submit():
        return _sign_in_page(form), 422
    outcome = sessions.check_sign_in(
        form.login.data,
        form.password.data,
        remember=form.remember.data,
        user_agent=door.device_label(request.user_agent.string),
        replaces=door.current_token(),
        by=actor(),
        now=now(),
    )
    meter.happened(_ending(outcome))
    if outcome.half is not None:
        halfway.begin(outcome.half, onward=_local(form.next.data))
        if is_for_machines():
            return {"code": "second_factor"}, 409
        return redirect(url_for(".challenge"))
    if outcome.session_token is None:
        door.count_refusal()
        return ({"code": "refused"} if is_for_machines() else _sign_in_page(form, refused=True)), 422
    door.begin(outcome.session_token, remember=form.remember.data)
    if is_for_machines():
        return {"csrf": generate_csrf()}
    return redirect(_local(form.next.data))


def _ending(outcome: SignInOutcome) -> meter.SignIn:
    if outcome.half is not None:
        return meter.SignIn.FACTOR_DUE
    return meter.SignIn.OPENED if outcome.session_token else meter.SignIn.REFUSED


def _sign_in_page(form: SignInForm, *, refused: bool = False) -> str:
    on = local_date(now(), actor().zone)
    return render_template(
        "people/public/sign_in.html",
        form=form,
        refused=refused,
        remember_days=reads.remember_days(on),
        lock_minutes=reads.lock_minutes(on),
        recovery_after=reads.recovery_after(on) if door.refusals() >= reads.lock_after(on) else None,
    )


@bp.get("/sign-in/code")
def challenge() -> ResponseReturnValue:
    """Where the second factor is asked for, after the right password."""
    if halfway.present(now=now()) is None:
        return redirect(url_for(".sign_in"))
    return _challenge_page(AppCodeForm(), SpareCodeForm())


@bp.post("/sign-in/code")
@limiter.limit("300 per minute")
def answer_challenge() -> ResponseReturnValue:
    """Open the session by a code of the app, or by a spare code; a refusal is remembered."""
    found = halfway.present(now=now())
    if found is None:
        halfway.end()
        flash(_("More than five minutes passed. Sign in again."), "warn")
        return redirect(url_for(".sign_in"))
    half, onward = found
    by_spare = "spare" in request.form
    form, spare_form = AppCodeForm(), SpareCodeForm()
    if not (spare_form if by_spare else form).validate_on_submit():
        return _challenge_page(form, spare_form), 422
    code = spare_form.spare.data if by_spare else form.code.data
    outcome = sessions.complete_sign_in(half, code, by=actor(), now=now())
    meter.happened(_ending(outcome))
    if outcome.session_token is None:
        door.count_refusal()
        return _challenge_page(AppCodeForm(formdata=None), SpareCodeForm(formdata=None), refused=True), 422
    door.begin(outcome.session_token, remember=half.remember)
    if outcome.spare_codes_left is not None:
        flash(_("That spare code is used up. %(count)s are left.", count=outcome.spare_codes_left), "warn")
    return redirect(onward)


def _challenge_page(form: AppCodeForm, spare_form: SpareCodeForm, *, refused: bool = False) -> str:
    on = local_date(now(), actor().zone)
    return render_template(
        "people/public/challenge.html",
        form=form,
        spare_form=spare_form,
        refused=refused,
        by_spare="spare" in request.form,
        lock_minutes=reads.lock_minutes(on),
        recovery_after=reads.recovery_after(on) if door.refusals() >= reads.lock_after(on) else None,
    )


@bp.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End this session."""
    token = door.current_token()
    if token:
        sessions.sign_out(token, by=actor(), now=now())
    door.forget()
    return redirect(url_for(".sign_in"))


def _local(target: str | None) -> str:
    """A path of ours, or the door to one's own first page: never an address that somebody else put into the link."""
    target = target or ""
    parts = urlsplit(target)
    is_ours = target.startswith("/") and not target.startswith("//") and "\\" not in target and target.isprintable()
    return target if is_ours and not parts.netloc and not parts.scheme else "/"
