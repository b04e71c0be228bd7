"""A profile joins requirements, evidence and lesson hours, in few statements."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event

from elearn.competency import queries, services
from elearn.competency.rules import LessonHoursState, YearBasis
from elearn.kernel.actor import Actor
from elearn.kernel.db import db
from elearn.kernel.errors import Forbidden, Invalid
from elearn.kernel.page import PageRequest
from elearn.people.rules import EmploymentType
from tests.factories.competency import (
    NOON,
    TODAY,
    Staff,
    decision_claim,
    exam_claim,
    lesson_hours_claim,
    load_reference,
    make_staff,
)


@pytest.fixture
def staff(session: Any) -> Staff:
    load_reference()
    return make_staff()


@contextmanager
def counted_statements() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    engine = db.session.get_bind().engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_a_profile_takes_four_statements_however_much_it_holds(session: Any, staff: Staff) -> None:
    for code in ("MAN-PLP", "MAN-KOM", "TEK-SPBE"):
        services.record_evidence([exam_claim(staff.person.id, competency_code=code)], by=staff.learner, now=NOON)
        services.record_lesson_hours(lesson_hours_claim(staff.person.id), by=staff.learner, now=NOON)
    for it in queries.profile_of(staff.person, on=TODAY).items:
        for line in it.evidence:
            services.confirm_evidence(line.id, by=staff.hr, now=NOON)
    session.flush()
    session.expire_all()

    with counted_statements() as statements:
        queries.profile_of(staff.person, on=TODAY)

    assert len(statements) <= 4


def test_the_position_level_requires_its_nine_competencies(staff: Staff) -> None:
    profile = queries.profile_of(staff.person, on=TODAY)

    assert [it.competency for it in profile.items] == [
        "MAN-INT",
        "MAN-KSM",
        "MAN-KOM",
        "MAN-OPH",
        "MAN-PLP",
        "MAN-PDO",
        "MAN-PRB",
        "MAN-KPT",
        "SOK-PB",
    ]
    assert {(it.required, it.achieved, it.gap) for it in profile.items} == {(2, 0, 2)}
    assert profile.jpm_bp == 0


def test_an_exam_closes_a_gap_only_in_its_own_competency(staff: Staff) -> None:
    services.record_evidence([decision_claim(staff.person.id, 1)], by=staff.hr, now=NOON)
    services.record_evidence([exam_claim(staff.person.id)], by=staff.learner, now=NOON)

    profile = queries.profile_of(staff.person, on=TODAY)

    raised = {it.competency: (it.achieved, it.confirmed, it.gap) for it in profile.items if it.achieved}
    assert raised == {"MAN-PLP": (2, 1, 0)}
    assert profile.jpm_bp == 1111
    assert len(profile.gaps) == 8


def test_evidence_beyond_the_requirements_is_shown_and_changes_no_match(staff: Staff) -> None:
    claim = exam_claim(staff.person.id, competency_code="TEK-SPBE")
    services.record_evidence([claim], by=staff.learner, now=NOON)

    profile = queries.profile_of(staff.person, on=TODAY)

    assert (profile.items[-1].competency, profile.items[-1].required, profile.items[-1].gap) == ("TEK-SPBE", 0, 0)
    assert profile.jpm_bp == 0


def test_a_positions_own_requirement_overrides_its_levels(staff: Staff) -> None:
    assert staff.person.position_id is not None
    for code, level in (("MAN-PLP", 3), ("MAN-PRB", 0), ("TEK-KPD", 2)):
        services.set_position_requirement(
            staff.person.position_id,
            code,
            level,
            effective_from=TODAY,
            legal_basis="SK Wali Kota",
            by=Actor.system(),
            now=NOON,
        )

    required = {it.competency: it.required for it in queries.profile_of(staff.person, on=TODAY).items}

    assert (required["MAN-PLP"], required["TEK-KPD"]) == (3, 2)
    assert "MAN-PRB" not in required
    before = queries.profile_of(staff.person, on=date(2026, 11, 24)).items
    assert {it.competency: it.required for it in before}["MAN-PLP"] == 2


def test_requirements_are_not_set_by_hr_of_one_unit(staff: Staff) -> None:
    assert staff.person.position_id is not None
    with pytest.raises(Forbidden):
        services.set_position_requirement(
            staff.person.position_id,
            "MAN-PLP",
            3,
            effective_from=TODAY,
            legal_basis="SK",
            by=staff.hr,
            now=NOON,
        )


def test_somebody_without_a_position_has_no_requirements_and_no_match(staff: Staff) -> None:
    assert staff.person.position_id is not None
    services.set_position_requirement(
        staff.person.position_id,
        "TEK-KPD",
        2,
        effective_from=TODAY,
        legal_basis="SK",
        by=Actor.system(),
        now=NOON,
    )
    person = replace(staff.person, position_id=None, position_level=None)

    profile = queries.profile_of(person, on=TODAY)

    assert (profile.items, profile.jpm_bp) == ((), None)


def test_lesson_hours_count_once_by_source_and_in_the_year_they_end(staff: Staff) -> None:
    claim = lesson_hours_claim(staff.person.id, 8)
    last_year = lesson_hours_claim(staff.person.id, 30, started_on=date(2025, 12, 30), finished_on=date(2025, 12, 31))

    assert services.record_lesson_hours(claim, by=staff.learner, now=NOON)
    assert not services.record_lesson_hours(claim, by=staff.learner, now=NOON)
    services.record_lesson_hours(last_year, by=staff.learner, now=NOON)

    hours = queries.lesson_hours_of(staff.person.id, staff.person.employment_type, 2026, TODAY)
    assert (hours.earned, hours.target, hours.cap, hours.state) == (8, 20, None, LessonHoursState.SHORT)
    assert [(it.form_key, it.lesson_hours) for it in hours.by_form] == [("teknis", 8)]
    assert (
        queries.lesson_hours_of(staff.person.id, staff.person.employment_type, 2025, TODAY).state is LessonHoursState.REACHED
    )


def test_contract_staff_have_a_ceiling_that_only_warns(staff: Staff) -> None:
    person = replace(staff.person, employment_type=EmploymentType.PPPK)
    services.record_lesson_hours(lesson_hours_claim(person.id, 25), by=staff.learner, now=NOON)

    hours = queries.lesson_hours_of(person.id, person.employment_type, 2026, TODAY)

    assert (hours.target, hours.cap, hours.enforcement) == (None, 24, "warn")
    assert (hours.state, hours.basis) == (LessonHoursState.OVER_CAP, YearBasis.CALENDAR_YEAR_ASSUMED)


def test_a_contract_year_counts_from_the_contracts_first_day(staff: Staff) -> None:
    person = replace(staff.person, employment_type=EmploymentType.PPPK)
    services.record_lesson_hours(lesson_hours_claim(person.id, 8), by=staff.learner, now=NOON)

    hours = queries.lesson_hours_of(person.id, person.employment_type, 2025, TODAY, contract_start=date(2024, 12, 1))

    assert (hours.earned, hours.first_on, hours.last_on) == (8, date(2025, 12, 1), date(2026, 11, 30))


@pytest.mark.parametrize(
    ("claim", "code"),
    [({"lesson_hours": 0}, "lesson_hours_missing"), ({"started_on": date(2026, 12, 1)}, "finished_before_start")],
)
def test_lesson_hours_that_make_no_sense_are_refused(staff: Staff, claim: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid, match=code):
        services.record_lesson_hours(lesson_hours_claim(staff.person.id, **claim), by=staff.learner, now=NOON)


def test_the_dictionary_comes_in_pages_with_what_levels_mean(staff: Staff) -> None:
    page = queries.dictionary(PageRequest(page=2, page_size=5), on=TODAY)

    assert (page.total, len(page.items), page.items[0].code) == (12, 5, "MAN-PDO")
    assert [(it.level, it.name) for it in page.items[0].levels][1] == (2, "Dasar")
    assert all(len(level.indicators) == 3 for it in page.items for level in it.levels)
