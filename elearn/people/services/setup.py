"""The set-up link: made at a start while nobody administers, followed, filled in, ended; what it founds is founding.py's."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from elearn.kernel import audit
from elearn.kernel.actor import Actor
from elearn.kernel.db import db
from elearn.kernel.errors import Conflict, NotFound
from elearn.kernel.guard import require
from elearn.kernel.ids import fingerprint, new_secret
from elearn.people import grants, policies
from elearn.people.models.setup import SetupLink


def make_link(*, by: Actor, now: datetime) -> str:
    """The token of the one link that sets this installation up, in plain text; a former one ends, its typing stays.

    Raises Forbidden, Conflict administrator_exists.
    """
    require(policies.may_shape_units, by, None)
    if grants.has_administrator():
        raise Conflict("administrator_exists")
    token = new_secret()
    link = db.session.scalar(select(SetupLink).where(SetupLink.used_at.is_(None)).with_for_update())
    if link is None:
        link = SetupLink.make(token, now=now)
        db.session.add(link)
    else:
        link.renew(token, now=now)
    db.session.flush()
    audit.record("setup.link", "setup", link.id, by=by, now=now)
    return token


def draft_of(token: str, *, by: Actor, now: datetime) -> dict[str, Any]:
    """What was typed behind a link, by step; raises NotFound where it leads nowhere (used, old, or not the newest)."""
    return _link(token, now=now, for_update=False).typed


def keep_step(token: str, step: str, values: object, *, by: Actor, now: datetime) -> None:
    """Keep what was typed in a step; raises NotFound."""
    link = _link(token, now=now)
    link.keep(step, values)
    audit.record("setup.keep", "setup", link.id, by=by, now=now, step=step)


def end_link(token: str, *, by: Actor, now: datetime) -> None:
    """Use the link up; raises NotFound. Part of a larger act, which audits."""
    _link(token, now=now).end(now=now)


def _link(token: str, *, now: datetime, for_update: bool = True) -> SetupLink:
    query = select(SetupLink).where(
        SetupLink.token_hash == fingerprint(token), SetupLink.used_at.is_(None), SetupLink.expires_at > now
    )
    link = db.session.scalar(query.with_for_update() if for_update else query)
    if link is None or grants.has_administrator():
        raise NotFound
    return link
