"""The only place where refusals become status codes: a page or problem+json (RFC 9457); touches no database."""

import structlog
from flask import Flask, Response, g, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from werkzeug.exceptions import HTTPException

from elearn.kernel.actor import Actor
from elearn.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Refusal
from elearn.kernel.logs import constraint_of, outline, way_of
from elearn.kernel.readlog import NotLogged
from elearn.web.request import is_for_machines

log = structlog.get_logger(__name__)

_STATUS: dict[type[Refusal], int] = {NotFound: 404, Forbidden: 403, Conflict: 409, Invalid: 422}


def init_app(app: Flask) -> None:
    """Map everything that may be raised."""
    for kind in _STATUS:
        app.register_error_handler(kind, _refused)
    app.register_error_handler(IntegrityError, _clashed)
    app.register_error_handler(DataError, _unstorable)
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(NotLogged, _not_logged)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _broken)


def _refused(error: Refusal) -> ResponseReturnValue:
    status = _STATUS[type(error)]
    redraw = g.get("redraw")
    if isinstance(error, Invalid) and redraw is not None and not is_for_machines():
        response = redraw(error)
        return response if isinstance(response, tuple) else (response, status)
    return answer(status, error.code, field=error.field, **error.details)


def _clashed(error: IntegrityError) -> ResponseReturnValue:
    log.warning("constraint_clash", constraint=constraint_of(error))
    return answer(409, "clash")


def _unstorable(error: DataError) -> ResponseReturnValue:
    """A value that the database cannot hold, such as too large a number; shapes are checked before, so this is rare."""
    log.warning("unstorable_value", error=outline(error))
    return answer(422, "unstorable_value")


def _database_away(error: OperationalError) -> ResponseReturnValue:
    log.error("database_away", error=outline(error))
    return _later("database_away")


def _not_logged(error: NotLogged) -> ResponseReturnValue:
    log.error("read_not_logged", way=way_of(error))
    return _later("read_not_logged")


def _later(code: str) -> Response:
    response = answer(503, code)
    response.headers["Retry-After"] = "2"
    return response


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error.get_response()
    details = getattr(error, "data", None) or {}
    messages = details.get("messages")
    response = answer(error.code, error.name.lower().replace(" ", "_"), **({"errors": messages} if messages else {}))
    for name, value in error.get_headers():
        if name not in ("Content-Type", "Content-Length"):
            response.headers[name] = value
    if error.code == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _broken(error: Exception) -> ResponseReturnValue:
    log.error("unhandled", endpoint=request.endpoint, error=outline(error), way=way_of(error))
    return answer(500, "internal_error")


def answer(status: int, code: str, **details: object) -> Response:
    """The refusal as problem+json for machines; as a page for people, which is told by its number in the log."""
    if is_for_machines():
        body = {"type": f"urn:elearn:{code}", "title": code, "status": status, "code": code}
        body.update({key: value for key, value in details.items() if value is not None})
        response = jsonify(body)
        response.content_type = "application/problem+json"
    else:
        log.info("refused", status=status, code=code)
        g.actor = g.get("actor") or Actor.anonymous()
        request_id = g.get("request_id", "–")
        text = render_template("web/errors/error.html", status=status, request_id=request_id, words=_words(status, code))
        response = Response(text, content_type="text/html; charset=utf-8")
    response.status_code = status
    return response


def _words(status: int, code: str) -> tuple[str, str]:
    """What happened, and what is safe and what to do."""
    known = {
        "stale_seq": (_("A newer answer is already stored"), _("Reload the page to see what is stored.")),
        "moved": (_("This exam is open on another device"), _("Answers that were sent are safe.")),
        "attempt_closed": (_("This exam is closed"), _("Your stored answers are safe and were marked.")),
        "revoked": (
            _("This certificate is revoked"),
            _("It was revoked before your correction arrived, so none was issued. Open it again to read the reason."),
        ),
        "already_revoked": (
            _("This certificate is revoked already"),
            _("Nothing was changed. Open it again to read when and why."),
        ),
        "superseded": (
            _("This certificate was replaced already"),
            _("Nothing was changed. Open it again: it leads to the certificate that replaced it."),
        ),
        "public_url_missing": (
            _("No certificate can be issued now"),
            _("The public address (ELEARN_PUBLIC_URL) is not set. Nothing was changed; ask your administrator."),
        ),
        "number_pattern_missing": (
            _("No certificate can be issued now"),
            _("Your agency has no pattern of certificate numbers. Nothing was changed; ask your administrator."),
        ),
        "entry_unsound": (
            _("The register's entry cannot be trusted"),
            _("Its seal does not fit, so nothing was issued from it. Tell your administrator."),
        ),
        "file_away": (
            _("The file is being restored"),
            _("The certificate is in the register and can be verified by its code. Try the file again later."),
        ),
        "prerequisite_missing": (
            _("Another course comes first"),
            _("Complete the courses named on the course page, then enrol."),
        ),
        "mail_missing": (_("No letter can be sent from here"), _("Ask your HR office for a one-time code.")),
        "nobody_waits": (_("Nobody waits for a slip here"), _("Nothing was changed. Choose another unit.")),
        "slips_not_drawn": (
            _("The slips cannot be drawn now"),
            _("No slip was handed out. Make them again, or a code for each person; an administrator sees what is missing."),
        ),
        "factor_is_on": (_("Two-step verification is on already"), _("Open your account to see it.")),
        "factor_is_off": (_("Two-step verification is off"), _("There is nothing to reset or to turn off.")),
    }
    by_status = {
        400: (
            _("The request could not be read"),
            _("Go back, reload the page and try again. Nothing was changed."),
        ),
        401: (_("Sign in first"), _("Sign in and open the page again.")),
        403: (
            _("This is not yours to do"),
            _("Nothing was changed. Ask your HR office if you need this right."),
        ),
        404: (_("Not found"), _("Check the address, or go back to the home page.")),
        405: (_("This cannot be opened like this"), _("Go back and use the button on the page.")),
        409: (
            _("This no longer fits"),
            _("Somebody or something was faster. Reload the page; nothing was lost."),
        ),
        413: (_("The file is too large"), _("Nothing was stored. Choose a smaller file.")),
        422: (_("Something is missing or wrong"), _("Nothing was changed. Go back and correct it.")),
        429: (_("Too many requests"), _("Wait a minute, then try again. Nothing was changed.")),
        503: (_("The server is being restored"), _("What was stored is safe. Try again in a few seconds.")),
    }
    fallback = (_("Something went wrong on our side"), _("What was stored is safe. Try again in a moment."))
    return known.get(code) or by_status.get(status, fallback)
