"""For services/ only: every commit is a savepoint and the end undoes them all, on both databases."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event, select
from sqlalchemy.orm import scoped_session

from elearn.app import ElearnFlask
from elearn.kernel import installation as places
from elearn.kernel.db import db
from elearn.kernel.jobs import transaction
from elearn.kernel.kept import ReferenceStamp
from elearn.kernel.model import Model
from tests.conftest import copied, new_app
from tests.factories import world as worlds
from tests.factories.world import World


@dataclass(slots=True)
class Shared:
    """An application that many tests share, and the small agency in it where there is one."""

    app: ElearnFlask
    place: places.Installation
    world: World | None


_shared: dict[tuple[str, bool], Shared] = {}


def _make(url: str, folder: Path, inhabited: bool) -> Shared:
    """An application on a database, with the small agency committed to it where it is asked for."""
    made = Shared(new_app(url, folder / "var"), places.installation(), None)
    if inhabited:
        with made.app.app_context():
            with transaction():
                made.world = worlds.make_world(folder)
            db.session.remove()
    return made


@pytest.fixture
def shared(
    backend: str,
    template_of: Callable[[str], str],
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> Shared:
    """One application a backend, and one more with the small agency: no test ever commits to either."""
    inhabited = "world" in request.fixturenames
    if (backend, inhabited) not in _shared:
        name = "inhabited" if inhabited else "services"
        folder = tmp_path_factory.mktemp(f"{name}-{backend}")
        url = copied(backend, template_of(backend), folder / "own.db", f"{name}_elearn", request)
        _shared[backend, inhabited] = _make(url, folder, inhabited)
    found = _shared[backend, inhabited]
    places.use(found.place)
    return found


@contextmanager
def told(connection: Connection) -> Iterator[None]:
    """Whoever changes reference rows says so: other processes keep them and would go on with the old ones."""
    names = "|".join(it.local_table.name for it in Model.registry.mappers if it.class_.is_kept_in_process)
    writing = re.compile(rf"\s*(INSERT INTO|UPDATE|DELETE FROM) ({names})\b")
    written: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("ROLLBACK TO"):
            written.clear()
        elif found := writing.match(statement):
            written.append(found[0])

    before = connection.scalar(select(ReferenceStamp.stamp))
    event.listen(connection, "before_cursor_execute", note)
    yield
    event.remove(connection, "before_cursor_execute", note)
    assert not written or connection.scalar(select(ReferenceStamp.stamp)) != before, written


@pytest.fixture
def shared_app(shared: Shared) -> ElearnFlask:
    """The application alone."""
    return shared.app


@pytest.fixture
def world(session: scoped_session[Any], shared: Shared) -> World:
    """The small agency; what a test does to it is undone with its transaction."""
    assert shared.world is not None
    return deepcopy(shared.world)


@pytest.fixture
def session(shared_app: ElearnFlask, monkeypatch: pytest.MonkeyPatch) -> Iterator[scoped_session[Any]]:
    """The session inside a transaction that is undone."""
    with shared_app.app_context(), db.engine.connect() as connection:
        outer = connection.begin()
        monkeypatch.setitem(db.engines, None, connection)  # type: ignore[call-overload]
        before = dict(db.session.session_factory.kw)
        db.session.session_factory.configure(join_transaction_mode="create_savepoint")
        with told(connection):
            yield db.session
        db.session.remove()
        db.session.session_factory.kw.clear()
        db.session.session_factory.kw.update(before)
        outer.rollback()
