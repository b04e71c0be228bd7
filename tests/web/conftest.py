"""For web/: applications on copies of a filled database, with real commits and no outer context."""

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from elearn.kernel import clock
from elearn.kernel.db import db
from tests.conftest import copied, new_app
from tests.database import administer
from tests.factories.courses import NOON
from tests.factories.site import Seed, Site, copy_keys, fill, sign_everybody_in

_filled: dict[str, tuple[str, Seed, Path]] = {}


@pytest.fixture(autouse=True)
def _at_noon() -> Iterator[None]:
    """Tests of pages happen at noon of the day that everything was made on."""
    clock.use_source(lambda: NOON)
    yield
    clock.use_source(None)


@pytest.fixture
def filled(
    backend: str,
    template_of: Callable[[str], str],
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> tuple[str, Seed, Path]:
    """The filled database of a backend, made once: its address, what is in it, and the folder with its keys."""
    if backend not in _filled:
        folder = tmp_path_factory.mktemp(f"filled-{backend}")
        url = copied(backend, template_of(backend), folder / "filled.db", "filled_elearn", request)
        app = new_app(url, folder / "var")
        with app.app_context():
            seed = fill(folder)
            db.session.remove()
        sign_everybody_in(app, seed)
        with app.app_context():
            db.engine.dispose()
        _filled[backend] = (url, seed, folder / "var")
    return _filled[backend]


@pytest.fixture
def site(backend: str, filled: tuple[str, Seed, Path], tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Site]:
    """An application on a copy of the filled database."""
    source, seed, var = filled
    copy_keys(var, tmp_path / "var")
    name = f"t_{uuid4().hex}"
    app = new_app(copied(backend, source, tmp_path / "own.db", name, request), tmp_path / "var")
    yield Site(app, seed)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    if backend == "postgresql":
        administer(request.getfixturevalue("postgresql"), f"DROP DATABASE {name} WITH (FORCE)")
