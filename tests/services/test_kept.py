"""Reference rows kept in the process are read once, and never told after they were changed, here or elsewhere."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, select, text, update
from sqlalchemy.engine import Engine

from elearn.kernel import kept
from elearn.kernel.db import db
from elearn.kernel.settings import DatedRule, rule_value

KEY, ON = "exam.max_attempts", date(2026, 11, 25)
LATER = date(2027, 1, 1)


@pytest.fixture
def reads(session: Any) -> Any:
    """How often the table of rules was read."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "FROM dated_rules" in statement:
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield seen
    event.remove(Engine, "before_cursor_execute", note)


def plan(value: object) -> None:
    db.session.add(DatedRule.set_here(KEY, value, LATER, "uji"))


def test_rules_are_read_once_for_many_requests(reads: list[str]) -> None:
    rule_value(KEY, ON)
    reads.clear()

    assert rule_value(KEY, ON) == rule_value(KEY, ON)
    assert reads == []


def test_what_this_transaction_changed_is_told_before_it_is_flushed(session: Any) -> None:
    before = rule_value(KEY, LATER)
    plan(before + 7)

    assert rule_value(KEY, LATER) == before + 7


def test_a_change_by_statement_is_told_where_it_is_said(session: Any) -> None:
    before = rule_value(KEY, ON)
    db.session.execute(update(DatedRule).where(DatedRule.key == KEY).values(value="99"))
    kept.changed()

    assert rule_value(KEY, ON) == 99 != before


def test_what_was_rolled_back_is_not_told(session: Any) -> None:
    before = rule_value(KEY, LATER)
    savepoint = db.session.begin_nested()
    plan(before + 7)
    assert rule_value(KEY, LATER) == before + 7
    savepoint.rollback()

    assert rule_value(KEY, LATER) == before


def test_a_change_by_another_process_is_told_in_the_next_transaction(session: Any) -> None:
    """Another process writes rows and stamp; here nothing but the stamp can tell of it."""
    before = rule_value(KEY, ON)
    connection = db.session.connection()
    connection.execute(text("UPDATE dated_rules SET value = '77' WHERE key = :key"), {"key": KEY})
    assert rule_value(KEY, ON) == before, "control: without the stamp it would go unnoticed"
    connection.execute(
        kept.ReferenceStamp.__table__.update().values(stamp=UUID(int=7))  # type: ignore[attr-defined]
    )
    db.session().info.pop(kept.KEY)

    assert rule_value(KEY, ON) == 77


def test_of_what_is_not_kept_nothing_is_said(session: Any) -> None:
    stamp = db.session.scalar(select(kept.ReferenceStamp.stamp))
    from elearn.kernel import audit
    from elearn.kernel.actor import Actor
    from tests.conftest import NOON

    audit.record("uji", "uji", 1, by=Actor.system(), now=NOON)
    db.session.flush()
    assert db.session.scalar(select(kept.ReferenceStamp.stamp)) == stamp
