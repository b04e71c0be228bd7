"""Strange input at the edge is refused and never breaks anything; what only reads opens no writing transaction."""

import re
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DataError, IntegrityError

from elearn.exams.models.attempts import Answer
from elearn.kernel.db import db
from elearn.web import edge, errors
from elearn.web.limits import limiter
from tests.conftest import new_app
from tests.factories.site import Site, copy_keys

NUL, HALF = "a\x00b", "a\ud800b"
CANARY = "KENARI9X"
MACHINE = {"Accept": "application/json"}


@pytest.mark.parametrize(
    ("who", "path", "form"),
    [
        (None, "/sign-in", {"login": NUL, "password": "x"}),
        (None, "/sign-in", {"login": "x", "password": NUL}),
        (None, "/sign-in", {"login": "x", "password": "x", NUL: "x"}),
        (None, "/activate", {"login": NUL, "code": "x", "password": "perahu kecil di laut"}),
        ("hr", "/hr/people/lookup", {"number": NUL}),
        ("admin", "/hr/admin/roles", {"login": "x", "role": "trainer", "unit": "", "reason": NUL}),
    ],
)
def test_a_form_with_nul_is_refused(site: Site, who: str | None, path: str, form: dict[str, str]) -> None:
    assert site.send(who, "POST", path, form=form).status_code == 400


def test_a_file_whose_name_or_field_has_nul_is_refused(site: Site) -> None:
    for form in ({"file": (BytesIO(b"x"), "a\x00.pdf")}, {NUL: (BytesIO(b"x"), "a.pdf")}):
        answer = site.app.test_client().post("/verify/file", data=form, headers=MACHINE)
        assert answer.status_code in (200, 400, 422), answer.get_data(as_text=True)


def test_a_file_to_verify_may_be_larger_than_a_form(site: Site) -> None:
    form = {"file": (BytesIO(b"%PDF" + bytes(3 * 1024 * 1024)), "a.pdf")}
    answer = site.app.test_client().post("/verify/file", data=form, headers=MACHINE)

    assert answer.status_code == 200


@pytest.mark.parametrize(
    "path", ["/verify/%00", "/verify?code=%00", "/hr/people?q=%00", "/sign-in?%00=1", "/sign-in?next=%00"]
)
def test_an_address_with_nul_is_refused(site: Site, path: str) -> None:
    for who in (None, "hr"):
        assert site.send(who, "GET", path).status_code == 400


@pytest.mark.parametrize("bad", [NUL, HALF])
def test_json_with_what_cannot_be_stored_is_refused(site: Site, bad: str) -> None:
    saving = site.seed.path("/api/v1/attempts/<attempt_id>/answers/1")
    completing = site.seed.path("/api/v1/enrollments/<enrollment_id>/lessons/m1-l1/completion")
    for method, path, body in (
        ("POST", "/api/v1/enrollments", {"course": bad}),
        ("POST", "/api/v1/enrollments", {"course": "x", bad: 1}),
        ("PUT", saving, {"seq": 1, "value": [bad]}),
        ("PUT", saving, {"seq": 1, "value": ["A"], "lease": bad}),
        ("PUT", completing, {"answers": {"1": [bad]}, "task": {"text": bad * 80}}),
        ("PUT", completing, [[{"x": [bad]}]]),
    ):
        answer = site.send("other", method, path, json=body)
        assert (answer.status_code, answer.content_type) == (400, "application/problem+json"), (path, body)


def test_raw_bytes_that_are_half_a_character_are_refused(site: Site) -> None:
    token = {"Authorization": f"Bearer {site.world.tokens['other']}", "Content-Type": "application/json"}
    for raw in (
        b'{"course": "\xed\xa0\x80"}',
        b'{"course": "\xff\xfe"}',
        '{"course": "x"}'.encode("utf-16"),
        b"[" * 100_000,
    ):
        answer = site.app.test_client().post("/api/v1/enrollments", data=raw, headers=token)
        assert answer.status_code in (400, 422), raw[:40]


def test_text_beyond_the_first_plane_is_no_half_of_a_character(site: Site) -> None:
    answer = site.send("other", "POST", "/api/v1/enrollments", json={"course": "\U0001f600 \u2028"})

    assert answer.status_code == 404


@pytest.mark.parametrize("bad", [NUL, HALF])
@pytest.mark.parametrize("face", ["/api/v1", "/learn/exams"])
def test_a_clients_remark_never_costs_an_answer(site: Site, bad: str, face: str) -> None:
    path = site.seed.path(f"{face}/attempts/<attempt_id>/answers/1")

    answer = site.send("other", "PUT", path, json={"seq": 1, "value": ["A"], "client_at": bad}, headers=MACHINE)

    assert answer.status_code == 200, answer.get_data(as_text=True)
    with site.app.app_context():
        assert db.session.scalars(sa.select(Answer.client_at)).all()[-1] == "a\ufffdb"
        db.session.remove()


@pytest.mark.parametrize("number", [2**31, 2**40, 2**63 - 1, 2**63, 10**40])
def test_numbers_that_no_row_can_have_break_nothing(site: Site, number: int) -> None:
    answers = site.seed.path("/api/v1/attempts/<attempt_id>/answers/<slot>", slot=number)
    first = site.seed.path("/api/v1/attempts/<attempt_id>/answers/1")

    assert site.send("admin", "POST", f"/hr/admin/jobs/{number}/retry").status_code == 404
    assert site.send("other", "PUT", answers, json={"seq": 1, "value": ["A"]}).status_code in (404, 422)
    assert site.send("other", "PUT", first, json={"seq": number, "value": ["A"]}).status_code == 422
    assert site.send("other", "GET", f"/api/v1/courses?page={number}&page_size={number}").status_code == 200


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every line that the error pages log."""
    said: list[str] = []

    class Listening:
        def __getattr__(self, level: str) -> Callable[..., None]:
            return lambda event, **more: said.append(repr((level, event, more)))

    monkeypatch.setattr(errors, "log", Listening())
    return said


def test_what_a_database_cannot_hold_is_the_senders_mistake(site: Site, logged: list[str]) -> None:
    with site.app.test_request_context("/api/v1/courses"):
        answer: Any = site.app.handle_user_exception(DataError(CANARY, {"x": CANARY}, ValueError(CANARY)))

    assert answer.status_code == 422
    assert len(logged) == 1
    assert CANARY not in logged[0]


def test_what_goes_wrong_is_logged_without_what_it_was_about(site: Site, logged: list[str]) -> None:
    """A clash, and a fault that nobody expected: both speak of the canary, and the log does not."""
    insert = "INSERT INTO marks (name, value, at) VALUES (:name, :name, '2026-11-25T00:00:00+00:00')"
    raised: list[Exception] = [KeyError(CANARY), ValueError(CANARY)]
    with site.app.app_context():
        try:
            for _ in range(2):
                db.session.execute(sa.text(insert), {"name": CANARY})
        except IntegrityError as clash:
            raised += [clash]
        db.session.remove()

    statuses = []
    for error in raised:
        with site.app.test_request_context(f"/verify/{CANARY}"):
            answer: Any = site.app.handle_user_exception(error)
            statuses.append(answer.status_code)
    said = "\n".join(logged)

    assert statuses == [500, 500, 409]
    assert "unhandled" in said
    assert "marks" in said
    assert CANARY not in said


@pytest.fixture
def opening(site: Site) -> Iterator[Callable[[], list[str]]]:
    """How each transaction was opened since the last question, in the database's own words."""
    said: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        said.append(statement)

    def since() -> list[str]:
        found = [it for it in said if it.startswith(("BEGIN", "SET TRANSACTION"))]
        said.clear()
        return found

    with site.app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    yield since
    sa.event.remove(engine, "before_cursor_execute", note)


def test_a_post_that_only_reads_opens_no_writing_transaction(
    site: Site, backend: str, opening: Callable[[], list[str]]
) -> None:
    reading = "BEGIN DEFERRED" if backend == "sqlite" else "SET TRANSACTION READ ONLY"
    token = site.send("hr", "GET", "/hr/people")
    assert token.status_code == 200
    opening()

    assert site.visitor("hr").post(
        "/hr/people/lookup", data={"number": "1"}, headers={"X-CSRFToken": site.seed.csrf["hr"]}
    ).status_code in (302, 422)
    looked_up = opening()
    site.visitor("hr").post("/verify/file", data={"file": (BytesIO(b"%PDF"), "a.pdf")})
    checked = opening()
    site.send("learner", "POST", "/sign-out")
    written = opening()

    assert set(looked_up) == {reading}
    assert set(checked) <= {reading}
    assert set(written) == ({"BEGIN IMMEDIATE"} if backend == "sqlite" else set()), "negative control"


def test_a_read_that_cannot_be_logged_is_not_answered(site: Site) -> None:
    page = site.seed.path("/hr/people/<employee_id>")
    assert site.send("hr", "GET", page).status_code == 200
    with site.app.app_context(), db.engine.begin() as connection:
        connection.execute(sa.text("DROP TABLE read_entries"))

    answer = site.send("hr", "GET", page)

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert "Uji learner" not in answer.get_data(as_text=True)


@pytest.fixture
def limited(site: Site, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """The same site with its limits on, counting in the process or in a store of one's choice."""
    with site.app.app_context():
        url = db.engine.url.render_as_string(hide_password=False)
    copy_keys(site.var, tmp_path / "limited")

    def start(**changes: Any) -> Any:
        app = new_app(url, tmp_path / "limited", limited=True, **changes)
        limiter.reset() if not changes else None
        return app.test_client()

    yield start
    limiter.enabled = False


def test_codes_are_looked_up_thirty_times_a_minute_and_address(site: Site, limited: Callable[..., Any]) -> None:
    client = limited()
    path = site.seed.path("/verify/<code>")

    statuses = [client.get(path, headers=MACHINE).status_code for _ in range(31)]

    assert statuses == [200] * 30 + [429]
    other = client.get(path, headers=MACHINE, environ_overrides={"REMOTE_ADDR": "192.0.2.7"})
    assert other.status_code == 200
    assert "KENARI" not in client.get(path).get_data(as_text=True)


def test_where_the_counters_store_is_away_the_answer_still_comes(
    site: Site, backend: str, limited: Callable[..., Any]
) -> None:
    client = limited(queue_url="redis://127.0.0.1:1/0")
    path = site.seed.path("/verify/<code>")

    somebody = {"REMOTE_ADDR": "192.0.2.8" if backend == "sqlite" else "192.0.2.9"}

    statuses = [client.get(path, headers=MACHINE, environ_overrides=somebody).status_code for _ in range(31)]

    assert statuses[:30] == [200] * 30, "and each process counts for itself"
    assert statuses[30] == 429


def test_only_what_cannot_be_stored_is_taken_out_of_a_remark() -> None:
    assert edge.clean("2026-11-25T05:00:00Z \u2028") == "2026-11-25T05:00:00Z \u2028"
    assert edge.clean(None) is None
    assert re.fullmatch("a\ufffd+b", edge.clean("a\x00\udfffb") or "")
