"""The product as processes that can be killed, its clients, and what its database holds in the end."""

import http.client
import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from elearn.kernel.jobs import transaction
from elearn.people.facts.staff import NewEmployee, NewPosting
from elearn.people.rules import EmploymentType
from elearn.people.services import staff
from tests.factories import world as worlds
from tests.factories.world import SYSTEM, World
from tests.served import Served

RACERS = 24
API = "/api/v1"


@dataclass(slots=True)
class Crowd:
    """The world and the racers: learners who completed every lesson and may start."""

    world: World
    racers: list[str]

    def token(self, name: str) -> str:
        """Somebody's API token."""
        return self.world.tokens[name]


def gather(folder: Path, *, now: datetime) -> Crowd:
    """Inside an application context: a world with its racers, committed."""
    with transaction():
        world = worlds.make_world(folder, now=now)
        racers = [f"racer{number}" for number in range(RACERS)]
        position = _position(world)
        for number, name in enumerate(racers):
            new = NewEmployee(
                agency_id=world.agency_id,
                name=f"Uji {name}",
                employment_type=EmploymentType.PNS,
                email=f"{name}@uji.example",
                is_demo=True,
                active_from=date(2020, 1, 1),
                posting=NewPosting(world.units["a" if number % 2 else "b"], position, None, date(2020, 1, 1)),
            )
            world.people[name] = staff.hire(new, by=SYSTEM, now=now).employee_id
        worlds.with_tokens(world, now=now)
    for name in racers:
        with transaction():
            worlds.learn_all(world, name, now=now)
    return Crowd(world, racers)


def _position(world: World) -> UUID:
    from elearn.people import queries as people

    found = people.position_id_by_code("UJI-POS")
    assert found is not None, world
    return found


@dataclass(slots=True)
class Reply:
    """What came back, if anything did."""

    status: int
    body: Any


@dataclass(slots=True)
class Product(Served):
    """gunicorn as ./run starts it, and a job worker where asked for; every process is ours to kill."""

    crowd: Crowd = field(kw_only=True)

    def web_workers(self) -> list[int]:
        """The process ids of gunicorn's workers."""
        assert self.web is not None
        path = Path(f"/proc/{self.web.pid}/task/{self.web.pid}/children")
        return [int(pid) for pid in path.read_text().split()]

    def kill_a_web_worker(self, pick: Callable[[list[int]], int]) -> bool:
        """SIGKILL one; whether there was one."""
        pids = self.web_workers()
        if not pids:
            return False
        with suppress(ProcessLookupError):
            os.kill(pick(pids), signal.SIGKILL)
        return True

    def replace_worker(self) -> None:
        """SIGKILL the job worker, and start another as the supervisor would."""
        assert self.worker is not None
        with suppress(ProcessLookupError):
            os.killpg(self.worker.pid, signal.SIGKILL)
        self.worker.wait()
        self.start_worker()

    def ask(self, method: str, path: str, body: Any = None, *, who: str | None = None) -> Reply:
        """One request on its own connection; status 0 where nothing came back."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {"Accept": "application/json", "Connection": "close"}
        if who:
            headers["Authorization"] = f"Bearer {self.crowd.token(who)}"
        if body is not None:
            headers["Content-Type"] = "application/json"
        try:
            connection.request(method, path, json.dumps(body) if body is not None else None, headers)
            answer = connection.getresponse()
            content = answer.read()
            length = answer.headers.get("Content-Length")
            if length is not None and len(content) != int(length):
                return Reply(0, None)
            is_json = "json" in answer.headers.get("Content-Type", "")
            return Reply(answer.status, json.loads(content) if is_json else content)
        except (OSError, http.client.HTTPException, ValueError):
            return Reply(0, None)
        finally:
            connection.close()

    def insist(self, method: str, path: str, body: Any = None, *, who: str | None = None, for_s: float = 30) -> Reply:
        """Send until something that is no breakdown comes back, as the queue in the browser does."""
        deadline = time.monotonic() + for_s
        while True:
            reply = self.ask(method, path, body, who=who)
            if reply.status and reply.status < 500:
                return reply
            assert time.monotonic() < deadline, f"{method} {path}: no answer for {for_s} s"
            time.sleep(0.02)

    @contextmanager
    def database(self) -> Iterator[sa.Connection]:
        """What is stored, read from outside the product."""
        engine = sa.create_engine(self.url.replace("postgresql://", "postgresql+psycopg://", 1))
        try:
            with engine.connect() as connection:
                yield connection
        finally:
            engine.dispose()

    def rows(self, query: str, **values: Any) -> list[Any]:
        """Some rows."""
        with self.database() as connection:
            return list(connection.execute(sa.text(query), values).all())


def at_once(count: int, act: Callable[[int], Any]) -> list[Any]:
    """The act `count` times, started together; what each returned."""
    gate = threading.Barrier(count)
    results: list[Any] = [None] * count

    def run(number: int) -> None:
        gate.wait()
        results[number] = act(number)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results
