"""The table of the set-up link: one row, from the first start until somebody administers the installation."""

import json
from datetime import datetime, timedelta
from typing import Any, Self
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from elearn.kernel.ids import fingerprint, new_id
from elearn.kernel.model import Model

LASTS = timedelta(days=7)


class SetupLink(Model):
    """A link that sets the installation up once, stored hashed; `draft` is what was typed so far, as JSON text."""

    __tablename__ = "setup_links"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    expires_at: Mapped[datetime]
    draft: Mapped[str]
    used_at: Mapped[datetime | None]

    @classmethod
    def make(cls, token: str, *, now: datetime) -> Self:
        """A link with nothing typed yet."""
        return cls(id=new_id(), token_hash=fingerprint(token), expires_at=now + LASTS, draft="{}", used_at=None)

    def renew(self, token: str, *, now: datetime) -> None:
        """Answer to another token from now on; what was typed stays."""
        self.token_hash, self.expires_at = fingerprint(token), now + LASTS

    @property
    def typed(self) -> dict[str, Any]:
        """What was typed, by step."""
        found: dict[str, Any] = json.loads(self.draft)
        return found

    def keep(self, step: str, values: object) -> None:
        """Keep what was typed in a step."""
        self.draft = json.dumps(self.typed | {step: values}, ensure_ascii=False)

    def end(self, *, now: datetime) -> None:
        """It did its work; nothing that was typed is kept, least of all the staff."""
        self.used_at, self.draft = now, "{}"
