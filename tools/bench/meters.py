"""Reads what processes have used: CPU nanoseconds of every thread, and resident memory; Linux alone."""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

PROC = Path("/proc")


def children(pid: int) -> list[int]:
    """The processes that a process has started and that live."""
    found = []
    for task in (PROC / str(pid) / "task").glob("*/children"):
        found += [int(it) for it in task.read_text().split()]
    return found


def tree(pid: int) -> set[int]:
    """A process and all below it."""
    return {pid}.union(*(tree(it) for it in children(pid)))


def cpu_ms(pids: Iterable[int]) -> float:
    """What the living threads of some processes have used, in milliseconds."""
    used = 0
    for pid in pids:
        for thread in (PROC / str(pid) / "task").glob("*/schedstat"):
            try:
                used += int(thread.read_text().split()[0])
            except (FileNotFoundError, ProcessLookupError):
                continue
    return used / 1e6


def resident_mb(pid: int) -> float:
    """How much memory a process holds."""
    status = (PROC / str(pid) / "status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


@dataclass(slots=True)
class Reading:
    """What some operations took: CPU in milliseconds, wall time of each in milliseconds, bytes of the last answer."""

    cpu: float = 0.0
    walls: list[float] = field(default_factory=list)
    size: int = 0

    @property
    def each(self) -> float:
        """CPU milliseconds per operation."""
        return self.cpu / max(1, len(self.walls))

    def quantile(self, share: float) -> float:
        """The wall time that a share of the operations stays under."""
        ordered = sorted(self.walls)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class Meter:
    """Adds what the processes use while operations run, for one kind of operation at a time."""

    def __init__(self, pids: Iterable[int]) -> None:
        self.pids = sorted(pids)
        self.readings: dict[str, Reading] = {}

    def run(self, name: str, operations: Iterable[object]) -> None:
        """Time each step of an iterator that sends one request a step and yields the size of its answer."""
        reading = self.readings.setdefault(name, Reading())
        before = cpu_ms(self.pids)
        begun = time.perf_counter()
        for size in operations:
            ended = time.perf_counter()
            reading.walls.append((ended - begun) * 1000)
            reading.size = int(str(size))
            begun = ended
        reading.cpu += cpu_ms(self.pids) - before
