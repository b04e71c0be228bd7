"""Carries a one-time code from the act that made it to the page that shows it, concealed in the maker's own cookie."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from flask import session

from elearn.kernel.actor import Actor
from elearn.kernel.seal import NotConcealed, conceal, reveal
from elearn.people.facts import IssuedCode

COOKIE_KEY = "code"
PURPOSE = "issued_code"
LASTS = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class ShownCode:
    """A code in plain text as its page shows it, until when it is good, and whether it came with a reset."""

    code: str
    expires_at: datetime
    after_reset: bool


def carry(issued: IssuedCode, employee_id: UUID, *, after_reset: bool, by: Actor, now: datetime) -> None:
    """Let the browser of whoever made a code carry it for some minutes; a former one is forgotten."""
    told = [issued.code, issued.expires_at.isoformat(), after_reset, (now + LASTS).isoformat()]
    session[COOKIE_KEY] = conceal(json.dumps(told), PURPOSE, *_bound(employee_id, by))


def take(employee_id: UUID, *, by: Actor, now: datetime) -> ShownCode | None:
    """The code for this person that the browser carries, which it carries no longer; None where there is none."""
    concealed = session.get(COOKIE_KEY, "")
    try:
        code, expires_at, after_reset, until = json.loads(reveal(concealed, PURPOSE, *_bound(employee_id, by)))
    except NotConcealed:
        return None
    del session[COOKIE_KEY]
    if now >= datetime.fromisoformat(until):
        return None
    return ShownCode(code, datetime.fromisoformat(expires_at), after_reset)


def _bound(employee_id: UUID, by: Actor) -> tuple[str, str]:
    """Good for one person, in the hands of one person."""
    return str(employee_id), str(by.employee_id)
