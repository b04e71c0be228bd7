"""Jobs and clockwork of the stories: close overdue attempts, issue certificates that had to wait."""

from datetime import datetime
from typing import Any
from uuid import UUID

from elearn.exams import queries as exams
from elearn.kernel import jobs
from elearn.kernel.actor import Actor
from elearn.kernel.clock import now as present
from elearn.kernel.settings import UnknownRule
from elearn.people import agencies
from elearn.people import queries as people
from elearn.workflows import certification


def register() -> None:
    """Tell the job runner and the clock what these do."""
    jobs.handle(certification.CLOSE_JOB, jobs.Handler(finish=_close))
    certify = jobs.Handler(prepare=_hindrance, work=_require_none, finish=_certify, is_possible=_may_certify)
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


MISSING = {
    "public_url_missing": "ELEARN_PUBLIC_URL is not set: certificates need the address they are verified at",
    "number_pattern_missing": "The agency has no pattern for the numbers of its certificates: set one under Agency",
    "particulars_reported": "The holder reported particulars that are wrong: HR settles the report under Certificates",
}


def _hindrance(payload: dict[str, Any]) -> str | None:
    """What keeps the certificate of a pass from being issued at present."""
    person = people.person_today(exams.attempt(UUID(payload["attempt_id"])).employee_id, now=present())
    return certification.hindrance(person, agencies.agency(person.agency_id, now=present()))


def _require_none(missing: str | None) -> None:
    if missing is not None:
        raise jobs.Unavailable(MISSING[missing])


def _may_certify(payload: dict[str, Any]) -> bool:
    return _hindrance(payload) is None


def _certify(payload: dict[str, Any], _result: Any, by: Actor, now: datetime) -> None:
    certification.certify_later(UUID(payload["attempt_id"]), by=by, now=now)
