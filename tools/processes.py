"""What the kernel does for a supervisor: no child outlives it, none is left behind; it decides nothing itself."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36


def adopt_orphans() -> None:
    """Become the parent of whatever a dead child leaves behind, so that it can be found and ended."""
    _prctl(PR_SET_CHILD_SUBREAPER, 1)


def dying_with(parent: int) -> Callable[[], None]:
    """What a child does first: ask the kernel to stop it if `parent` is killed, and end at once if it was already."""

    def arrange() -> None:
        _prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # killed between our fork and the line above, so that no signal will ever come
            os._exit(1)

    return arrange


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def strays(spared: Sequence[int] = ()) -> list[int]:
    """Processes that are children of this one without having been started by it: their own parent has died."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError, IndexError):
            continue
        if parent == os.getpid() and int(folder.name) not in spared:
            found.append(int(folder.name))
    return found


def reap_strays(spared: Sequence[int]) -> None:
    """Let the kernel forget strays that have ended by themselves."""
    for pid in strays(spared):
        try:
            os.waitpid(pid, os.WNOHANG)
        except ChildProcessError:
            continue


def kill_strays() -> None:
    """Leave no process behind."""
    while remaining := strays():
        for pid in remaining:
            try:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
            except (ProcessLookupError, ChildProcessError):
                continue


def cpu_seconds() -> float:
    """What this process, its children and those they have waited for have computed so far."""
    ticks, family = os.sysconf("SC_CLK_TCK"), {os.getpid()}
    used, waiting = 0.0, _times()
    while found := [pid for pid, (parent, _spent) in waiting.items() if pid in family or parent in family]:
        for pid in found:
            family.add(pid)
            used += waiting.pop(pid)[1] / ticks
    return used


def _times() -> dict[int, tuple[int, int]]:
    """For each process: its parent, and the ticks of itself and of its ended children."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        found[int(folder.name)] = int(fields[1]), sum(int(it) for it in fields[11:15])
    return found
