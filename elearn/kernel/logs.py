"""Structured logs to standard error, without personal data; metrics and health are elsewhere."""

import logging
import sys

import structlog


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
