"""Carries job ids from the commit to a worker by huey (SQLite, PostgreSQL or Redis); the work itself is jobs.py's."""

import json
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog
from huey import PostgresHuey, RedisHuey, SqliteHuey
from huey.api import Huey
from huey.consumer import Consumer
from huey.registry import Message
from huey.serializer import Serializer

from elearn.kernel import jobs
from elearn.kernel.logs import outline

SWEEP_SECONDS = 3.0

log = structlog.get_logger(__name__)


class JsonSerializer(Serializer):  # type: ignore[misc]
    """Messages as JSON: a queue that somebody else can write to must not be able to run code here."""

    def _serialize(self, data: Any) -> bytes:
        if isinstance(data, Message):
            data = {"message": data._asdict()}
        return json.dumps(data).encode()

    def _deserialize(self, data: bytes) -> Any:
        value = json.loads(data)
        if isinstance(value, dict) and "message" in value:
            message = dict(value["message"])
            message["args"] = tuple(message["args"])
            return Message(**message)
        return value


@dataclass(frozen=True, slots=True)
class Queue:
    """The queue as huey knows it, and how a job's id is put into it."""

    huey: Huey
    put: Callable[[int], object]


def connect(url: str, run: Callable[[int], object]) -> Queue:
    """A queue at `sqlite:///file`, `postgresql://…` or `redis://…` whose one task runs a job by its id."""
    settings: dict[str, Any] = {"results": False, "serializer": JsonSerializer()}
    scheme = url.split(":", 1)[0]
    if scheme in ("redis", "rediss"):
        queue: Huey = RedisHuey("elearn", url=url, **settings)
    elif scheme.startswith("postgres"):
        queue = PostgresHuey("elearn", dsn="postgresql:" + url.split(":", 1)[1], **settings)
    else:
        queue = SqliteHuey("elearn", filename=url.removeprefix("sqlite:///"), timeout=15, **settings)

    def deliver(job_id: int) -> None:
        try:
            run(job_id)
        except Exception as error:  # noqa: BLE001 - the row is still there; huey would log what the error was about
            log.error("job_not_run", job=job_id, error=outline(error))

    task = queue.task(name="deliver")(deliver)
    return Queue(queue, task)


class PatientConsumer(Consumer):  # type: ignore[misc]
    """A consumer that SIGINT and SIGTERM both end gracefully, however many of them come."""

    def _set_signal_handlers(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._end)

    def _end(self, number: int, _frame: Any) -> None:
        self._signum, self._restart, self._graceful = number, False, True


def work(queue: Queue, in_context: Callable[[Callable[[], Any]], Any], *, threads: int = 2) -> None:
    """Work on jobs until a signal ends it (SIGINT and SIGTERM both end it gracefully)."""
    stop = threading.Event()

    def attempt(act: Callable[[], Any]) -> Any:
        """Whatever happens to the database, the clock goes on: the next sweep may find it well again."""
        try:
            return in_context(act)
        except Exception as error:  # noqa: BLE001 - a thread that ends here would end unseen
            log.error("sweep_failed", error=outline(error))
            return None

    def sweep() -> None:
        while not stop.wait(SWEEP_SECONDS):
            for job_id in attempt(jobs.sweep) or ():
                if not stop.is_set():
                    attempt(partial(jobs.run, job_id))

    sweeper = threading.Thread(target=sweep, name="sweeper", daemon=True)
    sweeper.start()
    consumer = PatientConsumer(
        queue.huey, workers=threads, worker_type="thread", periodic=False, initial_delay=0.05, max_delay=0.5
    )
    log.info("worker_started", threads=threads)
    try:
        consumer.run()
    finally:
        stop.set()
        sweeper.join(timeout=5)
        log.info("worker_stopped")
