"""How the installation is, as facts with a state each; what to do about them is said by the page."""

import os
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from cryptography import x509
from sqlalchemy import func, select, text

from elearn.certs.signing import keyring
from elearn.kernel import revision
from elearn.kernel.backup import BACKED_UP
from elearn.kernel.db import db
from elearn.kernel.installation import installation
from elearn.kernel.job import Job, JobState
from elearn.kernel.jobs import SWEPT
from elearn.kernel.marks import marked

GIB = 1024**3
LITTLE_ROOM, NO_ROOM = 5 * GIB, GIB
QUEUE_WAITS, SWEEP_WAITS = timedelta(minutes=5), timedelta(minutes=3)
ENDS_SOON = timedelta(days=60)
BACKUP_AGES = timedelta(days=2)
CLOCK_LEEWAY = timedelta(seconds=30)


class State(StrEnum):
    """How one thing stands."""

    GOOD = "good"
    ATTENTION = "attention"
    BROKEN = "broken"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at, how it stands, and the numbers or moments that say so."""

    what: str
    state: State
    count: int = 0
    at: datetime | None = None


def checks(now: datetime) -> tuple[Check, ...]:
    """Everything that is looked at, in the order in which one asks."""
    parked = _count(Job.state == JobState.PARKED)
    return (
        _database(),
        _queue(now),
        Check("parked", State.ATTENTION if parked else State.GOOD, parked),
        _sweep(now),
        _clock(now),
        _storage(),
        _disk(),
        _signer(now),
        _backup(now),
    )


def _database() -> Check:
    here = db.session.scalar(text("SELECT version_num FROM alembic_version"))
    return Check("database", State.GOOD if here == revision.expected() else State.BROKEN)


def _queue(now: datetime) -> Check:
    due = (Job.state == JobState.QUEUED) & (Job.due_at <= now)
    oldest = db.session.scalar(select(func.min(Job.due_at)).where(due))
    waits = oldest is not None and now - oldest > QUEUE_WAITS
    return Check("queue", State.BROKEN if waits else State.GOOD, _count(due), oldest)


def _count(condition: object) -> int:
    return db.session.scalar(select(func.count()).select_from(Job).where(condition)) or 0  # type: ignore[arg-type]


def _sweep(now: datetime) -> Check:
    swept = marked(SWEPT)
    if swept is None:
        return Check("sweep", State.BROKEN)
    return Check("sweep", State.BROKEN if now - swept.at > SWEEP_WAITS else State.GOOD, at=swept.at)


def _clock(now: datetime) -> Check:
    """A clock that went back stands before what was noted last."""
    swept = marked(SWEPT)
    went_back = swept is not None and swept.at - now > CLOCK_LEEWAY
    return Check("clock", State.BROKEN if went_back else State.GOOD, at=now)


def _storage() -> Check:
    folder = installation().files_dir
    is_writable = os.access(folder if folder.exists() else folder.parent, os.W_OK)
    return Check("storage", State.GOOD if is_writable else State.BROKEN)


def _disk() -> Check:
    free = shutil.disk_usage(installation().files_dir.parent).free
    state = State.BROKEN if free < NO_ROOM else State.ATTENTION if free < LITTLE_ROOM else State.GOOD
    return Check("disk", state, free // GIB)


def _signer(now: datetime) -> Check:
    """The certificate that ends last is the one in use; the ring keeps the retired ones too."""
    try:
        ring = keyring.known_certificates(installation().keys_dir)
        ends = max((x509.load_der_x509_certificate(it).not_valid_after_utc for it in ring.values()), default=None)
    except (OSError, ValueError):
        return Check("signer", State.BROKEN)
    if ends is None:
        return Check("signer", State.UNKNOWN)
    state = State.BROKEN if ends <= now else State.ATTENTION if ends - now < ENDS_SOON else State.GOOD
    return Check("signer", state, at=ends)


def _backup(now: datetime) -> Check:
    made = marked(BACKED_UP)
    if made is None:
        return Check("backup", State.UNKNOWN)
    return Check("backup", State.ATTENTION if now - made.at > BACKUP_AGES else State.GOOD, at=made.at)
