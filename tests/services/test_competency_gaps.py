"""Who lacks which level: the database counts as the rules do, and within reach only."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from elearn.competency import gaps, queries, services
from elearn.kernel.actor import Actor
from elearn.kernel.errors import NotFound
from elearn.kernel.ids import new_id
from elearn.kernel.page import PageRequest
from elearn.people import queries as people
from elearn.people.facts.staff import Unit
from tests.factories.competency import NOON, TODAY, Staff, decision_claim, exam_claim, load_reference, make_staff

SYSTEM = Actor.system()
ALL = PageRequest(page_size=100)


@pytest.fixture
def staff(session: Any) -> Staff:
    load_reference()
    return make_staff()


def record(staff: Staff, code: str, level: int, **claim: Any) -> Any:
    new = exam_claim(staff.person.id, competency_code=code, level=level, **claim)
    return services.record_evidence([new], by=staff.learner, now=NOON)[0].id


def require(staff: Staff, code: str, level: int, from_on: date = TODAY) -> None:
    assert staff.person.position_id is not None
    services.set_position_requirement(
        staff.person.position_id, code, level, effective_from=from_on, legal_basis="SK uji", by=SYSTEM, now=NOON
    )


def listed(actor: Actor, **asked: Any) -> list[gaps.PersonGaps]:
    return list(gaps.people_with_gaps(actor, gaps.Wanted(**asked), ALL, on=TODAY).items)


def of_person(staff: Staff) -> gaps.PersonGaps:
    return next(it for it in listed(staff.hr, show="all") if it.employee_id == staff.person.id)


def test_the_database_counts_as_the_rules_do(staff: Staff) -> None:
    """Proposed, confirmed, rejected, withdrawn, lapsed and not yet observed; overridden, lifted and future demands."""
    record(staff, "MAN-INT", 2)
    record(staff, "MAN-INT", 1)
    services.confirm_evidence(record(staff, "MAN-KSM", 1), by=staff.hr, now=NOON)
    services.reject_evidence(record(staff, "MAN-KOM", 2), reason="bukan", by=staff.hr, now=NOON)
    again = record(staff, "MAN-OPH", 2)
    services.reject_evidence(again, reason="bukan", by=staff.hr, now=NOON)
    services.confirm_evidence(again, by=staff.hr, now=NOON)
    withdrawn = record(staff, "MAN-PLP", 2)
    services.confirm_evidence(withdrawn, by=staff.hr, now=NOON)
    services.withdraw_evidence(withdrawn, reason="keliru", by=staff.hr, now=NOON)
    record(staff, "MAN-PRB", 2, observed_on=date(2020, 1, 1), valid_until=date(2021, 1, 1))
    services.record_evidence([decision_claim(staff.person.id, competency_code="MAN-PDO")], by=staff.hr, now=NOON)
    require(staff, "MAN-KSM", 4)
    require(staff, "MAN-KPT", 0)
    require(staff, "MAN-INT", 5, date(2027, 1, 1))

    counted = {(it.code, it.required, it.achieved, it.gap) for it in of_person(staff).needs}

    profile = queries.profile_of(staff.person, on=TODAY)
    ruled = {(it.competency, it.required, it.achieved, it.gap) for it in profile.items if it.required}
    assert counted == ruled
    by_code = {code: (required, achieved) for code, required, achieved, _ in counted}
    assert by_code["MAN-KSM"] == (4, 1)
    assert by_code["MAN-KOM"][1] == by_code["MAN-PLP"][1] == by_code["MAN-PRB"][1] == 0
    assert by_code["MAN-OPH"][1] == 2
    assert "MAN-KPT" not in by_code


def test_only_people_in_reach_are_listed_and_counted(staff: Staff) -> None:
    assert staff.person.id in {it.employee_id for it in listed(staff.hr)}
    assert staff.person.id in {it.employee_id for it in listed(staff.supervisor)}
    assert staff.person.id not in {it.employee_id for it in listed(staff.other_hr)}
    assert listed(staff.learner) == []
    assert {it.unit_id for it in gaps.counts_by_unit(staff.hr, on=TODAY)} == {staff.person.unit_id}
    assert gaps.counts_by_unit(staff.learner, on=TODAY) == gaps.widest(staff.learner, on=TODAY) == ()


def below(path: str, units: Iterable[Unit]) -> set[UUID]:
    return {it.id for it in units if it.path.startswith(path)}


def test_units_count_all_who_work_below_them(staff: Staff) -> None:
    units = people.units_visible_to(staff.hr)
    before = gaps.needs_by_unit(staff.hr, units, on=TODAY)
    record(staff, "MAN-INT", of_person(staff).needs[0].required)
    after = gaps.needs_by_unit(staff.hr, units, on=TODAY)
    own = staff.person.unit_id
    assert own is not None

    assert {unit_id for unit_id, _code in before} == {it.id for it in units if own in below(it.path, units)}
    assert before[own, "MAN-INT"].lacking - after[own, "MAN-INT"].lacking == 1
    assert before[own, gaps.OVERALL].people == after[own, gaps.OVERALL].people == before[own, "MAN-INT"].people
    assert gaps.needs_by_unit(staff.learner, units, on=TODAY) == {}


def test_the_list_is_narrowed_and_the_widest_gap_comes_first(staff: Staff) -> None:
    before = next(it for it in gaps.widest(staff.hr, on=TODAY, limit=50) if it.code == "MAN-INT").lacking
    record(staff, "MAN-INT", of_person(staff).needs[0].required)

    assert listed(staff.hr)[-1].employee_id == staff.person.id, "whoever lacks least comes last"
    assert staff.person.id not in {it.employee_id for it in listed(staff.hr, competency="MAN-INT")}
    assert [it.employee_id for it in listed(staff.hr, competency="MAN-INT", show="met")] == [staff.person.id]
    assert {it.code: it.lacking for it in gaps.widest(staff.hr, on=TODAY, limit=50)}["MAN-INT"] == before - 1
    assert [it.name for it in listed(staff.hr, search="tidak ada")] == []
    with pytest.raises(NotFound):
        listed(staff.hr, unit_id=new_id())
