"""The virtual environment, its packages and the font configuration; system packages are machine.py's."""

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

from machine import say

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / ".elearn-stamp"
BUILD = ROOT / ".build"
BUILT = ROOT / "elearn" / "web" / "static" / "built"


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Two starts in the same tree prepare it one after the other."""
    BUILD.mkdir(exist_ok=True)
    with (BUILD / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def is_venv_ready(lock: Path) -> bool:
    """Whether nothing is left to install for this lock; costs a few milliseconds."""
    return PYTHON.exists() and _stamp().get(lock.name) == _digest(lock)


def make_venv(lock: Path) -> None:
    """Make `.venv` where it does not run, and install the hashed lock into it: wheels only."""
    if not _runs(PYTHON):
        say(f"Making a virtual environment in {VENV}")
        shutil.rmtree(VENV, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", str(VENV)], stdout=sys.stderr, check=True)
    say(f"Installing the packages of {lock.name} (a minute at the first start)")
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]
    rules = ["--no-deps", "--require-hashes", "--only-binary=:all:", "--root-user-action=ignore"]
    subprocess.run([*pip, *rules, "--requirement", str(lock)], stdout=sys.stderr, check=True)
    # The development lock holds every pin of the other one (tests/tools/test_locks.py), so it serves both.
    done = {lock.name: _digest(lock)}
    if lock.name == "requirements-dev.lock":
        done["requirements.lock"] = _digest(ROOT / "requirements.lock")
    STAMP.write_text(json.dumps(_stamp() | done))


def _runs(python: Path) -> bool:
    check = "import pip, sys; sys.exit(sys.version_info < (3, 11))"
    try:
        return subprocess.run([str(python), "-c", check], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _stamp() -> dict[str, str]:
    try:
        kept: dict[str, str] = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}
    return kept


def _digest(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes() + os.path.realpath(PYTHON).encode()).hexdigest()


def write_fonts_conf(folder: Path) -> Path:
    """Tell fontconfig of our own fonts alone: without any font WeasyPrint crashes, and others would change a PDF."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "fonts.conf"
    text = _FONTS_CONF.format(fonts=escape(str(BUILT / "fonts")), cache=escape(str(folder / "fontcache")))
    if not path.exists() or path.read_text() != text:
        draft = folder / f"fonts.conf.{os.getpid()}"
        draft.write_text(text)
        draft.replace(path)
    return path


_FONTS_CONF = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir>{fonts}</dir>
  <cachedir>{cache}</cachedir>
  <alias binding="same"><family>sans-serif</family><prefer><family>Plus Jakarta Sans</family></prefer></alias>
  <alias binding="same"><family>serif</family><prefer><family>Source Serif 4</family></prefer></alias>
</fontconfig>
"""


if __name__ == "__main__":
    print(write_fonts_conf(Path(sys.argv[1]).absolute()))
