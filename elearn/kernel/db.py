"""The session and how a transaction opens on SQLite and on PostgreSQL; no tables and no queries."""

from typing import Any

import structlog
from flask import Flask, g, has_request_context, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError

from elearn.kernel.logs import outline
from elearn.kernel.model import Model

log = structlog.get_logger(__name__)

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

db = SQLAlchemy(model_class=Model, disable_autonaming=True)


class UnsafeServer(RuntimeError):
    """The PostgreSQL server is set so that it may lose what it acknowledged."""


def upsert(model: type[Model]) -> "postgresql.Insert | sqlite.Insert":
    """An INSERT of the dialect in use, which can say what happens where the row is there already."""
    return postgresql.insert(model) if db.engine.dialect.name == "postgresql" else sqlite.insert(model)


def reading() -> bool:
    """Whether the transaction that opens now may only read: safe methods, and requests marked so."""
    return has_request_context() and (request.method in SAFE_METHODS or bool(g.get("reads_only", False)))


def _only_reads(connection: Connection) -> bool:
    options = connection.get_execution_options()
    return bool(options.get("elearn_read")) or (reading() and not options.get("elearn_write"))


def set_up(app: Flask) -> None:
    """Bind the session to the application and tune its engine."""
    db.init_app(app)
    with app.app_context():
        tune(db.engine)
        if db.engine.dialect.name != "sqlite":
            _look_at_server(db.engine)


def tune(engine: Engine) -> None:
    """Let an engine open its transactions as this house does; also one beside the application's own."""
    if engine.dialect.name == "sqlite":
        _tune_sqlite(engine)
    else:
        _tune_postgresql(engine)


def _tune_sqlite(engine: Engine) -> None:
    """WAL with synchronous=FULL: in simulated power cuts NORMAL lost acknowledged rows, FULL none."""

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "busy_timeout=5000", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        only_reads = _only_reads(connection)
        connection.exec_driver_sql(f"PRAGMA query_only={'ON' if only_reads else 'OFF'}")
        connection.exec_driver_sql("BEGIN DEFERRED" if only_reads else "BEGIN IMMEDIATE")


def _tune_postgresql(engine: Engine) -> None:
    """Look at every new connection: an unsafe server gets no row."""

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        refuse_unsafe_server(connection)

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        if _only_reads(connection):
            connection.exec_driver_sql("SET TRANSACTION READ ONLY")


def _look_at_server(engine: Engine) -> None:
    """Connect once now: an unsafe server ends the start, one that is away does not."""
    try:
        engine.connect().close()
    except OperationalError as error:
        log.warning("database_away_at_start", error=outline(error))
    finally:
        engine.dispose()


def refuse_unsafe_server(connection: Any) -> None:
    """Raise UnsafeServer where the server would acknowledge what it has not made durable."""
    with connection.cursor() as cursor:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            cursor.execute(f"SHOW {setting}")
            if cursor.fetchone()[0] == "off":
                raise UnsafeServer(f"PostgreSQL runs with {setting}=off and may lose acknowledged answers")
    connection.rollback()
