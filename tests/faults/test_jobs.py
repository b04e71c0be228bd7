"""Jobs whose worker dies, fails, or cannot: counted, tried again later, parked after five; and the clock that goes on."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from elearn.app import ElearnFlask
from elearn.certs import rendering
from elearn.kernel import delivery, jobs, logs, marks
from elearn.kernel.db import db
from elearn.kernel.errors import NotFound
from elearn.kernel.job import BACK_OFF_SECONDS, LEASE, MAX_FAILURES, Job, JobState
from elearn.kernel.jobs import Handler, Unavailable
from tests.conftest import NOON, lacking, new_app
from tests.database import administer

KIND = "uji.kerja"
CANARY = "KENARI9X"
Setting = Callable[[datetime], None]


@pytest.fixture
def opened(app: ElearnFlask, at: Setting) -> Iterator[ElearnFlask]:
    at(NOON)
    with app.app_context():
        yield app
        db.session.remove()
    jobs._handlers.pop(KIND, None)


def ordered(handler: Handler) -> int:
    """A job of a kind of our own, queued at noon; its id."""
    jobs.handle(KIND, handler)
    with jobs.transaction():
        jobs.enqueue(KIND, "k", {"of": "this test"}, now=NOON)
        return db.session.scalars(sa.select(Job.id).where(Job.kind == KIND)).one()


def stands(job_id: int) -> tuple[str, int]:
    """State and failures, as stored."""
    db.session.rollback()
    job = db.session.get_one(Job, job_id)
    found = str(job.state), job.failures
    db.session.rollback()
    return found


def done(_payload: Any, _result: Any, _by: Any, _now: Any) -> None:
    """Nothing to write."""


def raising(error: Exception) -> Callable[..., Any]:
    def fail(*_: Any) -> Any:
        raise error

    return fail


def test_a_job_that_fails_is_tried_again_after_growing_pauses_and_parked_at_five(opened: ElearnFlask, at: Setting) -> None:
    job_id = ordered(Handler(finish=raising(ValueError("tidak bisa"))))
    moment, pauses = NOON, []
    for _ in range(MAX_FAILURES):
        at(moment)
        assert not jobs.run(job_id)
        job = db.session.get_one(Job, job_id)
        pauses += [(job.due_at - moment).total_seconds()] if job.state == JobState.QUEUED else []
        db.session.rollback()
        at(moment + timedelta(seconds=1))
        assert not jobs.run(job_id), "not due yet"
        moment += timedelta(hours=1)

    assert pauses == list(BACK_OFF_SECONDS)
    assert stands(job_id) == ("parked", MAX_FAILURES)
    assert job_id not in jobs.due_job_ids(moment)


def test_a_job_that_ends_its_worker_each_time_is_parked_at_five(opened: ElearnFlask, at: Setting) -> None:
    job_id = ordered(Handler(finish=done))
    claims = 0
    for round_ in range(10):
        at(NOON + round_ * (LEASE + timedelta(seconds=1)))
        claims += jobs._claim(job_id) is not None  # and the process is gone

    assert claims == MAX_FAILURES
    assert stands(job_id) == ("parked", MAX_FAILURES)


@pytest.mark.parametrize("step", ["prepare", "work", "finish"])
def test_a_step_that_fails_after_a_worker_died_counts_and_pauses(opened: ElearnFlask, at: Setting, step: str) -> None:
    job_id = ordered(Handler(**{"finish": done, step: raising(RuntimeError("tidak bisa"))}))
    db.session.get_one(Job, job_id).claim(now=NOON - 2 * LEASE)
    db.session.commit()

    jobs.run(job_id)

    state, failures = stands(job_id)
    assert (state, failures > 0) == ("queued", True)
    assert job_id not in jobs.due_job_ids(NOON)


@pytest.mark.parametrize("step", ["prepare", "work", "finish"])
def test_what_this_machine_cannot_do_is_parked_without_counting(opened: ElearnFlask, step: str) -> None:
    job_id = ordered(Handler(**{"finish": done, step: raising(Unavailable("tidak di sini"))}))

    jobs.run(job_id)

    assert stands(job_id) == ("parked", 0)


def test_a_worker_that_lost_its_lease_writes_nothing(opened: ElearnFlask, at: Setting) -> None:
    written = []
    job_id = ordered(Handler(finish=lambda *_: written.append(1)))
    slow = jobs._claim(job_id)
    at(NOON + LEASE)
    fast = jobs._claim(job_id)
    assert slow is not None
    assert fast is not None

    assert not jobs._finish(job_id, slow.token, slow.handler, {}, None)
    jobs._give_back(job_id, slow.token, ValueError())
    assert stands(job_id) == ("running", 1)
    assert jobs._finish(job_id, fast.token, fast.handler, {}, None)
    assert (written, stands(job_id)) == ([1], ("done", 1))


def test_a_parked_job_goes_on_by_itself_once_it_can_be_done_however_often_it_failed(
    opened: ElearnFlask, at: Setting
) -> None:
    here: list[int] = []

    def work(_prepared: Any) -> None:
        if not here:
            raise Unavailable("tidak di sini")

    job_id = ordered(Handler(finish=done, work=work, is_possible=lambda _payload: bool(here)))
    db.session.get_one(Job, job_id).fail("sekali", now=NOON)
    db.session.commit()
    at(NOON + timedelta(minutes=1))
    jobs.run(job_id)
    assert stands(job_id) == ("parked", 1)
    assert job_id not in jobs.sweep()

    here.append(1)

    assert job_id in jobs.sweep()
    assert jobs.run(job_id)


def test_a_job_parked_after_five_failures_waits_for_an_administrator(opened: ElearnFlask) -> None:
    job_id = ordered(Handler(finish=done, is_possible=lambda _payload: True))
    job = db.session.get_one(Job, job_id)
    for _ in range(MAX_FAILURES):
        job.fail("lagi", now=NOON)
    db.session.commit()

    assert job_id not in jobs.sweep()
    with jobs.transaction():
        jobs.retry(job_id, now=NOON)
    assert stands(job_id) == ("queued", 0)
    with pytest.raises(NotFound, match="no_parked_job"):
        jobs.retry(job_id, now=NOON)


def test_files_can_be_made_once_pango_is_there(opened: ElearnFlask, monkeypatch: pytest.MonkeyPatch) -> None:
    if not rendering.is_possible():
        lacking("no Pango on this machine")
    handler = jobs._handlers["certs.render_pdf"]
    assert handler.is_possible is not None
    assert handler.is_possible({})

    monkeypatch.setattr(rendering, "LIBRARIES", ("libnothing.so.0",))

    assert not handler.is_possible({})


def test_what_is_kept_of_an_error_names_nobody(opened: ElearnFlask, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []

    class Listening:
        def warning(self, event: str, **more: Any) -> None:
            heard.append(repr((event, more)))

    monkeypatch.setattr(jobs, "log", Listening())

    def clash(*_: Any) -> None:
        for _time in range(2):
            db.session.execute(
                sa.text("INSERT INTO marks (name, value, at) VALUES (:name, :value, :at)"),
                {"name": CANARY, "value": CANARY, "at": NOON.isoformat()},
            )

    for error in (clash, raising(ValueError(CANARY)), raising(FileNotFoundError(2, "No such file", f"/srv/{CANARY}"))):
        job_id = ordered(Handler(finish=error))
        jobs.run(job_id)
        job = db.session.get_one(Job, job_id)
        assert job.last_error
        assert CANARY not in job.last_error
        db.session.delete(job)
        db.session.commit()

    assert len(heard) == 3
    assert CANARY not in "".join(heard)


def test_an_outline_names_the_constraint_and_the_place(opened: ElearnFlask) -> None:
    once = sa.text("INSERT INTO marks (name, value, at) VALUES (:n, :n, :at)"), {"n": CANARY, "at": NOON.isoformat()}
    db.session.execute(*once)
    with pytest.raises(IntegrityError) as caught:
        db.session.execute(*once)
    db.session.rollback()

    said = "\n".join([logs.outline(caught.value), *logs.way_of(caught.value)])
    assert "IntegrityError: " in said
    assert "marks" in said
    assert CANARY not in said
    assert str(Path.home()) + "/" not in said


def work_in(app: ElearnFlask, monkeypatch: pytest.MonkeyPatch) -> tuple[threading.Thread, threading.Event]:
    """The worker's own loop with a fast clock, its queue left out; until the event."""
    over = threading.Event()

    class Silent:
        def __init__(self, *_: Any, **__: Any) -> None: ...

        def run(self) -> None:
            over.wait(60)

    def in_context(act: Callable[[], Any]) -> Any:
        with app.app_context():
            return act()

    monkeypatch.setattr(delivery, "PatientConsumer", Silent)
    monkeypatch.setattr(delivery, "SWEEP_SECONDS", 0.05)
    thread = threading.Thread(target=delivery.work, args=(delivery.Queue(None, print), in_context))
    thread.start()
    return thread, over


def eventually(is_so: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if is_so():
            return True
        time.sleep(0.05)
    return False


def test_the_clock_goes_on_after_the_database_was_away(
    backend: str, fresh_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    app = new_app(fresh_database, tmp_path / "var")
    failed = threading.Event()
    heard = delivery.log.error
    monkeypatch.setattr(delivery, "log", _Listening(failed, heard))
    with app.app_context():
        if backend == "sqlite":
            sa.event.listen(db.engine, "connect", lambda raw, _: raw.execute("PRAGMA busy_timeout=20"))

    thread, over = work_in(app, monkeypatch)
    try:
        with away(backend, fresh_database, request):
            assert failed.wait(20), "nothing was said"
        assert eventually(lambda: swept_since(app, NOON)), "the clock stands still"
    finally:
        over.set()
        thread.join()
        with app.app_context():
            db.engine.dispose()


class _Listening:
    def __init__(self, failed: threading.Event, error: Callable[..., Any]) -> None:
        self._failed, self._error = failed, error

    def error(self, event: str, **more: Any) -> None:
        self._failed.set()
        self._error(event, **more)

    def info(self, *_: Any, **__: Any) -> None: ...


def away(backend: str, url: str, request: pytest.FixtureRequest) -> Any:
    """A database that nobody gets at: locked, or refusing connections."""
    from contextlib import contextmanager

    @contextmanager
    def locked() -> Iterator[None]:
        import sqlite3

        connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        connection.execute("BEGIN EXCLUSIVE")
        yield
        connection.execute("ROLLBACK")
        connection.close()

    @contextmanager
    def refusing() -> Iterator[None]:
        server, name = request.getfixturevalue("postgresql"), sa.engine.make_url(url).database
        administer(server, f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        administer(server, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        yield
        administer(server, f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")

    return locked() if backend == "sqlite" else refusing()


def swept_since(app: ElearnFlask, moment: datetime) -> bool:
    with app.app_context():
        found = marks.marked(jobs.SWEPT)
        db.session.remove()
        return found is not None and found.at >= moment


def test_the_web_server_tells_how_long_ago_the_clock_swept(app: ElearnFlask, at: Setting) -> None:
    at(NOON)
    client = app.test_client()
    assert client.get("/readyz").get_json()["sweep_age_s"] is None

    with app.app_context():
        jobs.sweep()
        db.session.remove()
    at(NOON + timedelta(minutes=7))

    assert client.get("/readyz").get_json()["sweep_age_s"] == 420


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_a_queue_in_postgresql_carries_a_job_to_its_worker(
    fresh_database: str, tmp_path: Path, at: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(NOON)
    app = new_app(fresh_database, tmp_path / "var", queue_url=fresh_database)
    with app.app_context():
        job_id = ordered(Handler(finish=done))
        queue = app.extensions["elearn_queue"].huey
        task = queue.dequeue()

        assert task.args == (job_id,)
        queue.execute(task)
        assert stands(job_id) == ("done", 0)
        queue.storage.close()
        db.session.remove()
        db.engine.dispose()
    jobs._handlers.pop(KIND)


def test_a_queue_that_is_away_delays_a_job_and_loses_none(opened: ElearnFlask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_deliverers", [raising(OSError(111, "Connection refused"))])

    job_id = ordered(Handler(finish=done))

    assert job_id in jobs.sweep()
    assert jobs.run(job_id)
