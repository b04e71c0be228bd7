"""Evidence becomes a level by a pure rule."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.competency import rules
from elearn.competency.rules import (
    Decision,
    EvidenceFact,
    EvidenceKind,
    EvidenceState,
    ReasonCode,
    StandingKind,
    Supervision,
)
from elearn.kernel.errors import Conflict
from tests.factories.competency import TODAY, evidence_fact

days = st.dates(min_value=TODAY - timedelta(days=2000), max_value=TODAY + timedelta(days=2000))


@st.composite
def pieces(draw: st.DrawFn) -> EvidenceFact:
    observed = draw(days)
    ends = draw(st.none() | st.dates(min_value=observed, max_value=observed + timedelta(days=1500)))
    state = draw(st.sampled_from(EvidenceState))
    return evidence_fact(draw(st.integers(1, 5)), state=state, observed_on=observed, valid_until=ends)


evidence_lists = st.lists(pieces(), max_size=8)


def test_nothing_shown_is_no_level() -> None:
    assert rules.level_from([], TODAY) == rules.Standing(0, 0, StandingKind.NONE)


def test_a_proposed_level_counts_as_achieved_but_not_as_confirmed() -> None:
    standing = rules.level_from([evidence_fact(3), evidence_fact(2, state="confirmed")], TODAY)

    assert (standing.achieved, standing.confirmed, standing.standing) == (3, 2, StandingKind.PROPOSED)


def test_at_the_same_level_confirmed_evidence_decides() -> None:
    standing = rules.level_from([evidence_fact(2), evidence_fact(2, state="confirmed")], TODAY)

    assert standing.standing is StandingKind.CONFIRMED


@pytest.mark.parametrize("state", ["rejected", "withdrawn"])
def test_what_hr_refused_does_not_count(state: str) -> None:
    assert rules.level_from([evidence_fact(4, state=state)], TODAY).achieved == 0


def test_evidence_counts_on_its_last_day_and_not_the_day_after() -> None:
    it = evidence_fact(2, valid_until=TODAY)

    assert rules.level_from([it], TODAY).achieved == 2
    assert rules.level_from([it], TODAY + timedelta(days=1)).achieved == 0


def test_evidence_does_not_count_before_it_was_observed() -> None:
    assert rules.level_from([evidence_fact(2)], TODAY - timedelta(days=1)).achieved == 0


@given(evidence_lists, days)
def test_the_level_is_that_of_some_valid_evidence_and_none_is_higher(evidence: list[EvidenceFact], on: date) -> None:
    standing = rules.level_from(evidence, on)
    valid = [it.level for it in evidence if it.is_valid(on)]

    assert standing.achieved == max(valid, default=0)
    assert 0 <= standing.confirmed <= standing.achieved
    assert (standing.standing is StandingKind.NONE) == (standing.achieved == 0)
    assert (standing.standing is StandingKind.CONFIRMED) == (0 < standing.achieved == standing.confirmed)


@given(evidence_lists, days, st.randoms())
def test_the_order_in_which_evidence_comes_changes_nothing(
    evidence: list[EvidenceFact], on: date, random: st.DataObject
) -> None:
    shuffled = list(evidence)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    assert rules.level_from(shuffled, on) == rules.level_from(evidence, on)


@given(evidence_lists, pieces(), days)
def test_more_evidence_never_lowers_a_level(evidence: list[EvidenceFact], more: EvidenceFact, on: date) -> None:
    before, after = rules.level_from(evidence, on), rules.level_from([*evidence, more], on)

    assert after.achieved >= before.achieved
    assert after.confirmed >= before.confirmed


@given(evidence_lists, days, st.integers(0, 5))
def test_every_standing_has_a_reason_with_the_evidence_it_speaks_of(
    evidence: list[EvidenceFact], on: date, required: int
) -> None:
    standing = rules.level_from(evidence, on)
    reason = rules.reason_for(required, standing, evidence, on)

    if reason.code is ReasonCode.NO_EVIDENCE:
        assert not [it for it in evidence if it.observed_on <= on]
    else:
        assert reason.values["evidence"] in evidence
        counted = (
            ReasonCode.PROPOSED,
            ReasonCode.PROPOSED_OVER_CONFIRMED,
            ReasonCode.CONFIRMED,
            ReasonCode.BORN_CONFIRMED,
        )
        assert (reason.code in counted) == (standing.achieved > 0)


def test_only_a_decision_of_hr_and_a_supervised_assessment_are_born_confirmed() -> None:
    born = {
        (kind, watched)
        for kind in EvidenceKind
        for watched in Supervision
        if rules.born_state(kind, watched) is EvidenceState.CONFIRMED
    }

    assert born == {
        (EvidenceKind.HR_DECISION, Supervision.SUPERVISED),
        (EvidenceKind.HR_DECISION, Supervision.UNSUPERVISED),
        (EvidenceKind.ASSESSMENT, Supervision.SUPERVISED),
    }


def test_unsupervised_evidence_is_capped_whatever_it_comes_from_but_hr() -> None:
    assert rules.is_capped(EvidenceKind.EXAM, Supervision.UNSUPERVISED)
    assert rules.is_capped(EvidenceKind.ASSESSMENT, Supervision.UNSUPERVISED)
    assert not rules.is_capped(EvidenceKind.EXAM, Supervision.SUPERVISED)
    assert not rules.is_capped(EvidenceKind.HR_DECISION, Supervision.UNSUPERVISED)


@pytest.mark.parametrize("decision", list(Decision))
def test_withdrawn_is_final(decision: Decision) -> None:
    with pytest.raises(Conflict, match="evidence_decided"):
        rules.state_after(EvidenceState.WITHDRAWN, decision)


def test_a_rejection_may_be_reconsidered() -> None:
    assert rules.state_after(EvidenceState.REJECTED, Decision.CONFIRM) is EvidenceState.CONFIRMED


@pytest.mark.parametrize(
    ("evidence", "on", "code"),
    [
        ([evidence_fact(2)], TODAY, ReasonCode.PROPOSED),
        ([evidence_fact(2), evidence_fact(1, state="confirmed")], TODAY, ReasonCode.PROPOSED_OVER_CONFIRMED),
        ([evidence_fact(2, state="confirmed")], TODAY, ReasonCode.BORN_CONFIRMED),
        ([evidence_fact(2, state="rejected")], TODAY, ReasonCode.REJECTED),
        ([evidence_fact(2, state="withdrawn")], TODAY, ReasonCode.WITHDRAWN),
        ([evidence_fact(2)], date(2030, 1, 1), ReasonCode.EXPIRED),
        ([], TODAY, ReasonCode.NO_EVIDENCE),
    ],
)
def test_the_reason_names_what_decides(evidence: list[EvidenceFact], on: date, code: ReasonCode) -> None:
    assert rules.reason_for(2, rules.level_from(evidence, on), evidence, on).code is code
