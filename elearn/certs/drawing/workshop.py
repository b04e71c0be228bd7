"""The process apart in which certificates are rendered for the worker: starting, asking, ending it; it is press_child.

A crash, a leak or an endless layout ends a child there, never the worker. Framing: four bytes of length, then content.
"""

import atexit
import json
import os
import select
import subprocess
import sys
import threading
from base64 import b64encode
from contextlib import suppress
from pathlib import Path
from time import monotonic

from elearn.certs.facts import CertificateSnapshot

PATIENCE = 30.0
GRACE = 5.0
LARGEST_LOGO = 4_000_000
DONE = b"+"


class NoSheet(RuntimeError):
    """The process apart gave no file; the text says why."""


class Workshop:
    """One process apart for one directory of fonts; asked by one thread at a time, started at the first question."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._started_for: tuple[int, Path] | None = None

    def press(self, snapshot: CertificateSnapshot, *, logo: bytes | None, fonts_dir: Path) -> bytes:
        """The unsigned file; raises NoSheet where the child refused, died, or did not answer in time."""
        if logo and len(logo) > LARGEST_LOGO:
            raise NoSheet("the logo is too large")
        order = {"snapshot": snapshot.to_json(), "logo": b64encode(logo).decode() if logo else None}
        with self._lock:
            child = self._ready(fonts_dir)
            try:
                answer = _ask(child, json.dumps(order).encode(), PATIENCE + GRACE)
            except (OSError, EOFError, TimeoutError) as error:
                self._end()
                raise NoSheet(f"the press stopped: {error}") from error
        if answer[:1] != DONE:
            raise NoSheet(answer[1:].decode(errors="replace"))
        return answer[1:]

    def close(self) -> None:
        """End the child, if there is one."""
        with self._lock:
            self._end()

    def _ready(self, fonts_dir: Path) -> subprocess.Popen[bytes]:
        """The running child; a new one where there is none, in a forked process, or for other fonts."""
        wanted = (os.getpid(), fonts_dir)
        child = self._child
        if child is not None and self._started_for == wanted and child.poll() is None:
            return child
        self._end()
        child = subprocess.Popen(  # noqa: S603  # our own module, no words of a user
            [sys.executable, "-m", "elearn.certs.drawing.press_child", str(fonts_dir)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
        )
        self._child, self._started_for = child, wanted
        return child

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        for stream in (child.stdin, child.stdout):
            if stream:
                with suppress(OSError):
                    stream.close()
        if self._started_for is None or self._started_for[0] != os.getpid():
            return  # a fork of the worker: the child is not ours to end
        try:
            child.wait(GRACE)  # with its input closed it clears up and leaves
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _ask(child: subprocess.Popen[bytes], order: bytes, patience: float) -> bytes:
    """Send one frame and receive one; raises TimeoutError, EOFError or OSError."""
    if child.stdin is None or child.stdout is None:
        raise EOFError("no pipe")
    _send(child.stdin.fileno(), len(order).to_bytes(4, "big") + order)
    until = monotonic() + patience
    size = int.from_bytes(_receive(child.stdout.fileno(), 4, until), "big")
    return _receive(child.stdout.fileno(), size, until)


def _send(descriptor: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(descriptor, view) :]


def _receive(descriptor: int, size: int, until: float) -> bytes:
    received = bytearray()
    while len(received) < size:
        if not select.select([descriptor], [], [], max(0.0, until - monotonic()))[0]:
            raise TimeoutError("no answer in time")
        part = os.read(descriptor, min(size - len(received), 1 << 20))
        if not part:
            raise EOFError("it ended")
        received += part
    return bytes(received)


WORKSHOP = Workshop()
atexit.register(WORKSHOP.close)
