"""What a view asks of its request: who, when, which page; no rules and no database."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar, cast

from flask import current_app, g, request
from flask.typing import ResponseReturnValue

from elearn.kernel import clock
from elearn.kernel.actor import Actor
from elearn.kernel.errors import Invalid
from elearn.kernel.page import MAX_PAGE_SIZE, PageRequest

View = TypeVar("View", bound=Callable[..., Any])


def actor() -> Actor:
    """Who sends this request; found once, by session on the pages and by bearer token in the API."""
    if "actor" not in g:
        find = current_app.extensions.get("elearn_actor")
        g.actor = find() if find else Actor.anonymous()
    return cast(Actor, g.actor)


def now() -> datetime:
    """The one moment of this request, aware, in UTC."""
    if "now" not in g:
        g.now = clock.now()
    return cast(datetime, g.now)


def page_request() -> PageRequest:
    """Which page is asked for, from ?page= and ?page_size= (1…100); nonsense reads as the default."""
    page = request.args.get("page", default=1, type=int)
    size = request.args.get("page_size", default=25, type=int)
    return PageRequest(page=min(max(page, 1), 1_000_000), page_size=min(max(size, 1), MAX_PAGE_SIZE))


def on_invalid(redraw: Callable[[Invalid], ResponseReturnValue]) -> None:
    """Say how the form is drawn again if the use-case raises Invalid; called after the rollback, with 422."""
    g.redraw = redraw


def drawn_after_commit(draw: Callable[[], ResponseReturnValue]) -> ResponseReturnValue:
    """Answer a writing request with a page: `draw` is called once its transaction is committed, and only reads."""
    g.draw = draw
    return ""


def reads_only(view: View) -> View:
    """Mark a POST view that never writes: its transaction is opened read-only."""
    view.reads_only = True  # type: ignore[attr-defined]
    return view


def is_for_machines() -> bool:
    """Whether this request wants JSON rather than a page."""
    if request.path.startswith("/api/"):
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json" or request.is_json
