"""Work for later: the `jobs` row is the truth, huey only carries its id; what a kind does is said in tasks.py."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

import structlog
from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from elearn.kernel.actor import Actor
from elearn.kernel.clock import now as present
from elearn.kernel.db import db
from elearn.kernel.errors import NotFound
from elearn.kernel.ids import new_id
from elearn.kernel.model import BigId, Model

LEASE = timedelta(minutes=5)
MAX_FAILURES = 5
BACK_OFF_SECONDS = (5, 15, 60, 300, 900)

log = structlog.get_logger(__name__)


class JobState(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    PARKED = "parked"


class Job(Model):
    """One piece of work, done once by key; a lease token tells the worker that holds it from one that lost it."""

    __tablename__ = "jobs"
    __table_args__ = (
        UniqueConstraint("kind", "key"),
        CheckConstraint("state IN ('queued', 'running', 'done', 'parked')", name="state"),
        Index("ix_jobs_state_due_at", "state", "due_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str]
    key: Mapped[str]
    payload: Mapped[dict[str, Any]]
    state: Mapped[JobState] = mapped_column(Text)
    due_at: Mapped[datetime]
    lease_token: Mapped[UUID | None]
    lease_until: Mapped[datetime | None]
    failures: Mapped[int]
    progress: Mapped[int]
    progress_total: Mapped[int]
    last_error: Mapped[str | None]
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]

    @classmethod
    def queue(cls, kind: str, key: str, payload: dict[str, Any], *, due_at: datetime, now: datetime) -> Self:
        """A job that waits for a worker from `due_at` on."""
        return cls(
            kind=kind,
            key=key,
            payload=payload,
            state=JobState.QUEUED,
            due_at=due_at,
            failures=0,
            progress=0,
            progress_total=0,
            created_at=now,
        )

    def is_claimable(self, now: datetime) -> bool:
        """Whether a worker may take it: due, or left behind by a worker that died."""
        if self.state == JobState.QUEUED:
            return self.due_at <= now
        return self.state == JobState.RUNNING and self.lease_until is not None and self.lease_until <= now

    def claim(self, *, now: datetime) -> UUID:
        """Take it; the token is what finishing must show."""
        self.state = JobState.RUNNING
        self.lease_token = new_id()
        self.lease_until = now + LEASE
        return self.lease_token

    def finish(self, *, now: datetime) -> None:
        """It is done."""
        self.state = JobState.DONE
        self.finished_at = now
        self.lease_token = self.lease_until = self.last_error = None

    def fail(self, error: str, *, now: datetime) -> None:
        """It failed: again later, and after five failures an administrator decides."""
        self.failures += 1
        self.last_error = error[:2000]
        self.lease_token = self.lease_until = None
        if self.failures >= MAX_FAILURES:
            self.state = JobState.PARKED
        else:
            self.state = JobState.QUEUED
            self.due_at = now + timedelta(seconds=BACK_OFF_SECONDS[self.failures - 1])

    def park(self, reason: str) -> None:
        """Set it aside without counting a failure: what it needs is not on this machine."""
        self.state = JobState.PARKED
        self.last_error = reason
        self.lease_token = self.lease_until = None

    def retry(self, *, now: datetime) -> None:
        """Put a parked job back into the queue with a clean slate."""
        self.state = JobState.QUEUED
        self.failures = 0
        self.due_at = now


class Unavailable(Exception):
    """A handler cannot work on this machine now (no Pango, say); the job is parked, not failed."""


@dataclass(frozen=True, slots=True)
class Handler:
    """What a kind of job does, in three steps.

    `prepare` reads in the claiming transaction, `work` runs with no transaction open (it may be slow),
    `finish` writes in the finishing transaction, which also checks the lease. All three must be harmless twice.
    """

    finish: Callable[[dict[str, Any], Any, Actor, datetime], None]
    prepare: Callable[[dict[str, Any]], Any] | None = None
    work: Callable[[Any], Any] | None = None


_handlers: dict[str, Handler] = {}
_clockworks: list[Callable[[datetime], None]] = []
_deliverers: list[Callable[[int], None]] = []


def handle(kind: str, handler: Handler) -> None:
    """Say what a kind of job does (called where tasks.py is imported)."""
    _handlers[kind] = handler


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
    if db.session.scalar(select(Job.id).where(Job.kind == kind, Job.key == key)) is not None:
        return
    job = Job.queue(kind, key, payload, due_at=due_at or now, now=now)
    db.session.add(job)
    db.session.flush()
    if job.due_at <= now:
        db.session().info.setdefault("jobs", []).append(job.id)


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
            log.warning("job_not_delivered", job=job_id, error=str(error))


def forget_enqueued() -> None:
    """After a rollback: the rows are gone, so are their ids."""
    db.session().info.pop("jobs", None)


def run(job_id: int) -> bool:
    """Claim, work, finish. Returns whether the job was done here; False when another worker has it."""
    claimed = _claim(job_id)
    if claimed is None:
        return False
    token, kind, payload, prepared = claimed
    try:
        handler = _handlers[kind]
        result = handler.work(prepared) if handler.work else prepared
        return _finish(job_id, token, handler, payload, result)
    except Unavailable as error:
        reason = str(error)
        _set_back(job_id, token, lambda job, _now: job.park(reason))
    except Exception as error:  # noqa: BLE001 - a job that fails in any way must not take the worker down
        log.warning("job_failed", job=job_id, kind=kind, error=repr(error))
        message = f"{type(error).__name__}: {error}"
        _set_back(job_id, token, lambda job, now: job.fail(message, now=now))
    return False


def _claim(job_id: int) -> tuple[UUID, str, dict[str, Any], Any] | None:
    now = present()
    job = db.session.get(Job, job_id, with_for_update={"skip_locked": True})
    if job is None or not job.is_claimable(now):
        db.session.rollback()
        return None
    kind, payload = job.kind, job.payload
    token = job.claim(now=now)
    handler = _handlers.get(kind)
    prepared = None
    try:
        prepared = handler.prepare(payload) if handler and handler.prepare else None
        db.session.commit()
    except Exception as error:  # noqa: BLE001 - preparing failed: the claim is rolled back, the failure is counted
        db.session.rollback()
        message = f"{type(error).__name__}: {error}"
        _set_back(job_id, None, lambda job, now: job.fail(message, now=now))
        return None
    return token, kind, payload, prepared


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


def _set_back(job_id: int, token: UUID | None, change: Callable[[Job, datetime], None]) -> None:
    db.session.rollback()
    job = db.session.get(Job, job_id, with_for_update=True)
    if job is not None and job.lease_token == token and job.state in (JobState.QUEUED, JobState.RUNNING):
        change(job, present())
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
    for story in _clockworks:
        try:
            story(present())
            db.session.commit()
            deliver_enqueued()
        except Exception as error:  # noqa: BLE001 - one story must not stop the others or the sweeper
            db.session.rollback()
            forget_enqueued()
            log.warning("sweep_failed", story=story.__name__, error=repr(error))
    ids = due_job_ids(present())
    db.session.rollback()
    return ids


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


def resume_unavailable(kind: str, *, now: datetime) -> int:
    """Put parked jobs of a kind that never failed back into the queue (what they need is here now)."""
    query = select(Job).where(Job.kind == kind, Job.state == JobState.PARKED, Job.failures == 0)
    jobs = list(db.session.scalars(query))
    for job in jobs:
        job.retry(now=now)
    return len(jobs)
