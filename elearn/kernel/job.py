"""The row of one piece of work and what can happen to it; who works on it, and when, is said in jobs.py."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from elearn.kernel.ids import new_id
from elearn.kernel.model import BigId, Model

LEASE = timedelta(minutes=5)
MAX_FAILURES = 5
BACK_OFF_SECONDS = (5, 15, 60, 300)
LOST = "the worker that had it ended before it was done"


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
    def queued(cls, kind: str, key: str, payload: dict[str, Any], *, due_at: datetime, now: datetime) -> dict[str, Any]:
        """The values of a job that waits for a worker from `due_at` on; no kind of job tells its progress yet."""
        return {
            "kind": kind,
            "key": key,
            "payload": payload,
            "state": JobState.QUEUED,
            "due_at": due_at,
            "failures": 0,
            "progress": 0,
            "progress_total": 0,
            "created_at": now,
        }

    def is_claimable(self, now: datetime) -> bool:
        """Whether a worker may take it: due, or left behind by a worker that died."""
        if self.state == JobState.QUEUED:
            return self.due_at <= now
        return self.state == JobState.RUNNING and self.lease_until is not None and self.lease_until <= now

    def claim(self, *, now: datetime) -> UUID | None:
        """Take it; the token is what finishing must show.

        A job whose worker died has failed by that: it is counted here, and None says that it was the fifth time.
        """
        if self.state == JobState.RUNNING and self._count(LOST):
            return None
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
        if not self._count(error):
            self.state = JobState.QUEUED
            self.due_at = now + timedelta(seconds=BACK_OFF_SECONDS[self.failures - 1])

    def park(self, reason: str) -> None:
        """Set it aside without counting a failure: what it needs is not on this machine."""
        self.state = JobState.PARKED
        self.last_error = reason
        self.lease_token = self.lease_until = None

    def resume(self, *, now: datetime) -> None:
        """What it waited for is here; how often it failed before stays known."""
        self.state = JobState.QUEUED
        self.due_at = now

    def retry(self, *, now: datetime) -> None:
        """Put a parked job back into the queue with a clean slate."""
        self.failures = 0
        self.resume(now=now)

    def _count(self, error: str) -> bool:
        """One failure more; whether it is parked by that."""
        self.failures += 1
        self.last_error = error[:2000]
        self.lease_token = self.lease_until = None
        if self.failures < MAX_FAILURES:
            return False
        self.state = JobState.PARKED
        return True
