"""Evidence is recorded once, decided about by HR in reach, and never edited."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from elearn.competency import queries, services
from elearn.competency.models.evidence import Evidence, EvidenceDecision
from elearn.competency.rules import EvidenceState, StandingKind
from elearn.kernel.actor import Actor
from elearn.kernel.audit import AuditEntry
from elearn.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from elearn.kernel.ids import new_id
from tests.factories.competency import (
    NOON,
    TODAY,
    Staff,
    decision_claim,
    exam_claim,
    load_reference,
    make_staff,
)


@pytest.fixture
def staff(session: Any) -> Staff:
    load_reference()
    return make_staff()


def recorded(staff: Staff, **claim: Any) -> Evidence:
    """Exam evidence of the person, recorded in their own request as a passed exam does."""
    (new,) = services.record_evidence([exam_claim(staff.person.id, **claim)], by=staff.learner, now=NOON)
    return queries.evidence_for_update(new.id)


def count(session: Any, model: Any) -> int:
    return int(session.scalar(select(func.count()).select_from(model)))


def test_the_same_source_twice_is_one_piece_of_evidence(session: Any, staff: Staff) -> None:
    claims = [exam_claim(staff.person.id), exam_claim(staff.person.id, competency_code="MAN-KOM")]

    first = services.record_evidence(claims, by=staff.learner, now=NOON)
    again = services.record_evidence(claims, by=staff.learner, now=NOON)

    assert [it.competency_code for it in first] == ["MAN-PLP", "MAN-KOM"]
    assert again == ()
    assert count(session, Evidence) == 2


def test_a_half_recorded_source_is_completed(session: Any, staff: Staff) -> None:
    claim = exam_claim(staff.person.id)
    services.record_evidence([claim], by=staff.learner, now=NOON)
    other = exam_claim(staff.person.id, competency_code="MAN-KOM", source_id=claim.source_id)

    new = services.record_evidence([claim, other], by=staff.learner, now=NOON)

    assert [it.competency_code for it in new] == ["MAN-KOM"]


def test_an_unsupervised_exam_is_proposed_and_capped_by_the_dated_rule(staff: Staff) -> None:
    it = recorded(staff, level=4)

    assert (it.level, it.claimed_level, it.state) == (2, 4, EvidenceState.PROPOSED)


def test_a_supervised_exam_is_not_capped_and_still_waits_for_hr(staff: Staff) -> None:
    it = recorded(staff, level=4, supervision="supervised")

    assert (it.level, it.state) == (4, EvidenceState.PROPOSED)


def test_evidence_without_an_end_holds_for_the_years_of_the_dated_rule(staff: Staff) -> None:
    assert recorded(staff).valid_until == date(2029, 11, 25)
    assert recorded(staff, valid_until=TODAY).valid_until == TODAY


def test_a_decision_of_hr_is_born_confirmed_and_has_no_end(staff: Staff) -> None:
    (new,) = services.record_evidence([decision_claim(staff.person.id, 3)], by=staff.hr, now=NOON)

    assert (new.level, new.state, new.valid_until) == (3, EvidenceState.CONFIRMED, None)


@pytest.mark.parametrize("kind", ["hr_decision", "assessment"])
def test_nobody_claims_for_hr_but_hr_in_reach(staff: Staff, kind: str) -> None:
    claim = decision_claim(staff.person.id, 5, kind=kind)

    for by in (staff.learner, staff.other_hr, staff.supervisor):
        with pytest.raises(Forbidden, match="may_decide_evidence"):
            services.record_evidence([claim], by=by, now=NOON)


def test_hr_decides_no_level_of_their_own(staff: Staff) -> None:
    assert staff.hr.employee_id is not None
    with pytest.raises(Forbidden):
        services.record_evidence([decision_claim(staff.hr.employee_id)], by=staff.hr, now=NOON)


@pytest.mark.parametrize(
    ("claim", "code"),
    [
        ({"competency_code": "MAN-XXX"}, "unknown_competency"),
        ({"level": 6}, "level_unknown"),
        ({"score_bp": 10_001}, "score_unknown"),
        ({"valid_until": date(2026, 11, 24)}, "validity_ends_early"),
    ],
)
def test_a_claim_that_makes_no_sense_is_refused(staff: Staff, claim: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid, match=code):
        recorded(staff, **claim)


def test_confirming_raises_the_confirmed_level_and_is_audited_once(session: Any, staff: Staff) -> None:
    it = recorded(staff)

    for _ in range(2):
        services.confirm_evidence(it.id, reason="Sesuai", by=staff.hr, now=NOON)

    item = _item(staff)
    assert (item.achieved, item.confirmed, item.standing) == (2, 2, StandingKind.CONFIRMED)
    assert count(session, EvidenceDecision) == 1
    acts = session.scalars(select(AuditEntry.act).where(AuditEntry.subject_type == "evidence")).all()
    assert acts == ["evidence.confirm"]


def test_a_rejected_level_does_not_count_and_the_profile_says_why(staff: Staff) -> None:
    it = recorded(staff)

    services.reject_evidence(it.id, reason="Bukan jabatannya", by=staff.hr, now=NOON)

    item = _item(staff)
    assert (item.achieved, item.gap, item.reason.code) == (0, 2, "rejected")
    assert item.evidence[0].decided_reason == "Bukan jabatannya"


def test_a_withdrawn_level_stays_withdrawn(staff: Staff) -> None:
    it = recorded(staff)
    services.confirm_evidence(it.id, by=staff.hr, now=NOON)
    services.withdraw_evidence(it.id, reason="Ujian dibatalkan", by=staff.hr, now=NOON)

    with pytest.raises(Conflict, match="evidence_decided"):
        services.confirm_evidence(it.id, by=staff.hr, now=NOON)
    assert _item(staff).achieved == 0


@pytest.mark.parametrize("decide", [services.reject_evidence, services.withdraw_evidence])
def test_refusing_needs_a_reason(session: Any, staff: Staff, decide: Any) -> None:
    it = recorded(staff)

    with pytest.raises(Invalid, match="reason_required"):
        decide(it.id, reason="  ", by=staff.hr, now=NOON)
    assert count(session, EvidenceDecision) == 0


@pytest.mark.parametrize(("who", "refusal"), [("learner", Forbidden), ("supervisor", Forbidden), ("other_hr", NotFound)])
def test_only_hr_in_reach_decides(staff: Staff, who: str, refusal: type[Exception]) -> None:
    it = recorded(staff)

    with pytest.raises(refusal):
        services.confirm_evidence(it.id, by=getattr(staff, who), now=NOON)


def test_hr_decides_nothing_about_themselves(staff: Staff) -> None:
    assert staff.hr.employee_id is not None
    claim = exam_claim(staff.hr.employee_id)
    (new,) = services.record_evidence([claim], by=staff.hr, now=NOON)

    with pytest.raises(Forbidden):
        services.confirm_evidence(new.id, by=staff.hr, now=NOON)


def test_evidence_is_found_through_its_person(staff: Staff) -> None:
    it = recorded(staff)

    with pytest.raises(NotFound):
        services.confirm_evidence(it.id, by=staff.hr, now=NOON, employee_id=new_id())
    with pytest.raises(NotFound):
        services.confirm_evidence(new_id(), by=Actor.system(), now=NOON)


def _item(staff: Staff) -> Any:
    items = queries.profile_of(staff.person, on=TODAY).items
    return next(it for it in items if it.competency == "MAN-PLP")
