"""Counts requests, saves and sign-ins for /metrics, in files that all processes of a server share; off unless wanted.

What is read from the database, and the page itself, is portals/measures.py's. No label says whom something was about.
"""

import os
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from flask import g, has_request_context

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class SignIn(StrEnum):
    """How an attempt to sign in ended."""

    OPENED = "opened"
    FACTOR_DUE = "factor_due"
    REFUSED = "refused"


class Save(StrEnum):
    """What became of an answer that was sent."""

    KEPT = "kept"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class _Meters:
    requests: Any
    seconds: Any
    saves: Any
    sign_ins: Any


_meters: _Meters | None = None


def set_up(folder: Path) -> None:
    """Count from now on, in files below `folder` (PROMETHEUS_MULTIPROC_DIR comes before it)."""
    global _meters
    place = Path(os.environ.setdefault(FOLDER, str(folder)))
    place.mkdir(parents=True, exist_ok=True)
    if _meters is None:
        _meters = _made()


def _made() -> _Meters:
    from prometheus_client import CollectorRegistry, Counter, Histogram

    registry = CollectorRegistry()
    return _Meters(
        Counter("elearn_requests", "Requests answered.", ["rule", "method", "status"], registry=registry),
        Histogram(
            "elearn_request_seconds", "How long answers took.", ["rule", "method"], buckets=SECONDS, registry=registry
        ),
        Counter("elearn_saves", "Answers of exams that were stored.", ["outcome"], registry=registry),
        Counter("elearn_sign_ins", "Attempts to sign in.", ["outcome"], registry=registry),
    )


def happened(outcome: SignIn | Save) -> None:
    """Note what happens in this request; it counts once the answer leaves, and not where the request fails."""
    if _meters is not None and has_request_context():
        g.setdefault("happened", []).append(outcome)


def answered(rule: str | None, method: str, status: int, seconds: float) -> None:
    """Count an answer and what was noted on its way; `rule` is the route's, never the path."""
    if _meters is None:
        return
    rule, method = rule or "unmatched", method if method in METHODS else "other"
    _meters.requests.labels(rule, method, f"{status // 100}xx").inc()
    _meters.seconds.labels(rule, method).observe(seconds)
    for outcome in g.pop("happened", ()) if status < 500 else ():
        (_meters.saves if isinstance(outcome, Save) else _meters.sign_ins).labels(outcome.value).inc()
