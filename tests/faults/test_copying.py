"""Copying to another database, both ways: the same rows of the same types, every certificate verifies, all or nothing."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from elearn.app import ElearnFlask
from elearn.certs import services as certs
from elearn.certs import verification
from elearn.certs.models import Certificate
from elearn.kernel import copying, jobs, marks, rows
from elearn.kernel.db import db
from elearn.kernel.model import Model
from tests.conftest import NOON, ROOT, new_app
from tests.database import administer
from tests.factories import world as worlds
from tests.faults.test_backup import certified
from tests.faults.test_restore import everywhere

SECRET = "rahasia7Q"
Rows = dict[str, list[tuple[tuple[str, Any], ...]]]


@pytest.fixture
def other(backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """An empty database of the other kind, not even migrated."""
    if backend == "postgresql":
        yield f"sqlite:///{tmp_path / 'target.db'}"
        return
    server, name = request.getfixturevalue("postgresql"), f"t_{uuid4().hex}"
    administer(server, f"CREATE DATABASE {name}")
    yield server.format(name=name)
    administer(server, f"DROP DATABASE {name} WITH (FORCE)")


def stored(url: str) -> Rows:
    """Every row with the type of each value."""
    engine = sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
    try:
        with engine.connect() as connection:
            return {
                table.name: [
                    tuple((type(value).__name__, value) for value in row)
                    for row in connection.execute(sa.select(table).order_by(*table.primary_key.columns))
                ]
                for table in Model.metadata.sorted_tables
            }
    finally:
        engine.dispose()


def unlike(one: Rows, two: Rows) -> list[str]:
    """Tables whose rows are not the same, whatever their order."""
    return [name for name in one if sorted(map(_plain, one[name])) != sorted(map(_plain, two[name]))]


def _plain(row: tuple[tuple[str, Any], ...]) -> str:
    """JSON objects have no order of their names, and PostgreSQL keeps none."""
    return json.dumps(row, default=repr, sort_keys=True)


def change(url: str, *statements: str) -> None:
    """Change a database from outside."""
    engine = sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(sa.text(statement))
    engine.dispose()


def test_a_copy_holds_the_same_rows_and_every_certificate_verifies(
    app: ElearnFlask, fresh_database: str, other: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "BATCH", 7)
    with app.app_context():
        _world, code, pdf = certified(tmp_path)
        db.session.remove()
        with db.engine.begin() as connection:
            connection.execute(sa.text("UPDATE org_units SET name = name || :odd"), {"odd": "\u2028\x1d\\n'\"ꦏ😀"})
        before = stored(fresh_database)
        said: list[str] = []

        name, counts = copying.copy(other, tell=said.append)

        assert said[0] == f"migrating {name}"
        assert len(said) == 1 + len(counts)
        assert sum(counts.values()) == sum(map(len, before.values())) > 400
        with pytest.raises(copying.NotCopied, match="is not empty: it has rows in"):
            copying.copy(other, tell=said.append)
        db.session.remove()
    assert unlike(before, stored(other)) == []
    target = new_app(other, tmp_path / "var")
    with target.app_context():
        issued = db.session.scalars(sa.select(Certificate)).all()
        assert [it.code for it in issued] == [code]
        assert verification.verify_code(code, now=NOON).status == "sample"
        assert certs.file_of(issued[0].id) == pdf
        assert verification.verify_file(pdf, now=NOON).status == "sample"
        with jobs.transaction():
            jobs.enqueue("uji.baru", "k", {}, now=NOON)
        newest = db.session.scalar(sa.select(sa.func.max(jobs.Job.id)))
        assert newest == max(row[0][1] for row in before["jobs"]) + 1, "the identity goes on after the last row"
        db.session.remove()
        db.engine.dispose()
    change(other, "DELETE FROM jobs WHERE kind = 'uji.baru'", "UPDATE employees SET name = name || '.'")
    assert unlike(before, stored(other)) == ["employees"], "negative control: one changed text is seen"


KILLED = """
import os, signal, sys
from elearn.app import create_app
from elearn.kernel import copying
def tell(said):
    if said.startswith("employees:"):
        os.kill(os.getpid(), signal.SIGKILL)
with create_app().app_context():
    copying.copy(sys.argv[1], tell=tell)
"""


def test_a_copy_that_is_killed_half_way_leaves_an_empty_database_and_can_be_tried_again(
    app: ElearnFlask, fresh_database: str, other: str, tmp_path: Path
) -> None:
    with app.app_context():
        with jobs.transaction():
            worlds.make_world(tmp_path)
            marks.mark("uji", now=NOON)
        with db.engine.begin() as connection:
            everywhere(connection)
        db.session.remove()
    environment = {"ELEARN_VAR": str(tmp_path / "var"), "ELEARN_DATABASE_URL": fresh_database, "PATH": "/usr/bin:/bin"}

    child = subprocess.run([sys.executable, "-c", KILLED, other], cwd=ROOT, env=environment, check=False)

    assert child.returncode == -signal.SIGKILL
    assert {name for name, found in stored(other).items() if found} <= copying.STANDING

    done = app.test_cli_runner().invoke(args=["db", "copy", "--to", other])

    assert done.exit_code == 0, done.output
    assert "rows in" in done.stdout
    assert "set ELEARN_DATABASE_URL" in done.stderr
    assert "Files and keys in ELEARN_VAR stay" in done.stderr
    assert unlike(stored(fresh_database), stored(other)) == []


def of_revision(revision: str) -> Callable[[str], None]:
    def set_(url: str) -> None:
        change(url, "CREATE TABLE alembic_version (version_num VARCHAR(32))")
        change(url, f"INSERT INTO alembic_version VALUES ('{revision}')")

    return set_


@pytest.mark.parametrize(
    ("harm", "sentence"),
    [
        (of_revision("770748b99805"), "holds elearn of an older release"),
        (of_revision("fffffffffffe"), "holds elearn of another, perhaps a newer, release"),
        (lambda url: change(url, "CREATE TABLE tamu (id INTEGER)"), "holds tables of something else"),
    ],
)
def test_a_database_that_is_not_empty_or_of_another_release_is_refused_in_a_sentence(
    app: ElearnFlask, other: str, harm: Callable[[str], None], sentence: str
) -> None:
    harm(other)

    done = app.test_cli_runner().invoke(args=["db", "copy", "--to", other])

    assert (done.exit_code, done.stdout) == (1, "")
    assert sentence in done.stderr
    assert "Nothing was changed" in done.stderr


@pytest.mark.parametrize(
    "url",
    [
        f"mysql://orang:{SECRET}@kota.example/elearn",
        f"postgresql://orang:{SECRET}@127.0.0.1:1/elearn",
        f"postgresql://orang:{SECRET}@127.0.0.1:port/elearn",
        f"postgresql://127.0.0.1:1/elearn?password={SECRET}",
        f"sqlite:////nirmana/{SECRET}/x.db",
    ],
)
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_an_address_that_leads_nowhere_is_refused_and_no_password_is_said(app: ElearnFlask, url: str) -> None:
    done = app.test_cli_runner().invoke(args=["db", "copy", "--to", url])

    assert done.exit_code == 1
    assert done.output.startswith(("Error: --to", "Error: the PostgreSQL database", "Error: the SQLite database"))
    assert SECRET not in done.output.replace(f"/nirmana/{SECRET}/x.db", "")


def test_a_source_at_another_revision_is_told_to_prepare(app: ElearnFlask, fresh_database: str, other: str) -> None:
    change(fresh_database, "UPDATE alembic_version SET version_num = '770748b99805'")

    with app.app_context(), pytest.raises(copying.NotCopied, match="run `flask --app wsgi prepare` first"):
        copying.copy(other, tell=print)
