"""Dated rules are changed by a new row from a day on; nothing changes a value that is in force."""

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import select

from elearn.app import ElearnFlask
from elearn.competency import services as competencies
from elearn.kernel.actor import Actor, Grant, Role
from elearn.kernel.audit import AuditEntry
from elearn.kernel.db import db
from elearn.kernel.errors import Conflict, Forbidden, Invalid
from elearn.kernel.ids import new_id
from elearn.kernel.settings import rule_value
from elearn.workflows import ruling
from tests.factories.competency import NOON, REFERENCE, TODAY

SYSTEM = Actor.system()
KEY = "exam.max_attempts"
LATER = date(2027, 1, 1)


def set_rule(value: object, *, key: str = KEY, from_on: date = LATER, basis: str = "SK uji", by: Actor = SYSTEM) -> Any:
    return ruling.set_rule(key, value, from_on=from_on, basis=basis, by=by, now=NOON)


def actor(role: Role, unit_path: str | None = None) -> Actor:
    return Actor(new_id(), frozenset({Grant(role, unit_path)}), via="session")


def rules_file(folder: Path, **row: Any) -> Path:
    """The shipped rules with another row of our rule, or with its row changed where the day is the same."""
    shutil.copytree(REFERENCE, folder)
    file = folder / "rules.yaml"
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    own = next(it for it in content["rules"] if it["key"] == KEY)
    others = [it for it in content["rules"] if it is not own or "effective_from" in row]
    content["rules"] = [*others, own | row]
    file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return folder


def load(folder: Path) -> Any:
    return competencies.load_rules(folder, by=SYSTEM, now=NOON)


def test_a_new_value_holds_from_its_day_on_and_is_audited_once(session: Any) -> None:
    assert set_rule(2) == 3

    assert (rule_value(KEY, TODAY), rule_value(KEY, LATER)) == (3, 2)
    (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.act == "rule.set"))
    assert (entry.subject_id, '"was":3' in entry.details, "SK uji" in entry.details) == (KEY, True, True)


def test_today_is_the_earliest_day_and_a_day_that_began_is_not_changed_again(session: Any) -> None:
    with pytest.raises(Invalid, match="from_past"):
        set_rule(2, from_on=date(2026, 11, 24))
    set_rule(2, from_on=TODAY)

    assert rule_value(KEY, TODAY) == 2
    with pytest.raises(Conflict, match="rule_in_force"):
        set_rule(4, from_on=TODAY)


def test_a_day_that_is_still_ahead_can_be_set_anew(session: Any) -> None:
    set_rule(2)
    set_rule(5)

    assert rule_value(KEY, LATER) == 5


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("tidak.ada", 1, "unknown_rule"),
        (KEY, "2", "value_of_another_kind"),
        (KEY, 2.5, "value_of_another_kind"),
        (KEY, True, "value_of_another_kind"),
        (KEY, None, "value_of_another_kind"),
        (KEY, [2], "value_of_another_kind"),
        (KEY, 0, "value_out_of_range"),
        (KEY, -1, "value_out_of_range"),
        (KEY, 2**40, "value_out_of_range"),
        ("reading.words_per_minute", 0, "value_out_of_range"),
        ("lesson_hours.target.pns", 24, "value_of_another_kind"),
        ("lesson_hours.target.pns", {"lesson_hours": 24}, "value_of_another_kind"),
        ("lesson_hours.target.pns", {"lesson_hours": "24", "enforcement": "warn"}, "value_of_another_kind"),
        ("certificate.validity_years", "tiga", "value_of_another_kind"),
    ],
)
def test_a_value_of_another_kind_or_out_of_all_bounds_is_refused(session: Any, key: str, value: object, code: str) -> None:
    with pytest.raises(Invalid, match=code):
        set_rule(value, key=key)


def test_a_value_of_the_same_kind_is_taken(session: Any) -> None:
    """Negative control of the refusals; what may be empty may become a number, and empty again."""
    set_rule({"lesson_hours": 24, "enforcement": "warn"}, key="lesson_hours.target.pns")
    set_rule(3, key="certificate.validity_years")
    set_rule(None, key="certificate.validity_years", from_on=date(2028, 1, 1))

    assert rule_value("lesson_hours.target.pns", LATER)["lesson_hours"] == 24
    assert rule_value("certificate.validity_years", LATER) == 3
    assert rule_value("certificate.validity_years", date(2028, 1, 1)) is None


def test_a_basis_is_asked_for(session: Any) -> None:
    with pytest.raises(Invalid, match="legal_basis_required"):
        set_rule(2, basis=" \x00 ")


def test_only_who_answers_for_all_agencies_sets_and_lists_rules(session: Any) -> None:
    for by in (actor(Role.HR_OFFICER, "/a/"), actor(Role.TRAINER), Actor.anonymous()):
        with pytest.raises(Forbidden):
            set_rule(2, by=by)
        with pytest.raises(Forbidden):
            ruling.rules_stated(by=by, now=NOON)
    set_rule(2, by=actor(Role.HR_OFFICER))
    set_rule(2, by=actor(Role.ADMINISTRATOR))


def test_the_list_says_what_holds_what_is_planned_and_what_is_past(session: Any) -> None:
    set_rule(2, from_on=TODAY)
    set_rule(4)

    lines = [it for it in ruling.rules_stated(by=SYSTEM, now=NOON) if it.key == KEY]

    assert [(it.value, it.standing, it.is_set_here) for it in lines] == [
        (3, "past", False),
        (2, "in force", True),
        (4, "planned", True),
    ]


def test_loading_changes_no_value_in_force_and_says_what_to_do(session: Any, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="rules_differ") as refusal:
        load(rules_file(tmp_path / "r", value=9))

    (problem,) = refusal.value.details["problems"]  # type: ignore[misc]
    assert (problem["file"], problem["place"]) == ("rules.yaml", f"{KEY} 2026-01-01")
    assert "is 3, this file says 9; leave this row, and add one with the new value and a later" in problem["reason"]
    assert rule_value(KEY, TODAY) == 3


def test_loading_may_correct_words_and_what_is_still_ahead(session: Any, tmp_path: Path) -> None:
    load(rules_file(tmp_path / "1", effective_from=LATER, value=4))

    report = load(rules_file(tmp_path / "2", effective_from=LATER, value=5))
    words = load(rules_file(tmp_path / "3", note="Kata lain"))

    assert (report.changed, rule_value(KEY, LATER)) == ((f"{KEY} 2027-01-01: value",), 5)
    assert words.changed == (f"{KEY} 2026-01-01: note",)


def test_loading_overwrites_nothing_that_was_set_here(session: Any, tmp_path: Path) -> None:
    set_rule(4)

    with pytest.raises(Invalid, match="rules_differ") as refusal:
        load(rules_file(tmp_path / "1", effective_from=LATER, value=5))
    same = load(rules_file(tmp_path / "2", effective_from=LATER, value=4, legal_basis="Lain"))

    assert "it was set here and is 4, this file says 5; take this row out" in str(refusal.value.details)
    assert not same.has_changes


def test_the_operator_lists_and_sets_rules(app: ElearnFlask, at: Any) -> None:
    at(NOON)
    run = app.test_cli_runner().invoke

    done = run(args=["rules", "set", KEY, "2", "--from", "2027-01-01", "--basis", "SK 7/2026"])
    wrong = run(args=["rules", "set", KEY, "dua", "--from", "2027-01-01", "--basis", "SK 7/2026"])
    listed = run(args=["rules", "list"])

    assert (done.exit_code, done.output) == (0, f"{KEY}: 3 until then, 2 from 2027-01-01\n")
    assert (wrong.exit_code, "value_of_another_kind" in wrong.output) == (1, True)
    assert f"{KEY} = 3: in force from 2026-01-01" in listed.output
    assert f"{KEY} = 2: planned from 2027-01-01; SK 7/2026 (set here)" in listed.output


def test_the_operator_is_told_what_a_load_would_have_changed(app: ElearnFlask, at: Any, tmp_path: Path) -> None:
    at(NOON)
    done = app.test_cli_runner().invoke(args=["reference", "load", str(rules_file(tmp_path / "r", value=9))])

    assert done.exit_code == 1
    assert f"rules.yaml: {KEY} 2026-01-01: it is in force" in done.output
    with app.app_context():
        assert rule_value(KEY, TODAY) == 3
        db.session.remove()
