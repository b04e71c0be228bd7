"""What each step of the main job costs: SQL statements, the one that finds the actor among them, and bytes of HTML."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, text
from sqlalchemy.engine import Engine
from werkzeug.test import TestResponse

from elearn.courses.models.enrollments import Enrollment
from elearn.courses.queries import versions
from elearn.kernel.db import db
from tests.factories import world as worlds
from tests.factories.site import Site

UNCOUNTED = ("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE", "SET TRANSACTION")
KB = 1000


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements of everything inside, without those that open and close transactions."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(UNCOUNTED):
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def cost(site: Site, who: str | None, method: str, path: str, **sent: Any) -> tuple[list[str], TestResponse]:
    """One request: (its statements, its answer)."""
    with counted() as seen:
        answer = site.send(who, method, site.seed.path(path), **sent)
    assert answer.status_code in (200, 302), answer.get_data(as_text=True)
    return seen, answer


def sit(site: Site, who: str, attempt_id: str) -> None:
    """Answer every item of an open attempt rightly."""
    with site.app.app_context():
        keys = worlds.right_keys(UUID(attempt_id))
    for slot, value in keys.items():
        cost(site, who, "PUT", f"/learn/exams/attempts/{attempt_id}/answers/{slot}", json={"seq": 1, "value": value})


def hand_in(site: Site, who: str, attempt_id: str) -> list[str]:
    return cost(site, who, "POST", f"/learn/exams/attempts/{attempt_id}/submission", json={})[0]


@pytest.fixture
def warm(site: Site) -> Site:
    """A process that has served the main job before: it keeps reference rows and published versions."""
    sit(site, "other", site.seed.things["attempt_id"])
    hand_in(site, "other", site.seed.things["attempt_id"])
    cost(site, "signer", "GET", "/learn/exams/<exam_id>")
    return site


def test_a_start_and_a_submission_with_certificate_keep_to_their_statements(warm: Site) -> None:
    started, answer = cost(warm, "signer", "POST", "/learn/exams/<exam_id>/attempts", form={"ready": "yes"})
    attempt_id = answer.headers["Location"].rsplit("/", 1)[1].split("#")[0]
    saved, _answer = cost(
        warm, "signer", "PUT", f"/learn/exams/attempts/{attempt_id}/answers/1", json={"seq": 1, "value": []}
    )
    with warm.app.app_context():
        keys = worlds.right_keys(UUID(attempt_id))
    for slot, value in keys.items():
        cost(warm, "signer", "PUT", f"/learn/exams/attempts/{attempt_id}/answers/{slot}", json={"seq": 2, "value": value})
    submitted = hand_in(warm, "signer", attempt_id)

    assert len(started) <= 7, started
    assert len(saved) <= 4, saved
    assert len(submitted) <= 15, submitted
    assert any("INSERT INTO certificates" in it for it in submitted)
    assert any("INSERT INTO evidence" in it for it in submitted)


@pytest.mark.parametrize(
    ("who", "path", "most"),
    [
        ("learner", "/learn/exams/attempts/<passed_attempt>/result", 8),
        ("officer", "/learn/courses/enrollments/<enrollment_id>/lessons/<lesson_id>", 7),
        ("officer", "/learn/courses/<slug>", 7),
        (None, "/verify/<code>", 1),
    ],
    ids=["result", "lesson", "course", "verify"],
)
def test_a_page_keeps_to_its_statements_and_writes_nothing(warm: Site, who: str | None, path: str, most: int) -> None:
    cost(warm, who, "GET", path)
    seen, _answer = cost(warm, who, "GET", path)

    assert 1 <= len(seen) <= most, seen
    assert all(it.lstrip().startswith("SELECT") for it in seen)


def test_the_shell_of_a_lesson_is_light(warm: Site) -> None:
    _seen, answer = cost(warm, "officer", "GET", "/learn/courses/enrollments/<enrollment_id>/lessons/<lesson_id>")
    with warm.app.app_context():
        enrollment = db.session.get_one(Enrollment, UUID(warm.seed.things["enrollment_id"]))
        text_of_it = versions.pinned(enrollment.version_id).content.lessons[0].html

    assert warm.seed.things["lesson_id"] == "m1-l1"
    assert len(answer.data) > len(text_of_it) > 0
    assert len(answer.data) - len(text_of_it.encode()) <= 20 * KB


def test_a_statement_more_is_counted(warm: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: a view that asks once more is seen to."""
    path = "/verify/<code>"
    cost(warm, None, "GET", path)
    view = warm.app.view_functions["certs_public.verify_code"]

    def asks_twice(**named: Any) -> Any:
        db.session.execute(text("SELECT 1"))
        return view(**named)

    monkeypatch.setitem(warm.app.view_functions, "certs_public.verify_code", asks_twice)

    assert len(cost(warm, None, "GET", path)[0]) == 2
