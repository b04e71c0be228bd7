"""What the installation's agency is called on every page, and its emblem, kept in the process for some seconds."""

import time
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO

from flask import url_for
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from elearn.kernel import clock, storage
from elearn.kernel.db import db
from elearn.people import agencies
from elearn.people.models.organisation import OrgUnit

KEPT_SECONDS = 20.0
EMBLEM_SIDE = 144
"""Pixels: the emblem stands 36 high on a page, on screens of up to four dots a pixel."""


@dataclass(frozen=True, slots=True)
class _Kept:
    until: float
    name: str
    logo: str | None


_UNNAMED = _Kept(0, "elearn", None)
_kept: dict[str, _Kept] = {}


def agency_name() -> str:
    """The name of the installation's first agency; "elearn" before there is one."""
    return _agency().name


def agency_emblem() -> str | None:
    """The address of the first agency's emblem in small; None while it has set no logo."""
    logo = _agency().logo
    return url_for("home.emblem", v=logo[:16]) if logo else None


def emblem_key() -> str | None:
    """The SHA-256 of the first agency's logo."""
    return _agency().logo


def forget() -> None:
    """After the agency was renamed: ask again."""
    _kept.clear()


@lru_cache(maxsize=4)
def small_emblem(sha256: str) -> bytes:
    """The kept logo as a WebP that weighs next to nothing; raises FileNotFoundError."""
    from PIL import Image

    with Image.open(BytesIO(storage.get(sha256)), formats=("PNG", "JPEG")) as picture:
        small = picture.convert("RGBA")
    small.thumbnail((EMBLEM_SIDE * 2, EMBLEM_SIDE))
    written = BytesIO()
    small.save(written, "WEBP", quality=80, method=6)
    return written.getvalue()


def _agency() -> _Kept:
    kept = _kept.get(str(db.engine.url))
    if kept is not None and kept.until > time.monotonic():
        return kept
    try:
        root = db.session.scalar(select(OrgUnit.id).where(OrgUnit.parent_id.is_(None)).order_by(OrgUnit.id).limit(1))
        agency = agencies.agency(root, now=clock.now()) if root else None
    except SQLAlchemyError:
        return _UNNAMED
    found = _Kept(time.monotonic() + KEPT_SECONDS, agency.name if agency else "elearn", agency.logo if agency else None)
    _kept[str(db.engine.url)] = found
    return found
