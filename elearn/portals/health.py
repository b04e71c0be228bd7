"""Whether the process lives and whether it is ready; for machines, without a sign-in."""

import shutil
from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from elearn.certs.models import CertificatePublication
from elearn.kernel import revision
from elearn.kernel.db import db
from elearn.kernel.installation import installation
from elearn.kernel.job import Job, JobState
from elearn.kernel.jobs import SWEPT
from elearn.kernel.marks import marked
from elearn.web.request import now

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def alive() -> ResponseReturnValue:
    """200 while the process lives; touches nothing."""
    return {"status": "ok"}


@bp.get("/readyz")
def ready() -> ResponseReturnValue:
    """200 when the database answers at the current revision; queue, clock, last PDF and disk as fields."""
    try:
        fields = condition()
    except SQLAlchemyError:
        db.session.rollback()
        return {"status": "database_away"}, 503
    is_ready = fields["revision"] == fields["revision_expected"]
    return {"status": "ok" if is_ready else "not_migrated", **fields}, 200 if is_ready else 503


def condition() -> dict[str, Any]:
    """How the installation is, as machines ask; raises SQLAlchemyError where the database is away."""
    oldest = db.session.scalar(select(func.min(Job.due_at)).where(Job.state == JobState.QUEUED, Job.due_at <= now()))
    counts = dict(db.session.execute(select(Job.state, func.count()).group_by(Job.state)).all())
    last = db.session.scalar(select(func.max(CertificatePublication.published_at)))
    swept = marked(SWEPT)
    return {
        "revision": db.session.scalar(text("SELECT version_num FROM alembic_version")),
        "revision_expected": revision.expected(),
        "queue_age_s": int((now() - oldest).total_seconds()) if oldest else 0,
        "sweep_age_s": int((now() - swept.at).total_seconds()) if swept else None,
        "jobs_queued": counts.get(JobState.QUEUED, 0),
        "jobs_parked": counts.get(JobState.PARKED, 0),
        "last_pdf_at": last.isoformat() if last else None,
        "disk_free_bytes": shutil.disk_usage(installation().files_dir.parent).free,
    }
