"""Who gets in by which route: every person against every line of the authorisation table, and who succeeds."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from elearn.kernel import installation as places
from elearn.kernel.audit import AuditEntry
from elearn.kernel.db import db
from tests.authorisation import Line, table
from tests.conftest import copied, new_app
from tests.factories.acts import ACTS, Act
from tests.factories.site import PEOPLE, Seed, Site

LINES = table()
UNSAFE = [line for line in LINES if not line.is_safe and line.face != "setup"]  # test_setup.py: nobody administers there
FACES = {
    "learner": frozenset(PEOPLE),
    "api": frozenset(PEOPLE),
    "public": frozenset(PEOPLE),
    "trainer": frozenset({"trainer", "officer"}),
    "hr": frozenset({"hr", "hr_b", "signer", "admin"}),
    "admin": frozenset({"admin"}),
}
OWNER = {
    "attempt_id": "other",
    "enrollment_id": "officer",
    "certificate_id": "learner",
    "session_id": "learner",
    "token_id": "learner",
}
ENROLLED = frozenset({"learner", "other", "signer", "officer"})
HOLDS = {"hr": "hr_officer", "hr_b": "hr_officer", "admin": "administrator", "signer": "certificate_signer"}
REACHED_BY = {"hr": "hr_officer", "admin": "administrator", "signer": "certificate_signer"}
OK = "ok"

_shared: dict[str, tuple[Site, places.Installation]] = {}


def by_line(line: Line) -> str:
    return f"{line.endpoint}-{line.method}"


@pytest.fixture
def shared(
    backend: str,
    filled: tuple[str, Seed, Path],
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> Iterator[Site]:
    """One application for all requests that change nothing."""
    if backend not in _shared:
        source, seed, var = filled
        url = copied(backend, source, tmp_path_factory.mktemp("shared") / "own.db", "shared_elearn", request)
        _shared[backend] = Site(new_app(url, var), seed, var), places.installation()
    site, place = _shared[backend]
    places.use(place)
    yield site
    with site.app.app_context():
        db.engine.dispose()


def expected(line: Line, who: str | None) -> str:
    """What the table says: ok, sign-in, or a status."""
    if line.face == "public":
        return OK
    if line.face == "door":
        return OK if who else "sign-in"
    if line.face == "setup":
        return "404"  # leads nowhere once somebody administers
    if line.face == "half":
        return "sign-in"  # opens only for whoever gave the right password: test_half_signed_in.py
    if who is None:
        return "401" if line.face == "api" or line.method == "PUT" else "sign-in"
    if who not in FACES[line.face]:
        return "403"
    if line.ownership == "own":
        owner = next(name for place, name in OWNER.items() if f":{place}>" in line.rule)
        owner = "learner" if line.endpoint in ("exams_learner.result", "exams_learner.receipt_file") else owner
        return OK if who == owner else line.stranger
    if line.ownership == "practice":  # the learner has begun one, nobody else
        return OK if who == "learner" else line.stranger
    if line.ownership == "enrolled":
        return OK if who in ENROLLED else line.stranger
    if line.ownership == "reach":
        if who == "learner" and line.face == "api":
            return OK
        if who not in REACHED_BY or (who == "signer" and "certificate_signer" not in line.roles):
            return line.stranger
        return OK if REACHED_BY[who] in line.roles.split() else "403"
    if line.ownership == "taught":  # both hold their role over everything; courses of their own: test_results.py
        return OK
    if line.ownership == "everywhere":
        return OK if who == "admin" else line.stranger
    return OK if line.roles == "-" or HOLDS.get(who) in line.roles.split() else "403"


def seen(answer: TestResponse) -> str:
    """What came: ok, sign-in, or a status."""
    if "/sign-in" in answer.headers.get("Location", ""):
        return "sign-in"
    fine = answer.status_code < 400 or answer.status_code in (409, 422)
    return OK if fine else str(answer.status_code)


def request_of(site: Site, line: Line, who: str | None, **changes: object) -> TestResponse:
    act = ACTS.get(line.endpoint, Act(None))
    body = {} if line.is_safe else act.body(site)
    return site.send(who, line.method, site.seed.path(line.rule, **act.changes(site) | changes), **body)


@pytest.mark.parametrize("line", LINES, ids=by_line)
def test_everybody_gets_what_the_table_says(shared: Site, line: Line) -> None:
    """What would change something is sent only by those who must be refused; the next test has those who succeed."""
    wanted = {who: expected(line, who) for who in (None, *PEOPLE)}
    asked = [who for who, verdict in wanted.items() if line.is_safe or verdict != OK]

    found = {who: seen(request_of(shared, line, who)) for who in asked}

    assert found == {who: wanted[who] for who in asked}


@pytest.mark.parametrize(
    "line",
    [it for it in LINES if it.stranger == "404" and it.ownership in ("own", "reach")],
    ids=by_line,
)
def test_what_is_anothers_looks_like_what_is_not_there(shared: Site, line: Line) -> None:
    stranger = next(who for who in PEOPLE if expected(line, who) == "404")
    place = line.rule.split("<uuid:")[1].split(">")[0]

    anothers = request_of(shared, line, stranger)
    nobodys = request_of(shared, line, stranger, **{place: shared.elsewhere()})

    assert (anothers.status_code, len(anothers.data)) == (nobodys.status_code, len(nobodys.data))


def entries(site: Site) -> list[str]:
    with site.app.app_context():
        found = list(db.session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)))
        db.session.remove()
    return found


@pytest.fixture
def acting(site: Site) -> Callable[[Line], tuple[TestResponse, list[str]]]:
    """Send the request that succeeds; gives the answer and the acts that it wrote."""

    def send(line: Line) -> tuple[TestResponse, list[str]]:
        act = ACTS[line.endpoint]
        act.prepare(site)
        body = act.body(site)
        before = len(entries(site))
        answer = site.send(act.by, line.method, site.seed.path(line.rule, **act.changes(site)), **body)
        return answer, entries(site)[before:]

    return send


@pytest.mark.parametrize("line", UNSAFE, ids=by_line)
def test_whoever_may_succeeds_and_leaves_the_one_entry_of_the_act(
    acting: Callable[[Line], tuple[TestResponse, list[str]]], line: Line
) -> None:
    answer, acts = acting(line)

    assert answer.status_code < 400, answer.get_data(as_text=True)[:800]
    assert acts == ([] if line.audit == "-" else [line.audit])


def test_reading_leaves_no_entry(shared: Site) -> None:
    def count() -> int:
        with shared.app.app_context():
            found = db.session.scalar(select(func.count()).select_from(AuditEntry)) or 0
            db.session.remove()
        return found

    before = count()
    for line in LINES:
        if line.is_safe:
            request_of(shared, line, "admin")
            request_of(shared, line, "learner")

    assert count() == before


PAGES = [line for line in UNSAFE if line.face != "api" and line.endpoint != "certs_public.verify_file"]


@pytest.mark.parametrize("line", PAGES, ids=by_line)
@pytest.mark.parametrize("token", ["none", "foreign"])
def test_no_page_takes_a_request_without_its_own_token(shared: Site, line: Line, token: str) -> None:
    act = ACTS[line.endpoint]
    stolen = {"X-CSRFToken": shared.seed.csrf["trainer" if act.by != "trainer" else "hr"]} if token == "foreign" else {}
    before = len(entries(shared))

    path = shared.seed.path(line.rule, **act.changes(shared))
    answer = shared.send(act.by, line.method, path, csrf=False, headers=stolen)

    assert answer.status_code == 400
    assert len(entries(shared)) == before


def test_the_api_takes_no_cookie(shared: Site) -> None:
    assert shared.visitor("admin").get("/api/v1/me").status_code == 401


def test_the_table_can_be_wrong_and_is_caught(shared: Site) -> None:
    """Negative control: a route that lets strangers in differs from the table."""
    line = next(it for it in LINES if it.endpoint == "exams_api.attempt")
    opened = Line(line.endpoint, line.method, line.rule, line.face, "-", "-", "-", "-")

    assert seen(request_of(shared, line, "learner")) == expected(line, "learner") == "404"
    assert expected(opened, "learner") == OK
