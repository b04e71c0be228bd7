"""Prints what each operation of the main job costs beside the floor: `python -m tools.bench`, with options by --help."""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from tests.database import Missing, private_postgresql
from tools.bench import certificates, sides
from tools.bench.goals import GOALS, RESIDENT_MB, SAVE_P95_MS, SAVES_A_SECOND, SAVING_SECONDS
from tools.bench.house import furnish, slow_flush
from tools.bench.meters import Reading

KINDS = ("sqlite", "postgresql")


def main() -> int:
    """Measure as asked; exits with 1 where a goal is missed and --strict is given."""
    told = _asked()
    missed: list[str] = []
    with tempfile.TemporaryDirectory(prefix="elearn-bench-", dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as name:
        folder = Path(name)
        folder.chmod(0o755)
        for kind in KINDS if told.database == "both" else (told.database,):
            place = folder / kind
            place.mkdir()
            with slow_flush(folder, told.flush_ms), _database(kind, place) as (url, server):
                missed += _one(kind, url, place, server, told)
        if not told.flush_ms:
            missed += certificates.report(told.rounds)
    print(json.dumps({"missed": missed}) if told.json else f"\nmissed: {', '.join(missed) or 'nothing'}")
    return 1 if missed and told.strict else 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.bench", description=__doc__)
    parser.add_argument("--database", choices=(*KINDS, "both"), default="both")
    parser.add_argument("--flush-ms", type=int, default=0, help="let every flush to the disk take so much longer")
    parser.add_argument("--people", type=int, default=60, help="how many sit the exam")
    parser.add_argument("--rounds", type=int, default=20, help="how many certificates are drawn")
    parser.add_argument("--saves", type=int, default=SAVING_SECONDS, help="seconds of saving at a steady rate; 0 for none")
    parser.add_argument("--json", action="store_true", help="print rows as JSON lines")
    parser.add_argument("--strict", action="store_true", help="exit with 1 where a goal is missed")
    return parser.parse_args()


@contextmanager
def _database(kind: str, place: Path) -> Iterator[tuple[str, Path | None]]:
    """The address of an empty database and, where there is a server, its folder."""
    with ExitStack() as stack:
        if kind == "sqlite":
            yield f"sqlite:///{place / 'elearn.db'}", None
            return
        try:
            url = stack.enter_context(private_postgresql())
        except Missing as missing:
            raise SystemExit(f"no PostgreSQL to measure on: {missing}") from missing
        yield url.format(name="postgres"), Path(url.split("host=")[1])


def _one(kind: str, url: str, place: Path, server: Path | None, told: argparse.Namespace) -> list[str]:
    """Measure on one database and print; returns what missed its goal."""
    house = furnish(url, place / "var", told.people)
    floor = sides.measure_floor(house, server)
    with sides.product(house) as served:
        ours = sides.measure_product(house, served, server)
        resident = sides.resident(served)
        saving = sides.save_steadily(house, served, told.saves) if told.saves else None
    missed = _operations(kind, floor, ours, told)
    row: dict[str, Any] = {"database": kind, "resident_mb": round(resident)}
    _say(told, f"a web worker holds {resident:.0f} MB (goal {RESIDENT_MB})", row)
    if resident > RESIDENT_MB:
        missed.append(f"{kind} web worker {resident:.0f} MB > {RESIDENT_MB}")
    if saving is not None:
        rate, p95, errors = saving
        words = f"saving: {rate:.0f} a second for {told.saves} s, p95 {p95:.1f} ms, {errors} errors"
        row = {"database": kind, "saves_a_second": round(rate), "save_p95_ms": round(p95, 1), "errors": errors}
        _say(told, f"{words} (goal on PostgreSQL {SAVES_A_SECOND}, {SAVE_P95_MS} ms, 0)", row)
        if kind == "postgresql" and (rate < SAVES_A_SECOND * 0.98 or p95 > SAVE_P95_MS or errors):
            missed.append(words)
    return missed


def _operations(kind: str, floor: dict[str, Reading], ours: dict[str, Reading], told: argparse.Namespace) -> list[str]:
    slower = f", every flush {told.flush_ms} ms longer" if told.flush_ms else ""
    _say(told, f"\n{kind}{slower}; {told.people} people; CPU ms of server and database, wall ms of the client")
    _say(told, f"{'operation':10} {'floor':>8} {'ours':>8} {'ratio':>6} {'goal':>6} {'p50':>8} {'p95':>8} {'bytes':>8}")
    missed = []
    for name, goal in GOALS.items():
        low, high = floor[name], ours[name]
        ratio, p50, p95 = high.each / low.each, high.quantile(0.5), high.quantile(0.95)
        if ratio > goal.ratio and not told.flush_ms:
            missed.append(f"{kind} {name} {ratio:.2f} > {goal.ratio}")
        figures = f"{low.each:8.3f} {high.each:8.3f} {ratio:6.2f} {goal.ratio:6.1f} {p50:8.1f} {p95:8.1f} {high.size:8}"
        row = {"database": kind, "operation": name, "flush_ms": told.flush_ms, "goal": goal.ratio, "bytes": high.size}
        row |= {"floor_ms": low.each, "cpu_ms": high.each, "ratio": ratio, "p50_ms": p50, "p95_ms": p95}
        _say(told, f"{name:10} {figures}", row)
    return missed


def _say(told: argparse.Namespace, words: str, row: dict[str, Any] | None = None) -> None:
    if told.json:
        if row:
            print(json.dumps(row), flush=True)
    else:
        print(words, flush=True)


if __name__ == "__main__":
    sys.exit(main())
