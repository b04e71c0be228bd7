"""Nothing slow happens while others wait to write: no writing transaction lasts a second, and pages are drawn outside."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, event

from elearn.courses.facts.enrollments import Via
from elearn.courses.models.progress import LessonCompletion
from elearn.courses.queries import versions as courses
from elearn.courses.views import learner as pages
from elearn.exams import bank, hotpath
from elearn.kernel import db as database
from elearn.kernel import markdown
from elearn.kernel.db import db
from elearn.kernel.jobs import transaction
from tests.conftest import ROOT
from tests.factories.courses import NOON
from tests.factories.site import Site

API = "/api/v1"
SLUG = "pelayanan-publik-prima"
LIMIT = 1.0


@contextmanager
def writing(site: Site) -> Iterator[list[float]]:
    """How long each writing transaction lasted, from its opening to its end, in seconds."""
    lasted: list[float] = []

    def opened(connection: Connection) -> None:
        if not database._only_reads(connection):
            connection.info["opened"] = time.perf_counter()

    def ended(connection: Connection) -> None:
        if "opened" in connection.info:
            lasted.append(time.perf_counter() - connection.info.pop("opened"))

    with site.app.app_context():
        engine = db.engine
    listeners = (("begin", opened), ("commit", ended), ("rollback", ended))
    for name, listener in listeners:
        event.listen(engine, name, listener)
    yield lasted
    for name, listener in listeners:
        event.remove(engine, name, listener)


def forget_what_was_read() -> None:
    """As in a process that has just started."""
    bank.version.cache_clear()
    courses.pinned.cache_clear()
    for kept in (it for it in vars(markdown).values() if hasattr(it, "cache_clear")):
        kept.cache_clear()


def load(site: Site) -> None:
    done = site.app.test_cli_runner().invoke(args=["content", "load", str(ROOT / "content" / "courses" / SLUG)])
    assert done.exit_code == 0, done.output


def call(site: Site, method: str, path: str, body: Any = None, status: int = 200) -> Any:
    answer = site.send("hr", method, f"{API}/{path}", json=body)
    assert answer.status_code == status, answer.get_data(as_text=True)[:300]
    return answer.json


def enroll(site: Site) -> Any:
    return call(site, "POST", "enrollments", {"course": SLUG}, 201)


def fall_short(site: Site, enrollment: Any, lesson_id: str) -> None:
    """Hand in a wrong check in the browser: the page says what is missing."""
    path = f"/learn/courses/enrollments/{enrollment['id']}/lessons/{lesson_id}/completion"
    answer = site.send("hr", "POST", path, form={"answer-1": "A"})
    assert answer.status_code == 422
    assert "data-lesson" in answer.get_data(as_text=True)


def checked_lesson(enrollment: Any) -> str:
    return str(next(it["id"] for it in enrollment["lessons"] if it["has_check"]))


def complete_all(site: Site, enrollment: Any) -> None:
    with site.app.app_context(), transaction():
        for lesson in enrollment["lessons"]:
            db.session.add(LessonCompletion.of(UUID(enrollment["id"]), lesson["id"], Via.API, now=NOON))


def sit(site: Site, exam_id: str) -> None:
    attempt = call(site, "POST", f"exams/{exam_id}/attempts", status=201)
    for item in attempt["paper"]:
        body = {"seq": 1, "value": [item["options"][0]["key"]]}
        call(site, "PUT", f"attempts/{attempt['id']}/answers/{item['slot']}", body)
    forget_what_was_read()
    call(site, "POST", f"attempts/{attempt['id']}/submission", status=201)


def test_no_writing_transaction_lasts_a_second(site: Site) -> None:
    """Publishing, a completion that falls short, start, saves and submission of our own course, nothing kept yet."""
    forget_what_was_read()
    with writing(site) as lasted:
        load(site)
        published = len(lasted)
        enrollment = enroll(site)
        fall_short(site, enrollment, checked_lesson(enrollment))
        complete_all(site, enrollment)
        forget_what_was_read()
        sit(site, enrollment["exam"]["id"])

    assert published >= 1
    assert len(lasted) - published >= 30
    assert max(lasted) < LIMIT


def test_a_writing_transaction_that_does_something_slow_is_caught(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control."""
    insert = hotpath.insert_slots
    monkeypatch.setattr(hotpath, "insert_slots", lambda rows: (time.sleep(LIMIT), insert(rows)))
    with writing(site) as lasted:
        site.send("signer", "POST", f"{API}/exams/{site.world.exam_id}/attempts")

    assert max(lasted) > LIMIT


def test_the_page_that_says_what_is_missing_is_drawn_after_the_try_is_stored(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(site)
    enrollment = enroll(site)
    lesson_id = checked_lesson(enrollment)
    drawn, slow = pages.render_template, 0.5

    def slowly(*args: Any, **rest: Any) -> str:
        time.sleep(slow)
        return drawn(*args, **rest)

    monkeypatch.setattr(pages, "render_template", slowly)
    with writing(site) as lasted:
        fall_short(site, enrollment, lesson_id)
        fall_short(site, enrollment, lesson_id)

    assert len(lasted) == 2
    assert max(lasted) < slow
    assert "Percobaan 2" in site.send("hr", "GET", f"/learn/courses/enrollments/{enrollment['id']}/lessons/{lesson_id}").text
