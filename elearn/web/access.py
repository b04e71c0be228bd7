"""One line a request, and its count: the rule of the route, status and time; never the path, the address or a person."""

from time import perf_counter

import structlog
from flask import Flask, Response, g, request

from elearn.kernel import logs, meter
from elearn.kernel.ids import new_id

HEADER = "X-Request-ID"
QUIET = frozenset({"/healthz", "/readyz"})
"""Asked every few seconds by machines; only their failures are worth a line."""

log = structlog.get_logger(__name__)


def init_app(app: Flask) -> None:
    """Name each request before anything else looks at it, and tell of it when its answer leaves."""
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    structlog.contextvars.clear_contextvars()
    g.begun = perf_counter()
    g.request_id = str(new_id())
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _end(response: Response) -> Response:
    seconds = perf_counter() - g.begun
    status, rule = response.status_code, request.url_rule.rule if request.url_rule else None
    if status != 204:  # nothing to tell of, and an exam fetches more than a thousand of them
        response.headers[HEADER] = g.request_id
    meter.answered(rule, request.method, status, seconds)
    if status >= 400 or (logs.is_for_machines() and rule not in QUIET):
        method = request.method if request.method in meter.METHODS else "other"
        log.info("request", method=method, rule=rule, status=status, ms=round(seconds * 1000, 1))
    return response
