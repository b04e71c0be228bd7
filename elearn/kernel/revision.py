"""Which migration this release is of, and which one a database stands at; migrating is migrations/ own."""

from typing import Any

import sqlalchemy as sa
from flask import current_app

_KEPT = "elearn_revision"


def expected() -> str | None:
    """The newest revision that this release knows."""
    known: str | None = current_app.extensions.get(_KEPT)
    if known is None:
        known = current_app.extensions[_KEPT] = _script().get_current_head()
    return known


def is_known(revision: str) -> bool:
    """Whether this release has that migration too: then it is an older one, or the present."""
    return any(it.revision == revision for it in _script().walk_revisions())


def found(connection: sa.Connection) -> str | None:
    """The one that a database stands at; None where it was never migrated."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    return revision


def _script() -> Any:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(current_app.extensions["migrate"].directory))
    return ScriptDirectory.from_config(config)
