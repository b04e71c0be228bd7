"""Backs up and restores what an installation holds: every row as portable JSON lines, files, and keys apart."""

import gzip
import hashlib
import io
import json
import os
import re
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa
import structlog

from elearn.kernel import keyfile, revision, rows, storage
from elearn.kernel.db import db
from elearn.kernel.errors import Conflict, Invalid
from elearn.kernel.model import Model

FORMAT = 1
BACKED_UP = "backup"

log = structlog.get_logger(__name__)

MANIFEST = "manifest.json"
LARGEST_MANIFEST = 1024 * 1024
_FILE = re.compile(r"files/[0-9a-f]{2}/([0-9a-f]{64})\.bin")


def backup(target: Path, passphrase: str) -> dict[str, int]:
    """Write a backup of one consistent moment to `target`, and the keys, encrypted, to `target`.keys.

    Runs beside a working product: the rows come from one snapshot, and files are never changed once written.
    Returns how many rows each table had. Raises Conflict where the database stands at another release's revision.
    """
    with _settled(target) as draft, tarfile.open(fileobj=draft, mode="w:gz", compresslevel=3) as tar:
        counts = _add_rows(tar)
        for sha256 in storage.every():
            _add(tar, f"files/{sha256[:2]}/{sha256}.bin", storage.get(sha256))
        manifest = {"format": FORMAT, "revision": revision.expected(), "rows": counts}
        _add(tar, MANIFEST, json.dumps(manifest).encode())
    keyfile.write(target.with_name(target.name + ".keys"), passphrase)
    return counts


def restore(source: Path, passphrase: str | None) -> dict[str, int]:
    """Fill a migrated, empty database, the files and (given a passphrase) the keys from a backup; all or nothing.

    What is refused changes nothing; what fails on its way can be tried again. Raises Conflict where the database
    holds people or is at another revision, Invalid where the backup is not whole or the passphrase is wrong.
    """
    keys = keyfile.read(source.with_name(source.name + ".keys"), passphrase) if passphrase is not None else {}
    _require_whole(source)
    with _opened(source) as tar:
        counts, of = _manifest(tar)
        with db.engine.begin() as connection:
            _require_empty(connection, of)
            for table in reversed(Model.metadata.sorted_tables):
                connection.execute(sa.delete(table))
            for table in Model.metadata.sorted_tables:
                rows.fill(connection, table, _rows(tar, table, counts[table.name]))
            _restore_files(tar)
            keyfile.restore(keys)
    return counts


@contextmanager
def _settled(target: Path) -> Iterator[io.BufferedWriter]:
    """A draft that nobody else can read; it takes the target's name once it is whole and on the disk."""
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".part")
    draft = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _add_rows(tar: tarfile.TarFile) -> dict[str, int]:
    """Every row of one consistent moment: how many each table has."""
    counts: dict[str, int] = {}
    with rows.one_moment(db.engine) as connection:
        if (here := revision.found(connection)) != revision.expected():
            raise Conflict("database_of_another_revision", database=here, release=revision.expected())
        for table in Model.metadata.sorted_tables:
            lines = [json.dumps(row, default=_plain) for row in rows.read(connection, table)]
            counts[table.name] = len(lines)
            _add(tar, f"tables/{table.name}.jsonl", "\n".join(lines).encode())
    return counts


def _plain(value: object) -> str:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no place in a backup")


def _rows(tar: tarfile.TarFile, table: sa.Table, count: int) -> list[dict[str, Any]]:
    """The rows of a table, as many as the backup says that it has; a line ends at a newline and at nothing else."""
    try:
        text = _member(tar, f"tables/{table.name}.jsonl").decode()
        found = [_typed(table, json.loads(line)) for line in text.split("\n") if line]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Invalid("backup_unreadable", reason=f"{table.name}: {error}") from error
    if len(found) != count:
        raise Invalid("backup_incomplete", table=table.name, expected=count, found=len(found))
    return found


def _typed(table: sa.Table, row: dict[str, Any]) -> dict[str, Any]:
    return {name: _value(table.c[name], value) for name, value in row.items()}


def _value(column: "sa.Column[Any]", value: Any) -> Any:
    if value is None:
        return None
    if isinstance(column.type, sa.Uuid):
        return UUID(value)
    if isinstance(column.type, sa.TypeDecorator):
        return datetime.fromisoformat(value)
    if isinstance(column.type, sa.Date):
        return date.fromisoformat(value)
    return value


def _require_empty(connection: sa.Connection, of: str) -> None:
    here = revision.found(connection)
    if here != of:
        raise Conflict("backup_of_another_revision", backup=of, database=here)
    if connection.scalar(sa.text("SELECT count(*) FROM employees")):
        raise Conflict("database_not_empty")


def _require_whole(source: Path) -> None:
    """Read the archive to its end once: one that was cut, or changed on its way, is noticed before anything is done."""
    try:
        with gzip.open(source) as stream:
            while stream.read(1 << 20):
                pass
    except (OSError, EOFError, zlib.error) as error:
        raise Invalid("backup_unreadable", reason=str(error)) from error


def _opened(source: Path) -> tarfile.TarFile:
    try:
        return tarfile.open(source, "r:gz")
    except (OSError, tarfile.TarError) as error:
        raise Invalid("backup_unreadable", reason=str(error)) from error


def _manifest(tar: tarfile.TarFile) -> tuple[dict[str, int], str]:
    """How many rows each table has, and the revision they are of; it is written last, so a backup without it is cut."""
    try:
        manifest = json.loads(_member(tar, MANIFEST))
        if manifest["format"] != FORMAT:
            raise Invalid("backup_format")
        counts, of = {str(name): int(count) for name, count in manifest["rows"].items()}, str(manifest["revision"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Invalid("backup_unreadable", reason=f"manifest: {error}") from error
    if lacking := [it.name for it in Model.metadata.sorted_tables if it.name not in counts]:
        raise Conflict("backup_of_another_revision", backup=of, lacking=", ".join(lacking))
    return counts, of


def _member(tar: tarfile.TarFile, name: str) -> bytes:
    """The bytes of a plain file; a link is none, wherever it leads."""
    try:
        member = tar.getmember(name)
        file = tar.extractfile(member) if member.isfile() else None
        if file is None or (name == MANIFEST and member.size > LARGEST_MANIFEST):
            raise Invalid("backup_unreadable", reason=name)
        return file.read()
    except (KeyError, OSError, tarfile.TarError, EOFError, zlib.error) as error:
        raise Invalid("backup_unreadable", reason=str(error)) from error


def _restore_files(tar: tarfile.TarFile) -> None:
    """Only plain files of our own naming whose bytes are what their name says; none that is here is written again.

    One that was damaged before the backup keeps nothing else from coming back: it stays away, and the log says so.
    """
    for member in tar.getmembers():
        found = _FILE.fullmatch(member.name)
        if not member.isfile() or not found:
            continue
        content = _member(tar, member.name)
        if hashlib.sha256(content).hexdigest() == found[1]:
            storage.put(content)
        else:
            log.error("file_was_damaged", sha256=found[1])


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size = len(content)
    info.mode = 0o600
    tar.addfile(info, io.BytesIO(content))
