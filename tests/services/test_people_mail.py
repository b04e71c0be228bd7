"""A forgotten password by mail: one letter, to the right address, that opens once; nothing tells who has an account."""

import re
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from elearn.config import Config, ConfigError
from elearn.kernel import clock, jobs
from elearn.kernel import installation as places
from elearn.kernel.actor import Actor
from elearn.kernel.audit import AuditEntry
from elearn.kernel.errors import Conflict
from elearn.kernel.job import Job, JobState
from elearn.kernel.mail import MailUrlWrong, Post
from elearn.people.services import accounts, recovery, slips
from tests.factories.people import SYSTEM, Town, hire, make_town, with_password

ANYBODY = Actor.anonymous()
EMAIL = "siti@kota.example"
WORDS = "perahu kecil di laut biru"


class _Mailbox(socketserver.StreamRequestHandler):
    """Just enough SMTP to take a letter."""

    def handle(self) -> None:
        self._say("220 uji")
        while line := self.rfile.readline():
            word = line.split(b" ")[0].strip().upper()
            if word == b"DATA":
                self._say("354 go on")
                taken = iter(self.rfile.readline, b".\r\n")
                self.server.letters.append(b"".join(taken).decode())  # type: ignore[attr-defined]
            self._say("221 bye" if word == b"QUIT" else "250 fine")
            if word == b"QUIT":
                return

    def _say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")


@pytest.fixture
def letters(session: Any) -> Iterator[list[str]]:
    """What a mail server of the test's own was handed, which the installation is set to."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Mailbox) as server:
        server.letters = []  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        before = places.installation()
        places.use(replace(before, mail_url=f"smtp://127.0.0.1:{server.server_address[1]}?from=belajar@kota.example"))
        yield server.letters  # type: ignore[attr-defined]
        places.use(before)
        server.shutdown()
        thread.join()


@pytest.fixture
def town(session: Any) -> Town:
    return make_town()


def ask(session: Any, login: str) -> list[Job]:
    """Ask, and let the worker do what was ordered."""
    recovery.ask(login, by=ANYBODY, now=clock.now())
    session.commit()
    ordered = list(session.scalars(select(Job).where(Job.kind == recovery.MAIL_JOB)))
    for job in ordered:
        jobs.run(job.id)
    return ordered


def test_a_letter_opens_the_account_once_and_only_for_its_minutes(session: Any, town: Town, letters: list[str]) -> None:
    with_password(hire(town, town.a, email=EMAIL))

    ask(session, EMAIL)

    assert len(letters) == 1
    assert f"To: {EMAIL}" in letters[0]
    text = letters[0].replace("=\r\n", "").replace("=3D", "=")
    told = re.search(r"slip=([0-9a-f]{32})&code=(\w{10})", text)
    assert told is not None
    ways = {"slip_id": UUID(told[1]), "by": ANYBODY}
    late = clock.now() + timedelta(minutes=61)
    assert not accounts.use_code("", told[2], WORDS, now=late, **ways).is_accepted  # type: ignore[arg-type]
    assert accounts.use_code("", told[2], WORDS, now=clock.now(), **ways).is_accepted  # type: ignore[arg-type]
    assert told[2] not in "".join(session.scalars(select(AuditEntry.details)))
    assert told[2] not in "".join(str(it.payload) for it in session.scalars(select(Job)))


def test_nobody_unknown_without_a_password_or_twice_in_a_quarter_of_an_hour_is_written_to(
    session: Any, town: Town, letters: list[str]
) -> None:
    waiting = hire(town, town.a, email="baru@kota.example")
    slip = slips.issue_slip(waiting, by=SYSTEM, now=clock.now())
    with_password(hire(town, town.a, name="Siti", email=EMAIL))

    for login in ("tidak.ada@kota.example", "baru@kota.example", EMAIL, EMAIL):
        ask(session, login)

    assert [f"To: {EMAIL}" in it for it in letters] == [True]
    orders = session.scalars(select(Job).where(Job.kind == recovery.MAIL_JOB)).all()
    assert [it.state for it in orders] == [JobState.DONE] * 3
    entries = session.scalars(select(AuditEntry.act).where(AuditEntry.act == "recovery.ask")).all()
    assert len(entries) == 4
    outcome = accounts.use_code("", slip.issued.code, WORDS, slip_id=slip.issued.id, by=ANYBODY, now=clock.now())
    assert outcome.is_accepted  # a stranger who asks never ends a slip that waits


def test_without_a_mail_server_nothing_is_ordered(session: Any, town: Town) -> None:
    before = places.installation()
    places.use(replace(before, mail_url=None))
    with pytest.raises(Conflict, match="mail_missing"):
        recovery.ask(EMAIL, by=ANYBODY, now=clock.now())
    places.use(before)


def test_an_address_of_a_mail_server_that_cannot_be_one_is_refused_without_saying_the_password(tmp_path: Any) -> None:
    for url in ("http://uji:rahasia@kota.example", "smtp://uji:rahasia@kota.example", "smtp://"):
        with pytest.raises(ConfigError) as caught:
            Config.from_environment({"ELEARN_VAR": str(tmp_path), "ELEARN_MAIL_URL": url})
        assert "rahasia" not in str(caught.value)
        with pytest.raises(MailUrlWrong):
            Post.at(url)
    found = Post.at("smtp://belajar%40kota.example:r%3Ahasia@surel.kota.example")
    assert (found.user, found.password, found.sender, found.port) == ("belajar@kota.example", "r:hasia", found.user, 587)
