"""A signed certificate with one bit flipped, dropped on the verify page: never SAH, never a server error.

Every five-hundredth byte in an ordinary run; every byte of the file where EVERY_BYTE=1 is set (before a release).
"""

import os
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from elearn.app import ElearnFlask
from elearn.certs import hotpath, inspection
from elearn.certs.rules import Outcome
from elearn.kernel.db import db
from tests.faults.test_backup import certified

SHARE = 1 if os.environ.get("EVERY_BYTE") else 500
BELIEVED = frozenset({"valid", "sample", "expired", "superseded", "revoked"})
Ask = Callable[[bytes], tuple[int, str]]


@pytest.fixture
def published(app: ElearnFlask, tmp_path: Path) -> bytes:
    """One signed file that the register knows."""
    with app.app_context():
        _world, _code, pdf = certified(tmp_path)
        db.session.remove()
    return pdf


@pytest.fixture
def ask(app: ElearnFlask) -> Ask:
    """Drop a file on the page: (status of the answer, verdict)."""
    client: FlaskClient = app.test_client()

    def sent(content: bytes) -> tuple[int, str]:
        body = {"file": (BytesIO(content), "sertifikat.pdf")}
        answer = client.post("/verify/file", data=body, headers={"Accept": "application/json"})
        verdict = answer.get_json(silent=True) or {}
        return answer.status_code, str(verdict.get("status"))

    return sent


def flipped(pdf: bytes, share: int) -> Iterator[bytes]:
    """The file with one bit changed, at every `share`-th byte, the bit going round."""
    for at in range(0, len(pdf), share):
        yield pdf[:at] + bytes([pdf[at] ^ (1 << at % 8)]) + pdf[at + 1 :]


def wrong(ask: Ask, files: Iterator[bytes]) -> list[tuple[int, str]]:
    """The answers that no changed file may get."""
    answers = [ask(content) for content in files]
    assert len(answers) >= 10
    return [it for it in answers if it[0] != 200 or it[1] in BELIEVED or it[1] == "None"]


@pytest.mark.slow
def test_no_flipped_byte_is_ever_confirmed_or_breaks_the_page(ask: Ask, published: bytes) -> None:
    assert ask(published) == (200, "sample")

    assert wrong(ask, flipped(published, SHARE)) == []


def test_a_check_that_believes_every_file_is_caught(ask: Ask, published: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: a register that knows every file, and signatures that are proved and ours by default."""
    (code,) = set(inspection.inspect(published, known_certificates=[]).codes)
    believed = inspection.Inspection("pdf", Outcome.PROVED, True, (code,))
    known = hotpath.registered_by_code
    monkeypatch.setattr(hotpath, "registered_by_file", lambda _sha256: known(code))
    monkeypatch.setattr(inspection, "inspect", lambda _content, **_rest: believed)
    changed = list(flipped(published, len(published) // 12))

    assert wrong(ask, iter(changed)) == [(200, "sample")] * len(changed)
