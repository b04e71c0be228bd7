"""What waits for HR's decision: found within reach only, confirmed row by row."""

from typing import Any

import pytest
from sqlalchemy import func, select

from elearn.competency import demands, pending, queries, services
from elearn.competency.rules import EvidenceState
from elearn.kernel.actor import Actor
from elearn.kernel.audit import AuditEntry
from elearn.kernel.errors import Forbidden, Invalid, NotFound
from elearn.kernel.ids import new_id
from elearn.kernel.page import PageRequest
from tests.factories.competency import NOON, TODAY, Staff, decision_claim, exam_claim, load_reference, make_staff

SYSTEM = Actor.system()
ALL = PageRequest(page_size=100)


@pytest.fixture
def staff(session: Any) -> Staff:
    load_reference()
    return make_staff()


def waiting(staff: Staff, **claim: Any) -> Any:
    (new,) = services.record_evidence([exam_claim(staff.person.id, **claim)], by=staff.learner, now=NOON)
    return new.id


def seen(actor: Actor, **how: Any) -> list[Any]:
    return [it.id for it in pending.pending_for(actor, ALL, on=TODAY, **how).items]


def test_only_what_is_proposed_and_within_the_officers_reach_waits(staff: Staff) -> None:
    first = waiting(staff)
    decided, gone = waiting(staff, competency_code="MAN-KOM"), waiting(staff, competency_code="MAN-INT")
    services.confirm_evidence(decided, by=staff.hr, now=NOON)
    services.reject_evidence(gone, reason="bukan", by=staff.hr, now=NOON)
    services.record_evidence([decision_claim(staff.person.id)], by=staff.hr, now=NOON)

    assert seen(staff.hr) == [first]
    assert pending.pending_count(staff.hr, on=TODAY) == 1
    assert seen(staff.other_hr) == seen(staff.supervisor) == seen(staff.learner) == []


def test_one_does_not_decide_about_oneself(staff: Staff) -> None:
    waiting(staff)
    as_hr = Actor(staff.person.id, staff.hr.grants, via="session")

    assert seen(as_hr) == []


def test_the_list_is_narrowed_by_unit_and_competency_and_sorted(staff: Staff) -> None:
    low, high = waiting(staff, level=1), waiting(staff, competency_code="MAN-KOM", level=2)

    assert seen(staff.hr, competency="MAN-KOM") == [high]
    assert seen(staff.hr, unit_id=staff.person.unit_id, sort="level") == [high, low]
    with pytest.raises(NotFound):
        seen(staff.hr, unit_id=new_id())


def test_chosen_rows_are_confirmed_with_an_entry_each_and_what_was_decided_meanwhile_is_left_alone(
    session: Any, staff: Staff
) -> None:
    rows = [waiting(staff), waiting(staff, competency_code="MAN-KOM"), waiting(staff, competency_code="MAN-INT")]
    services.reject_evidence(rows[2], reason="bukan", by=staff.hr, now=NOON)

    assert services.confirm_pending(rows, by=staff.hr, now=NOON) == 2

    entries = select(func.count()).where(AuditEntry.act == "evidence.confirm")
    assert session.scalar(entries) == 2
    assert queries.evidence_for_update(rows[2]).state is EvidenceState.REJECTED
    assert services.confirm_pending(rows, by=staff.hr, now=NOON) == 0


def test_a_row_out_of_reach_or_too_many_or_none_confirm_nothing(staff: Staff) -> None:
    row = waiting(staff)

    with pytest.raises(NotFound):
        services.confirm_pending([row], by=staff.other_hr, now=NOON)
    with pytest.raises(Forbidden):
        services.confirm_pending([row], by=staff.supervisor, now=NOON)
    with pytest.raises(Invalid, match="nothing_chosen"):
        services.confirm_pending([], by=staff.hr, now=NOON)
    with pytest.raises(Invalid, match="too_many"):
        services.confirm_pending([new_id() for _ in range(101)], by=staff.hr, now=NOON)
    assert queries.evidence_for_update(row).state is EvidenceState.PROPOSED


def test_a_position_shows_what_its_level_requires_and_what_it_sets_itself(staff: Staff) -> None:
    position_id = staff.person.position_id
    assert position_id is not None
    values: dict[str, Any] = {"effective_from": TODAY, "legal_basis": "SK uji", "by": SYSTEM, "now": NOON}

    services.set_position_requirement(position_id, "MAN-INT", 4, **values)

    found = {it.code: it for it in demands.demands_of(position_id, "pengawas", on=TODAY)}
    assert (found["MAN-INT"].by_level, found["MAN-INT"].required) == (2, 4)
    assert [(it.level, it.legal_basis) for it in found["MAN-INT"].overrides] == [(4, "SK uji")]
    assert (found["MAN-KOM"].required, found["MAN-KOM"].overrides) == (2, ())
    with pytest.raises(Invalid, match="requirement_same_day"):
        services.set_position_requirement(position_id, "MAN-INT", 3, **values)
