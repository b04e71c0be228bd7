"""Whatever is dropped on the public check gets a verdict and a sentence that helps; a known hash answers as its file."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from markupsafe import escape
from werkzeug.test import TestResponse

from elearn.app import ElearnFlask
from elearn.certs import inspection, services
from elearn.certs.facts import Issued
from elearn.certs.models import Certificate
from elearn.certs.rendering import render
from elearn.certs.rules import Reason
from elearn.certs.signing.local import LocalSigner
from elearn.certs.views import reasons
from elearn.kernel import storage
from elearn.kernel.actor import Actor
from elearn.kernel.db import db
from elearn.kernel.installation import installation
from elearn.kernel.jobs import transaction
from tests.conftest import copied, lacking, new_app
from tests.factories import certs
from tests.factories import world as worlds
from tests.factories.courses import NOON
from tests.factories.papers import STRANGE, Case, Papers, flipped
from tests.factories.world import SYSTEM, World

MACHINE = {"Accept": "application/json"}
STATES = ("valid", "sample", "expired", "revoked", "superseded")


@dataclass(frozen=True, slots=True)
class Counter:
    """The public check with published certificates, one for each state; nobody changes anything here."""

    app: ElearnFlask
    papers: Papers
    files: dict[str, bytes]

    def drop(self, content: bytes, **options: Any) -> TestResponse:
        """Upload a file."""
        form = {"file": (BytesIO(content), "berkas.pdf")}
        return self.client.post("/verify/file", data=form, **options)

    def ask(self, content: bytes, **options: Any) -> TestResponse:
        """Ask by the file's hash alone."""
        return self.client.get(f"/verify/file/{hashlib.sha256(content).hexdigest()}", **options)

    @property
    def client(self) -> FlaskClient:
        """Somebody without an account."""
        return self.app.test_client()


@pytest.fixture(scope="module")
def counter(
    template_of: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Counter]:
    """The files are what differs here, not the database: one on SQLite does for all."""
    folder = tmp_path_factory.mktemp("counter")
    url = copied("sqlite", template_of("sqlite"), folder / "own.db", "", request)
    app = new_app(url, folder / "var", public_url="https://elearn.example")
    with app.app_context():
        if not list(installation().fonts_dir.glob("*.ttf")):
            lacking("the fonts of print are not built (tools/build_assets.py)")
        with transaction():
            world = worlds.make_world(folder)
        files, draft = _published(world)
        db.session.remove()
    yield Counter(app, Papers(files["valid"], draft, files["sample"], folder / "stranger"), files)
    with app.app_context():
        db.engine.dispose()


def _published(world: World) -> tuple[dict[str, bytes], bytes]:
    """A published file for each state, and the valid one's draft."""
    place = installation()
    signer = LocalSigner.open(place.keys_dir, name=place.name, at=NOON)
    files: dict[str, bytes] = {}
    drafts: dict[str, bytes] = {}
    with transaction():
        for number, state in enumerate(STATES, start=1):
            made = _issued(world, state, number)
            content = db.session.get_one(Certificate, made.id).content()
            drafts[state] = render(content, logo=None, fonts_dir=place.fonts_dir)
            files[state] = signer.sign(drafts[state], reason="Uji", at=NOON)
            storage.put(files[state])
            services.publish(made.id, files[state], signer.key_id, by=SYSTEM, now=NOON)
            _let_it_be(made.id, state, by=world.actor("signer"))
    return files, drafts["valid"]


def _issued(world: World, state: str, number: int) -> Issued:
    long_ago: datetime = NOON - timedelta(days=5 * 366)
    return certs.issue(world, number=number, sample=state == "sample", now=long_ago if state == "expired" else NOON)


def _let_it_be(certificate_id: UUID, state: str, *, by: Actor) -> None:
    if state == "revoked":
        services.revoke(certificate_id, "salah orang", by=by, now=NOON)
    if state == "superseded":
        services.reissue(certificate_id, certs.HOLDER, by=by, now=NOON)


def test_there_are_forty_strange_files_and_a_reason_for_each_sentence() -> None:
    shown = {reason for _, _, reason in STRANGE.values()} | {"unknown_hash", "unregistered"}

    assert len(STRANGE) >= 40
    assert shown == set(Reason) == set(reasons._SAID)


@pytest.mark.parametrize("case", STRANGE.values(), ids=STRANGE)
def test_a_strange_file_gets_a_verdict_and_a_sentence(case: Case, counter: Counter) -> None:
    make, word, reason = case

    answer = counter.drop(make(counter.papers))

    text = answer.get_data(as_text=True)
    with counter.app.test_request_context("/verify"):
        meaning, next_step = reasons._SAID[reason]()
    assert answer.status_code == (413 if reason == "too_large" else 200)
    assert f'tabindex="-1">{word}</h1>' in text
    assert f'data-reason="{reason}"' in text
    assert str(escape(meaning)) in text
    assert str(escape(next_step)) in text
    assert "Uji learner" not in text, "no name for what is not our file"


def test_each_reason_says_something_of_its_own(counter: Counter) -> None:
    with counter.app.test_request_context("/verify"):
        meanings = [say()[0] for say in reasons._SAID.values()]

    assert len(set(meanings)) == len(meanings)


def test_a_strangers_name_is_told_as_its_own_claim(counter: Counter) -> None:
    text = counter.drop(counter.papers.foreign).get_data(as_text=True)

    assert "menyebut “Badan Lain" in text
    assert "kami tidak dapat menjamin nama itu" in text


def test_several_certificates_in_one_file_lead_to_each_by_its_code(counter: Counter) -> None:
    papers = counter.papers
    text = counter.drop(papers.signed + papers.other).get_data(as_text=True)

    assert text.count('class="btn btn-secondary" href="/verify/') == 2


@pytest.mark.parametrize("state", STATES)
def test_a_known_hash_answers_as_the_unchanged_file(state: str, counter: Counter) -> None:
    content = counter.files[state]

    by_hash, by_file = (ask(content, headers=MACHINE).get_json() for ask in (counter.ask, counter.drop))

    del by_hash["checked_at"], by_file["checked_at"]
    assert by_hash == by_file
    assert by_hash["status"] == state
    assert set(by_hash["proofs"].values()) == {"proved"}


def test_an_unknown_hash_asks_for_the_file(counter: Counter) -> None:
    for answer in (counter.ask(flipped(counter.files["valid"])), counter.client.get("/verify/file/..%5C..%5Csecret.key")):
        text = answer.get_data(as_text=True)
        assert answer.status_code == 200
        assert "BERKAS BELUM DIKENAL" in text
        assert 'action="/verify/file"' in text


def test_where_our_copy_is_away_or_another_the_hash_alone_proves_nothing(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    for harm in (b"%PDF another", None):

        def get(_sha256: str, content: bytes | None = harm) -> bytes:
            if content is None:
                raise FileNotFoundError
            return content

        monkeypatch.setattr(storage, "get", get)
        answer = counter.ask(counter.files["valid"], headers=MACHINE).get_json()
        assert (answer["status"], answer["reason"], answer["certificate"]) == ("not_found", "unknown_hash", None)


def test_a_hash_that_leads_to_a_file_we_did_not_sign_is_never_valid(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = inspection.inspect
    monkeypatch.setattr(inspection, "inspect", lambda pdf, **known: real(counter.papers.foreign, **known))

    assert counter.ask(counter.files["valid"], headers=MACHINE).get_json()["status"] == "altered"


def test_hashes_are_looked_up_thirty_times_a_minute(counter: Counter) -> None:
    from elearn.web.limits import limiter

    counter.app.config["RATELIMIT_ENABLED"] = True
    limiter.enabled = True
    try:
        statuses = [counter.client.get("/verify/file/x", headers=MACHINE).status_code for _ in range(31)]
    finally:
        limiter.enabled = False
        counter.app.config["RATELIMIT_ENABLED"] = False
        limiter.reset()

    assert statuses == [200] * 30 + [429]


def test_no_file_at_all_is_asked_for(counter: Counter) -> None:
    for form in ({}, {"file": (BytesIO(b""), "")}):
        answer = counter.client.post("/verify/file", data=form, content_type="multipart/form-data")
        assert answer.status_code == 422
        assert "Pilih berkas PDF-nya dahulu." in answer.get_data(as_text=True)
