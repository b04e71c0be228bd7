"""The canary of the logs: what people are, know and type reaches no line of a real process, and no figure of /metrics."""

import http.client
import json
import re
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode
from urllib.request import urlopen

import pytest
import sqlalchemy as sa

from elearn.kernel import meter
from elearn.kernel.db import db
from elearn.portals import measures
from tests.authorisation import table
from tests.conftest import copied, new_app
from tests.factories.site import COOKIE, Seed, copy_keys
from tests.factories.world import PASSWORD
from tests.served import Served

CALLER = "203.0.113.77"
TYPED = "KENARI8K"
FIELDS = ("login", "password", "name", "reason", "q", "code", "identifier", "email", "text", "note", "answer", "token")
IDS = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")


@pytest.fixture
def served(filled: tuple[str, Seed, Path], tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Served]:
    """The filled installation as real processes, which count and can be made to break."""
    source, seed, var = filled
    copy_keys(var, tmp_path / "var")
    url = copied("sqlite", source, tmp_path / "own.db", "", request)
    figures = {"ELEARN_METRICS": "127.0.0.1:9", "ELEARN_TRUSTED_PROXIES": "1", "PYTHONWARNINGS": "ignore"}
    product = Served(url, tmp_path / "var", broken="person", more=figures)
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        for kind in ("certs.render_pdf", "uji.tidak.dikenal"):
            job = sa.text(
                "INSERT INTO jobs (kind, key, payload, state, due_at, failures, progress, progress_total, created_at)"
                " VALUES (:kind, :key, :payload, 'queued', '2020-01-01', 0, 0, 0, '2020-01-01')"
            )
            payload = json.dumps({"certificate_id": TYPED, "name": f"Uji learner {TYPED}"})
            connection.execute(job, {"kind": kind, "key": TYPED, "payload": payload})
    engine.dispose()
    product.start(worker=True)
    yield product
    product.stop()


def planted(seed: Seed, url: str) -> list[str]:
    """Everything that no line may hold."""
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        people = connection.execute(sa.text("SELECT name, email FROM employees")).all()
        numbers = connection.scalars(sa.text("SELECT value FROM employee_identifiers")).all()
        codes = connection.scalars(sa.text("SELECT code FROM certificates")).all()
    engine.dispose()
    known = [*(it for row in people for it in row if it), *numbers, *codes, *seed.cookies.values(), *seed.csrf.values()]
    return [*known, *seed.world.tokens.values(), PASSWORD, quote(PASSWORD), CALLER, TYPED]


class Sender:
    """Requests of people to the running product; keeps what came back."""

    def __init__(self, product: Served, seed: Seed) -> None:
        self.product, self.seed = product, seed
        self.statuses: list[int] = []
        self.ids: list[str | None] = []

    def send(self, who: str, method: str, path: str, body: str | None = None, **headers: str) -> None:
        """One request, by cookie on pages and by token in the API, from an address that a proxy names."""
        sent = {"X-Forwarded-For": CALLER, "X-CSRFToken": self.seed.csrf[who], "Referer": self.product.address, **headers}
        if path.startswith("/api/"):
            sent["Authorization"] = f"Bearer {self.seed.world.tokens[who]}"
        else:
            sent["Cookie"] = f"{COOKIE}={self.seed.cookies[who]}"
        if body is not None:
            sent.setdefault("Content-Type", "application/x-www-form-urlencoded")
        connection = http.client.HTTPConnection("127.0.0.1", self.product.port, timeout=60)
        connection.request(method, path, body, sent)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        self.statuses.append(answer.status)
        if answer.status != 204:
            self.ids.append(answer.headers.get("X-Request-ID"))


def walk_with(sender: Sender, secrets: list[str]) -> None:
    """Every act with typed texts, every address that holds an id or a code, and what breaks."""
    seed, form = sender.seed, urlencode(dict.fromkeys(FIELDS, f"{TYPED} Uji learner learner@uji.example"))
    for line in table():
        path = f"{seed.path(line.rule)}?{urlencode({'q': TYPED, 'login': 'learner@uji.example'})}"
        if not line.is_safe:
            as_json = {"Content-Type": "application/json"} if line.face == "api" else {}
            sender.send("hr", line.method, path, json.dumps({"task": TYPED}) if as_json else form, **as_json)
        elif "<" in line.rule:
            sender.send("admin", "GET", path)
    for login in ("learner@uji.example", f"{TYPED}@uji.example"):
        sender.send("learner", "POST", "/sign-in", urlencode({"login": login, "password": f"{PASSWORD}{TYPED}"}))
    sender.send("learner", "GET", f"/{TYPED}/{quote(secrets[0])}")
    for wish in ("break", "complain"):
        sender.send("learner", "GET", f"/verify/{TYPED}", **{"X-Wish": wish, "X-Planted": f"{TYPED} Uji learner"})
    with socket.create_connection(("127.0.0.1", sender.product.port)) as raw:
        raw.sendall(f"GET /{TYPED} learner@uji.example HTTP/9.9\r\n\r\n".encode())
        raw.recv(1000)


def lines_of(product: Served) -> list[dict[str, Any]]:
    """What the processes wrote: every line is JSON, or the test fails here."""
    return [json.loads(line) for line in (product.var / "log").read_text(encoding="utf-8").splitlines()]


def figures_of(product: Served, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The page /metrics over what the web processes counted."""
    monkeypatch.setenv(meter.FOLDER, str(product.var / "metrics"))
    app = new_app(product.url, folder)
    server = measures.serve(app, "127.0.0.1", 0)
    with urlopen(f"http://127.0.0.1:{server.server_port}/metrics", timeout=30) as answer:
        text = str(answer.read().decode())
    server.shutdown()
    server.server_close()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    return text


def figure(text: str, start: str) -> float:
    """The sum of the series that begin so."""
    return sum(float(line.rsplit(" ", 1)[1]) for line in text.splitlines() if line.startswith(start))


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_no_line_and_no_figure_tells_of_a_person(
    served: Served,
    filled: tuple[str, Seed, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    eventually: Callable[[Callable[[], bool]], bool],
) -> None:
    seed = filled[1]
    secrets, sender = planted(seed, served.url), Sender(served, seed)

    walk_with(sender, secrets)

    assert {200, 302, 403, 404, 405, 409, 422, 429, 500} - {405, 429} <= set(sender.statuses), sorted(set(sender.statuses))
    assert eventually(lambda: sum(it["event"] == "job_given_back" for it in lines_of(served)) >= 2)
    lines = lines_of(served)
    text = "\n".join(json.dumps(it, ensure_ascii=False) for it in lines)
    assert [it for it in secrets if it in text] == []
    told = [it for it in lines if it["event"] == "request"]
    assert {it["request_id"] for it in told} >= set(sender.ids), "each answer's id leads to its line"
    assert all(set(it) == {"event", "level", "timestamp", "request_id", "method", "rule", "status", "ms"} for it in told)
    assert [it["rule"] for it in told if it["rule"] and IDS.search(it["rule"])] == []
    broken = next(it for it in lines if it["event"] == "unhandled")
    assert broken["error"].startswith("RuntimeError (")
    assert broken["request_id"] in sender.ids
    assert {"cannot draw …, try 3", "cannot draw", "thread_ended"} <= {it["event"] for it in lines}

    figures = figures_of(served, tmp_path / "beside", monkeypatch)
    assert [it for it in secrets if it in figures] == []
    assert IDS.search(figures) is None
    quiet = figure(figures, 'elearn_requests_total{method="GET",rule="/healthz"')
    assert figure(figures, "elearn_requests_total") == len(told) + quiet
    assert figure(figures, 'elearn_sign_ins_total{outcome="refused"}') >= 2
    assert figure(figures, 'elearn_jobs{kind="other"') == 1
    assert figure(figures, "elearn_certificates_issued_total") == 2
    rules = {line.rule for line in table()}
    for number in range(40):
        sender.send("learner", "GET", f"/{TYPED}{number}")
        sender.send("learner", f"SERU{number}", "/sign-in")
    more = figures_of(served, tmp_path / "beside", monkeypatch)
    assert figure(more, "elearn_requests_total") >= figure(figures, "elearn_requests_total") + 80
    assert len(more.splitlines()) - len(figures.splitlines()) <= 2 * (len(meter.SECONDS) + 5), "series are bounded"
    assert set(re.findall(r'rule="([^"]+)"', more)) <= rules | {"unmatched"}

    sender.send("learner", "GET", "/sign-in", **{"X-Wish": "tell", "X-Planted": "Uji learner"})
    text = (served.var / "log").read_text(encoding="utf-8")
    assert [it for it in secrets if it in text] == ["Uji learner"], "negative control: a line that tells is seen"
