"""Structured logs to standard error, without personal data; metrics and health are elsewhere."""

import logging
import re
import sys
import threading
import traceback
from collections.abc import MutableMapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy.exc import DBAPIError

from elearn.kernel.errors import Refusal

_PATH = re.compile(r"(?<![\w.])(?:/[\w.@+~-]+){2,}")
_ADDRESS = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b|(?<![\w:])(?:[0-9a-fA-F]{0,4}:){2,7}[0-9a-fA-F]{0,4}")
_CONSTRAINT = re.compile(r"constraint failed: ([\w., ]+)")
_PACKAGE = Path(__file__).resolve().parents[1]


Event = MutableMapping[str, Any]

KNOWN_VOICES = ("gunicorn.error", "alembic")
"""Others' loggers whose everyday lines are of processes and revisions alone; what they warn of may quote a request."""


def set_up() -> None:
    """One line a fact, ours and others': JSON where a machine reads it, plain text on a terminal."""
    logging.basicConfig(handlers=[handler()], level=logging.INFO, force=True)
    for noisy in ("huey", "fontTools", "weasyprint", "pyhanko", "alembic.runtime.plugins"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    threading.excepthook = _thread_ended
    structlog.configure(
        processors=[*_finding(), _without_messages, _renderer()],
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=True,
    )


def handler() -> logging.Handler:
    """Writes what libraries log, as our own lines are written and without the values that it was about."""
    made = logging.StreamHandler(sys.stderr)
    made.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*_finding(), structlog.stdlib.add_logger_name, _of_others],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _renderer()],
            pass_foreign_args=True,
        )
    )
    return made


def is_for_machines() -> bool:
    """Whether the lines go to a machine, which wants all of them, rather than to somebody at a terminal."""
    return not sys.stderr.isatty()


def _finding() -> list[Any]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


def _renderer() -> Any:
    return structlog.processors.JSONRenderer() if is_for_machines() else structlog.dev.ConsoleRenderer()


def _without_messages(_logger: Any, _method: str, event: Event) -> Event:
    """An exception that is handed in becomes its outline and way."""
    error = event.pop("exc_info", None)
    error = sys.exc_info()[1] if error is True else error[1] if isinstance(error, tuple) else error
    if isinstance(error, BaseException):
        event.update(error=outline(error), way=way_of(error))
    return event


def _of_others(logger: Any, method: str, event: Event) -> Event:
    record = event["_record"]
    event["exc_info"] = record.exc_info
    record.exc_info = record.exc_text = record.stack_info = None
    is_known = record.name.startswith(KNOWN_VOICES) and record.levelno <= logging.INFO
    arguments = event.pop("positional_args", ())
    if not is_known:
        event["event"] = _wording(record.msg, arguments)
    return _without_messages(logger, method, event)


def _wording(text: object, arguments: object) -> str:
    """What was logged without what it was about: numbers stay; texts, places and what follows a colon go."""
    if not isinstance(text, str):
        return type(text).__name__
    if isinstance(arguments, tuple) and arguments:
        shown = tuple(it if isinstance(it, (int, float)) else "…" for it in arguments)
        with suppress(TypeError, ValueError):
            text = text % shown
    else:
        text = re.split(r"[:'\"\n]", text)[0]
    return _PATH.sub("…", _ADDRESS.sub("…", text))


def _thread_ended(arguments: threading.ExceptHookArgs) -> None:
    """A thread that ends by an error would print its message, and with it what it was about."""
    error = arguments.exc_value
    if error is not None and not isinstance(error, SystemExit):
        structlog.get_logger(__name__).error("thread_ended", error=outline(error), way=way_of(error))


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
