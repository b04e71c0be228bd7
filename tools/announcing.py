"""Asks a server that was started whether it answers, and says where it is; supervise.py keeps it alive."""

import json
import os
import select
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from processes import cpu_seconds

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from elearn import preparation  # noqa: E402 - a script beside the package
from elearn.config import Config  # noqa: E402

ROLES = ("learner", "trainer", "hr", "officer", "admin")
FLASK = [sys.executable, "-m", "flask", "--app", "wsgi"]
ASK = b"GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n"


def log(text: str) -> None:
    """One line to standard error; standard output is for the address and the sign-ins."""
    print(f"[run] {text}", file=sys.stderr, flush=True)


@dataclass(frozen=True, slots=True)
class Announcement:
    """The address and one sign-in per role, for the person who started elearn."""

    url: str
    passwords: Path
    since: float
    config: Config | None = None

    def say(self) -> None:
        """Print them to standard output."""
        print(f"elearn is running at {self.url}", flush=True)
        for email, password in self._sign_ins():
            print(f"  {email:<26} {password}", flush=True)
        for link in self._setup_link():
            print(f"Set it up here, once, within 7 days: {link}", flush=True)
        seconds = f"{time.monotonic() - self.since:.1f} s after the start, {cpu_seconds():.1f} s of them computing"
        log(f"ready {seconds}; Ctrl-C stops it")

    def _setup_link(self) -> list[str]:
        """The address that sets an empty product up; none once somebody administers it, and none for a demo."""
        if self.config is None or os.environ.get("ELEARN_DEMO") == "1" or preparation.is_founded(self.config):
            return []
        asked = subprocess.run([*FLASK, "people", "setup-link"], stdout=subprocess.PIPE, check=False, text=True)
        return asked.stdout.split()[-1:]

    def _sign_ins(self) -> list[tuple[str, str]]:
        if os.environ.get("ELEARN_DEMO") != "1" or not self.passwords.exists():
            return []
        known: dict[str, str] = json.loads(self.passwords.read_text())
        people = [f"{role}@elearn.example" for role in ROLES]
        return [(email, known[email]) for email in people if email in known]


@dataclass(slots=True)
class Probe:
    """Asks /healthz until it answers 200, without ever blocking; then says where elearn is."""

    address: tuple[str, int]
    announce: Announcement
    is_open: bool = True
    due: float = 0.0
    connection: socket.socket | None = None

    def sockets(self) -> list[socket.socket]:
        """What to listen for; the question is asked here if it has not been yet."""
        if self.is_open and self.connection is None and time.monotonic() >= self.due:
            try:
                self.connection = socket.create_connection(self.address, timeout=1)
                self.connection.sendall(ASK)
            except OSError:
                self._hang_up()
        return [self.connection] if self.connection else []

    def look(self) -> bool:
        """Read the answer if it is there; whether it is the one that was waited for."""
        if self.connection is None or not select.select([self.connection], [], [], 0)[0]:
            return False
        try:
            is_healthy = b" 200 " in self.connection.recv(64)
        except OSError:
            is_healthy = False
        self._hang_up()
        if is_healthy:
            self.is_open = False
            self.announce.say()
        return is_healthy

    def _hang_up(self) -> None:
        if self.connection is not None:
            self.connection.close()
        self.connection = None
        self.due = time.monotonic() + 0.2
