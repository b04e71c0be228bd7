"""Copies every row into another, empty database, such as from SQLite to PostgreSQL; files and keys stay where they are."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import command
from flask import current_app
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DataError, SQLAlchemyError

from elearn.config import ConfigError, read_database_url
from elearn.kernel import revision, rows
from elearn.kernel.db import UnsafeServer, db, tune
from elearn.kernel.errors import Invalid
from elearn.kernel.logs import outline
from elearn.kernel.model import Model

STANDING = frozenset({"reference_stamps"})
"""Tables whose rows the migrations make: they stand in an empty database too, and give way to those that are copied."""

Told = Callable[[str], None]


class NotCopied(RuntimeError):
    """Nothing was copied, and why, in a sentence; it names no password."""


def copy(url: str, *, tell: Told) -> tuple[str, dict[str, int]]:
    """Migrate the empty database at `url` and copy every row of one moment into it, in one transaction.

    `tell` hears how far it is. Gives a name of the target without its password, and how many rows each table had.
    Raises NotCopied; then the target holds no row.
    """
    engine = _engine(url)
    name = named(engine.url)
    try:
        with rows.one_moment(db.engine) as source:
            expected = _require_ready(source)
            _make_ready(engine, expected, name, tell)
            return name, _copy_rows(source, engine, name, tell)
    except Invalid as error:
        raise NotCopied(f"The rows of {error.details.get('table')} point at each other in a circle.") from error
    except SQLAlchemyError as error:
        raise NotCopied(f"{name} could not take the rows, and holds none of them: {outline(error)}.") from error
    finally:
        engine.dispose()


def named(url: URL) -> str:
    """A database by kind, place and name; users and passwords are left out."""
    kind = "SQLite" if url.get_backend_name() == "sqlite" else "PostgreSQL"
    place = url.host or url.query.get("host")
    return f"the {kind} database {url.database}{f' at {place}' if place else ''}"


def _engine(url: str) -> sa.Engine:
    try:
        engine = sa.create_engine(read_database_url(url, of="--to"), hide_parameters=True)
    except (ConfigError, ArgumentError, ValueError) as error:
        said = str(error) if isinstance(error, ConfigError) else "--to: this is no address of a database"
        raise NotCopied(f"{said}. Expected postgresql://user:password@host/name or sqlite:////folder/file.db.") from None
    tune(engine)
    return engine


def _require_ready(source: sa.Connection) -> str:
    """The revision of this release, at which the database that is copied must stand."""
    here, expected = revision.found(source), revision.expected()
    if here != expected or expected is None:
        raise NotCopied(
            f"The present database stands at revision {here}, this release at {expected}: "
            "run `flask --app wsgi prepare` first."
        )
    return expected


def _make_ready(engine: sa.Engine, expected: str, name: str, tell: Told) -> None:
    """Migrate a database that holds nothing; refuse one that holds anything."""
    with _reached(engine, name) as target:
        tables = set(sa.inspect(target).get_table_names())
        there = revision.found(target)
    if there == expected:
        return
    if there is not None:
        age = "an older" if revision.is_known(there) else "another, perhaps a newer,"
        raise NotCopied(
            f"{name} holds elearn of {age} release (revision {there}, here {expected}). "
            "Nothing was changed; name an empty database."
        )
    if tables - {"alembic_version"}:
        raise NotCopied(f"{name} holds tables of something else. Nothing was changed; name an empty database.")
    tell(f"migrating {name}")
    config = current_app.extensions["migrate"].migrate.get_config()
    config.attributes["engine"] = engine
    command.upgrade(config, "head")


@contextmanager
def _reached(engine: sa.Engine, name: str) -> Iterator[sa.Connection]:
    try:
        with engine.connect() as connection:
            yield connection
    except UnsafeServer as error:
        raise NotCopied(f"{name}: {error}.") from error
    except SQLAlchemyError as error:
        raise NotCopied(f"{name} cannot be reached: {outline(error)}.") from error


def _copy_rows(source: sa.Connection, engine: sa.Engine, name: str, tell: Told) -> dict[str, int]:
    counts: dict[str, int] = {}
    with engine.begin() as target:
        _require_empty(target, name)
        for table in Model.metadata.sorted_tables:
            try:
                counts[table.name] = rows.fill(target, table, rows.read(source, table))
            except DataError as error:
                said = f"A row of {table.name} cannot be stored there: {outline(error)}."
                raise NotCopied(f"{said} Nothing was copied.") from error
            tell(f"{table.name}: {counts[table.name]}")
    return counts


def _require_empty(target: sa.Connection, name: str) -> None:
    for table in Model.metadata.sorted_tables:
        if table.name in STANDING:
            target.execute(sa.delete(table))
        elif target.scalar(sa.select(sa.literal(1)).select_from(table).limit(1)):
            raise NotCopied(f"{name} is not empty: it has rows in {table.name}. Nothing was changed; name an empty one.")
