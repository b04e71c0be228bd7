"""What this machine has and what apt can add to it; nothing here knows elearn's own folders."""

import ctypes
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

PANGO = {
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
"""Libraries that WeasyPrint loads, and the Debian package that brings each."""


def say(text: str) -> None:
    """One line for the person who started this; results alone go to standard output."""
    print(text, file=sys.stderr, flush=True)


def lacking_pango() -> list[str]:
    """Packages that would bring the libraries which cannot be loaded; empty where PDFs can be made."""
    return sorted({package for library, package in PANGO.items() if not _loads(library)})


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def lacking_venv() -> list[str]:
    """The package that lets this Python make virtual environments; empty where it can."""
    if importlib.util.find_spec("ensurepip") and importlib.util.find_spec("venv"):
        return []
    return [f"python3.{sys.version_info.minor}-venv"]


def lacking_for_tests() -> list[str]:
    """Packages whose programs the whole suite wants and this machine lacks."""
    wanted = {
        "chromium": _has_program("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
        "postgresql": _has_program("initdb") or any(Path("/usr/lib/postgresql").glob("*/bin/initdb")),
        "redis-server": _has_program("redis-server", "valkey-server"),
        "poppler-utils": _has_program("pdftotext") and _has_program("pdfsig"),
        "default-jre-headless": _has_program("java"),
        "libjaxb-api-java": Path("/usr/share/java/jaxb-api.jar").exists(),
        "libjaxb-java": Path("/usr/share/java/jaxb-runtime.jar").exists(),
    }
    return [package for package, is_there in wanted.items() if not is_there]


def _has_program(*names: str) -> bool:
    return any(shutil.which(name) for name in names)


def install_by_apt(packages: list[str]) -> bool:
    """Install Debian packages as root or by sudo, each command printed first; False if it cannot be.

    Where a person sits at a terminal sudo may ask for the password; elsewhere it must not need one.
    """
    root = _root()
    if root is None or not shutil.which("apt-get"):
        return False
    patience = ["-o", "Acquire::Retries=1", "-o", "Acquire::http::Timeout=20"]
    _show_and_run([*root, "apt-get", "-q", *patience, "update"])
    return _show_and_run([*root, "apt-get", "-q", *patience, "install", "-y", "--no-install-recommends", *packages])


def _root() -> list[str] | None:
    """What goes before a command that only root may run; None where there is no way."""
    if os.geteuid() == 0:
        return []
    if not shutil.which("sudo"):
        return None
    if sys.stdin.isatty() and sys.stderr.isatty():
        return ["sudo"]
    quiet = ["sudo", "-n"]
    return quiet if subprocess.run([*quiet, "true"], capture_output=True, check=False).returncode == 0 else None


def _show_and_run(command: list[str]) -> bool:
    say("+ " + " ".join(command))
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    silent = None if command[0] == "sudo" and "-n" not in command else subprocess.DEVNULL
    return subprocess.run(command, stdin=silent, stdout=sys.stderr, env=environment, check=False).returncode == 0
