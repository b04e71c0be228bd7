"""Starting: nothing is prepared twice, everything is prepared anew where it must be, and what is wrong is said."""

import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import machine
import pytest
import sqlalchemy as sa

from elearn import preparation
from elearn.config import Config, ConfigError
from elearn.kernel import marks
from elearn.kernel.db import db
from elearn.later import Extensions
from tests.conftest import ROOT, config_for, new_app
from tests.database import administer


def prepared(url: str, folder: Path, **changes: Any) -> Config:
    """Prepare as the command does; gives the configuration that was prepared for."""
    app = new_app(url, folder, **changes)
    done = app.test_cli_runner().invoke(args=["prepare"])
    assert done.exit_code == 0, done.output
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    return config_for(url, folder, **changes)


def marked(url: str, folder: Path) -> Any:
    """When it was last prepared."""
    app = new_app(url, folder)
    with app.app_context():
        found = marks.marked(preparation.MARK)
        assert found is not None
        at = found.at
        db.session.remove()
        db.engine.dispose()
    return at


def test_what_is_prepared_is_not_prepared_again(fresh_database: str, tmp_path: Path) -> None:
    config = prepared(fresh_database, tmp_path / "var")
    first = marked(fresh_database, tmp_path / "var")

    assert preparation.is_prepared(config, with_demo=False)
    prepared(fresh_database, tmp_path / "var")
    assert marked(fresh_database, tmp_path / "var") == first


def test_other_wishes_and_another_address_are_prepared(fresh_database: str, tmp_path: Path) -> None:
    config = prepared(fresh_database, tmp_path / "var")
    moved = config_for(fresh_database, tmp_path / "var", public_url="https://belajar.kota.example")

    assert not preparation.is_prepared(config, with_demo=True)
    assert not preparation.is_prepared(moved, with_demo=False)


def test_another_revision_is_prepared(fresh_database: str, tmp_path: Path) -> None:
    config = prepared(fresh_database, tmp_path / "var")
    engine = sa.create_engine(config.database_url)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '0'"))
    engine.dispose()

    assert not preparation.is_prepared(config, with_demo=False)


def test_a_database_that_was_taken_away_and_made_anew_is_prepared(
    backend: str, fresh_database: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    config = prepared(fresh_database, tmp_path / "var")
    if backend == "sqlite":
        Path(fresh_database.removeprefix("sqlite:///")).unlink()
    else:
        server, name = request.getfixturevalue("postgresql"), sa.engine.make_url(fresh_database).database
        administer(server, f"DROP DATABASE {name} WITH (FORCE)")
        administer(server, f"CREATE DATABASE {name}")

    assert not preparation.is_prepared(config, with_demo=False)
    prepared(fresh_database, tmp_path / "var")
    assert preparation.is_prepared(config, with_demo=False)


def test_asking_makes_no_database(tmp_path: Path) -> None:
    config = config_for(f"sqlite:///{tmp_path / 'none.db'}", tmp_path)

    assert not preparation.is_prepared(config, with_demo=False)
    assert not (tmp_path / "none.db").exists()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://kota.example/belajar", "without a path"),
        ("https://kota.example/?a=1", "without a path"),
        ("https://orang:sandi@kota.example", "no user and no password"),
        ("https://kota.example:port", "no address"),
        ("ftp://kota.example", "no address"),
        ("https://", "no address"),
        ("https://kota .example", "no address"),
    ],
)
def test_a_public_address_that_cannot_be_one_is_refused_in_words(tmp_path: Path, url: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said) as caught:
        Config.from_environment({"ELEARN_VAR": str(tmp_path), "ELEARN_PUBLIC_URL": url})

    assert "sandi" not in str(caught.value)


def test_a_public_address_may_end_with_a_slash_and_bear_a_port(tmp_path: Path) -> None:
    env = {"ELEARN_VAR": str(tmp_path), "ELEARN_PUBLIC_URL": "https://kota.example:8443/"}

    assert Config.from_environment(env).public_url == "https://kota.example:8443"


def flask(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """A command of the operator, started from a shell whose files others may read."""
    command = f"umask 022; exec {sys.executable} -m flask --app wsgi {' '.join(arguments)}"
    env = os.environ | environment
    return subprocess.run(["sh", "-c", command], cwd=ROOT, env=env, capture_output=True, text=True, check=False)


def test_what_is_wrong_with_the_environment_is_said_in_one_sentence(tmp_path: Path) -> None:
    told = flask("prepare", ELEARN_VAR=str(tmp_path), ELEARN_PUBLIC_URL="https://kota.example/belajar")

    assert told.returncode == 1
    assert "without a path" in told.stderr
    assert "Traceback" not in told.stderr


def test_data_is_its_owners_alone_also_in_a_folder_that_others_may_enter(tmp_path: Path) -> None:
    var = tmp_path / "var"
    var.mkdir(mode=0o755)
    var.chmod(0o755)

    done = flask("prepare", ELEARN_VAR=str(var))
    backed_up = flask("backup", str(var / "b.tar.gz"), ELEARN_VAR=str(var))

    assert (done.returncode, backed_up.returncode) == (0, 0), done.stderr + backed_up.stderr
    open_to_others = [it.name for it in var.rglob("*") if stat.S_IMODE(it.stat().st_mode) & 0o077]
    assert (var / "elearn.db").exists()
    assert open_to_others == []


@pytest.mark.parametrize("port", ["0", "-1", "65536", "70000"])
def test_a_port_that_is_none_is_refused_in_words(tmp_path: Path, port: str) -> None:
    told = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "supervise.py"), "--port", port],
        env=os.environ | {"ELEARN_VAR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert told.returncode == 1
    assert told.stderr.strip() == f"Cannot listen on port {port}: a port is a number from 1 to 65535"


@pytest.mark.parametrize(("terminal", "wanted"), [(True, ["sudo"]), (False, ["sudo", "-n"])])
def test_sudo_may_ask_for_the_password_where_somebody_can_type_it(
    monkeypatch: pytest.MonkeyPatch, terminal: bool, wanted: list[str]
) -> None:
    monkeypatch.setattr(machine.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(machine.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(machine.sys.stdin, "isatty", lambda: terminal, raising=False)
    monkeypatch.setattr(machine.sys.stderr, "isatty", lambda: terminal, raising=False)
    run: list[list[str]] = []

    def note(command: list[str], **_: Any) -> "subprocess.CompletedProcess[str]":
        run.append(command)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(machine.subprocess, "run", note)

    assert machine.install_by_apt(["libpangoft2-1.0-0"])
    installing = [it for it in run if "install" in it]
    assert installing[0][: len(wanted) + 1] == [*wanted, "apt-get"]


def test_an_extension_is_made_at_its_first_use_and_once() -> None:
    made: list[int] = []
    extensions = Extensions(queue=lambda: made.append(1) or "q")  # type: ignore[func-returns-value]
    assert made == []

    assert (extensions["queue"], extensions["queue"]) == ("q", "q")
    assert made == [1]
    with pytest.raises(KeyError):
        extensions["other"]


def test_the_web_server_imports_nothing_that_it_does_not_need() -> None:
    """What makes a second start slow: the tools of signing, drawing and migrating."""
    wanted = "import sys, elearn.app; print(*sorted(sys.modules.keys() & set(sys.argv[1:])))"
    heavy = ["weasyprint", "pyhanko", "pikepdf", "alembic", "huey", "redis", "psycopg", "jsonschema", "PIL", "fontTools"]
    told = subprocess.run([sys.executable, "-c", wanted, *heavy], cwd=ROOT, capture_output=True, text=True, check=True)

    assert told.stdout.split() == []
