"""For faults/: the product as real processes (gunicorn and a job worker) on a database of its own."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from elearn.kernel import clock
from elearn.kernel.db import db
from tests.conftest import copied, new_app
from tests.database import administer
from tests.factories.site import copy_keys
from tests.faults.product import Crowd, Product, gather

_gathered: dict[str, tuple[str, Crowd, Path]] = {}

Starter = Callable[..., Product]


@pytest.fixture
def gathered(
    backend: str,
    template_of: Callable[[str], str],
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> tuple[str, Crowd, Path]:
    """A database with many learners who may start the exam, made once; real time runs in it."""
    if backend not in _gathered:
        folder = tmp_path_factory.mktemp(f"crowd-{backend}")
        url = copied(backend, template_of(backend), folder / "crowd.db", "crowd_elearn", request)
        app = new_app(url, folder / "var")
        with app.app_context():
            crowd = gather(folder, now=clock.now())
            db.session.remove()
            db.engine.dispose()
        _gathered[backend] = (url, crowd, folder / "var")
    return _gathered[backend]


@pytest.fixture
def start(
    backend: str, gathered: tuple[str, Crowd, Path], tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Starter]:
    """Start the product on a copy; `broken` names the property to break, for negative controls."""
    source, crowd, var = gathered
    copy_keys(var, tmp_path / "var")
    name = f"t_{uuid4().hex}"
    url = copied(backend, source, tmp_path / "own.db", name, request)
    with ExitStack() as stack:

        def started(*, broken: str = "", worker: bool = False, **more: Any) -> Product:
            product = Product(url, tmp_path / "var", broken=broken, crowd=crowd, **more)
            stack.callback(product.stop)
            product.start(worker=worker)
            return product

        yield started
    if backend == "postgresql":
        administer(request.getfixturevalue("postgresql"), f"DROP DATABASE {name} WITH (FORCE)")
