"""Both sides of the measurement: the product as ./run serves it, driven as browsers do, and the floor beside it."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from elearn.certs import queries as certificates
from elearn.exams import bank
from elearn.exams import queries as exams
from elearn.exams.rules import KEYS
from elearn.kernel.db import db
from tests.served import Served
from tools.bench.browser import Browser
from tools.bench.goals import SAVES_A_SECOND
from tools.bench.house import PASSWORD, ROOT, House
from tools.bench.meters import Meter, Reading, children, resident_mb, tree

PAGES = 300
WARM_UP = 40
WARMERS = 6
"""How many sit a whole exam that nobody measures: so many that each web worker has served one."""


@contextmanager
def product(house: House) -> Iterator[Served]:
    """The product's web processes."""
    os.environ["ELEARN_TRUSTED_PROXIES"] = "1"
    served = Served(house.url, house.var)
    try:
        served.start()
        yield served
    finally:
        served.stop()


def database_pids(server: Path | None) -> set[int]:
    """The processes of a private PostgreSQL."""
    if server is None:
        return set()
    return tree(int((server / "d" / "postmaster.pid").read_text().split()[0]))


def resident(served: Served) -> float:
    """What the fattest web worker holds, in MB."""
    assert served.web is not None
    return max(resident_mb(pid) for pid in children(served.web.pid))


@dataclass(slots=True)
class Sitting:
    """One learner's browser, the attempt and the right answers."""

    browser: Browser
    attempt_id: str
    keys: dict[int, list[str]]


def right_keys(house: House, attempt_id: str) -> dict[int, list[str]]:
    """The keys that earn everything, by place, read from the database as no learner can."""
    with house.app.app_context():
        attempt = exams.attempt(UUID(attempt_id))
        items = bank.version(attempt.exam_version_id).items
        found = {}
        for place in exams.slots_of(attempt.id):
            best = {option.id for option in items[place.item_id].options if option.correct or option.weight == 5}
            found[place.slot] = [KEYS[at] for at, option in enumerate(place.option_ids) if option in best]
        db.session.remove()
        return found


def measure_product(house: House, served: Served, server: Path | None) -> dict[str, Reading]:
    """Drive every operation by the browser's route."""
    assert served.web is not None
    browsers = []
    for learner in house.learners:
        browser = Browser(served.port)
        browser.sign_in(learner.login, PASSWORD)
        browsers.append(browser)
    first = house.learners[0]
    lesson = f"/learn/courses/enrollments/{first.enrollment_id}/lessons/{house.lesson_id}"
    for browser in browsers[:8]:
        for _time in range(WARM_UP // 8):
            browser.send("GET", "/learn/exams")
    for browser in browsers[:WARMERS]:
        _sit_whole(house, browser)
    for _time in range(WARM_UP):
        browsers[0].send("GET", lesson)
    meter = Meter(tree(served.web.pid) | database_pids(server))
    meter.run("lesson", (len(browsers[0].send("GET", lesson)[0]) for _time in range(PAGES)))
    sittings: list[Sitting] = []
    meter.run("start", _starts(house, browsers[WARMERS:], sittings))
    for sitting in sittings:
        sitting.keys = right_keys(house, sitting.attempt_id)
    meter.run("save", (size for it in sittings for size in _saves(it)))
    meter.run("submit", (_submit(it) for it in sittings))
    results = [f"/learn/exams/attempts/{it.attempt_id}/result" for it in sittings]
    for it, path in zip(sittings, results, strict=True):
        it.browser.send("GET", path)
    pages = PAGES // len(sittings) + 1
    meter.run(
        "result",
        (len(it.browser.send("GET", path)[0]) for it, path in zip(sittings, results, strict=True) for _time in range(pages)),
    )
    with house.app.app_context():
        made = certificates.certificate_of_attempt(UUID(sittings[0].attempt_id))
        if made is None:
            raise SystemExit("the pass led to no certificate")
        path = f"/verify/{made.code}"
        db.session.remove()
    nobody = Browser(served.port)
    for _time in range(WARM_UP):
        nobody.send("GET", path)
    meter.run("verify", (len(nobody.send("GET", path)[0]) for _time in range(PAGES)))
    return meter.readings


def _starts(house: House, browsers: list[Browser], sittings: list[Sitting]) -> Iterator[int]:
    path = f"/learn/exams/{house.exam_id}/attempts"
    for browser in browsers:
        page, where = browser.send("POST", path, form={"ready": "yes"}, expect=302)
        sittings.append(Sitting(browser, where.rsplit("/", 1)[1].split("#")[0], {}))
        yield len(page)


def _saves(it: Sitting) -> Iterator[int]:
    for slot, value in it.keys.items():
        body = {"seq": 1, "value": value}
        yield len(it.browser.send("PUT", f"/learn/exams/attempts/{it.attempt_id}/answers/{slot}", body=body)[0])


def _submit(it: Sitting) -> int:
    return len(it.browser.send("POST", f"/learn/exams/attempts/{it.attempt_id}/submission", body={})[0])


def _sit_whole(house: House, browser: Browser) -> None:
    """A whole exam that nobody measures, so that the processes are warm."""
    sittings: list[Sitting] = []
    for _size in _starts(house, [browser], sittings):
        pass
    it = sittings[0]
    it.keys = right_keys(house, it.attempt_id)
    for _size in _saves(it):
        pass
    _submit(it)
    browser.send("GET", f"/learn/exams/attempts/{it.attempt_id}/result")


def measure_floor(house: House, server: Path | None) -> dict[str, Reading]:
    """The same operations of the bare application, on the same database."""
    log = (house.var / "floor.log").open("ab")
    given = os.environ | {"FLOOR_URL": house.url, "PYTHONPATH": str(ROOT), "FLOOR_LESSON": house.lesson_html}
    prepare = "import os; from tools.bench import floor; floor.prepare(os.environ['FLOOR_LESSON'])"
    subprocess.run([sys.executable, "-c", prepare], cwd=ROOT, env=given, check=True)
    port = _free_port()
    config = f"file:{ROOT}/tools/gunicorn_conf.py"
    command = ["-m", "gunicorn", "--config", config, "--bind", f"127.0.0.1:{port}", "tools.bench.floor:app"]
    process = subprocess.Popen([sys.executable, *command], cwd=ROOT, env=given, stdout=log, stderr=log)
    try:
        _await(port)
        return _drive_floor(Browser(port), process.pid, len(house.learners), server)
    finally:
        process.terminate()
        process.wait()
        log.close()


def _drive_floor(browser: Browser, pid: int, people: int, server: Path | None) -> dict[str, Reading]:
    for _time in range(WARM_UP):
        browser.send("GET", "/lesson")
        browser.send("GET", "/verify/KODE")
    _page, where = browser.send("POST", "/start/warm", expect=302)
    browser.send("PUT", f"/save/{where.rsplit('/', 1)[1]}/1", body={"value": ["A"]})
    meter = Meter(tree(pid) | database_pids(server))
    meter.run("lesson", (len(browser.send("GET", "/lesson")[0]) for _time in range(PAGES)))
    attempts: list[str] = []

    def starts() -> Iterator[int]:
        for number in range(people - 1):
            page, where = browser.send("POST", f"/start/{number}", expect=302)
            attempts.append(where.rsplit("/", 1)[1])
            yield len(page)

    meter.run("start", starts())
    body: Any = {"value": ["A"]}
    meter.run(
        "save", (len(browser.send("PUT", f"/save/{it}/{slot}", body=body)[0]) for it in attempts for slot in range(1, 31))
    )
    meter.run("submit", (len(browser.send("POST", f"/submit/{it}", body={})[0]) for it in attempts))
    pages = PAGES // len(attempts) + 1
    meter.run("result", (len(browser.send("GET", f"/result/{it}")[0]) for it in attempts for _time in range(pages)))
    meter.run("verify", (len(browser.send("GET", "/verify/KODE")[0]) for _time in range(PAGES)))
    return meter.readings


def save_steadily(house: House, served: Served, seconds: int) -> tuple[float, float, int]:
    """Save at a steady rate from many browsers: (saves a second, p95 in ms counted from when each was due, errors)."""
    sittings: list[Sitting] = []
    for learner in house.savers:
        browser = Browser(served.port)
        browser.sign_in(learner.login, PASSWORD)
        for _size in _starts(house, [browser], sittings):
            pass
    latencies: list[float] = []
    errors: list[str] = []
    begun = time.perf_counter() + 0.5
    every = len(sittings) / SAVES_A_SECOND

    def keep_saving(number: int, it: Sitting) -> None:
        due, count = begun + number / SAVES_A_SECOND, 0
        while due < begun + seconds:
            time.sleep(max(0.0, due - time.perf_counter()))
            slot, seq = count % 30 + 1, count // 30 + 1
            path = f"/learn/exams/attempts/{it.attempt_id}/answers/{slot}"
            try:
                it.browser.send("PUT", path, body={"seq": seq, "value": ["AB"[seq % 2]]})
            except (SystemExit, OSError) as error:
                errors.append(str(error)[:200])
            latencies.append((time.perf_counter() - due) * 1000)
            due, count = due + every, count + 1

    threads = [threading.Thread(target=keep_saving, args=(n, it)) for n, it in enumerate(sittings)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken = max(seconds, time.perf_counter() - begun)
    ordered = sorted(latencies)
    return len(ordered) / taken, ordered[int(len(ordered) * 0.95)], len(errors)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _await(port: int) -> None:
    for _time in range(200):
        try:
            Browser(port).send("GET", "/healthz")
        except (OSError, SystemExit):
            time.sleep(0.05)
        else:
            return
    raise SystemExit("the floor did not start")
