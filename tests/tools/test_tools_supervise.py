"""`./run` as a person meets it: real gunicorn, a stand-in application, real signals."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import supervise
from processes import dying_with

SUPERVISE = Path(__file__).resolve().parents[2] / "tools" / "supervise.py"
STAND_IN = """
import os, signal, sys, time
from pathlib import Path
import click
from flask import Flask

app = Flask(__name__)

@app.get("/healthz")
def healthz():
    return "ok"

@app.get("/pid")
def pid():
    return str(os.getppid())

@app.get("/slow")
def slow():
    time.sleep(1.5)
    return "finished"

@app.cli.command("prepare")
@click.option("--demo", is_flag=True)
def prepare(demo):
    sys.exit(int(os.environ.get("PREPARE_EXIT", "0")))

@app.cli.group("jobs")
def jobs():
    pass

@jobs.command("work")
def work():
    ended = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.append(1))
    Path(os.environ["ELEARN_VAR"], "worker").write_text(str(os.getpid()))
    while not ended or os.environ.get("STUBBORN"):
        time.sleep(0.05)
"""


class Run:
    """One start of the supervisor, in a process group of its own."""

    def __init__(self, folder: Path, *options: str, **environment: str) -> None:
        self.folder = folder
        self.log = (folder / "log").open("w")
        self.process = subprocess.Popen(
            [sys.executable, str(SUPERVISE), *options],
            cwd=folder,
            env=os.environ | {"ELEARN_VAR": str(folder), "ELEARN_DEMO": "1", **environment},
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
            start_new_session=True,
        )

    def first_line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def url(self) -> str:
        return self.first_line().removeprefix("elearn is running at ")

    def worker(self) -> int:
        return int((self.folder / "worker").read_text())

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(30)

    def has_left_nothing(self) -> bool:
        try:
            os.killpg(self.process.pid, 0)
        except ProcessLookupError:
            return True
        return False


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Run]]:
    runs: list[Run] = []

    def begin(*options: str, **environment: str) -> Run:
        (tmp_path / "wsgi.py").write_text(STAND_IN)
        runs.append(Run(tmp_path, "--port", str(free_port()), *options, **environment))
        return runs[-1]

    yield begin
    for run in runs:
        if not run.has_left_nothing():
            os.killpg(run.process.pid, signal.SIGKILL)
        run.process.wait()
        run.log.close()
        assert run.process.stdout is not None
        run.process.stdout.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def get(url: str) -> str:
    with urllib.request.urlopen(url, timeout=20) as answer:
        return str(answer.read().decode())


def eventually(is_so: Callable[[], bool], seconds: float = 15) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if is_so():
            return True
        time.sleep(0.1)
    return False


def test_the_address_and_one_sign_in_per_role_are_all_that_is_printed(start: Callable[..., Run], tmp_path: Path) -> None:
    people = {f"{name}@elearn.example": f"word-{name}" for name in ("admin", "learner", "hr", "trainer", "officer", "x")}
    (tmp_path / "demo-passwords.json").write_text(json.dumps(people))

    run = start()
    first = run.first_line()
    assert get(first.removeprefix("elearn is running at ") + "/healthz") == "ok"
    code = run.stop()

    assert run.process.stdout is not None
    assert re.fullmatch(r"elearn is running at http://127\.0\.0\.1:\d+", first)
    assert [line.split() for line in run.process.stdout] == [
        [f"{role}@elearn.example", f"word-{role}"] for role in ("learner", "trainer", "hr", "officer", "admin")
    ]
    assert code == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_each_signal_stops_every_child_in_good_order(start: Callable[..., Run], number: signal.Signals) -> None:
    run = start()
    run.url()

    assert run.stop(number) == 0
    assert run.has_left_nothing()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_request_under_way_is_finished_when_the_whole_group_is_told_to_stop(
    start: Callable[..., Run], number: signal.Signals
) -> None:
    run = start()
    url = run.url()

    with ThreadPoolExecutor() as pool:
        answer = pool.submit(get, url + "/slow")
        time.sleep(0.5)
        os.killpg(run.process.pid, number)
        assert answer.result() == "finished"

    assert run.process.wait(30) == 0
    assert run.has_left_nothing()


def test_dead_children_are_started_again_and_nobody_is_refused_meanwhile(start: Callable[..., Run]) -> None:
    run = start()
    url = run.url()
    eventually(lambda: (run.folder / "worker").exists())
    web, worker = int(get(url + "/pid")), run.worker()

    os.kill(web, signal.SIGKILL)
    os.kill(worker, signal.SIGKILL)

    assert get(url + "/healthz") == "ok"
    assert eventually(lambda: int(get(url + "/pid")) not in (web, run.process.pid))
    assert eventually(lambda: run.worker() != worker)
    assert run.stop() == 0
    assert run.has_left_nothing()


def test_a_child_that_does_not_listen_is_killed_after_the_grace(start: Callable[..., Run]) -> None:
    run = start("--grace", "1", STUBBORN="1")
    run.url()
    eventually(lambda: (run.folder / "worker").exists())

    assert run.stop() == 0
    assert run.has_left_nothing()
    assert "job worker did not end in 1 s: killed" in (run.folder / "log").read_text()


def test_children_do_not_outlive_a_supervisor_that_is_killed(start: Callable[..., Run]) -> None:
    run = start()
    run.url()

    run.stop(signal.SIGKILL)

    # gunicorn gives a worker that was forked in this very moment, and so missed the signal, 15 s before it kills it
    assert eventually(run.has_left_nothing, 30)


def test_a_child_whose_supervisor_died_while_it_was_being_forked_ends_at_once() -> None:
    """The kernel sends nothing for a death that came before it was asked to tell of one."""
    leave = [sys.executable, "-c", "import sys; sys.exit(7)"]

    assert subprocess.run(leave, preexec_fn=dying_with(os.getpid() + 1), check=False).returncode == 1
    assert subprocess.run(leave, preexec_fn=dying_with(os.getpid()), check=False).returncode == 7


def test_a_taken_port_gives_way_to_the_next_free_one(start: Callable[..., Run], tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        run = start("--port", str(taken))
        url = run.url()

    assert get(url + "/healthz") == "ok"
    assert int(url.rpartition(":")[2]) > taken


def test_nothing_is_served_where_preparing_the_data_failed(start: Callable[..., Run]) -> None:
    run = start(PREPARE_EXIT="3")

    assert run.process.wait(30) == 1
    assert run.first_line() == ""
    assert "preparing the data failed (3)" in (run.folder / "log").read_text()


def test_pauses_between_restarts_grow_to_fifteen_seconds_and_no_further() -> None:
    import supervise

    child = supervise.Child("false", ["/bin/false"])
    now, pauses = 0.0, []
    child.start(now)
    for _ in range(6):
        assert child.process is not None
        child.process.wait()
        child.keep_alive(now)
        pauses.append(child.due - now)
        now = child.due
        child.keep_alive(now)

    assert child.process is not None
    child.process.wait()
    assert pauses == [1, 2, 4, 8, 15, 15]


def test_figures_are_served_by_a_child_of_their_own_where_they_are_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        monkeypatch.delenv("ELEARN_METRICS", raising=False)
        assert [it.name for it in supervise.children(listener)] == ["web server", "job worker"]
        monkeypatch.setenv("ELEARN_METRICS", "127.0.0.1:9100")
        assert [it.name for it in supervise.children(listener)] == ["web server", "job worker", "metrics"]
