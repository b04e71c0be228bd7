"""Requirements, gaps, the match with a position and the lesson hours of a year are pure rules."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.competency import rules
from elearn.competency.rules import LessonHoursState, RequirementFact, YearBasis
from elearn.kernel.ids import new_id
from tests.factories.competency import TODAY

PLP, KOM = new_id(), new_id()


def required(
    competency_id: UUID,
    level: int,
    *,
    position: bool = False,
    since: date = date(2018, 1, 1),
    until: date | None = None,
) -> RequirementFact:
    return RequirementFact(competency_id, level, position, since, until)


def test_a_positions_own_row_overrides_that_of_its_level_also_downwards() -> None:
    rows = [required(PLP, 2, position=True), required(PLP, 3, since=date(2025, 1, 1)), required(KOM, 3)]

    assert rules.required_levels(rows, TODAY) == {PLP: 2, KOM: 3}


def test_a_newer_row_overrides_an_older_from_its_first_day() -> None:
    rows = [required(PLP, 3, since=TODAY), required(PLP, 2)]

    assert rules.required_levels(rows, TODAY) == {PLP: 3}
    assert rules.required_levels(rows, TODAY - timedelta(days=1)) == {PLP: 2}


def test_a_row_requires_nothing_after_its_last_day() -> None:
    rows = [required(PLP, 2, until=TODAY)]

    assert rules.required_levels(rows, TODAY) == {PLP: 2}
    assert rules.required_levels(rows, TODAY + timedelta(days=1)) == {}


@given(st.integers(0, 5), st.integers(0, 5))
def test_a_gap_is_never_below_zero(wanted: int, reached: int) -> None:
    gap = rules.gap_of(wanted, reached)

    assert gap >= 0
    assert (gap == 0) == (reached >= wanted)


levels = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=12)


@given(levels)
def test_a_full_match_leaves_no_gap_and_a_gap_no_full_match(pairs: list[tuple[int, int]]) -> None:
    match = rules.job_person_match(pairs)
    has_gap = any(rules.gap_of(wanted, reached) for wanted, reached in pairs)

    if match is None:
        assert not any(wanted for wanted, _ in pairs)
    else:
        assert 0 <= match <= 10_000
        assert (match == 10_000) == (not has_gap)


@given(levels)
def test_capping_never_raises_the_match(pairs: list[tuple[int, int]]) -> None:
    capped = rules.job_person_match(pairs)
    free = rules.job_person_match(pairs, is_capped_each=False)

    assert (capped is None) == (free is None)
    assert capped is None or free is None or capped <= free


def test_the_match_is_rounded_down() -> None:
    assert rules.job_person_match([(3, 2)]) == 6666


def test_a_surplus_hides_a_gap_only_where_levels_are_not_capped() -> None:
    assert rules.job_person_match([(2, 1), (2, 3)]) == 7500
    assert rules.job_person_match([(2, 1), (2, 3)], is_capped_each=False) == 10_000


@pytest.mark.parametrize(
    ("earned", "target", "cap", "state"),
    [
        (19, 20, None, LessonHoursState.SHORT),
        (20, 20, None, LessonHoursState.REACHED),
        (24, None, 24, LessonHoursState.WITHIN_CAP),
        (25, None, 24, LessonHoursState.OVER_CAP),
    ],
)
def test_lesson_hours_against_the_duty(earned: int, target: int | None, cap: int | None, state: LessonHoursState) -> None:
    assert rules.lesson_hours_state(earned, target, cap) is state


def test_permanent_staff_count_by_calendar_year() -> None:
    year = rules.duty_year(2026, is_contract=False)

    assert (year.first, year.last) == (date(2026, 1, 1), date(2026, 12, 31))
    assert year.basis is YearBasis.CALENDAR_YEAR


def test_contract_staff_count_by_contract_year() -> None:
    year = rules.duty_year(2026, is_contract=True, contract_start=date(2024, 3, 1))

    assert (year.first, year.last) == (date(2026, 3, 1), date(2027, 2, 28))
    assert year.basis is YearBasis.CONTRACT_YEAR


def test_without_the_contracts_first_day_the_calendar_year_stands_in_and_says_so() -> None:
    assert rules.duty_year(2026, is_contract=True).basis is YearBasis.CALENDAR_YEAR_ASSUMED


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2026, 12, 31)), st.integers(2027, 2060))
def test_contract_years_follow_one_another_without_hole_or_overlap(start: date, year: int) -> None:
    this = rules.duty_year(year, is_contract=True, contract_start=start)
    following = rules.duty_year(year + 1, is_contract=True, contract_start=start)

    assert this.last + timedelta(days=1) == following.first


def test_a_leap_day_is_28_february_in_common_years() -> None:
    assert rules.years_later(date(2024, 2, 29), 3) == date(2027, 2, 28)
