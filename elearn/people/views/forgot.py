"""The page for a forgotten password: by mail where a server is set, else by the unit's administrator; no rules."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from elearn.kernel.clock import local_date
from elearn.kernel.installation import installation
from elearn.kernel.settings import rule_value
from elearn.people.services import recovery
from elearn.web.faces import Face, face
from elearn.web.limits import limiter
from elearn.web.request import actor, now

bp: Blueprint = face(Face.PUBLIC, "forgot", __name__)


@bp.get("/forgot")
def forgot() -> ResponseReturnValue:
    """What to do when the password is forgotten."""
    minutes = int(rule_value("account.recovery_mail_minutes", local_date(now(), actor().zone)))
    return render_template("people/public/forgot.html", by_mail=installation().mail_url is not None, minutes=minutes)


@bp.post("/forgot")
@limiter.limit("60 per hour")  # a whole office may sit behind one address
def ask() -> ResponseReturnValue:
    """Order the letter; the answer is the same whether there is an account or not."""
    recovery.ask(request.form.get("login", "")[:254], by=actor(), now=now())
    flash(_("If this account exists and has an e-mail address, a letter is on its way. Look under spam, too."), "ok")
    return redirect(url_for(".forgot"))
