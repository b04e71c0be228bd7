"""Work in a process apart, with limits of memory and time: both sides of it; what is done there is its users' to say.

The parent keeps a few servers warm. A server forks a child for each order, so that a crash, a leak or an endless loop
ends that child alone. Framing on the pipes: four bytes of length, then the content.
"""

import gc
import os
import resource
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import elearn

ROOT = Path(elearn.__file__).resolve().parent.parent
ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "FONTCONFIG_FILE")
LARGEST_FRAME = 96 * 1024 * 1024
GRACE = 5.0
DONE, FAILED = b"+", b"-"


class NoAnswer(RuntimeError):
    """The process apart gave no answer: it refused, died, took too long, or all of them were busy."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one order may take: bytes of address space, seconds of processor, seconds by the clock."""

    memory: int
    processor: int
    patience: float


class Apart:
    """The parent's side of one module: at most `slots` servers, each answering one order at a time; threads share it."""

    def __init__(self, module: str, *, slots: int, patience: float) -> None:
        self._module, self._patience = module, patience
        self._slots = threading.BoundedSemaphore(slots)
        self._lock = threading.Lock()
        self._idle: list[_Server] = []

    def ask(self, order: bytes, *arguments: str) -> bytes:
        """What the module's server, started with these arguments, answers; raises NoAnswer."""
        if not self._slots.acquire(timeout=self._patience):
            raise NoAnswer("all are busy")
        try:
            answer = self._asked(order, arguments)
        finally:
            self._slots.release()
        if answer[:1] != DONE:
            raise NoAnswer(answer[1:].decode(errors="replace"))
        return answer[1:]

    def _asked(self, order: bytes, arguments: tuple[str, ...]) -> bytes:
        """One frame back; where an idle server turns out to have died meanwhile, another is asked."""
        server, is_new = self._take(arguments)
        try:
            answer = server.ask(order, self._patience + GRACE)
        except (OSError, EOFError) as error:
            server.end(grace=0.0)
            if is_new or isinstance(error, TimeoutError):
                raise NoAnswer(f"it stopped: {error}") from error
            return self._asked(order, arguments)
        with self._lock:
            self._idle.append(server)
        return answer

    def warm(self, *arguments: str) -> None:
        """Start a server ahead of its first order, where none is idle; it gets ready while its user still chooses."""
        if not self._slots.acquire(blocking=False):
            return
        try:
            server, _ = self._take(arguments)
        finally:
            self._slots.release()
        with self._lock:
            self._idle.append(server)

    def close(self) -> None:
        """End the servers that are idle."""
        with self._lock:
            idle, self._idle = self._idle, []
        for server in idle:
            server.end()

    def _take(self, arguments: tuple[str, ...]) -> tuple["_Server", bool]:
        """An idle server of this process with these arguments, else a new one (True); the unfit ones are ended."""
        with self._lock:
            idle, self._idle = self._idle, []
            fit = [one for one in idle if one.serves(arguments)]
            self._idle = fit[1:]
        for server in idle:
            if server not in fit:
                server.end()
        return (fit[0], False) if fit else (_Server(self._module, arguments), True)


class _Server:
    """One running server; it belongs to the process that started it."""

    def __init__(self, module: str, arguments: tuple[str, ...]) -> None:
        self._arguments, self._owner = arguments, os.getpid()
        self._was_asked = False
        environment = {name: os.environ[name] for name in ENVIRONMENT if name in os.environ}
        self._process = subprocess.Popen(  # noqa: S603  # our own module, and no words of a user
            [sys.executable, "-m", module, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            cwd=ROOT,
            env=environment | {"PYTHONPATH": str(ROOT)},
        )

    def serves(self, arguments: tuple[str, ...]) -> bool:
        return self._owner == os.getpid() and self._arguments == arguments and self._process.poll() is None

    def ask(self, order: bytes, patience: float) -> bytes:
        """One frame there, one back; raises TimeoutError, EOFError or OSError."""
        self._was_asked = True
        given, taken = self._process.stdin, self._process.stdout
        if given is None or taken is None:
            raise EOFError("no pipe")
        until = monotonic() + patience
        _send(given.fileno(), order)
        size = int.from_bytes(_receive(taken.fileno(), 4, until), "big")
        if size > LARGEST_FRAME:
            raise EOFError("not an answer")
        return _receive(taken.fileno(), size, until)

    def end(self, *, grace: float = GRACE) -> None:
        """Close its pipes, on which it clears up and leaves; kill it where it does not."""
        for stream in (self._process.stdin, self._process.stdout):
            if stream:
                with suppress(OSError):
                    stream.close()
        if self._owner != os.getpid():
            return  # we are a fork of its owner: it is not ours to end
        if not self._was_asked:
            self._process.terminate()  # it may still be starting, and would look at its pipe only after that
        try:
            self._process.wait(grace)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def serve(answer: Callable[[bytes], bytes], limits: Limits) -> None:
    """The server's side: answer each order in a forked child, until standard input ends.

    `answer` may raise NoAnswer to refuse; whatever else it raises ends its child, which reads as NoAnswer too.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends us by closing the pipe
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # so that a server's own clean-up runs
    out = os.dup(1)
    os.dup2(2, 1)  # whatever a library prints must not look like an answer
    gc.collect()
    gc.freeze()
    while len(head := sys.stdin.buffer.read(4)) == 4:
        order = sys.stdin.buffer.read(int.from_bytes(head, "big"))
        with suppress(BrokenPipeError):
            _send(out, _in_child(answer, order, limits))


def _in_child(answer: Callable[[bytes], bytes], order: bytes, limits: Limits) -> bytes:
    """Fork, let the child work within its limits, and take what it says before time is up."""
    mine, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(mine)
        _work_and_leave(answer, order, limits, theirs)
    os.close(theirs)
    said, in_time = _listen(mine, monotonic() + limits.patience)
    if not in_time:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if not in_time:
        return FAILED + b"it took too long"
    if status or not said:
        return FAILED + f"it died ({os.waitstatus_to_exitcode(status)})".encode()
    return said


def _work_and_leave(answer: Callable[[bytes], bytes], order: bytes, limits: Limits, out: int) -> None:
    """In the child: limits, work, answer, gone; no clean-up runs here, it would be the server's."""
    try:
        for limit, value in (
            (resource.RLIMIT_AS, limits.memory),
            (resource.RLIMIT_CPU, limits.processor),
            (resource.RLIMIT_FSIZE, LARGEST_FRAME),
            (resource.RLIMIT_CORE, 0),
        ):
            resource.setrlimit(limit, (value, value))
        try:
            said = DONE + answer(order)
        except NoAnswer as error:
            said = FAILED + str(error).encode(errors="replace")
        with os.fdopen(out, "wb") as pipe:
            pipe.write(said)
        os._exit(0)
    except BaseException as error:  # noqa: BLE001  # a forked child must never return into its parent's loop
        os.write(2, f"{answer.__module__}: {type(error).__name__}\n".encode())
        os._exit(1)


def _listen(descriptor: int, until: float) -> tuple[bytes, bool]:
    """All that is written until the other side closes; False where that did not come in time, or is too much."""
    heard = bytearray()
    with os.fdopen(descriptor, "rb", buffering=0) as source:
        while len(heard) < LARGEST_FRAME and _readable(source.fileno(), until):
            part = source.read(1 << 20)
            if not part:
                return bytes(heard), True
            heard += part
    return bytes(heard), False


def _send(descriptor: int, content: bytes) -> None:
    view = memoryview(len(content).to_bytes(4, "big") + content)
    while view:
        view = view[os.write(descriptor, view) :]


def _receive(descriptor: int, size: int, until: float) -> bytes:
    received = bytearray()
    while len(received) < size:
        if not _readable(descriptor, until):
            raise TimeoutError("no answer in time")
        part = os.read(descriptor, min(size - len(received), 1 << 20))
        if not part:
            raise EOFError("it ended")
        received += part
    return bytes(received)


def _readable(descriptor: int, until: float) -> bool:
    """Wait until something can be read; poll, since a busy server's descriptors may lie beyond what select takes."""
    waiting = select.poll()
    waiting.register(descriptor, select.POLLIN | select.POLLHUP)
    return bool(waiting.poll(max(0.0, until - monotonic()) * 1000))
