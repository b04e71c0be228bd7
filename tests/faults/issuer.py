"""Some issuers in a process of their own: each issues its certificates, rolling some back first. Run by a test."""

import json
import sys
import threading
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.exc import OperationalError

from elearn.certs import services
from elearn.certs.facts import CertificateRequest, Holder
from elearn.kernel.db import db
from tests.factories.world import PATTERN, SYSTEM

ROLLED_BACK_EVERY = 7


def request_for(attempt: str, told: dict[str, Any]) -> CertificateRequest:
    """A pass of somebody in the course."""
    on = datetime(2026, 11, 25, tzinfo=UTC).date()
    return CertificateRequest(
        attempt_id=UUID(attempt),
        employee_id=UUID(told["employee_id"]),
        course_id=UUID(told["course_id"]),
        agency_id=UUID(told["agency_id"]),
        agency_name="Kota Uji",
        provider="Kota Uji",
        place="Uji",
        zone="Asia/Jakarta",
        number_pattern=PATTERN,
        sample=True,
        holder=Holder("Uji", None, None, None, None, None),
        course_code="UJI-01",
        course_title="Kursus uji",
        course_version=1,
        form="teknis",
        lesson_hours=1,
        started_on=on,
        finished_on=on,
        validity_years=None,
        score_bp=10_000,
        pass_bp=7000,
        supervision="unsupervised",
        modules=(),
        competencies=(),
    )


def issue_all(app: Any, attempts: list[str], told: dict[str, Any]) -> None:
    """One issuer: a certificate an attempt, each in its own transaction; every seventh is first rolled back."""
    now = datetime(2026, 11, 25, 5, 0, tzinfo=UTC)
    for at, attempt in enumerate(attempts):
        rolled_back = at % ROLLED_BACK_EVERY != 0
        done = False
        while not done:
            with app.app_context():
                try:
                    services.issue(request_for(attempt, told), by=SYSTEM, now=now)
                    if rolled_back:
                        db.session.commit()
                        done = True
                    else:
                        db.session.rollback()
                        rolled_back = True
                except OperationalError:
                    db.session.rollback()


def main() -> None:
    """Read what to do from standard input, and do it in threads."""
    from tests.faults.broken import app

    told = json.load(sys.stdin)
    threads = [threading.Thread(target=issue_all, args=(app, attempts, told)) for attempts in told["issuers"]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
