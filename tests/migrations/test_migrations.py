"""Migrations: the models say what the database has, and going down and up again keeps every row."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config as AlembicConfig
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import downgrade, upgrade

from elearn.app import ElearnFlask
from elearn.certs import services as certs
from elearn.certs.models import Certificate
from elearn.kernel.actor import Actor, Grant, Role
from elearn.kernel.db import db
from elearn.kernel.jobs import transaction
from elearn.kernel.model import Model
from tests.conftest import NOON, ROOT, new_app
from tests.database import administer
from tests.factories.certs import HOLDER
from tests.factories.site import fill

MIGRATIONS = str(ROOT / "migrations")


def script() -> ScriptDirectory:
    config = AlembicConfig()
    config.set_main_option("script_location", MIGRATIONS)
    return ScriptDirectory.from_config(config)


def rows(app: ElearnFlask) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, in an order of its own."""
    with app.app_context(), db.engine.connect() as connection:
        return {
            table.name: sorted(
                (tuple(row) for row in connection.execute(sa.text(f'SELECT * FROM "{table.name}"'))), key=repr
            )
            for table in Model.metadata.sorted_tables
        }


@pytest.fixture
def filled(app: ElearnFlask, tmp_path: Path) -> ElearnFlask:
    """An application whose database holds people, a course, attempts, a certificate and evidence."""
    with app.app_context():
        fill(tmp_path)
        db.session.remove()
    return app


def differences(app: ElearnFlask) -> list[Any]:
    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, Model.metadata))


def test_the_models_say_what_the_database_has(app: ElearnFlask) -> None:
    assert differences(app) == []


def test_a_model_without_its_migration_is_caught(app: ElearnFlask) -> None:
    """Negative control: a column taken away in the database is a difference."""
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE jobs DROP COLUMN last_error"))

    assert [it[0] for it in differences(app)] == ["add_column"]


def test_there_is_one_line_of_revisions() -> None:
    assert len(script().get_heads()) == 1
    assert len(script().get_bases()) == 1


def test_down_to_the_revision_before_and_up_again_keeps_every_row(filled: ElearnFlask) -> None:
    """Of the tables that the revision before has: what a new table holds, the release before cannot keep."""
    before = rows(filled)
    with filled.app_context():
        db.session.remove()
        downgrade(directory=MIGRATIONS, revision="-1")
        known = columns(filled).keys()
        upgrade(directory=MIGRATIONS)
        db.session.remove()
    kept = {table: found for table, found in before.items() if table in known}
    assert len(before) - len(kept) <= 1
    assert sum(len(it) for it in kept.values()) > 500

    assert differences(filled) == []
    assert {table: found for table, found in rows(filled).items() if table in known} == kept


def columns(app: ElearnFlask) -> dict[str, list[str]]:
    """The columns of every table there is, but alembic's own."""
    with app.app_context(), db.engine.connect() as connection:
        found = sa.inspect(connection)
        tables = [it for it in found.get_table_names() if it != "alembic_version"]
        return {table: [it["name"] for it in found.get_columns(table)] for table in tables}


def rows_in(app: ElearnFlask, wanted: dict[str, list[str]]) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of these tables, as far as these columns go, in an order of its own."""
    with app.app_context(), db.engine.connect() as connection:
        return {
            table: sorted(
                map(tuple, connection.execute(sa.text(f"SELECT {quoted(names)} FROM {quoted([table])}"))), key=repr
            )
            for table, names in wanted.items()
        }


def quoted(names: list[str]) -> str:
    return ", ".join(f'"{it}"' for it in names)


def lost_on_the_way(app: ElearnFlask, directory: str, first: str) -> list[str]:
    """Go down to the first revision one by one, and up again; where a row or a value changed that both sides have."""
    lost = []

    def step(act: Callable[[], None], name: str) -> None:
        before = columns(app)
        old = rows_in(app, before)
        with app.app_context():
            db.session.remove()
            act()
            db.session.remove()
            db.engine.dispose()
        after = columns(app)
        both = {table: [it for it in names if it in after[table]] for table, names in before.items() if table in after}
        kept = rows_in(app, both)
        for table, names in both.items():
            at = [before[table].index(it) for it in names]
            if kept[table] != sorted((tuple(row[n] for n in at) for row in old[table]), key=repr):
                lost.append(f"{name}: {table}")

    later = [it.revision for it in ScriptDirectory(directory).iterate_revisions("head", first)]
    for revision in later:
        step(lambda: downgrade(directory=directory, revision="-1"), f"down from {revision}")
    for revision in reversed(later):
        step(lambda it=revision: upgrade(directory=directory, revision=it), f"up to {revision}")
    return lost


def test_every_revision_keeps_the_rows_of_the_one_before_and_after(filled: ElearnFlask) -> None:
    first = script().get_base()
    assert first is not None

    assert lost_on_the_way(filled, MIGRATIONS, first) == []
    assert differences(filled) == []


def test_a_revision_that_loses_or_changes_rows_on_its_way_is_caught(filled: ElearnFlask, tmp_path: Path) -> None:
    """Negative control."""
    change = "op.execute(\"UPDATE courses SET title = 'lain'\"); op.execute('DELETE FROM audit_entries')"
    directory = planted(tmp_path, change)
    with filled.app_context():
        upgrade(directory=directory)
        db.session.remove()
    with filled.app_context(), db.engine.begin() as connection:
        connection.execute(sa.text("UPDATE courses SET title = 'semula'"))
        connection.execute(sa.text(LATE_ENTRY))

    found = lost_on_the_way(filled, directory, script().get_current_head() or "")

    assert sorted(found) == ["up to ffffffffffff: audit_entries", "up to ffffffffffff: courses"]


LATE_ENTRY = """
INSERT INTO audit_entries (id, at, via, act, subject_type, subject_id, details)
VALUES (999999, '2026-11-25 05:00:00', 'system', 'x', 'x', 'x', '{}')
"""


def test_an_agency_keeps_the_pattern_that_its_numbers_had(filled: ElearnFlask) -> None:
    """The release before had one pattern for all: the agency that gave numbers by it goes on with it."""
    with filled.app_context():
        db.session.remove()
        downgrade(directory=MIGRATIONS, revision="3f0c1a7d52e4")
        with db.engine.begin() as connection:
            connection.execute(sa.text("DELETE FROM agency_settings WHERE key = 'number_pattern'"))
        upgrade(directory=MIGRATIONS, revision="8b6e2d90c1fa")
        with db.engine.connect() as connection:
            found = connection.execute(sa.text("SELECT value FROM agency_settings WHERE key = 'number_pattern'"))
            patterns = list(found.scalars())
        upgrade(directory=MIGRATIONS)
        db.session.remove()

    assert patterns == ["{nomor}/800.2/BKPSDM/{bulan}/{tahun}"]


def test_replacements_of_the_release_before_get_their_attempt(filled: ElearnFlask) -> None:
    with filled.app_context():
        hr = Actor(None, frozenset({Grant(Role.HR_OFFICER)}), via="session")
        with transaction():
            issued = db.session.scalars(sa.select(Certificate)).one()
            for _ in range(3):
                issued = certs.reissue(issued.id, HOLDER, by=hr, now=NOON)
        db.session.remove()
        downgrade(directory=MIGRATIONS, revision="8b6e2d90c1fa")
        upgrade(directory=MIGRATIONS)
        attempts = db.session.scalars(sa.select(Certificate.attempt_id)).all()
        db.session.remove()

    assert len(attempts) == 4
    assert len(set(attempts)) == 1
    assert None not in attempts


PLANTED = '''"""Planted by a test."""

import sqlalchemy as sa
from alembic import op

revision = "ffffffffffff"
down_revision = "{head}"
branch_labels = depends_on = None


def upgrade():
    for table in ("employees", "org_units", "courses", "exams", "attempts", "certificates"):
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("planted", sa.Text(), nullable=True))
            batch.create_check_constraint("planted", "planted IS NULL OR length(planted) > 0")
    {more}


def downgrade():
    for table in ("employees", "org_units", "courses", "exams", "attempts", "certificates"):
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(op.f(f"ck_{{table}}_planted"), type_="check")
            batch.drop_column("planted")
'''


def planted(folder: Path, more: str = "") -> str:
    """The migrations with one more that rebuilds parent tables, as a next release may have it."""
    target = folder / "migrations"
    shutil.copytree(MIGRATIONS, target)
    text = PLANTED.format(head=script().get_current_head(), more=more)
    (target / "versions" / "29990101_0000_ffffffffffff_planted.py").write_text(text)
    return str(target)


def up_and_down(app: ElearnFlask, directory: str) -> None:
    with app.app_context():
        upgrade(directory=directory)
        downgrade(directory=directory, revision="-1")
        upgrade(directory=directory)
        downgrade(directory=directory, revision="-1")
        db.session.remove()


def test_a_next_release_that_rebuilds_tables_others_point_to_keeps_every_row(filled: ElearnFlask, tmp_path: Path) -> None:
    before = rows(filled)

    up_and_down(filled, planted(tmp_path))

    assert rows(filled) == before
    assert differences(filled) == []


def test_a_migration_that_loses_rows_is_caught(filled: ElearnFlask, tmp_path: Path) -> None:
    """Negative control."""
    before = rows(filled)

    up_and_down(filled, planted(tmp_path, 'op.execute("DELETE FROM audit_entries")'))

    assert rows(filled) != before


def test_going_up_again_where_all_is_done_changes_nothing(filled: ElearnFlask) -> None:
    before = rows(filled)
    with filled.app_context():
        upgrade(directory=MIGRATIONS)
        db.session.remove()

    assert rows(filled) == before


def test_every_revision_goes_up_one_by_one_and_down_again(tmp_path: Path, empty_database: Callable[[], str]) -> None:
    app = new_app(empty_database(), tmp_path / "var")
    revisions = [it.revision for it in reversed(list(script().walk_revisions()))]
    with app.app_context():
        for revision in revisions:
            upgrade(directory=MIGRATIONS, revision=revision)
        for _ in revisions:
            downgrade(directory=MIGRATIONS, revision="-1")
        left = set(sa.inspect(db.engine).get_table_names()) - {"alembic_version"}
        upgrade(directory=MIGRATIONS)
        db.session.remove()
        db.engine.dispose()

    assert left == set()


@pytest.fixture
def empty_database(backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Callable[[], str]]:
    """A database with nothing in it."""
    name = f"t_{uuid4().hex}"

    def make() -> str:
        if backend == "sqlite":
            return f"sqlite:///{tmp_path / 'empty.db'}"
        server = request.getfixturevalue("postgresql")
        administer(server, f"CREATE DATABASE {name}")
        return str(server.format(name=name))

    yield make
    if backend == "postgresql":
        administer(request.getfixturevalue("postgresql"), f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
