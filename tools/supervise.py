"""Starts the web server and the job worker and keeps them alive; preparing the machine is bootstrap.py's.

Stays in the foreground, in the process group it was started in. SIGINT, SIGTERM or SIGHUP stops every child.
"""

import argparse
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from announcing import FLASK, Announcement, Probe, log
from listening import address_of, listen
from processes import adopt_orphans, dying_with, kill_strays, reap_strays

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from elearn import preparation  # noqa: E402 - a script beside the package
from elearn.config import ADDRESS_FILE, Config, ConfigError  # noqa: E402

LONGEST_WAIT = 30.0
GRACE_SECONDS = 20.0
STEADY_SECONDS = 30.0
LONGEST_PAUSE = 15.0


@dataclass(slots=True)
class Child:
    """One program that must always run: started, and started again with growing pauses when it dies."""

    name: str
    command: Sequence[str]
    descriptors: tuple[int, ...] = ()
    process: "subprocess.Popen[bytes] | None" = None
    pause: float = 1.0
    since: float = 0.0
    due: float = 0.0

    @property
    def is_running(self) -> bool:
        """Whether it has not ended yet."""
        return self.process is not None and self.process.poll() is None

    def start(self, now: float) -> None:
        """Start it, as a member of our own process group."""
        self.process = subprocess.Popen(
            self.command,
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr,
            pass_fds=self.descriptors,
            preexec_fn=dying_with(os.getpid()),
        )
        self.since = now

    def keep_alive(self, now: float) -> None:
        """Notice a death, and start again once the pause is over."""
        if self.is_running:
            return
        if self.process is not None:
            self.pause = 1.0 if now - self.since >= STEADY_SECONDS else self.pause
            self.due = now + self.pause
            log(f"{self.name} ended ({self.process.returncode}); starting it again in {self.pause:.0f} s")
            self.pause = min(self.pause * 2, LONGEST_PAUSE)
            self.process = None
        if now >= self.due:
            self.start(now)

    def signal(self, number: int) -> None:
        """Send it a signal, if it still runs."""
        if self.process is not None and self.is_running:
            self.process.send_signal(number)


@dataclass(slots=True)
class Supervisor:
    """The loop: children kept alive until a signal asks to stop."""

    children: list[Child]
    probe: Probe
    wake: socket.socket
    grace: float = GRACE_SECONDS
    stopping: bool = False
    watched: Path | None = None
    kept: str = ""

    def run(self) -> None:
        """Return when a signal has asked to stop; the children still run then."""
        self.kept = self.address()
        while not self.stopping:
            if self.kept != self.address():
                self.kept = self.address()
                log("the public address was set: starting the children again")
                for child in self.children:
                    child.signal(signal.SIGTERM)
            for child in self.children:
                child.keep_alive(time.monotonic())
            self.wait(0.1 if self.probe.is_open else 5.0)

    def address(self) -> str:
        """The public address that was typed at the set-up, "" for none: whoever serves must start anew with it."""
        return self.watched.read_text() if self.watched and self.watched.exists() else ""

    def wait(self, seconds: float) -> None:
        """Sleep until a signal, an answer of the server, or the end of the time."""
        pauses = [child.due - time.monotonic() for child in self.children if child.process is None]
        seconds = max(0.0, min([seconds, *pauses]))
        select.select([self.wake, *self.probe.sockets()], [], [], seconds)
        numbers = self._signals()
        self.stopping = self.stopping or bool(numbers - {signal.SIGCHLD})
        if signal.SIGCHLD in numbers:
            reap_strays([child.process.pid for child in self.children if child.process])
        if self.probe.look():
            for child in self.children:
                child.due = 0.0  # what let the web server go first need not wait any longer

    def _signals(self) -> set[int]:
        try:
            return set(self.wake.recv(4096))
        except BlockingIOError:
            return set()

    def stop(self) -> None:
        """Ask every child to end, wait, and kill what has not ended in time."""
        for child in self.children:
            child.signal(signal.SIGTERM)
        deadline = time.monotonic() + self.grace
        while any(child.is_running for child in self.children) and time.monotonic() < deadline:
            select.select([self.wake], [], [], 0.1)
            self._signals()
        for child in self.children:
            if child.is_running:
                log(f"{child.name} did not end in {self.grace:.0f} s: killed")
            child.signal(signal.SIGKILL)
            if child.process is not None:
                child.process.wait()
        kill_strays()


def listen_to_signals() -> socket.socket:
    """A socket that becomes readable at each signal; it carries their numbers."""
    read, write = socket.socketpair()
    read.setblocking(False)
    write.setblocking(False)
    signal.set_wakeup_fd(write.detach(), warn_on_full_buffer=False)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD):
        if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:  # under nohup it stays ignored
            signal.signal(number, lambda *_: None)
    return read


def prepare(config: Config, wake: socket.socket) -> int | None:
    """Migrate and load, as a child, unless that was done; its exit code, or None where a signal asked to stop."""
    with_demo = os.environ.get("ELEARN_DEMO") == "1"
    if preparation.is_prepared(config, with_demo=with_demo):
        return 0
    command = [*FLASK, "prepare", *(["--demo"] if with_demo else [])]
    child = Child("prepare", command)
    child.start(time.monotonic())
    silent = Probe(("", 0), Announcement("", Path(), 0.0), is_open=False)
    supervisor = Supervisor([child], silent, wake)
    while child.is_running and not supervisor.stopping:
        supervisor.wait(1.0)
    if supervisor.stopping:
        supervisor.stop()
        return None
    return child.process.returncode if child.process else 1


def main(arguments: Sequence[str]) -> int:
    """Listen, prepare, supervise; 0 after an orderly stop."""
    options = _options(arguments)
    adopt_orphans()
    wake = listen_to_signals()
    listener = listen(options.host, options.port)
    host, port = address_of(listener)
    url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    os.environ.pop("ELEARN_STARTED", None)
    os.environ["ELEARN_LISTEN_URL"] = url
    os.umask(0o077)
    config = _config()
    ended = prepare(config, wake)
    if ended:
        log(f"preparing the data failed ({ended})")
        return 1
    if ended is not None:
        passwords = config.var / "demo-passwords.json"
        probe = Probe((host, port), Announcement(url, passwords, options.since, config))
        supervisor = Supervisor(children(listener), probe, wake, options.grace, watched=config.var / ADDRESS_FILE)
        supervisor.run()
        log("stopping")
        supervisor.stop()
    return 0


def children(listener: socket.socket) -> list[Child]:
    """The web server on our socket, one job worker, which lets the web server go first, and figures where wanted."""
    gunicorn = [sys.executable, "-m", "gunicorn", "--config", f"file:{ROOT}/tools/gunicorn_conf.py"]
    number = listener.fileno()
    later = time.monotonic() + LONGEST_WAIT
    wanted = [
        Child("web server", [*gunicorn, "--bind", f"fd://{number}", "wsgi:app"], (number,)),
        Child("job worker", [*FLASK, "jobs", "work"], due=later),
    ]
    if os.environ.get("ELEARN_METRICS"):
        wanted.append(Child("metrics", [*FLASK, "metrics"], due=later))
    return wanted


def _config() -> Config:
    try:
        return Config.from_environment()
    except ConfigError as error:
        sys.exit(str(error))


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--grace", type=float, default=GRACE_SECONDS, help="seconds from SIGTERM to SIGKILL")
    parser.add_argument("--since", type=float, default=time.monotonic())
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
