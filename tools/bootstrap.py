"""From a bare python3 to a running elearn or a running test suite; what each step does lies in its neighbours here.

Standard library only: it runs before anything is installed.
"""

import argparse
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from pwd import struct_passwd
from typing import NoReturn

import build_assets
import build_catalogue
import environment
import machine
import privileges
from machine import say

ROOT = environment.ROOT
LIGHT = {"lint", "domain", "architecture"}
"""Parts of the suite that want no program beyond Python."""


def main(arguments: list[str]) -> int:
    """Prepare the machine, then become the supervisor (`run`) or run the checks (`test`)."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        if arguments[:1] == ["test"]:
            return _test(arguments[1:])
        _run(_options(arguments[1:]))
    except subprocess.CalledProcessError as error:
        say(f"This step failed (exit {error.returncode}): {' '.join(map(str, error.cmd))}")
        return 1
    except KeyboardInterrupt:
        return 130


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run", description="Start elearn on this machine.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine alone)")
    parser.add_argument("--port", type=int, default=8000, help="first port to try; the next free one is taken")
    parser.add_argument("--no-demo", action="store_true", help="no demo courses and people")
    parser.add_argument("--no-system", action="store_true", help="install no system packages")
    return parser.parse_args(arguments)


def _run(options: argparse.Namespace) -> NoReturn:
    started = os.environ.setdefault("ELEARN_STARTED", str(time.monotonic()))  # this may start itself anew below
    user = privileges.ordinary_user(ROOT) if privileges.is_root() else None
    _use_readable_python(user)
    var = Path(os.environ.get("ELEARN_VAR") or ROOT / "var").absolute()
    var.mkdir(mode=0o700, parents=True, exist_ok=True)
    _system_packages([], allowed=not options.no_system)
    if user and user.pw_uid == ROOT.stat().st_uid and _may_become(user, sys.executable, var):
        command = [sys.executable, "-B", str(ROOT / "tools" / "bootstrap.py"), *sys.argv[1:]]
        privileges.go_on_as(user, command, os.environ, home=user.pw_dir)
    _project_packages(ROOT / "requirements.lock")
    os.environ["ELEARN_VAR"] = str(var)
    os.environ["FONTCONFIG_FILE"] = str(environment.write_fonts_conf(var))
    os.environ["ELEARN_DEMO"] = "0" if options.no_demo else "1"
    command = [str(environment.PYTHON), str(ROOT / "tools" / "supervise.py"), "--host", options.host]
    command += ["--port", str(options.port), "--since", started]
    os.chdir(ROOT)
    if user and user.pw_uid != ROOT.stat().st_uid and _may_become(user, str(environment.PYTHON), var):
        _compile_for_others()
        privileges.go_on_as(user, command, os.environ, home=str(var))
    os.execv(command[0], command)


def _use_readable_python(user: struct_passwd | None) -> None:
    """Start again with a Python that the ordinary user can start too, and that is not `.venv`'s own."""
    python = privileges.readable_python(user)
    if os.environ.pop("ELEARN_PYTHON", None) == python:
        return
    if sys.prefix != sys.base_prefix or not Path(python).samefile(sys.executable):
        os.execve(python, [python, "-B", *sys.argv], os.environ | {"ELEARN_PYTHON": python})


def _may_become(user: struct_passwd, python: str, var: Path) -> bool:
    privileges.hand_over(var, user)
    if privileges.can_run(user, python, reading=ROOT / "wsgi.py", writing=var):
        return True
    privileges.stay_root(f"{user.pw_name} cannot read {ROOT} or {os.path.realpath(python)}, or write to {var}")
    return False


def _compile_for_others() -> None:
    """The ordinary user cannot write bytecode beside root's sources, so each start would compile them anew."""
    quiet = [str(environment.PYTHON), "-m", "compileall", "-q", "elearn", "migrations", "wsgi.py"]
    subprocess.run(quiet, cwd=ROOT, stdout=sys.stderr, check=False)


def _system_packages(more: list[str], *, allowed: bool) -> None:
    """Install by apt, in one go, what lacks, and say what still does."""
    venv = [] if environment.PYTHON.exists() else machine.lacking_venv()
    packages = venv + machine.lacking_pango() + more
    if packages and not (allowed and machine.install_by_apt(packages)):
        say("Missing on this machine: apt-get install " + " ".join(packages))
    if venv and machine.lacking_venv():
        sys.exit("This Python cannot make a virtual environment: install " + " ".join(venv))
    if machine.lacking_pango():
        say("Starting without Pango: certificates are queued and their PDFs made once it is installed.")


def _project_packages(lock: Path) -> None:
    """The virtual environment, the front-end files and the translations; nothing to do at a second start."""
    if environment.is_venv_ready(lock) and build_assets.is_current() and build_catalogue.is_current():
        return
    with environment.one_at_a_time():
        if not environment.is_venv_ready(lock):
            environment.make_venv(lock)
        for step in (build_assets, build_catalogue):
            if not step.is_current():
                subprocess.run([str(environment.PYTHON), str(ROOT / "tools" / f"{step.__name__}.py")], check=True)


def _test(arguments: list[str]) -> int:
    user = privileges.ordinary_user(ROOT) if privileges.is_root() else None
    _use_readable_python(user)
    is_light = bool(arguments) and set(arguments) <= LIGHT
    _system_packages([] if is_light else machine.lacking_for_tests(), allowed=True)
    _project_packages(ROOT / "requirements-dev.lock")
    os.environ["FONTCONFIG_FILE"] = str(environment.write_fonts_conf(environment.BUILD))
    os.chdir(ROOT)
    command = [str(environment.PYTHON), str(ROOT / "tools" / "checks.py"), *arguments]
    sys.stderr.flush()
    os.execv(command[0], command)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
