"""Backs up and restores what an installation holds: every row as portable JSON lines, files, and keys apart."""

import io
import json
import os
import re
import secrets
import tarfile
from base64 import urlsafe_b64encode
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa
import structlog
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from elearn.kernel import storage
from elearn.kernel.db import db
from elearn.kernel.errors import Conflict, Invalid
from elearn.kernel.installation import installation
from elearn.kernel.model import Model

FORMAT = 1
BATCH = 500
PASSPHRASE_FILE = "backup.passphrase"  # noqa: S105 - the name of a file

log = structlog.get_logger(__name__)

_FILE = re.compile(r"files/[0-9a-f]{2}/([0-9a-f]{64})\.bin")


def backup(target: Path, passphrase: str) -> dict[str, int]:
    """Write a backup of one consistent moment to `target`, and the keys, encrypted, to `target`.keys.

    Runs beside a working product: the rows come from one snapshot, and files are never changed once written.
    Returns how many rows each table had.
    """
    counts: dict[str, int] = {}
    draft = target.with_name(target.name + ".part")
    with db.engine.connect() as connection, tarfile.open(draft, "w:gz", compresslevel=3) as tar:
        connection = connection.execution_options(**_snapshot())
        with connection.begin():
            revision = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
            for table in Model.metadata.sorted_tables:
                lines = _dump(connection, table)
                counts[table.name] = len(lines)
                _add(tar, f"tables/{table.name}.jsonl", "\n".join(lines).encode())
        for sha256 in storage.every():
            _add(tar, f"files/{sha256[:2]}/{sha256}.bin", storage.get(sha256))
        manifest = {"format": FORMAT, "revision": revision, "rows": counts}
        _add(tar, "manifest.json", json.dumps(manifest).encode())
    _settle(draft, target)
    _write_keys(target.with_name(target.name + ".keys"), passphrase)
    return counts


def restore(source: Path, passphrase: str | None) -> dict[str, int]:
    """Fill a migrated, empty database, the files and (given a passphrase) the keys from a backup; all or nothing.

    Raises Conflict where the database holds people or is at another revision, Invalid where the backup cannot be
    read or the passphrase is wrong.
    """
    keys = _read_keys(source.with_name(source.name + ".keys"), passphrase) if passphrase is not None else {}
    with _opened(source) as tar:
        manifest = json.loads(_member(tar, "manifest.json"))
        if manifest.get("format") != FORMAT:
            raise Invalid("backup_format")
        _restore_files(tar)
        with db.engine.begin() as connection:
            _require_empty(connection, manifest["revision"])
            for table in reversed(Model.metadata.sorted_tables):
                connection.execute(sa.delete(table))
            for table in Model.metadata.sorted_tables:
                _fill(connection, table, _member(tar, f"tables/{table.name}.jsonl").decode())
    _restore_keys(keys)
    return dict(manifest["rows"])


def kept_passphrase() -> str | None:
    """The passphrase kept beside the keys, if one was made."""
    path = installation().keys_dir / PASSPHRASE_FILE
    return path.read_text().strip() if path.exists() else None


def make_passphrase() -> tuple[str, bool]:
    """The kept passphrase, made if there is none: (passphrase, whether it was made now)."""
    if known := kept_passphrase():
        return known, False
    path = installation().keys_dir / PASSPHRASE_FILE
    phrase = secrets.token_urlsafe(24)
    _write_private(path, phrase.encode())
    return phrase, True


def _snapshot() -> dict[str, Any]:
    if db.engine.dialect.name == "postgresql":
        return {"isolation_level": "REPEATABLE READ"}
    return {"elearn_read": True}


def _dump(connection: sa.Connection, table: sa.Table) -> list[str]:
    rows = connection.execute(sa.select(table).order_by(*table.primary_key.columns))
    return [json.dumps(dict(row._mapping), default=_plain, ensure_ascii=False) for row in rows]


def _plain(value: object) -> str:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no place in a backup")


def _fill(connection: sa.Connection, table: sa.Table, text: str) -> None:
    rows = [_typed(table, json.loads(line)) for line in text.splitlines() if line]
    for generation in _parents_first(table, rows):
        for start in range(0, len(generation), BATCH):
            connection.execute(sa.insert(table), generation[start : start + BATCH])
    if rows and connection.dialect.name == "postgresql":
        _go_on_counting(connection, table)


def _parents_first(table: sa.Table, rows: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """The rows in generations: each only points at rows of its own table that came before it.

    The primary key says nothing of that order: UUIDv7 made in one millisecond sort at random.
    """
    own = [(key.parent.name, key.column.name) for key in table.foreign_keys if key.column.table is table]
    if not own:
        return [rows]
    generations: list[list[dict[str, Any]]] = []
    while rows:
        waiting = {(column, row[column]) for row in rows for _name, column in own}
        ready = [row for row in rows if not any((column, row[name]) in waiting for name, column in own)]
        if not ready:
            raise Invalid("backup_unreadable", reason=f"{table.name} points at itself in a circle")
        generations.append(ready)
        rows = [row for row in rows if any((column, row[name]) in waiting for name, column in own)]
    return generations


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


def _require_empty(connection: sa.Connection, revision: str) -> None:
    here = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    if here != revision:
        raise Conflict("backup_of_another_revision", backup=revision, database=here)
    if connection.scalar(sa.text("SELECT count(*) FROM employees")):
        raise Conflict("database_not_empty")


def _opened(source: Path) -> tarfile.TarFile:
    try:
        return tarfile.open(source, "r:gz")
    except (OSError, tarfile.TarError) as error:
        raise Invalid("backup_unreadable", reason=str(error)) from error


def _member(tar: tarfile.TarFile, name: str) -> bytes:
    try:
        file = tar.extractfile(name)
    except (KeyError, OSError, tarfile.TarError, EOFError) as error:
        raise Invalid("backup_unreadable", reason=str(error)) from error
    if file is None:
        raise Invalid("backup_unreadable", reason=name)
    return file.read()


def _restore_files(tar: tarfile.TarFile) -> None:
    """Only plain files of our own naming. One that was damaged before the backup keeps nothing else from coming back:
    it lands under the name of what it is now, and the log says so.
    """
    for member in tar.getmembers():
        found = _FILE.fullmatch(member.name)
        if member.isfile() and found and storage.put(_member(tar, member.name)) != found[1]:
            log.error("file_was_damaged", sha256=found[1])


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size = len(content)
    info.mode = 0o600
    tar.addfile(info, io.BytesIO(content))


def _settle(draft: Path, target: Path) -> None:
    with draft.open("rb") as file:
        os.fsync(file.fileno())
    draft.chmod(0o600)
    draft.replace(target)


def _write_keys(target: Path, passphrase: str) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for path in sorted(installation().keys_dir.rglob("*")):
            if path.is_file() and path.name != PASSPHRASE_FILE:
                _add(tar, str(path.relative_to(installation().keys_dir)), path.read_bytes())
    salt = os.urandom(16)
    _write_private(target, salt + Fernet(_key(passphrase, salt)).encrypt(buffer.getvalue()))


def _read_keys(source: Path, passphrase: str) -> dict[str, bytes]:
    try:
        sealed = source.read_bytes()
        content = Fernet(_key(passphrase, sealed[:16])).decrypt(sealed[16:])
    except OSError as error:
        raise Invalid("keys_unreadable", reason=str(error)) from error
    except InvalidToken as error:
        raise Invalid("wrong_passphrase") from error
    with tarfile.open(fileobj=io.BytesIO(content), mode="r") as tar:
        return {member.name: _member(tar, member.name) for member in tar.getmembers() if member.isfile()}


def _restore_keys(keys: dict[str, bytes]) -> None:
    root = installation().keys_dir.resolve()
    for name, content in keys.items():
        target = (root / name).resolve()
        if not target.is_relative_to(root):
            raise Invalid("backup_unreadable", reason=name)
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write_private(target, content)


def _write_private(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(path.name + ".part")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _key(passphrase: str, salt: bytes) -> bytes:
    return urlsafe_b64encode(Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(passphrase.encode()))
