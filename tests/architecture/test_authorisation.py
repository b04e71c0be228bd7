"""Every route is in the checked-in authorisation table, or the build fails."""

from pathlib import Path

from tests.authorisation import Line, table
from tests.conftest import new_app

FACES = {"public", "door", "half", "setup", "learner", "trainer", "hr", "admin", "api"}
OWNERSHIPS = {"-", "own", "reach", "enrolled", "practice", "everywhere", "token", "taught"}


def routes(tmp_path: Path) -> set[tuple[str, str, str]]:
    app = new_app(f"sqlite:///{tmp_path / 'none.db'}", tmp_path)
    return {
        (rule.endpoint, method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def listed() -> set[tuple[str, str, str]]:
    return {(line.endpoint, line.method, line.rule) for line in table()}


def test_every_route_is_in_the_table_and_none_vanished(tmp_path: Path) -> None:
    there = routes(tmp_path)

    assert sorted(there - listed()) == [], "add them to tests/architecture/authorisation.csv"
    assert sorted(listed() - there) == [], "take them out of tests/architecture/authorisation.csv"


def test_a_route_that_is_not_listed_is_caught(tmp_path: Path) -> None:
    app = new_app(f"sqlite:///{tmp_path / 'none.db'}", tmp_path)
    app.add_url_rule("/planted", "planted", lambda: "")
    there = {(rule.endpoint, "GET", rule.rule) for rule in app.url_map.iter_rules()}

    assert ("planted", "GET", "/planted") in there - listed()


def test_the_table_speaks_in_known_words() -> None:
    assert {line.face for line in table()} <= FACES
    assert {line.ownership for line in table()} <= OWNERSHIPS
    assert [line.key for line in table() if line.is_safe and line.audit != "-"] == []
    assert [line.key for line in table() if (line.ownership == "-") != (line.stranger == "-")] == []


def test_reading_and_writing_do_not_share_a_door() -> None:
    """What takes an id and writes says whose it must be; administrators alone reach everything."""

    def is_guarded(line: Line) -> bool:
        return line.ownership != "-" or line.face == "admin" or "<" not in line.rule

    assert [line.key for line in table() if not line.is_safe and not is_guarded(line)] == []
