"""For pdf/ only: fonts, a signer, files made once, and the independent programs that judge them."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from elearn.certs.rendering import render
from elearn.certs.signing import keyring
from elearn.certs.signing.local import LocalSigner
from tests.conftest import ROOT, lacking
from tests.pdf.snapshots import ISSUED_AT, snapshot

Judge = Callable[[dict[str, bytes]], dict[str, dict[str, list[str]]]]


@pytest.fixture(scope="session")
def fonts_dir() -> Path:
    """Where the build puts the fonts of print."""
    built = ROOT / "elearn" / "web" / "static" / "built" / "fonts"
    if not list(built.glob("*.ttf")):
        lacking("the fonts of print are not built (tools/build_assets.py)")
    return built


@pytest.fixture(scope="session")
def plain(fonts_dir: Path) -> bytes:
    """The plain certificate, unsigned."""
    return render(snapshot(), logo=None, fonts_dir=fonts_dir)


@pytest.fixture(scope="session")
def keys_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("place") / "keys"


@pytest.fixture(scope="session")
def signer(keys_dir: Path) -> LocalSigner:
    return LocalSigner.open(keys_dir, name="Badan Contoh", at=ISSUED_AT)


@pytest.fixture(scope="session")
def signed(plain: bytes, signer: LocalSigner) -> bytes:
    """The plain certificate, signed."""
    return signer.sign(plain, reason="Penerbitan sertifikat", at=ISSUED_AT)


@pytest.fixture(scope="session")
def known(signer: LocalSigner, keys_dir: Path) -> list[bytes]:
    """The certificates of our keyring."""
    return list(keyring.known_certificates(keys_dir).values())


@pytest.fixture(scope="session")
def text_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., str]:
    """What pdftotext reads, of all pages or one."""
    program = _program("pdftotext", "poppler-utils")
    folder = tmp_path_factory.mktemp("text")

    def read(pdf: bytes, page: int | None = None) -> str:
        file = folder / "file.pdf"
        file.write_bytes(pdf)
        only = ["-f", str(page), "-l", str(page)] if page else []
        done = subprocess.run([program, *only, "-raw", str(file), "-"], capture_output=True, check=True)
        return done.stdout.decode()

    return read


@pytest.fixture(scope="session")
def pdfsig(tmp_path_factory: pytest.TempPathFactory) -> Callable[[bytes], str]:
    """What poppler's pdfsig says of a file."""
    program = _program("pdfsig", "poppler-utils")
    folder = tmp_path_factory.mktemp("sig")

    def read(pdf: bytes) -> str:
        file = folder / "file.pdf"
        file.write_bytes(pdf)
        return subprocess.run([program, "-nocert", str(file)], capture_output=True, text=True, check=False).stdout

    return read


@pytest.fixture(scope="session")
def verapdf(tmp_path_factory: pytest.TempPathFactory) -> Judge:
    """veraPDF's verdict on named files: for each flavour the rules that fail; none failing is conformance."""
    _program("java", "default-jre-headless")
    for jar in ("jaxb-api", "jaxb-runtime"):
        if not Path(f"/usr/share/java/{jar}.jar").exists():
            lacking(f"{jar}.jar is not there (apt-get install libjaxb-java libjaxb-api-java)")
    folder = tmp_path_factory.mktemp("vera")

    def judge(files: dict[str, bytes]) -> dict[str, dict[str, list[str]]]:
        for name, pdf in files.items():
            (folder / f"{name}.pdf").write_bytes(pdf)
        paths = [str(folder / f"{name}.pdf") for name in files]
        done = subprocess.run(
            [sys.executable, str(Path(__file__).with_name("verapdf.py")), *paths],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-2000:]
        verdicts = json.loads(done.stdout.splitlines()[-1])
        return {name: verdicts[str(folder / f"{name}.pdf")] for name in files}

    return judge


def _program(name: str, package: str) -> str:
    found = shutil.which(name)
    if found is None:
        lacking(f"{name} is not there (apt-get install {package})")
        raise AssertionError
    return found
