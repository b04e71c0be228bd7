"""Databases for tests: files of SQLite, a private PostgreSQL, a private Redis; what is started is ended."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

REQUIRE_ALL = os.environ.get("REQUIRE_ALL") == "1"


class Missing(RuntimeError):
    """What a test needs is not on this machine."""


@contextmanager
def private_postgresql() -> Iterator[str]:
    """The address of a server of our own (fsync on, socket only): postgresql://user@/{name}?host=dir."""
    binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version)
    if not binaries:
        raise Missing("no PostgreSQL server is installed (apt-get install postgresql)")
    root = "/dev/shm" if Path("/dev/shm").is_dir() and os.access("/dev/shm", os.W_OK) else None
    folder = Path(tempfile.mkdtemp(prefix="el", dir=root))
    owner = _unprivileged()
    if owner is not None:
        shutil.chown(folder, owner)
    folder.chmod(0o755)

    def run(*command: str) -> None:
        prefix = ["setpriv", f"--reuid={owner}", "--clear-groups", f"--regid={owner}"] if owner else []
        done = subprocess.run([*prefix, *command], capture_output=True, text=True, cwd=folder, timeout=60)
        if done.returncode:
            raise Missing(f"{command[0]}: {done.stderr.strip()[-400:]}")

    control, made = f"{binaries[-1]}/pg_ctl", str(folder / "d")
    initdb = ["-A", "trust", "-U", "elearn", "-E", "UTF8", "--locale=C.UTF-8", "--no-instructions"]
    try:
        run(f"{binaries[-1]}/initdb", "-D", made, *initdb)
        options = f"-k {folder} -c listen_addresses='' -c fsync=on -c max_connections=200"
        run(control, "-D", made, "-o", options, "-l", str(folder / "log"), "-w", "start")
        try:
            yield f"postgresql://elearn@/{{name}}?host={folder}"
        finally:
            run(control, "-D", made, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _version(binaries: Path) -> float:
    """15 comes after 9.6."""
    return float(binaries.parent.name)


def _unprivileged() -> str | None:
    """Whom to run the server as: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    raise Missing("root may not run PostgreSQL, and there is no user postgres or nobody")


@contextmanager
def private_redis() -> Iterator[str]:
    """The address of a Redis of our own, which keeps nothing."""
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    if program is None:
        raise Missing("no Redis server is installed (apt-get install redis-server)")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        command = [program, "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--dir", folder]
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            deadline = time.monotonic() + 20
            while not _answers(port):
                if server.poll() is not None or time.monotonic() > deadline:
                    raise Missing("redis-server does not start")
                time.sleep(0.02)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            server.terminate()
            server.wait()


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
    except OSError:
        return False


def administer(server: str, statement: str) -> None:
    """One statement outside a transaction, such as CREATE DATABASE."""
    with psycopg.connect(server.format(name="postgres"), autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[arg-type]
