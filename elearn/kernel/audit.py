"""The audit trail: one entry for each outermost use-case, in its own transaction; reading it is HR's pages."""

import json
from datetime import datetime
from typing import Self
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from elearn.kernel.actor import Actor
from elearn.kernel.db import db
from elearn.kernel.model import BigId, Model


class AuditEntry(Model):
    """Who did what to which thing, when; details are canonical JSON text so that a hash chain can be added."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_subject_type_subject_id", "subject_type", "subject_id"),
        Index("ix_audit_entries_at", "at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[UUID | None]
    via: Mapped[str]
    act: Mapped[str]
    subject_type: Mapped[str]
    subject_id: Mapped[str]
    details: Mapped[str]

    @classmethod
    def of(
        cls,
        act: str,
        subject_type: str,
        subject_id: object,
        details: dict[str, object],
        *,
        by: Actor,
        now: datetime,
    ) -> Self:
        """State an act as an entry."""
        return cls(
            at=now,
            actor_id=by.employee_id,
            via=by.via,
            act=act,
            subject_type=subject_type,
            subject_id=str(subject_id),
            details=canonical_json(details),
        )


def canonical_json(value: object) -> str:
    """JSON with sorted keys and no spaces; other values as their text."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)


def record(act: str, subject_type: str, subject_id: object, /, *, by: Actor, now: datetime, **details: object) -> None:
    """Write the one entry of this use-case; it is committed or rolled back with the rest."""
    db.session.add(AuditEntry.of(act, subject_type, subject_id, details, by=by, now=now))
