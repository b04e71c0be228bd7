"""Structured logs to standard error, without personal data; metrics and health are elsewhere."""

import logging
import re
import sys
import traceback
from pathlib import Path

import structlog
from sqlalchemy.exc import DBAPIError

from elearn.kernel.errors import Refusal

_PATH = re.compile(r"(?<![\w.])(?:/[\w.@+~-]+){2,}")
_CONSTRAINT = re.compile(r"constraint failed: ([\w., ]+)")
_PACKAGE = Path(__file__).resolve().parents[1]


def set_up() -> None:
    """One line a fact: JSON where a machine reads it, plain text on a terminal."""
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
    for noisy in ("huey", "fontTools", "weasyprint", "pyhanko", "alembic.runtime.plugins"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    render = structlog.dev.ConsoleRenderer() if sys.stderr.isatty() else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            render,
        ],
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=True,
    )


def outline(error: BaseException) -> str:
    """An error without the values it was about: its type, what our own code says of it, and where it was raised.

    Messages of others may hold names, numbers and places on this machine, so they are left out.
    """
    if isinstance(error, DBAPIError):
        said = constraint_of(error)
    elif isinstance(error, Refusal):
        said = error.code
    elif isinstance(error, OSError):
        said = error.strerror or ""
    else:
        said = _PATH.sub("…", str(error)) if type(error).__module__.startswith("elearn.") else ""
    place = _place(error)
    return f"{type(error).__name__}{': ' if said else ''}{said}{f' ({place})' if place else ''}"


def constraint_of(error: DBAPIError) -> str:
    """The name of the constraint that a statement ran against, or the state that the server names; no values."""
    diagnosis = getattr(error.orig, "diag", None)
    name = getattr(diagnosis, "constraint_name", None) or getattr(error.orig, "sqlstate", None)
    if name:
        return str(name)
    found = _CONSTRAINT.search(str(error.orig))
    return found[1] if found else str(getattr(error.orig, "sqlite_errorname", "") or "")


def way_of(error: BaseException) -> list[str]:
    """Where an error and those it came from were raised, innermost last, in place of a traceback with its messages."""
    lines: list[str] = []
    seen: BaseException | None = error
    while seen is not None:
        frames = traceback.extract_tb(seen.__traceback__)
        lines += [outline(seen), *(f"  {_named(it.filename)}:{it.lineno} {it.name}" for it in frames)]
        seen = seen.__cause__ or seen.__context__
    return lines


def _place(error: BaseException) -> str:
    """The last line of ours that it went through."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f"{_named(it.filename)}:{it.lineno}" for it in frames if _PACKAGE in Path(it.filename).parents]
    return ours[-1] if ours else ""


def _named(file: str) -> str:
    """The name of a source file without the place where it was installed."""
    path = Path(file)
    if _PACKAGE in path.parents:
        return path.relative_to(_PACKAGE.parent).as_posix()
    return "/".join(path.parts[-2:])
