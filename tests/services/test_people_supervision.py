"""Supervision ends with the supervisor's posting in the unit: no one keeps seeing records from a former chair."""

from collections.abc import Callable
from datetime import timedelta
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from elearn.kernel.actor import Role
from elearn.kernel.audit import AuditEntry
from elearn.kernel.errors import Forbidden, Invalid, NotFound
from elearn.people import personnel, queries
from elearn.people.facts.staff import NewPosting
from elearn.people.services import accounts, staff
from tests.factories.people import NOON, SYSTEM, TODAY, Town, actor_of, hire, make_town, officer


@pytest.fixture
def town(session: Any) -> Town:
    return make_town()


class Office:
    """A boss in unit A, two reports, and the reference model of whose record the boss may see."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.boss = hire(town, town.a, name="Kepala")
        self.near = hire(town, town.a_section, name="Dekat", supervisor_id=self.boss)
        self.far = hire(town, town.b, name="Jauh", supervisor_id=self.boss)
        self.boss_unit: UUID | None = town.a
        self.supervised = {self.near, self.far}

    def seen(self) -> set[UUID]:
        """Whose records the boss can open."""
        found = set()
        for employee_id in (self.near, self.far):
            try:
                queries.person_visible_to(actor_of(self.boss), employee_id, on=TODAY)
                found.add(employee_id)
            except NotFound:
                pass
        return found

    def move_boss(self, unit_id: UUID) -> None:
        if self.boss_unit is None:
            return
        staff.move(self.boss, NewPosting(unit_id, self.town.position_id), by=SYSTEM, now=NOON)
        if unit_id != self.boss_unit:
            self.supervised = set()
        self.boss_unit = unit_id

    def move_report(self, supervisor_id: UUID | None) -> None:
        if supervisor_id is not None and self.boss_unit is None:
            return
        staff.move(self.near, NewPosting(self.town.b, self.town.position_id, supervisor_id), by=SYSTEM, now=NOON)
        self.supervised = self.supervised - {self.near} | ({self.near} if supervisor_id else set())

    def let_the_boss_go(self) -> None:
        if self.boss_unit is None:
            return
        staff.leave(self.boss, by=SYSTEM, now=NOON)
        self.boss_unit, self.supervised = None, set()


Step = Callable[[Office], None]
STEPS: dict[str, Step] = {
    "boss to b": lambda it: it.move_boss(it.town.b),
    "boss below": lambda it: it.move_boss(it.town.a_section),
    "boss stays": lambda it: it.move_boss(it.boss_unit or it.town.a),
    "report away": lambda it: it.move_report(None),
    "report kept": lambda it: it.move_report(it.boss),
    "boss leaves": lambda it: it.let_the_boss_go(),
}


@pytest.mark.parametrize(("first", "second"), list(product(STEPS, STEPS)))
def test_after_any_two_steps_the_boss_sees_whom_the_reference_model_says(town: Town, first: str, second: str) -> None:
    office = Office(town)

    STEPS[first](office)
    assert office.seen() == office.supervised
    STEPS[second](office)

    assert office.seen() == office.supervised


def test_supervision_that_survives_a_transfer_is_caught(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: without the ending the model and the product differ."""
    monkeypatch.setattr(staff, "_end_supervision", lambda _boss, _day, _spared: ())
    office = Office(town)

    STEPS["boss to b"](office)

    assert office.supervised == set()
    assert office.seen() == {office.near, office.far}


def test_the_former_supervisor_stays_in_the_history_and_the_entry_names_who_was_freed(session: Any, town: Town) -> None:
    office = Office(town)

    moved = staff.move(office.boss, NewPosting(town.b, town.position_id), by=SYSTEM, now=NOON)

    history = personnel.postings_of(office.near)
    assert [(it.supervisor_name, it.from_on) for it in history][0] == (None, TODAY)
    assert (history[1].supervisor_name, history[1].to_on) == ("Kepala", TODAY - timedelta(days=1))
    assert set(moved.unsupervised_ids) == {office.near, office.far}
    entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "person.move")).one()
    assert str(office.near) in entry.details


def test_hr_of_one_unit_cannot_become_a_boss_whose_reports_work_elsewhere(town: Town) -> None:
    office, hr = Office(town), officer(town, Role.HR_OFFICER, town.a)

    with pytest.raises(Forbidden, match="may_issue_code"):
        accounts.issue_code(office.boss, by=hr, now=NOON)
    staff.move(office.far, NewPosting(town.b, town.position_id), by=SYSTEM, now=NOON)
    assert accounts.issue_code(office.boss, by=hr, now=NOON)


def test_another_position_in_the_same_unit_frees_nobody(town: Town) -> None:
    office = Office(town)

    assert staff.move(office.boss, NewPosting(town.a, town.position_id), by=SYSTEM, now=NOON).unsupervised_ids == ()


def test_a_supervisor_works_in_the_same_agency_and_is_at_work(town: Town) -> None:
    elsewhere = make_town("LAIN")
    stranger, gone = hire(elsewhere, elsewhere.a), hire(town, town.a)
    staff.leave(gone, by=SYSTEM, now=NOON)

    for supervisor_id in (stranger, gone):
        with pytest.raises(Invalid, match="supervisor_unknown"):
            hire(town, town.a, supervisor_id=supervisor_id)
