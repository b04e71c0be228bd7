"""Jobs of people: the letter to somebody who forgot their password; the law of it lives in services."""

from datetime import datetime
from typing import Any
from uuid import UUID

from elearn.kernel import audit, jobs
from elearn.kernel.actor import Actor
from elearn.kernel.clock import now as present
from elearn.kernel.installation import installation
from elearn.kernel.mail import Letter, Post
from elearn.people.letters import recovery_letter
from elearn.people.services import recovery


def register() -> None:
    """Tell the job runner what these kinds do."""
    jobs.handle(
        recovery.MAIL_JOB, jobs.Handler(prepare=_prepare, work=_work, finish=_finish, is_possible=lambda _: _has_post())
    )


def _has_post() -> bool:
    return installation().mail_url is not None


def _prepare(payload: dict[str, Any]) -> Letter | None:
    """The code is made here, and again at each try: it must stand in no row in plain text. None for nobody."""
    if payload["employee_id"] is None:
        return None
    found = recovery.make_letter_code(UUID(payload["employee_id"]), by=Actor.system(), now=present())
    return recovery_letter(*found) if found else None


def _work(letter: Letter | None) -> bool:
    if letter is None:
        return False
    url = installation().mail_url
    if url is None:
        raise jobs.Unavailable("ELEARN_MAIL_URL is not set any more; the letter goes out once it is")
    Post.at(url).send(letter)
    return True


def _finish(payload: dict[str, Any], was_sent: bool, by: Actor, now: datetime) -> None:
    if was_sent:
        audit.record("recovery.mail", "employee", payload["employee_id"], by=by, now=now)
