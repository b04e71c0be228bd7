"""What the installation's agency is called on every page, kept in the process for some seconds."""

import time

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from elearn.kernel import clock
from elearn.kernel.db import db
from elearn.people import queries as people
from elearn.people.models.organisation import OrgUnit

KEPT_SECONDS = 20.0

_kept: dict[str, tuple[float, str]] = {}


def agency_name() -> str:
    """The name of the installation's first agency; "elearn" before there is one."""
    kept = _kept.get(str(db.engine.url))
    if kept is not None and kept[0] > time.monotonic():
        return kept[1]
    try:
        root = db.session.scalar(select(OrgUnit.id).where(OrgUnit.parent_id.is_(None)).order_by(OrgUnit.id).limit(1))
        name = people.agency(root, now=clock.now()).name if root else "elearn"
    except SQLAlchemyError:
        return "elearn"
    _kept[str(db.engine.url)] = (time.monotonic() + KEPT_SECONDS, name)
    return name


def forget() -> None:
    """After the agency was renamed: ask again."""
    _kept.clear()
