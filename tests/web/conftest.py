"""For web/: applications on copies of a filled database, with real commits and no outer context."""

import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from elearn.kernel import clock
from elearn.kernel import installation as places
from elearn.kernel.db import db
from elearn.web.limits import limiter
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


@dataclass(slots=True)
class Lent:
    """An application that one test after another gets, each time with its database and files made anew."""

    site: Site
    place: places.Installation
    folder: Path


_lent: dict[str, Lent] = {}


@pytest.fixture
def site(
    backend: str,
    filled: tuple[str, Seed, Path],
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> Iterator[Site]:
    """An application on a fresh copy of the filled database."""
    source, seed, var = filled
    folder = _lent[backend].folder if backend in _lent else tmp_path_factory.mktemp(f"lent-{backend}")
    copy_keys(var, folder / "var")
    url = copied(backend, source, folder / "own.db", "lent_elearn", request)
    if backend not in _lent:
        _lent[backend] = Lent(Site(new_app(url, folder / "var"), seed, folder / "var"), places.installation(), folder)
    lent = _lent[backend]
    places.use(lent.place)
    limiter.enabled = False
    yield lent.site
    with lent.site.app.app_context():
        db.session.remove()
        db.engine.dispose()
    lent.site.app.extensions.pop("elearn_queue", None)
    for left in folder.iterdir():
        shutil.rmtree(left) if left.is_dir() else left.unlink()
    if backend == "postgresql":
        administer(request.getfixturevalue("postgresql"), "DROP DATABASE lent_elearn WITH (FORCE)")


@pytest.fixture
def eventually() -> Callable[[Callable[[], bool]], bool]:
    """Whether something becomes so within half a minute; other processes take their time."""

    def wait(is_so: Callable[[], bool]) -> bool:
        deadline = time.monotonic() + 30
        while not is_so():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.1)
        return True

    return wait
