"""Opening a session as the last step of a larger act, which guards and audits: a sign-in, or a one-time code."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from elearn.kernel.actor import Actor
from elearn.kernel.clock import local_date
from elearn.kernel.db import db
from elearn.kernel.ids import new_secret
from elearn.people import accounts
from elearn.people.facts.accounts import HalfSignIn
from elearn.people.models.access import UserSession


@dataclass(frozen=True, slots=True)
class Opened:
    """A session that began: its id, and the token in plain text for the cookie."""

    id: UUID
    token: str


def open_session(half: HalfSignIn, *, by: Actor, now: datetime) -> Opened:
    """Begin a session for whoever proved all that is asked for; how long it lasts is said by dated rules."""
    token, on = new_secret(), local_date(now, by.zone)
    lasts = timedelta(days=accounts.remember_days(on)) if half.remember else timedelta(hours=accounts.session_hours(on))
    session = UserSession.open(
        half.employee_id, token, lasts=lasts, remember=half.remember, user_agent=half.user_agent, now=now
    )
    db.session.add(session)
    return Opened(session.id, token)
