"""Language and time zone of a request: Indonesian by default, the zone of the actor's agency."""

from typing import Any

from flask import Flask, g, has_request_context, request
from flask_babel import Babel, get_translations

from elearn.web.request import actor

LANGUAGES = ("id", "en")


def init_app(app: Flask) -> None:
    """Wire Flask-Babel."""
    app.config.setdefault("BABEL_DEFAULT_LOCALE", "id")
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", str(app.root_path) + "/translations")
    Babel(app, locale_selector=language, timezone_selector=_zone)
    app.jinja_env.install_gettext_callables(_gettext, _ngettext, newstyle=True)  # type: ignore[attr-defined]


def language() -> str:
    """The language of this page; Indonesian unless ?lang=en is asked for, and for whatever is no page."""
    wanted = request.args.get("lang") if has_request_context() else None
    return wanted if wanted in LANGUAGES else "id"


def _translations() -> Any:
    """The catalogue of this request, looked up once: a page asks for a hundred words."""
    if "translations" not in g:
        g.translations = get_translations()
    return g.translations


def _gettext(message: str) -> str:
    translated: str = _translations().ugettext(message)
    return translated


def _ngettext(one: str, many: str, count: int) -> str:
    translated: str = _translations().ungettext(one, many, count)
    return translated


def _zone() -> str:
    return actor().zone
