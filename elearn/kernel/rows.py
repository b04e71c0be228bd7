"""Every row of a database: read of one moment, written parents first; what that is for is backup.py's and copying.py's."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from typing import Any

import sqlalchemy as sa

from elearn.kernel.errors import Invalid

BATCH = 500

Row = Mapping[str, Any]


@contextmanager
def one_moment(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A connection that sees the database as it stands now, whatever is written meanwhile; it writes nothing."""
    is_server = engine.dialect.name == "postgresql"
    how: dict[str, Any] = {"isolation_level": "REPEATABLE READ"} if is_server else {}
    with engine.connect().execution_options(elearn_read=True, **how) as connection, connection.begin():
        yield connection


def read(connection: sa.Connection, table: sa.Table) -> Iterator[dict[str, Any]]:
    """The rows of a table by their primary key, as Python values; fetched piece by piece."""
    query = sa.select(table).order_by(*table.primary_key.columns)
    for row in connection.execute(query, execution_options={"yield_per": BATCH}):
        yield dict(row._mapping)


def fill(connection: sa.Connection, table: sa.Table, rows: Iterable[Row]) -> int:
    """Write rows into an empty table, and let its identity go on after the last; gives how many there were."""
    count = 0
    for generation in _parents_first(table, rows):
        waiting = iter(generation)
        while batch := list(islice(waiting, BATCH)):
            connection.execute(sa.insert(table), batch)
            count += len(batch)
    if count and connection.dialect.name == "postgresql":
        _go_on_counting(connection, table)
    return count


def _parents_first(table: sa.Table, rows: Iterable[Row]) -> Iterator[Iterable[Row]]:
    """The rows in generations: each only points at rows of its own table that came before it.

    The primary key says nothing of that order: UUIDv7 made in one millisecond sort at random.
    """
    own = [(key.parent.name, key.column.name) for key in table.foreign_keys if key.column.table is table]
    if not own:
        yield rows
        return
    left = list(rows)
    while left:
        waiting = {(column, row[column]) for row in left for _name, column in own}
        ready = [row for row in left if not any((column, row[name]) in waiting for name, column in own)]
        if not ready:
            raise Invalid("rows_in_a_circle", table=table.name)
        yield ready
        left = [row for row in left if any((column, row[name]) in waiting for name, column in own)]


def _go_on_counting(connection: sa.Connection, table: sa.Table) -> None:
    """Let the identity of an append-only table go on after its last row."""
    for column in table.primary_key.columns:
        if isinstance(column.type, sa.BigInteger) and column.autoincrement is not False:
            sequence = connection.scalar(
                sa.text("SELECT pg_get_serial_sequence(:t, :c)"), {"t": table.name, "c": column.name}
            )
            if sequence:
                highest = connection.scalar(sa.select(sa.func.max(column)))
                connection.execute(sa.text("SELECT setval(:s, :v)"), {"s": sequence, "v": highest})
