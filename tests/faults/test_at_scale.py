"""Two web servers and two job workers on PostgreSQL and Redis: one installation, whoever answers and whoever dies."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest
import sqlalchemy as sa

from elearn.kernel import clock
from elearn.kernel.db import db
from elearn.kernel.jobs import transaction
from elearn.kernel.markdown import render_inline, render_markdown
from elearn.people import hashing
from elearn.people.services import accounts
from tests.conftest import lacking, new_app
from tests.database import Missing, private_redis
from tests.factories.site import CSRF
from tests.factories.world import PASSWORD, SYSTEM, exam_items
from tests.faults.conftest import Starter
from tests.faults.product import API, Product
from tools import walk

CODES_A_MINUTE = 30


def right_texts(item: dict[str, Any]) -> set[str]:
    """The rendered texts of the options of an authored item that are right."""
    return {render_inline(option["text"]).strip() for option in item["options"] if option.get("correct")}


class Spread(walk.Walk):
    """The way of tools/walk.py through a small course, each call at the next of several web servers."""

    def __init__(self, webs: list[Product], who: str) -> None:
        self._webs = cycle(webs)
        self.asked: set[str] = set()
        self.token = webs[0].crowd.token(who)
        self.keys = {
            render_markdown(it["stem"]).strip(): {
                render_inline(o["text"]).strip() for o in it["options"] if o.get("correct")
            }
            for it in exam_items()
        }

    @property
    def url(self) -> str:
        """The next server's address."""
        address = next(self._webs).address
        self.asked.add(address)
        return address


@pytest.fixture
def webs(start: Starter) -> Iterator[list[Product]]:
    """Two web servers that share database, files, keys and Redis; the first one's worker is started by the test."""
    with ExitStack() as stack:
        try:
            queue = stack.enter_context(private_redis())
        except Missing as missing:
            lacking(str(missing))
        yield [start(queue=queue), start(queue=queue)]


def killed_while_drawing(web: Product) -> None:
    """Start a worker, end it by SIGKILL while it draws, and let the lease of what it held run out."""
    web.start_worker()
    assert web.worker is not None
    deadline = time.monotonic() + 60
    while not web.rows("SELECT 1 FROM jobs WHERE kind = 'certs.render_pdf' AND state = 'running' AND lease_until > now()"):
        assert time.monotonic() < deadline, "nobody draws"
        time.sleep(0.01)
    os.killpg(web.worker.pid, signal.SIGKILL)
    web.worker.wait()
    web.worker = None
    assert web.rows("SELECT state FROM jobs WHERE kind = 'certs.render_pdf'") == [("running",)], "it died on the way"
    with web.database() as connection, connection.begin():
        connection.execute(sa.text("UPDATE jobs SET lease_until = now() - interval '1 second' WHERE state = 'running'"))


def with_password(web: Product, who: str, folder: Path) -> str:
    """Give somebody a password; their sign-in name."""
    app = new_app(web.url, folder)
    with app.app_context():
        with transaction():
            hashed = hashing.hash_password(PASSWORD)
            accounts.set_password(web.crowd.world.people[who], hashed, by=SYSTEM, now=clock.now())
        db.session.remove()
        db.engine.dispose()
    return f"{who}@uji.example"


def signed_in(web: Product, login: str) -> Any:
    """A browser that signed in there; its cookies know the host, not the port."""
    browser = build_opener(HTTPCookieProcessor())
    form = CSRF.search(browser.open(f"{web.address}/sign-in").read().decode())
    assert form is not None
    sent = {"login": login, "password": PASSWORD, "csrf_token": form[1] or form[2]}
    assert browser.open(f"{web.address}/sign-in", urlencode(sent).encode()).status == 200
    return browser


def accepted_codes(webs: list[Product]) -> int:
    """How many codes are looked up, at one server and the other in turn, before either has had enough."""
    for count, web in enumerate(cycle(webs)):
        if web.ask("GET", "/verify/ZZZZ-ZZZZ-ZZZZ-ZZZZ-Z").status == 429:
            return count
    raise AssertionError


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_two_web_servers_and_two_workers_are_one_installation(webs: list[Product], tmp_path: Path) -> None:
    first, second = webs
    who = Spread(webs, "learner")
    enrollment = who.expect(201, "POST", f"{API}/enrollments", {"course": first.crowd.world.slug})
    who.learn(enrollment)
    submission = who.sit(enrollment["exam"]["id"])
    assert submission["passed"]

    for web in webs:
        killed_while_drawing(web)
    for web in webs:
        web.start_worker()
    who.certificate(submission["certificate"])

    assert who.asked == {first.address, second.address}
    assert first.rows("SELECT count(*) FROM certificates") == [(1,)]
    assert first.rows("SELECT count(*) FROM certificate_publications") == [(1,)]
    assert first.rows("SELECT state, failures FROM jobs WHERE kind = 'certs.render_pdf'") == [("done", 2)]
    browser = signed_in(first, with_password(first, "learner", tmp_path / "beside"))
    assert browser.open(f"{second.address}/learn/account").url == f"{second.address}/learn/account"
    assert CODES_A_MINUTE - 4 <= accepted_codes(webs) <= CODES_A_MINUTE, "both servers count together"
