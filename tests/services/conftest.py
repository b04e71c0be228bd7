"""For services/ only: every commit is a savepoint and the end undoes them all, on both databases."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy.orm import scoped_session

from elearn.app import ElearnFlask
from elearn.kernel import installation as places
from elearn.kernel.db import db
from tests.conftest import copied, new_app

_apps: dict[str, tuple[ElearnFlask, places.Installation]] = {}


@pytest.fixture
def shared_app(
    backend: str,
    template_of: Callable[[str], str],
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> ElearnFlask:
    """One application a backend, on a copy of the template: nothing is ever committed to it."""
    if backend not in _apps:
        folder = tmp_path_factory.mktemp(f"services-{backend}")
        url = copied(backend, template_of(backend), folder / "own.db", "services_elearn", request)
        _apps[backend] = (new_app(url, folder / "var"), places.installation())
    app, place = _apps[backend]
    places.use(place)
    return app


@pytest.fixture
def session(shared_app: ElearnFlask, monkeypatch: pytest.MonkeyPatch) -> Iterator[scoped_session[Any]]:
    """The session inside a transaction that is undone."""
    with shared_app.app_context(), db.engine.connect() as connection:
        outer = connection.begin()
        monkeypatch.setitem(db.engines, None, connection)  # type: ignore[call-overload]
        before = dict(db.session.session_factory.kw)
        db.session.session_factory.configure(join_transaction_mode="create_savepoint")
        yield db.session
        db.session.remove()
        db.session.session_factory.kw.clear()
        db.session.session_factory.kw.update(before)
        outer.rollback()
