"""Language and time zone of a request: Indonesian by default, the zone of the actor's agency."""

from flask import Flask, has_request_context, request
from flask_babel import Babel

from elearn.web.request import actor

LANGUAGES = ("id", "en")


def init_app(app: Flask) -> None:
    """Wire Flask-Babel."""
    app.config.setdefault("BABEL_DEFAULT_LOCALE", "id")
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", str(app.root_path) + "/translations")
    Babel(app, locale_selector=language, timezone_selector=_zone)


def language() -> str:
    """The language of this page; Indonesian unless ?lang=en is asked for, and for whatever is no page."""
    wanted = request.args.get("lang") if has_request_context() else None
    return wanted if wanted in LANGUAGES else "id"


def _zone() -> str:
    return actor().zone
