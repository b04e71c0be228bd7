"""Restoring: odd characters come back, a refusal changes nothing, and what failed on its way can be tried again."""

import gzip
import io
import json
import os
import stat
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from elearn.app import ElearnFlask
from elearn.kernel import backup, jobs, keyfile, storage
from elearn.kernel import installation as places
from elearn.kernel.db import db
from elearn.kernel.errors import Conflict, Invalid
from elearn.kernel.model import Model
from tests.factories import world as worlds

ODD = "\u2028\u2029\x85\x0b\x0c\x1c\x1d\x1e\\n\n\r\x07"
PHRASE = "frasa"


@pytest.fixture
def kept(app: ElearnFlask, tmp_path: Path) -> Any:
    """A backup of a small world; the installation it came from is empty again."""
    with app.app_context():
        with jobs.transaction():
            worlds.make_world(tmp_path)
        storage.put(b"gambar")
        backup.backup(tmp_path / "b.tar.gz", PHRASE)
        empty()
        yield tmp_path / "b.tar.gz"
        db.session.remove()


def empty() -> None:
    """Take every row away, as in an installation that was only migrated."""
    db.session.remove()
    with db.engine.begin() as connection:
        for table in reversed(Model.metadata.sorted_tables):
            connection.execute(sa.delete(table))


def rows() -> dict[str, list[Any]]:
    """Everything that is stored."""
    with db.engine.begin() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(sa.select(table).order_by(*table.primary_key.columns))]
            for table in Model.metadata.sorted_tables
        }


def everywhere(connection: sa.Connection) -> list[str]:
    """Put the odd characters into every text that takes them; gives the columns that did."""
    taking = []
    for table in Model.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, sa.Text) and not column.foreign_keys:
                try:
                    with connection.begin_nested():
                        done = connection.execute(sa.update(table).values({column: column + ODD}))
                except sa.exc.IntegrityError:
                    continue
                taking += [f"{table.name}.{column.name}"] if done.rowcount else []
    return taking


def rewritten(source: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """A backup whose members were changed by somebody."""
    target = source.with_name("other.tar.gz")
    with tarfile.open(source) as old, tarfile.open(target, "w:gz") as new:
        for member in old.getmembers():
            file = old.extractfile(member)
            assert file is not None
            content = change(member.name, file.read())
            if content is not None:
                member.size = len(content)
                new.addfile(member, io.BytesIO(content))
    target.with_name("other.tar.gz.keys").write_bytes(source.with_name(source.name + ".keys").read_bytes())
    return target


def test_whatever_ends_a_line_elsewhere_comes_back_in_every_text(app: ElearnFlask, tmp_path: Path) -> None:
    with app.app_context():
        with jobs.transaction():
            worlds.make_world(tmp_path)
        with db.engine.begin() as connection:
            taking = everywhere(connection)
        before = rows()
        backup.backup(tmp_path / "b.tar.gz", PHRASE)
        empty()

        backup.restore(tmp_path / "b.tar.gz", PHRASE)

        assert rows() == before
        assert {"employees.name", "org_units.name", "audit_entries.details", "competencies.definition"} <= set(taking)
        db.session.remove()


def test_a_refused_restore_writes_no_file_and_no_key(kept: Path) -> None:
    def of_another_revision(name: str, content: bytes) -> bytes:
        if name == "manifest.json":
            return json.dumps(json.loads(content) | {"revision": "0"}).encode()
        return content

    sha256 = storage.put(b"gambar")
    path = places.installation().files_dir / sha256[:2] / f"{sha256}.bin"
    path.unlink()
    key = places.installation().keys_dir / "seal.key"
    key.write_text("ff" * 32)

    with pytest.raises(Conflict, match="backup_of_another_revision"):
        backup.restore(rewritten(kept, of_another_revision), PHRASE)

    assert not path.exists()
    assert key.read_text() == "ff" * 32


def test_bytes_that_are_not_what_their_name_says_are_left_out(kept: Path) -> None:
    sha256 = storage.put(b"gambar")
    path = places.installation().files_dir / sha256[:2] / f"{sha256}.bin"
    path.unlink()
    before = list(storage.every())
    forged = rewritten(kept, lambda name, content: b"palsu" if name.startswith("files/") else content)

    backup.restore(forged, PHRASE)

    assert list(storage.every()) == before
    assert not storage.holds(sha256)


def test_a_file_that_is_there_is_not_written_again(kept: Path) -> None:
    sha256 = storage.put(b"gambar")
    path = places.installation().files_dir / sha256[:2] / f"{sha256}.bin"
    before = path.stat().st_ino, path.stat().st_mtime_ns

    backup.restore(kept, PHRASE)

    assert (path.stat().st_ino, path.stat().st_mtime_ns) == before


@pytest.mark.parametrize("keep", [0.5, 0.9, 0.999])
def test_an_archive_that_was_cut_is_refused(kept: Path, keep: float) -> None:
    whole = kept.read_bytes()
    kept.write_bytes(whole[: int(len(whole) * keep)])

    with pytest.raises(Invalid, match="backup_unreadable"):
        backup.restore(kept, PHRASE)
    assert not any(rows().values())


def test_a_changed_byte_is_noticed(kept: Path) -> None:
    whole = bytearray(kept.read_bytes())
    whole[len(whole) // 2] ^= 1
    kept.write_bytes(bytes(whole))

    with pytest.raises(Invalid, match="backup_unreadable"):
        backup.restore(kept, PHRASE)


@pytest.mark.parametrize("without", ["manifest.json", "tables/employees.jsonl"])
def test_a_backup_without_one_of_its_parts_is_refused(kept: Path, without: str) -> None:
    lacking = rewritten(kept, lambda name, content: None if name == without else content)

    with pytest.raises(Invalid, match="backup_unreadable"):
        backup.restore(lacking, PHRASE)
    assert not any(rows().values())


def linked(name: str, target: str, kind: bytes) -> tarfile.TarInfo:
    link = tarfile.TarInfo(name)
    link.type, link.linkname = kind, target
    return link


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE], ids=["symbolic", "hard"])
@pytest.mark.parametrize("target", ["/etc/passwd", "../../etc/passwd", "tables/employees.jsonl"])
def test_a_link_in_place_of_a_part_is_refused_wherever_it_leads(kept: Path, target: str, kind: bytes) -> None:
    forged = rewritten(kept, lambda name, content: None if name == "tables/employees.jsonl" else content)
    with gzip.open(forged) as stream:
        plain = io.BytesIO(stream.read())
    with tarfile.open(fileobj=plain, mode="a") as tar:
        tar.addfile(linked("tables/employees.jsonl", target, kind))
    forged.write_bytes(gzip.compress(plain.getvalue(), 1))

    with pytest.raises(Invalid, match="backup_unreadable"):
        backup.restore(forged, PHRASE)
    assert not any(rows().values())


@pytest.mark.parametrize("part", ["manifest.json", "tables/employees.jsonl"])
@pytest.mark.parametrize("content", [b"[" * 100_000, b'{"rows": ' + b"9" * 9_000 + b"}", b" " * 30_000_000, b"\xff"])
def test_a_part_that_no_reader_can_stand_is_refused(kept: Path, part: str, content: bytes) -> None:
    forged = rewritten(kept, lambda name, whole: content if name == part else whole)

    with pytest.raises(Invalid, match="backup_unreadable"):
        backup.restore(forged, PHRASE)
    assert not any(rows().values())


def test_a_backup_with_fewer_rows_than_it_says_is_refused_whole(kept: Path) -> None:
    def shorter(name: str, content: bytes) -> bytes:
        return content.rpartition(b"\n")[0] if name == "tables/employees.jsonl" else content

    with pytest.raises(Invalid, match="backup_incomplete"):
        backup.restore(rewritten(kept, shorter), PHRASE)
    assert not any(rows().values())


def test_a_restore_that_failed_at_the_keys_can_be_tried_again(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_keys: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(keyfile, "restore", full)
        with pytest.raises(OSError, match="No space"):
            backup.restore(kept, PHRASE)
    assert not any(rows().values())

    assert backup.restore(kept, PHRASE)["employees"] == len(rows()["employees"]) > 0


def test_nobody_else_can_read_a_backup_while_it_is_written(
    app: ElearnFlask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    seen = set()
    add = backup._add

    def look(*args: Any) -> None:
        seen.update(stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir())
        add(*args)

    monkeypatch.setattr(backup, "_add", look)
    before = os.umask(0o022)
    try:
        with app.app_context():
            backup.backup(folder / "b.tar.gz", PHRASE)
    finally:
        os.umask(before)

    assert seen | {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_a_backup_that_fails_leaves_nothing_behind(
    app: ElearnFlask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / "b.tar.gz").write_bytes(gzip.compress(b"yang lama"))
    before = (folder / "b.tar.gz").read_bytes()

    def broken() -> Any:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(storage, "every", broken)
    with app.app_context(), pytest.raises(OSError, match="Input/output"):
        backup.backup(folder / "b.tar.gz", PHRASE)

    assert [path.name for path in folder.iterdir()] == ["b.tar.gz"]
    assert (folder / "b.tar.gz").read_bytes() == before


def test_only_a_sha256_is_the_name_of_a_file(app: ElearnFlask) -> None:
    for name in ("../../secret.key", "ab", "", "g" * 64, "A" * 64, f"{'a' * 64}\n"):
        assert not storage.holds(name)
        with pytest.raises(FileNotFoundError):
            storage.get(name)
