"""What `./test` runs, in its order: format, lint, types, import contracts, templates, then the tests."""

import importlib.util
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from machine import lacking_for_tests, lacking_pango, say

ROOT = Path(__file__).resolve().parent.parent
TESTS = ROOT / "tests"
BIN = Path(sys.executable).parent


def main(arguments: Sequence[str]) -> int:
    """Run the named parts, or everything; the exit code of the first step that failed."""
    own, more = _split(arguments)
    parts = [_folder(part) for part in own if part != "lint"]
    failures = []
    if not own or "lint" in own:
        failures = [code for name, command in _lint_steps() if (code := _step(name, command))]
    if parts or not own:
        _say_what_is_lacking()
        code = _step("pytest", [sys.executable, "-m", "pytest", "-n", "2", "--dist", "worksteal", "-rs", *parts, *more])
        failures += [code] if code else []
    return failures[0] if failures else 0


def _split(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    """Parts of ours, and what stands behind `--` for pytest."""
    if "--" not in arguments:
        return list(arguments), []
    place = list(arguments).index("--")
    return list(arguments[:place]), list(arguments[place + 1 :])


def _lint_steps() -> list[tuple[str, list[str]]]:
    steps = [
        ("format", [str(BIN / "ruff"), "format", "--check", "."]),
        ("lint", [str(BIN / "ruff"), "check", "."]),
        ("types", [str(BIN / "mypy"), "--strict", "elearn"]),
        ("import contracts", [str(BIN / "lint-imports")]),
    ]
    pages = sorted(str(page) for page in (ROOT / "elearn").rglob("templates/**/*.html") if "pdf" not in page.parts)
    if importlib.util.find_spec("djlint") and pages:
        # H015 is about line breaks alone; J018 wants url_for where the shared layouts know no package; documents for
        # paper (pdf/) may carry styles of their own.
        steps.append(
            ("templates", [str(BIN / "djlint"), "--lint", "--quiet", "--profile=jinja", "--ignore=H015,J004,J018", *pages])
        )
    return steps


def _folder(part: str) -> str:
    """`domain` means tests/domain; a path or a test id is taken as it is."""
    if (TESTS / part).exists():
        return str(TESTS / part)
    if (ROOT / part.partition("::")[0]).exists():
        return part
    known = ", ".join(sorted(path.name for path in TESTS.iterdir() if path.is_dir() and path.name[0] not in "_."))
    sys.exit(f"There is no part '{part}': lint, {known}")


def _step(name: str, command: Sequence[str]) -> int:
    started = time.monotonic()
    print(f"── {name}", flush=True)
    code = subprocess.run(command, cwd=ROOT, check=False).returncode
    if code or name != "pytest":
        say(f"{name}: {'failed' if code else 'fine'} ({time.monotonic() - started:.1f} s)")
    return code


def _say_what_is_lacking() -> None:
    lacking = lacking_for_tests() + lacking_pango()
    if lacking:
        fate = "fail (REQUIRE_ALL=1)" if os.environ.get("REQUIRE_ALL") == "1" else "are skipped"
        say(f"Tests that need {', '.join(lacking)} {fate}: not on this machine and not installable by apt here")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
