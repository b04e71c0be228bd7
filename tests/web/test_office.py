"""An office of five hundred behind one address signs in within five minutes; a flood is stopped, and the page says so.

Each sign-in is a whole request through the limits; only Argon2 is at its cheapest, and the limits' clock is set by hand.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from limits.storage import memory

from elearn.app import ElearnFlask
from elearn.kernel.db import db
from elearn.kernel.jobs import transaction
from elearn.people import hashing
from elearn.people.services import accounts
from elearn.web.limits import limiter
from tests.conftest import new_app
from tests.factories.courses import NOON
from tests.factories.site import Site, copy_keys
from tests.factories.world import PASSWORD, SYSTEM

OFFICE, MINUTES = 500, 5
Pass = Callable[[float], None]


@pytest.fixture
def backend() -> str:
    """The limits count outside the database: one does for all."""
    return "sqlite"


@pytest.fixture
def wait(monkeypatch: pytest.MonkeyPatch) -> Pass:
    """Let time pass for the limits."""
    at = [1_000_000.0]

    class Clock:
        time = staticmethod(lambda: at[0])

    monkeypatch.setattr(memory, "time", Clock)

    def passes(seconds: float) -> None:
        at[0] += seconds

    return passes


@pytest.fixture
def limited(site: Site, tmp_path: Path, wait: Pass, monkeypatch: pytest.MonkeyPatch) -> Iterator[ElearnFlask]:
    """The site with its limits on, and passwords that are cheap to check."""
    monkeypatch.setattr(hashing, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    hashing._nobodys_hash.cache_clear()
    with site.app.app_context():
        url = db.engine.url.render_as_string(hide_password=False)
        with transaction():
            for employee_id in site.world.people.values():
                accounts.set_password(employee_id, hashing.hash_password(PASSWORD), by=SYSTEM, now=NOON)
    copy_keys(site.var, tmp_path / "limited")
    app = new_app(url, tmp_path / "limited", limited=True)
    app.config["WTF_CSRF_ENABLED"] = False
    limiter.reset()
    yield app
    limiter.enabled = False
    hashing._nobodys_hash.cache_clear()
    with app.app_context():
        db.engine.dispose()


def sign_in(app: ElearnFlask, name: str, password: str = PASSWORD) -> int:
    form = {"login": f"{name}@uji.example", "password": password}
    return app.test_client().post("/sign-in", data=form).status_code


def test_an_office_of_five_hundred_is_let_in(limited: ElearnFlask, wait: Pass) -> None:
    names = ("learner", "other", "trainer", "hr", "officer", "signer", "admin")
    statuses = []
    for number in range(OFFICE):
        statuses.append(sign_in(limited, names[number % len(names)]))
        wait(MINUTES * 60 / OFFICE)

    assert statuses == [302] * OFFICE


def test_a_flood_is_stopped_and_ends(limited: ElearnFlask, wait: Pass) -> None:
    """Negative control: the limits were on."""
    statuses = [sign_in(limited, f"nobody{number}", "x") for number in range(301)]
    wait(61)

    assert statuses == [422] * 300 + [429]
    assert sign_in(limited, "learner") == 302
