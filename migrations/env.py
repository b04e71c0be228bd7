"""Runs migrations on SQLite and PostgreSQL; the revisions themselves are in versions/."""

import sqlalchemy as sa
from alembic import context
from flask import current_app

from elearn.kernel.model import Model, UTCDateTime

ADVISORY_LOCK = 7_301_945


def render_item(kind, obj, autogen):
    """Write revisions that do not import the application's own column types."""
    if kind == "type" and isinstance(obj, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(obj, sa.JSON) and "postgresql" in obj._variant_mapping:
        autogen.imports.add("from sqlalchemy.dialects import postgresql")
        return "sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql')"
    if kind == "type" and isinstance(obj, sa.BigInteger) and "sqlite" in obj._variant_mapping:
        return "sa.BigInteger().with_variant(sa.Integer(), 'sqlite')"
    return False


def run_migrations():
    """Upgrade or downgrade in one transaction a revision; on SQLite with foreign keys off, then checked.

    Batch mode drops and re-creates parent tables on SQLite: with foreign keys on, the children would go with them.
    """
    engine = context.config.attributes.get("engine") or current_app.extensions["migrate"].db.engine
    with engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        raw = connection.connection.dbapi_connection
        if sqlite:
            raw.execute("PRAGMA foreign_keys=OFF")
        context.configure(
            connection=connection,
            target_metadata=Model.metadata,
            render_as_batch=True,
            render_item=render_item,
            compare_type=True,
            transaction_per_migration=True,
            transactional_ddl=True,
        )
        try:
            with context.begin_transaction():
                if not sqlite:
                    connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
                context.run_migrations()
                if sqlite and (bad := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()):
                    raise RuntimeError(f"foreign keys broken: {bad[:5]}")
        finally:
            if sqlite:
                connection.rollback()
                raw.execute("PRAGMA foreign_keys=ON")


run_migrations()
