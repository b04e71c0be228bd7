"""What is installed is exactly what was locked: hashed, wheels by name, no address of any registry."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = [ROOT / "requirements.lock", ROOT / "requirements-dev.lock", ROOT / "assets" / "node.lock"]


def pins(lock: Path) -> dict[str, str]:
    """Each requirement line of a lock, by package name."""
    lines = [line.rstrip(" \\") for line in lock.read_text().splitlines() if re.match(r"[a-z0-9]", line)]
    return {line.partition("==")[0]: line for line in lines}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_package_of_a_python_lock_is_pinned_and_hashed(lock: Path) -> None:
    entries = re.split(r"\n(?=[a-z0-9])", re.sub(r"(?m)^\s*#.*\n", "", lock.read_text()))

    assert entries
    assert [entry for entry in entries if "==" not in entry or "--hash=sha256:" not in entry] == []
    assert "://" not in re.sub(r"(?m)^\s*#.*$", "", lock.read_text())


def test_the_development_lock_holds_every_pin_of_the_other_one() -> None:
    runtime, development = pins(LOCKS[0]), pins(LOCKS[1])

    assert {name for name, pin in runtime.items() if development.get(name) != pin} == set()


def test_the_front_end_lock_carries_integrity_and_no_address() -> None:
    text = (ROOT / "assets" / "package-lock.json").read_text()
    packages = {name: facts for name, facts in json.loads(text)["packages"].items() if name}

    assert '"resolved"' not in text
    assert [name for name, facts in packages.items() if not facts["integrity"].startswith("sha512-")] == []


def test_front_end_packages_are_named_with_exact_versions() -> None:
    package = json.loads((ROOT / "assets" / "package.json").read_text())
    named = package["dependencies"] | package["devDependencies"]

    assert [name for name, version in named.items() if not re.fullmatch(r"\d+\.\d+\.\d+", version)] == []
