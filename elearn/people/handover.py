"""Carries a one-time code from the act that made it to the page that shows it, concealed in the maker's own cookie."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from flask import session

from elearn.kernel.actor import Actor
from elearn.kernel.seal import NotConcealed, conceal, reveal
from elearn.people.facts.accounts import IssuedCode
from elearn.people.rules import CodePurpose

COOKIE_KEY = "code"
PURPOSE = "issued_code"
LASTS = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class CarriedCode:
    """A code on its way to the page that shows it, and whether it came with a reset."""

    issued: IssuedCode
    after_reset: bool


def carry(issued: IssuedCode, employee_id: UUID, *, after_reset: bool, by: Actor, now: datetime) -> None:
    """Let the browser of whoever made a code carry it for some minutes; a former one is forgotten."""
    said = [issued.id.hex, issued.code, issued.purpose.value, issued.expires_at.isoformat()]
    told = [said, after_reset, (now + LASTS).isoformat()]
    session[COOKIE_KEY] = conceal(json.dumps(told), PURPOSE, *_bound(employee_id, by))


def take(employee_id: UUID, *, by: Actor, now: datetime) -> CarriedCode | None:
    """The code for this person that the browser carries, which it carries no longer; None where there is none."""
    concealed = session.get(COOKIE_KEY, "")
    try:
        said, after_reset, until = json.loads(reveal(concealed, PURPOSE, *_bound(employee_id, by)))
    except NotConcealed:
        return None
    del session[COOKIE_KEY]
    if now >= datetime.fromisoformat(until):
        return None
    code_id, code, purpose, expires_at = said
    issued = IssuedCode(UUID(code_id), code, CodePurpose(purpose), datetime.fromisoformat(expires_at))
    return CarriedCode(issued, after_reset)


def _bound(employee_id: UUID, by: Actor) -> tuple[str, str]:
    """Good for one person, in the hands of one person."""
    return str(employee_id), str(by.employee_id)
