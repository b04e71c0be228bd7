"""One's own account: password, sessions and second factor; no rules."""

from uuid import UUID

import segno
from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from elearn.kernel.clock import local_date
from elearn.kernel.errors import Invalid
from elearn.kernel.page import PageRequest
from elearn.people import accounts as reads
from elearn.people import login as door
from elearn.people import personnel
from elearn.people.facts.accounts import FactorOffer, FactorOutcome
from elearn.people.forms import FirstCodeForm, OwnPasswordForm, PasswordForm, SpareCodesForm, TurnOffForm
from elearn.people.services import accounts, factors, sessions
from elearn.people.views import wording
from elearn.web.faces import Face, face
from elearn.web.request import actor, now, on_invalid, page_request

bp = face(Face.LEARNER, "people", __name__, prefix="/account")


@bp.get("")
def account() -> ResponseReturnValue:
    """Password, sessions and API tokens in force, and who read one's record."""
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
    outcome = accounts.change_password(
        form.current.data, form.password.data, token=token, ends_tokens=form.ends_tokens.data, by=actor(), now=now()
    )
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


@bp.post("/tokens/<uuid:token_id>/ending")
def end_token(token_id: UUID) -> ResponseReturnValue:
    """End one API token."""
    accounts.revoke_token(token_id, by=actor(), now=now())
    flash(_("That token is ended. The program that used it no longer gets in."), "ok")
    return redirect(url_for(".account"))


@bp.get("/readings")
def readings() -> ResponseReturnValue:
    """Who read one's record, for what, and when."""
    page = personnel.readings_of(actor().employee_id or UUID(int=0), page_request())
    return render_template("people/learner/readings.html", page=page, wording=wording)


def _page(form: PasswordForm) -> str:
    own = actor().employee_id
    lines = reads.sessions_of(own, token=door.current_token(), now=now()) if own else ()
    factor = reads.factor_state(own) if own else None
    minimum = _min_length(has_factor=bool(factor and factor.is_on))
    return render_template(
        "people/learner/account.html",
        form=form,
        sessions=lines,
        factor=factor,
        minimum=minimum,
        tokens=reads.tokens_of(own, now=now()) if own else (),
        readings=personnel.readings_of(own or UUID(int=0), PageRequest(page=1, page_size=5)),
        wording=wording,
    )


def _min_length(*, has_factor: bool) -> int:
    return reads.password_min_length(local_date(now(), actor().zone), has_factor=has_factor)


@bp.get("/factor")
def factor() -> ResponseReturnValue:
    """Whether the second factor is on, and what can be done about it."""
    return _factor_page()


@bp.post("/factor")
def begin_factor() -> ResponseReturnValue:
    """Show a seed to whoever knows the password; nothing is on yet."""
    form = OwnPasswordForm()
    if not form.validate_on_submit():
        return _factor_page(start=form), 422
    offer = factors.offer(form.current.data, by=actor(), now=now())
    if offer is None:
        form.current.errors = [_("This is not your present password.")]
        return _factor_page(start=form), 422
    return _offer_page(offer, FirstCodeForm(formdata=None))


@bp.post("/factor/confirmation")
def turn_on_factor() -> ResponseReturnValue:
    """Turn it on by the first code, and show the spare codes, this once."""
    form = FirstCodeForm()
    on_invalid(lambda error: (_factor_page(problem=wording.problem(error)), 422))
    if not form.offer.data:
        raise Invalid("offer_is_over")
    if not form.validate_on_submit():
        return _offer_page(factors.offered(form.offer.data, by=actor(), now=now()), form), 422
    token = door.current_token() or ""
    outcome = factors.turn_on(form.offer.data, form.code.data, token=token, by=actor(), now=now())
    if not outcome.is_accepted:
        form.code.errors = [_("This code does not fit. Type the six digits that the app shows now.")]
        return _offer_page(factors.offered(form.offer.data, by=actor(), now=now()), form), 422
    return _spare_codes_page(outcome, is_new=True)


@bp.post("/factor/codes")
def renew_spare_codes() -> ResponseReturnValue:
    """Make ten fresh spare codes and show them, this once."""
    form = SpareCodesForm()
    if not form.validate_on_submit():
        return _factor_page(codes=form), 422
    outcome = factors.renew_spare_codes(form.current.data, form.code.data, by=actor(), now=now())
    if not outcome.is_accepted:
        form.code.errors = [_("Password or code do not fit. Type the code that the app shows now.")]
        return _factor_page(codes=form), 422
    return _spare_codes_page(outcome, is_new=False)


@bp.post("/factor/ending")
def turn_off_factor() -> ResponseReturnValue:
    """Turn it off, with another password where the present one is too short alone."""
    form = TurnOffForm()

    def redraw(error: Invalid) -> ResponseReturnValue:
        form.password.errors = [wording.problem(error)]
        return _factor_page(ending=form), 422

    on_invalid(redraw)
    if not form.validate_on_submit():
        return _factor_page(ending=form), 422
    outcome = factors.turn_off(
        form.current.data,
        form.code.data,
        new_password=form.password.data or "",
        token=door.current_token() or "",
        by=actor(),
        now=now(),
    )
    if not outcome.is_accepted:
        form.code.errors = [_("Password or code do not fit. Type the code that the app shows now.")]
        return _factor_page(ending=form), 422
    _carry(outcome)
    flash(_("Two-step verification is off. Other devices are signed out."), "ok")
    return redirect(url_for(".account"))


def _carry(outcome: FactorOutcome) -> None:
    if outcome.session_token:
        door.carry(outcome.session_token)


def _factor_page(
    *,
    start: OwnPasswordForm | None = None,
    codes: SpareCodesForm | None = None,
    ending: TurnOffForm | None = None,
    problem: str = "",
) -> str:
    own = actor().employee_id
    return render_template(
        "people/learner/factor.html",
        factor=reads.factor_state(own) if own else None,
        start=start or OwnPasswordForm(formdata=None),
        codes=codes or SpareCodesForm(formdata=None),
        ending=ending or TurnOffForm(formdata=None),
        minimum=_min_length(has_factor=False),
        short_minimum=_min_length(has_factor=True),
        problem=problem,
    )


def _offer_page(offer: FactorOffer, form: FirstCodeForm) -> str:
    form.offer.data = offer.concealed
    picture = segno.make(offer.address, error="m", micro=False).svg_data_uri(scale=5, border=4, light="#fff")
    return render_template("people/learner/factor_offer.html", offer=offer, form=form, picture=picture)


def _spare_codes_page(outcome: FactorOutcome, *, is_new: bool) -> str:
    _carry(outcome)
    return render_template("people/learner/spare_codes.html", codes=outcome.spare_codes, is_new=is_new)
