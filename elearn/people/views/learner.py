"""One's own account: password and sessions; no rules."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from elearn.kernel.errors import Invalid
from elearn.people import accounts as reads
from elearn.people import login as door
from elearn.people.forms import PasswordForm
from elearn.people.services import accounts, sessions
from elearn.people.views import wording
from elearn.web.faces import Face, face
from elearn.web.request import actor, now, on_invalid

bp = face(Face.LEARNER, "people", __name__, prefix="/account")


@bp.get("")
def account() -> ResponseReturnValue:
    """Password and sessions in force."""
    return _page(PasswordForm())


@bp.post("/password")
def change_password() -> ResponseReturnValue:
    """Change one's own password; other sessions end."""
    form = PasswordForm()

    def redraw(error: Invalid) -> ResponseReturnValue:
        form.password.errors = [wording.problem(error)]
        return _page(form), 422

    on_invalid(redraw)
    if not form.validate_on_submit():
        return _page(form), 422
    token = door.current_token() or ""
    outcome = accounts.change_password(form.current.data, form.password.data, token=token, by=actor(), now=now())
    if not outcome.is_accepted:
        form.current.errors = [_("This is not your present password.")]
        return _page(form), 422
    if outcome.session_token:
        door.carry(outcome.session_token)
    flash(_("Your password is changed. Other devices are signed out."), "ok")
    return redirect(url_for(".account"))


@bp.post("/sessions/<uuid:session_id>/ending")
def end_session(session_id: UUID) -> ResponseReturnValue:
    """Sign out one device."""
    sessions.end_session(session_id, by=actor(), now=now())
    flash(_("That device is signed out."), "ok")
    return redirect(url_for(".account"))


@bp.post("/sessions/ending")
def end_all_sessions() -> ResponseReturnValue:
    """Sign out everywhere."""
    sessions.end_all_sessions(by=actor(), now=now())
    door.forget()
    return redirect(url_for("people_public.sign_in"))


def _page(form: PasswordForm) -> str:
    who = actor()
    lines = reads.sessions_of(who.employee_id, token=door.current_token(), now=now()) if who.employee_id else ()
    return render_template("people/learner/account.html", form=form, sessions=lines)
