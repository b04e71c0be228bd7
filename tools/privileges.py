"""Going on as an ordinary user where elearn was started as root; nothing else needs to know who runs it."""

import os
import pwd
import shutil
import stat
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

from machine import say

OURS = ("fonts.conf", "secret.key", "elearn.db", "queue.db")
"""Files by which a data folder is known as elearn's own: only such a folder, or an empty one, is handed over."""


def is_root() -> bool:
    """Whether this process may do everything."""
    return os.geteuid() == 0


def ordinary_user(tree: Path) -> pwd.struct_passwd | None:
    """Who shall run elearn: the tree's owner, or `nobody` where that is root; None where there is no such user."""
    owner = tree.stat().st_uid
    try:
        return pwd.getpwuid(owner) if owner else pwd.getpwnam("nobody")
    except KeyError:
        return None


def can_run(user: pwd.struct_passwd, program: str, *, reading: Path, writing: Path | None = None) -> bool:
    """Whether that user can start the program, read a file of the project and write to its data folder."""
    wanted = "import os, sys; open(sys.argv[1]).close(); sys.exit(not all(os.access(p, os.W_OK) for p in sys.argv[2:]))"
    folders = [str(writing)] if writing else []
    try:
        done = subprocess.run(
            [program, "-I", "-c", wanted, str(reading), *folders],
            **_as(user),  # type: ignore[call-overload]
            cwd="/",
            capture_output=True,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return bool(done.returncode == 0)


def _as(user: pwd.struct_passwd) -> dict[str, object]:
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def hand_over(folder: Path, user: pwd.struct_passwd) -> None:
    """Give root's files in a data folder of elearn to the user; a folder that holds other things stays as it is."""
    names = {path.name for path in folder.iterdir()}
    if names and names.isdisjoint(OURS):
        return
    os.chown(folder, user.pw_uid, user.pw_gid)
    for path in folder.rglob("*"):
        _give(path, user)


def _give(path: Path, user: pwd.struct_passwd) -> None:
    state = path.lstat()
    has_other_names = stat.S_ISREG(state.st_mode) and state.st_nlink > 1
    if state.st_uid == 0 and not has_other_names:
        os.lchown(path, user.pw_uid, user.pw_gid)


def go_on_as(user: pwd.struct_passwd, command: list[str], environment: Mapping[str, str], *, home: str) -> NoReturn:
    """Replace this process by the command, run by the user without any privilege of root's."""
    env = {**environment, "HOME": home, "USER": user.pw_name, "LOGNAME": user.pw_name}
    setpriv = [
        "setpriv",
        f"--reuid={user.pw_uid}",
        f"--regid={user.pw_gid}",
        "--clear-groups",
        "--inh-caps=-all",
        "--no-new-privs",
    ]
    if shutil.which("setpriv") and subprocess.run([*setpriv, "true"], capture_output=True, check=False).returncode == 0:
        os.execvpe("setpriv", [*setpriv, *command], env)
    os.setgroups([])
    os.setgid(user.pw_gid)
    os.setuid(user.pw_uid)
    os.execvpe(command[0], command, env)


def stay_root(reason: str) -> None:
    """Say in one line why elearn goes on as root."""
    say(f"Staying root: {reason}")


def readable_python(user: pwd.struct_passwd | None) -> str:
    """This Python, or the system's own where the user could not start this one (one that lies in root's home)."""
    here = os.path.realpath(sys.executable)
    if user is None or can_run(user, here, reading=Path("/dev/null")):
        return here
    system = "/usr/bin/python3"
    recent = [system, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]
    try:
        is_recent = subprocess.run(recent, capture_output=True, check=False).returncode == 0
    except OSError:
        is_recent = False
    return system if is_recent and can_run(user, system, reading=Path("/dev/null")) else here
