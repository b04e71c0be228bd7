"""The application with one property broken on purpose (ELEARN_BREAK): the faults suite must notice each."""

import logging
import os
import threading
import time
from typing import Any

import structlog
from flask import Flask, g, request
from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError

from elearn.app import create_app
from elearn.certs import numbering
from elearn.exams import hotpath, queries, services
from elearn.exams.models.attempts import Attempt
from elearn.kernel import clock
from elearn.kernel.db import db
from tests.factories.courses import NOON


def acknowledge_without_storing() -> None:
    """Every fifth save is answered as if it were stored, as a disk that lies about syncing would."""
    count = iter(range(1, 10**9))
    original = app.dispatch_request

    def dispatch() -> Any:
        if request.method != "PUT" or next(count) % 5:
            return original()
        g.reads_only = False
        answer = Flask.dispatch_request(app)
        db.session.rollback()
        return answer

    app.dispatch_request = dispatch  # type: ignore[method-assign]


def save_without_lock() -> None:
    """A save reads the attempt without locking it, and takes its time before it writes."""
    append = hotpath.append
    hotpath._READ = _unlocked(hotpath._READ)

    def slow(*args: Any, **rest: Any) -> None:
        time.sleep(0.05)
        append(*args, **rest)

    hotpath.append = slow


def lock_the_attempt_alone() -> None:
    """A save locks the attempt and not the place, and its update asks for no order."""
    hotpath._READ = hotpath._READ._generate()
    hotpath._READ._for_update_arg = hotpath._READ._for_update_arg._clone()
    hotpath._READ._for_update_arg.of = hotpath._READ._for_update_arg.of[:1]
    hotpath._guarded = lambda place, *_: place


def _unlocked(query: Any) -> Any:
    found = query._generate()
    found._for_update_arg = None
    return found


def start_without_constraints() -> None:
    """A start looks for an open attempt, takes its time, and the database no longer refuses a second one."""
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("DROP INDEX IF EXISTS uq_attempts_one_open"))
        connection.execute(text("ALTER TABLE attempts DROP CONSTRAINT IF EXISTS uq_attempts_exam_id_employee_id_number"))
    opened = services._open

    def slow(*args: Any, **rest: Any) -> Any:
        time.sleep(0.05)
        return opened(*args, **rest)

    services._open = slow


def submit_without_lock() -> None:
    """Handing in reads the attempt without locking it."""

    def unlocked(attempt_id: Any) -> Attempt:
        found = db.session.scalars(select(Attempt).where(Attempt.id == attempt_id)).one()
        time.sleep(0.05)
        return found

    queries.attempt_for_update = unlocked


def count_outside_the_transaction() -> None:
    """Numbers as a sequence gives them: a rollback does not give them back."""
    count = iter(range(1, 10**9))
    numbering.take_number = lambda _series, _year: next(count)


def break_down_over_a_person() -> None:
    """At noon, a request that says so breaks over what it holds, a library complains of it, and a control tells it."""
    clock.use_source(lambda: NOON)

    @app.before_request
    def act() -> None:
        planted, wish = request.headers.get("X-Planted", ""), request.headers.get("X-Wish", "")
        if wish == "break":
            try:
                db.session.execute(text("INSERT INTO marks (name) VALUES (:name)"), {"name": planted})
            except SQLAlchemyError as error:
                raise RuntimeError(f"cannot store {planted}") from error
        if wish == "complain":
            logging.getLogger("tamu").warning("cannot draw %s, try %d", planted, 3)
            logging.getLogger("tamu").error(f"cannot draw: {planted}", exc_info=ValueError(planted))
            thread = threading.Thread(target=lambda: int(planted))
            thread.start()
            thread.join()
        if wish == "tell":
            structlog.get_logger(__name__).info("control", said=planted)


app = create_app()
BREAKS = {
    "person": break_down_over_a_person,
    "acknowledge": acknowledge_without_storing,
    "save": save_without_lock,
    "place": lock_the_attempt_alone,
    "start": start_without_constraints,
    "submit": submit_without_lock,
    "numbers": count_outside_the_transaction,
}
if os.environ.get("ELEARN_BREAK"):
    BREAKS[os.environ["ELEARN_BREAK"]]()
