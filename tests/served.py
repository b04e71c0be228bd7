"""The product as real processes: gunicorn as ./run starts it and a job worker, on a database and folder of a test's own."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.conftest import ROOT


@dataclass(slots=True)
class Served:
    """A database, a folder, and the processes that serve them; ended by their process groups."""

    url: str
    var: Path
    broken: str = ""
    queue: str = ""
    more: dict[str, str] = field(default_factory=dict)
    port: int = 0
    web: "subprocess.Popen[bytes] | None" = None
    worker: "subprocess.Popen[bytes] | None" = None
    listener: socket.socket | None = None
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Where a browser on this machine reaches it."""
        return f"http://127.0.0.1:{self.port}"

    def start(self, *, worker: bool = False) -> None:
        """Listen, start, and wait until it answers."""
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.listener.set_inheritable(True)
        self.port = self.listener.getsockname()[1]
        self.environment = os.environ | {
            "ELEARN_VAR": str(self.var),
            "ELEARN_DATABASE_URL": self.url,
            "ELEARN_QUEUE_URL": self.queue or f"sqlite:///{self.var / 'queue.db'}",
            "ELEARN_SECRET_KEY": "tests-only",
            "ELEARN_LISTEN_URL": self.address,
            "ELEARN_DEMO": "1",
            "ELEARN_STYLEGUIDE": "1",
            "ELEARN_BREAK": self.broken,
            "PYTHONPATH": str(ROOT),
            **self.more,
        }
        module = "tests.faults.broken:app" if self.broken else "wsgi:app"
        bind = ("--bind", f"fd://{self.listener.fileno()}")
        self.web = self._spawn("-m", "gunicorn", "--config", f"file:{ROOT}/tools/gunicorn_conf.py", *bind, module)
        if worker:
            self.start_worker()
        deadline = time.monotonic() + 30
        while not self.is_alive():
            assert time.monotonic() < deadline, (self.var / "log").read_text()[-2000:]
            time.sleep(0.05)

    def start_worker(self) -> None:
        """One job worker."""
        self.worker = self._spawn("-m", "flask", "--app", "wsgi", "jobs", "work")

    def _spawn(self, *arguments: str) -> "subprocess.Popen[bytes]":
        assert self.listener is not None
        with (self.var / "log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, *arguments],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                pass_fds=(self.listener.fileno(),),
                start_new_session=True,
            )

    def is_alive(self) -> bool:
        """Whether /healthz answers 200."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("GET", "/healthz", headers={"Connection": "close"})
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def stop(self) -> None:
        """End every process of ours, whatever it is doing."""
        for process in (self.web, self.worker):
            if process is not None:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        if self.listener is not None:
            self.listener.close()
