"""Work for later: the `jobs` row (job.py) is the truth, huey only carries its id; what a kind does is said in tasks.py."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import or_, select

from elearn.kernel import marks
from elearn.kernel.actor import Actor
from elearn.kernel.clock import now as present
from elearn.kernel.db import db, upsert
from elearn.kernel.errors import NotFound
from elearn.kernel.job import MAX_FAILURES, Job, JobState
from elearn.kernel.logs import outline

SWEPT = "sweep"
SWEPT_EVERY = timedelta(seconds=15)

log = structlog.get_logger(__name__)


class Unavailable(Exception):
    """A handler cannot work on this machine now (no Pango, say); the job is parked, not failed."""


@dataclass(frozen=True, slots=True)
class Handler:
    """What a kind of job does, in three steps.

    `prepare` reads in the claiming transaction, `work` runs with no transaction open (it may be slow),
    `finish` writes in the finishing transaction, which also checks the lease. All three must be harmless twice.
    A kind that may raise Unavailable says by `is_possible` whether a job could be done here now: it goes on then.
    """

    finish: Callable[[dict[str, Any], Any, Actor, datetime], None]
    prepare: Callable[[dict[str, Any]], Any] | None = None
    work: Callable[[Any], Any] | None = None
    is_possible: Callable[[dict[str, Any]], bool] | None = None


RESUMED_AT_ONCE = 100

_handlers: dict[str, Handler] = {}
_clockworks: list[Callable[[datetime], None]] = []
_deliverers: list[Callable[[int], None]] = []


def handle(kind: str, handler: Handler) -> None:
    """Say what a kind of job does (called where tasks.py is imported)."""
    _handlers[kind] = handler


def is_known(kind: str) -> bool:
    """Whether somebody here can do such a job."""
    return kind in _handlers


def every_sweep(story: Callable[[datetime], None]) -> Callable[[datetime], None]:
    """Register a story that the clock starts: it runs in a transaction of its own at every sweep."""
    if story not in _clockworks:
        _clockworks.append(story)
    return story


def deliver_with(deliver: Callable[[int], None]) -> None:
    """Say how a job id reaches a worker; the sweeper delivers what this fails to."""
    _deliverers[:] = [deliver]


def enqueue(kind: str, key: str, payload: dict[str, Any], *, now: datetime, due_at: datetime | None = None) -> None:
    """Add a job to this transaction, once by (kind, key); it is delivered after the commit."""
    row = Job.queued(kind, key, payload, due_at=due_at or now, now=now)
    statement = upsert(Job).values(row).on_conflict_do_nothing(index_elements=["kind", "key"]).returning(Job.id)
    job_id = db.session.scalar(statement)
    if job_id is not None and row["due_at"] <= now:
        db.session().info.setdefault("jobs", []).append(job_id)


@contextmanager
def transaction() -> Iterator[None]:
    """One transaction of a command: leaving it commits and delivers, an exception rolls back."""
    try:
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        forget_enqueued()
        raise
    deliver_enqueued()


def deliver_enqueued() -> None:
    """After a commit: hand the ids to the queue. A failing queue is logged; the sweeper delivers later."""
    for job_id in db.session().info.pop("jobs", []):
        try:
            for deliver in _deliverers:
                deliver(job_id)
        except Exception as error:  # noqa: BLE001 - whatever the queue's client raises, the row is already safe
            log.warning("job_not_delivered", job=job_id, error=outline(error))


def forget_enqueued() -> None:
    """After a rollback: the rows are gone, so are their ids."""
    db.session().info.pop("jobs", None)


def run(job_id: int) -> bool:
    """Claim, work, finish. Returns whether the job was done here; False when another worker has it."""
    with structlog.contextvars.bound_contextvars(job=job_id):
        return _run(job_id)


def _run(job_id: int) -> bool:
    claimed = _claim(job_id)
    if claimed is None:
        return False
    try:
        work, handler = claimed.handler.work, claimed.handler
        result = work(claimed.prepared) if work else claimed.prepared
        return _finish(job_id, claimed.token, handler, claimed.payload, result)
    except Exception as error:  # noqa: BLE001 - a job that fails in any way must not take the worker down
        _give_back(job_id, claimed.token, error)
    return False


@dataclass(frozen=True, slots=True)
class _Claim:
    token: UUID
    handler: Handler
    payload: dict[str, Any]
    prepared: Any


def _claim(job_id: int) -> _Claim | None:
    now = present()
    job = db.session.get(Job, job_id, with_for_update={"skip_locked": True})
    if job is None or not job.is_claimable(now):
        db.session.rollback()
        return None
    held, payload = job.lease_token, job.payload
    token = job.claim(now=now)
    if token is None:
        log.error("job_parked", kind=job.kind, error=job.last_error)
        db.session.commit()
        return None
    try:
        handler = _handlers[job.kind]
        prepared = handler.prepare(payload) if handler.prepare else None
        db.session.commit()
    except Exception as error:  # noqa: BLE001 - preparing failed: the claim is rolled back, the failure is counted
        _give_back(job_id, held, error)
        return None
    return _Claim(token, handler, payload, prepared)


def _finish(job_id: int, token: UUID, handler: Handler, payload: dict[str, Any], result: Any) -> bool:
    now = present()
    job = db.session.get(Job, job_id, with_for_update=True)
    if job is None or job.lease_token != token:
        db.session.rollback()
        return False
    try:
        handler.finish(payload, result, Actor.system(), now)
        job.finish(now=now)
        db.session.commit()
    except BaseException:
        db.session.rollback()
        forget_enqueued()
        raise
    deliver_enqueued()
    return True


def _give_back(job_id: int, token: UUID | None, error: Exception) -> None:
    """Let go of a job that could not be done: parked where this machine cannot do it, else counted as a failure.

    `token` is what the row must bear for that: another worker may have it by now.
    """
    db.session.rollback()
    job = db.session.get(Job, job_id, with_for_update=True)
    if job is not None and job.lease_token == token and job.state in (JobState.QUEUED, JobState.RUNNING):
        if isinstance(error, Unavailable):
            job.park(str(error))
        else:
            job.fail(outline(error), now=present())
        log.warning("job_given_back", kind=job.kind, state=job.state, error=outline(error))
        db.session.commit()
    db.session.rollback()


def due_job_ids(now: datetime, limit: int = 100) -> list[int]:
    """Jobs that wait for a worker, or whose worker died."""
    query = (
        select(Job.id)
        .where(
            or_(
                (Job.state == JobState.QUEUED) & (Job.due_at <= now),
                (Job.state == JobState.RUNNING) & (Job.lease_until <= now),
            )
        )
        .order_by(Job.due_at, Job.id)
        .limit(limit)
    )
    return list(db.session.scalars(query))


def sweep() -> list[int]:
    """Run the stories that the clock starts, each in its own transaction, and return the jobs that are due."""
    for story in (*_clockworks, resume_possible, _note_sweep):
        try:
            story(present())
            db.session.commit()
            deliver_enqueued()
        except Exception as error:  # noqa: BLE001 - one story must not stop the others or the sweeper
            db.session.rollback()
            forget_enqueued()
            log.warning("sweep_failed", story=story.__name__, error=outline(error))
    ids = due_job_ids(present())
    db.session.rollback()
    return ids


def _note_sweep(now: datetime) -> None:
    """That the clock works is a row, so that the web server, perhaps on another machine, can tell."""
    last = marks.marked(SWEPT)
    if last is None or now - last.at >= SWEPT_EVERY:
        marks.mark(SWEPT, now=now)


def parked_jobs() -> list[Job]:
    """Jobs that wait for an administrator's decision, oldest first."""
    return list(db.session.scalars(select(Job).where(Job.state == JobState.PARKED).order_by(Job.id)))


def retry(job_id: int, *, now: datetime) -> Job:
    """Put a parked job back into the queue; raises NotFound. The caller guards and audits."""
    job = db.session.get(Job, job_id, with_for_update=True)
    if job is None or job.state != JobState.PARKED:
        raise NotFound("no_parked_job")
    job.retry(now=now)
    db.session.flush()
    db.session().info.setdefault("jobs", []).append(job.id)
    return job


def resume_possible(now: datetime) -> None:
    """Put jobs that were parked for what this machine lacked back into the queue, once it is here.

    Those that failed five times stay: an administrator decides.
    """
    waiting = (Job.state == JobState.PARKED) & (Job.failures < MAX_FAILURES)
    query = select(Job).where(waiting).order_by(Job.id).limit(RESUMED_AT_ONCE).with_for_update(skip_locked=True)
    for job in db.session.scalars(query):
        handler = _handlers.get(job.kind)
        if handler is not None and handler.is_possible is not None and handler.is_possible(job.payload):
            job.resume(now=now)
