"""The small decisions of the bootstrap; the whole of it is what `.ci/run` does from a clean clone."""

import os
import pwd
import subprocess
from pathlib import Path

import environment
import machine
import privileges
import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("command", ["run", "test"])
def test_the_two_commands_can_be_started_as_programs(command: str) -> None:
    assert os.access(ROOT / command, os.X_OK)
    assert (ROOT / command).read_text().startswith("#!/bin/sh\n")


def test_help_is_answered_from_any_folder_without_installing_anything(tmp_path: Path) -> None:
    told = subprocess.run(["sh", str(ROOT / "run"), "--help"], cwd=tmp_path, capture_output=True, text=True, check=True)

    assert {"--host", "--port", "--no-demo", "--no-system"} <= set(told.stdout.replace("[", " ").replace("]", " ").split())


def test_fontconfig_is_told_of_our_fonts_alone_and_written_once(tmp_path: Path) -> None:
    folder = tmp_path / "a & b"

    path = environment.write_fonts_conf(folder)
    written = path.stat().st_mtime_ns
    environment.write_fonts_conf(folder)

    text = path.read_text()
    assert text.count("<dir>") == 1
    assert f"<dir>{environment.BUILT}/fonts</dir>" in text
    assert "a &amp; b/fontcache" in text
    assert path.stat().st_mtime_ns == written


def test_libraries_that_cannot_be_loaded_are_named_by_their_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "PANGO", {"libnothing.so.0": "libnothing0", "libc.so.6": "libc6"})

    assert machine.lacking_pango() == ["libnothing0"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_root_hands_over_its_own_data_folder_and_no_other(tmp_path: Path) -> None:
    ours, foreign = tmp_path / "ours", tmp_path / "foreign"
    for folder in (ours, foreign):
        (folder / "files").mkdir(parents=True)
        (folder / "files" / "one.pdf").touch()
    (ours / "secret.key").touch()
    (ours / "link").symlink_to(foreign)
    nobody = pwd.getpwnam("nobody")

    privileges.hand_over(ours, nobody)
    privileges.hand_over(foreign, nobody)

    assert {path.lstat().st_uid for path in (ours, *ours.rglob("*"))} == {nobody.pw_uid}
    assert {path.lstat().st_uid for path in (foreign, *foreign.rglob("*"))} == {0}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another")
def test_a_project_that_the_ordinary_user_cannot_read_is_noticed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.py"
    secret.touch(mode=0o600)
    nobody = pwd.getpwnam("nobody")

    assert not privileges.can_run(nobody, "/usr/bin/env", reading=secret)
