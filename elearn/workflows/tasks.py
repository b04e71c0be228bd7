"""Jobs and clockwork of the stories: close overdue attempts, issue certificates that had to wait."""

from datetime import datetime
from typing import Any
from uuid import UUID

from elearn.certs import services as certificate_services
from elearn.exams import queries as exams
from elearn.kernel import jobs
from elearn.kernel.actor import Actor
from elearn.kernel.settings import UnknownRule
from elearn.people import queries as people
from elearn.workflows import certification


def register() -> None:
    """Tell the job runner and the clock what these do."""
    jobs.handle(certification.CLOSE_JOB, jobs.Handler(finish=_close))
    certify = jobs.Handler(prepare=_is_demo, work=_require_address, finish=_certify, is_possible=_has_address)
    jobs.handle(certification.CERTIFY_JOB, certify)
    jobs.every_sweep(close_overdue)


def close_overdue(now: datetime) -> None:
    """Find attempts whose time is long up and order their closing; without reference data there are none."""
    try:
        certification.order_closing(now)
    except UnknownRule:
        return


def _close(payload: dict[str, Any], _result: Any, by: Actor, now: datetime) -> None:
    certification.submit_exam(UUID(payload["attempt_id"]), by=by, now=now)


def _is_demo(payload: dict[str, Any]) -> bool:
    attempt = exams.attempt(UUID(payload["attempt_id"]))
    return people.person(attempt.employee_id, on=attempt.opened_at.date()).is_demo


def _require_address(is_demo: bool) -> None:
    if not certificate_services.may_be_issued(sample=is_demo):
        raise jobs.Unavailable("ELEARN_PUBLIC_URL is not set: certificates need the address they are verified at")


def _has_address() -> bool:
    return certificate_services.may_be_issued(sample=False)


def _certify(payload: dict[str, Any], _result: Any, by: Actor, now: datetime) -> None:
    certification.certify_later(UUID(payload["attempt_id"]), by=by, now=now)
