"""Carries a half sign-in in the cookie, concealed, and lets it open nothing but the challenge for the second factor."""

import json
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from flask import Flask, abort, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from elearn.kernel.db import SAFE_METHODS
from elearn.kernel.seal import NotConcealed, conceal, reveal
from elearn.people import login
from elearn.people.facts.accounts import HalfSignIn

COOKIE_KEY = "half"
PURPOSE = "half_sign_in"
OPEN = frozenset({"people_public.challenge", "people_public.answer_challenge", "people_public.sign_out"})


def init_app(app: Flask) -> None:
    """Look at every request before anything else does."""
    app.before_request(only_the_challenge)


def only_the_challenge() -> ResponseReturnValue | None:
    """Turn a half-signed-in browser back to the challenge, public pages included; bearer tokens know no cookie."""
    if COOKIE_KEY not in session or request.endpoint in OPEN or _by_token():
        return None
    if present(now=login.moment()) is None:
        return None
    if request.method not in SAFE_METHODS or request.path.startswith("/api/"):
        abort(401)
    return redirect(url_for("people_public.challenge"))


def _by_token() -> bool:
    return request.path.startswith("/api/") and "Authorization" in request.headers


def begin(half: HalfSignIn, *, onward: str) -> None:
    """Let the browser carry a half sign-in and nothing else; `onward` is where it wanted to go."""
    session.clear()
    session.permanent = False
    session[COOKIE_KEY] = conceal(json.dumps([asdict(half), onward], default=str), PURPOSE)


def end() -> None:
    """Let the browser carry no half sign-in."""
    session.pop(COOKIE_KEY, None)


def present(*, now: datetime) -> tuple[HalfSignIn, str] | None:
    """The half sign-in of this browser and where it wanted to go; None where there is none, or it is too old."""
    try:
        told, onward = json.loads(reveal(session.get(COOKIE_KEY, ""), PURPOSE))
    except NotConcealed:
        return None
    half = HalfSignIn(
        UUID(told["employee_id"]),
        datetime.fromisoformat(told["password_changed_at"]),
        told["remember"],
        told["user_agent"],
        datetime.fromisoformat(told["expires_at"]),
    )
    return (half, onward) if now < half.expires_at else None
