"""What every suite shares: applications on migrated copies of both databases, a clock to set, and no network."""

import os
import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask_migrate import upgrade
from hypothesis import settings
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy.engine import make_url

from elearn.app import ElearnFlask, create_app
from elearn.config import Config
from elearn.kernel import clock
from elearn.kernel.actor import Actor
from elearn.kernel.db import db
from elearn.kernel.jobs import transaction
from tests.database import REQUIRE_ALL, Missing, administer, private_postgresql

settings.register_profile("house", deadline=None)  # a busy machine is slow, not wrong
settings.load_profile("house")

ROOT = Path(__file__).resolve().parent.parent
NOON = datetime(2026, 11, 25, 5, 0, tzinfo=UTC)
BACKENDS = ("sqlite", "postgresql")


class Compiled(BytecodeCache):
    """Each template is compiled once a run, though each test has an application of its own."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """What was compiled from this very source."""
        found = self._code.get((bucket.key, bucket.checksum))
        if found is not None:
            bucket.bytecode_from_string(found)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled now."""
        self._code[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


COMPILED = Compiled()


def lacking(reason: str) -> None:
    """Skip with a reason, or fail where everything is required."""
    if REQUIRE_ALL:
        pytest.fail(f"required, but not there: {reason}", pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The server for this run: TEST_DATABASE_URL with {name} in it, or one of our own."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    with ExitStack() as stack:
        try:
            server = stack.enter_context(private_postgresql())
        except Missing as missing:
            lacking(str(missing))
            return
        yield server


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Addresses of migrated databases with reference data, by backend, made when first needed."""
    return {"folder": str(tmp_path_factory.mktemp("templates"))}


def config_for(url: str, folder: Path, **changes: Any) -> Config:
    """A configuration that keeps everything below a folder."""
    values: dict[str, Any] = {
        "var": folder,
        "database_url": url.replace("postgresql://", "postgresql+psycopg://", 1),
        "queue_url": f"sqlite:///{folder / 'queue.db'}",
        "public_url": None,
        "listen_url": "http://localhost",
        "secret_key": "tests-only",
        "demo": True,
        "pdf": True,
        "trusted_proxies": 0,
        "mail_url": "smtp://127.0.0.1:9?from=belajar@uji.example",
        "static_built": ROOT / "elearn" / "web" / "static" / "built",
    }
    return Config(**values | changes)


def new_app(url: str, folder: Path, **changes: Any) -> ElearnFlask:
    """An application on a database; its rate limits are off unless a test asks for them."""
    folder.mkdir(parents=True, exist_ok=True)
    limited = changes.pop("limited", False)
    app = create_app(config_for(url, folder, **changes))
    app.config["RATELIMIT_ENABLED"] = limited
    app.jinja_env.bytecode_cache = COMPILED
    from elearn.web.limits import limiter

    limiter.enabled = limited
    return app


def _fill(url: str, folder: Path) -> None:
    """Migrate, load the reference data."""
    from elearn.competency import services as competencies
    from elearn.people.services.reference import load_reference

    app = new_app(url, folder)
    with app.app_context():
        upgrade(directory=str(ROOT / "migrations"))
        with transaction():
            reference = ROOT / "content" / "reference"
            competencies.load_rules(reference, by=Actor.system(), now=NOON)
            load_reference(reference, by=Actor.system(), now=NOON)
            competencies.load_dictionary(reference, by=Actor.system(), now=NOON)
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def template_of(templates: dict[str, str], request: pytest.FixtureRequest) -> Callable[[str], str]:
    """The migrated template of a backend."""

    def find(backend: str) -> str:
        if backend not in templates:
            folder = Path(templates["folder"]) / backend
            if backend == "sqlite":
                url = f"sqlite:///{folder / 'template.db'}"
            else:
                server = request.getfixturevalue("postgresql")
                administer(server, "CREATE DATABASE template_elearn")
                url = server.format(name="template_elearn")
            folder.mkdir(parents=True, exist_ok=True)
            _fill(url, folder)
            templates[backend] = url
        return templates[backend]

    return find


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    """Each test that asks for a database runs on both."""
    return str(request.param)


def copied(backend: str, source: str, file: Path, name: str, request: pytest.FixtureRequest) -> str:
    """A copy of a database: a file, or a database of the private server."""
    if backend == "sqlite":
        shutil.copy(source.removeprefix("sqlite:///"), file)
        return f"sqlite:///{file}"
    server = request.getfixturevalue("postgresql")
    administer(server, f"CREATE DATABASE {name} TEMPLATE {make_url(source).database}")
    return str(server.format(name=name))


@pytest.fixture
def fresh_database(
    backend: str, template_of: Callable[[str], str], tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[str]:
    """A database of the test's own, copied from the template; real commits."""
    name = f"t_{uuid4().hex}"
    yield copied(backend, template_of(backend), tmp_path / "own.db", name, request)
    if backend == "postgresql":
        administer(request.getfixturevalue("postgresql"), f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def app(fresh_database: str, tmp_path: Path) -> Iterator[ElearnFlask]:
    """An application on a database of its own."""
    made = new_app(fresh_database, tmp_path / "var")
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def at() -> Iterator[Callable[[datetime], None]]:
    """Set the clock; it goes back at the end."""

    def set_to(moment: datetime) -> None:
        clock.use_source(lambda: moment)

    yield set_to
    clock.use_source(None)


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing in the product may open a connection to another machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if host and host not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a connection to {host} was tried")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
