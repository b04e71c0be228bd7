"""The first start makes the keys: before anything is signed, once for however many processes, for their owner alone."""

import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from cryptography import x509
from pikepdf import Pdf

from elearn.certs import verification
from elearn.certs.signing.keymaking import KEY_FILE
from elearn.certs.signing.local import LocalSigner
from elearn.kernel import clock
from elearn.kernel import installation as places
from elearn.kernel.db import db
from tests.conftest import ROOT, new_app
from tests.factories.courses import NOON

PROCESSES = 4
START = "from pathlib import Path; import sys; from tests.conftest import new_app; new_app(sys.argv[1], Path(sys.argv[2]))"


@pytest.fixture(autouse=True)
def _here() -> Iterator[None]:
    """The installation that other tests share stays theirs."""
    before = list(places._current)
    yield
    places._current[:] = before


def empty_page() -> bytes:
    out = BytesIO()
    with Pdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(out)
    return out.getvalue()


def start_apart(folder: Path) -> "subprocess.Popen[bytes]":
    """The application made in a process of its own."""
    command = [sys.executable, "-c", START, f"sqlite:///{folder}/own.db", str(folder / "var")]
    return subprocess.Popen(command, cwd=ROOT, env=os.environ, stderr=subprocess.PIPE)


def certificate_in(keys_dir: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate((keys_dir / KEY_FILE).read_bytes())


def test_the_first_start_makes_the_key_for_its_owner_alone(tmp_path: Path, at: Callable[..., None]) -> None:
    at(NOON)
    new_app(f"sqlite:///{tmp_path}/own.db", tmp_path / "var")
    keys = tmp_path / "var" / "keys"

    assert stat.S_IMODE((keys / KEY_FILE).stat().st_mode) == 0o600
    assert certificate_in(keys).not_valid_before_utc < NOON < certificate_in(keys).not_valid_after_utc
    made = (keys / KEY_FILE).read_bytes()
    at(NOON + timedelta(days=9))
    new_app(f"sqlite:///{tmp_path}/own.db", tmp_path / "var")
    assert (keys / KEY_FILE).read_bytes() == made


def test_processes_that_start_at_once_agree_on_one_key(tmp_path: Path) -> None:
    var = tmp_path / "var"
    started = [start_apart(tmp_path) for _ in range(PROCESSES)]

    assert [it.communicate(timeout=60)[1] for it in started] == [b""] * PROCESSES
    assert [it.returncode for it in started] == [0] * PROCESSES
    assert len(list((var / "keys" / "known").iterdir())) == 1
    assert sorted(it.name for it in (var / "keys").iterdir()) == ["known", "seal.key", KEY_FILE]


def test_where_no_key_can_be_kept_the_start_goes_on_with_a_warning(tmp_path: Path) -> None:
    """A file in the place of the directory stops even root, as a read-only disk stops anybody."""
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "keys").write_text("")

    started = start_apart(tmp_path)

    said = started.communicate(timeout=60)[1]
    assert started.returncode == 0
    assert b"no_signing_key" in said
    assert b"no_seal_key" in said


def test_a_file_that_others_signed_is_theirs_before_anything_of_ours_is_issued(
    backend: str, fresh_database: str, tmp_path: Path
) -> None:
    app = new_app(fresh_database, tmp_path / "var")
    foreign = LocalSigner.open(tmp_path / "other", name="Badan Lain", at=clock.now())
    pdf = foreign.sign(empty_page(), reason="Uji", at=clock.now())
    with app.app_context():
        verdict = verification.verify_file(pdf, now=NOON).status
        db.session.remove()
        db.engine.dispose()

    assert verdict == "foreign"
