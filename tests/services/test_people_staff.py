"""Staff come, move, change and go."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from elearn.kernel.actor import Actor, Role
from elearn.kernel.audit import AuditEntry
from elearn.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from elearn.kernel.ids import new_id
from elearn.kernel.page import PageRequest
from elearn.people import grants, queries
from elearn.people.facts.staff import Correction, NewEmployee, NewPosting
from elearn.people.models.staff import EmployeeIdentifier, Posting
from elearn.people.rules import EmploymentType, IdentifierType
from elearn.people.services import records, staff
from tests.factories.people import LONG_AGO, NOON, SYSTEM, TODAY, Town, give, hire, make_town, officer

NIP = "198609262015051001"
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def town(session: Any) -> Town:
    return make_town()


def entries(session: Any, act: str) -> int:
    return int(session.scalar(select(func.count()).select_from(AuditEntry).where(AuditEntry.act == act)))


def names_seen_by(actor: Actor, **how: Any) -> list[str]:
    page = queries.people_visible_to(actor, PageRequest(page_size=100), on=TODAY, **how)
    assert page.total == len(page.items)
    return [it.name for it in page.items]


def test_a_hired_person_has_everything_a_page_needs(session: Any, town: Town) -> None:
    boss = hire(town, town.a, name="Kepala")
    employee_id = hire(
        town,
        town.a_section,
        name=" Cut  Nyak Meutia ",
        identifier="19860926 201505 1 001",
        title_before="Dr.",
        title_after="S.STP., M.Si.",
        email="Cut@Kota.GO.id",
        rank_code="31",
        supervisor_id=boss,
    )

    it = queries.person(employee_id, on=TODAY)

    assert it.name_with_titles == "Dr. Cut Nyak Meutia, S.STP., M.Si."
    assert (it.identifier, it.identifier_type) == (NIP, IdentifierType.NIP)
    assert it.rank_name == "Penata Muda (III/a)"
    assert (it.unit_id, it.unit_name, it.position_name, it.position_level) == (
        town.a_section,
        "Seksi",
        "Kepala Seksi",
        "pengawas",
    )
    assert it.unit_path == f"{town.agency_id.hex}/{town.a.hex}/{town.a_section.hex}/"
    assert (it.supervisor_id, it.email, it.agency_id) == (boss, "cut@kota.go.id", town.agency_id)
    assert entries(session, "person.hire") == 2


def test_a_person_without_posting_stands_at_the_agency(town: Town) -> None:
    it = queries.person(hire(town, None), on=TODAY)

    assert (it.unit_id, it.unit_name, it.position_id, it.position_level, it.supervisor_id) == (None,) * 5
    assert it.unit_path == f"{town.agency_id.hex}/"
    assert it.identifier is None


def test_what_holds_depends_on_the_day(town: Town) -> None:
    employee_id = hire(town, town.a)
    staff.move(employee_id, NewPosting(town.b, town.position_id), by=SYSTEM, now=NOON)

    assert queries.person(employee_id, on=YESTERDAY).unit_id == town.a
    assert queries.person(employee_id, on=TODAY).unit_id == town.b
    assert queries.person(employee_id, on=LONG_AGO - timedelta(days=1)).unit_id is None


def test_nobody_is_not_found(town: Town) -> None:
    with pytest.raises(NotFound):
        queries.person(new_id(), on=TODAY)


def test_warnings_of_a_number_do_not_stop_the_hiring(town: Town) -> None:
    new = NewEmployee(town.agency_id, "Budi", EmploymentType.PPPK, identifier=NIP)

    assert staff.hire(new, by=SYSTEM, now=NOON).warnings == ("identifier_unlike_employment",)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"identifier": "123"}, "nip_not_18_digits"),
        ({"identifier": NIP}, "identifier_in_use"),
        ({"email": "ADA@kota.example"}, "email_in_use"),
        ({"email": "ada"}, "email_unreadable"),
        ({"name": "  "}, "name_needed"),
    ],
)
def test_a_hiring_that_cannot_be_is_refused_by_code(town: Town, changes: dict[str, Any], code: str) -> None:
    hire(town, town.a, identifier=NIP, email="ada@kota.example")

    with pytest.raises(Invalid, match=code):
        hire(town, town.a, **changes)


def test_a_posting_in_another_agency_is_refused(town: Town) -> None:
    elsewhere = make_town("LAIN")

    with pytest.raises(Invalid, match="unit_elsewhere"):
        hire(town, elsewhere.a)
    with pytest.raises(Invalid, match="unit_unknown"):
        hire(town, new_id())


def test_hr_hires_into_their_units_only(town: Town) -> None:
    hr = officer(town, Role.HR_OFFICER, town.a)

    assert hire(town, town.a_section, by=hr)
    with pytest.raises(Forbidden, match="may_hire"):
        hire(town, town.b, by=hr)


def test_a_new_number_leaves_the_old_one_as_history_and_free_for_its_next_bearer(session: Any, town: Town) -> None:
    employee_id = hire(town, town.a, identifier=NIP)

    records.change_identifier(employee_id, "198609262023211001", by=SYSTEM, now=NOON)

    assert queries.person(employee_id, on=YESTERDAY).identifier == NIP
    assert queries.person(employee_id, on=TODAY).identifier_type == IdentifierType.NI_PPPK
    assert queries.employee_id_by_login(NIP) is None
    assert queries.employee_id_by_login("19860926 202321 1 001") == employee_id
    other = hire(town, town.b, identifier=NIP, active_from=TODAY)
    assert queries.employee_id_by_login(NIP) == other
    assert session.scalar(select(func.count()).select_from(EmployeeIdentifier)) == 3


def test_a_number_is_not_given_to_two_people_at_once(town: Town) -> None:
    hire(town, town.a, identifier=NIP)
    other = hire(town, town.b)

    with pytest.raises(Invalid, match="identifier_in_use"):
        records.change_identifier(other, NIP, by=SYSTEM, now=NOON)


def test_a_posting_entered_wrongly_today_is_corrected(session: Any, town: Town) -> None:
    employee_id = hire(town, town.a)
    first = staff.move(employee_id, NewPosting(town.b, town.position_id), by=SYSTEM, now=NOON)

    again = staff.move(employee_id, NewPosting(town.a_section, town.position_id), by=SYSTEM, now=NOON)

    assert again.posting_id == first.posting_id
    assert session.scalar(select(func.count()).select_from(Posting)) == 2


@pytest.mark.parametrize(
    ("from_on", "refusal", "code"),
    [(TODAY + timedelta(days=1), Invalid, "move_in_future"), (date(2019, 1, 1), Invalid, "posting_is_newer")],
)
def test_a_move_lies_neither_ahead_nor_before_the_present_posting(
    town: Town, from_on: date, refusal: type[Exception], code: str
) -> None:
    employee_id = hire(town, town.a)

    with pytest.raises(refusal, match=code):
        staff.move(employee_id, NewPosting(town.b, town.position_id, None, from_on), by=SYSTEM, now=NOON)


def test_nobody_supervises_themselves(town: Town) -> None:
    employee_id = hire(town, town.a)

    with pytest.raises(Invalid, match="own_supervisor"):
        staff.move(employee_id, NewPosting(town.b, town.position_id, employee_id), by=SYSTEM, now=NOON)


def test_roles_over_a_unit_do_not_travel_with_the_person(town: Town) -> None:
    employee_id = hire(town, town.a_section)
    over_a, over_city = give(employee_id, Role.HR_OFFICER, town.a), give(employee_id, Role.AUDITOR, town.agency_id)
    everywhere = give(employee_id, Role.TRAINER)

    within = staff.move(employee_id, NewPosting(town.a, town.position_id), by=SYSTEM, now=NOON)
    away = staff.move(employee_id, NewPosting(town.b, town.position_id), by=SYSTEM, now=NOON)

    assert within.ended_grant_ids == ()
    assert away.ended_grant_ids == (over_a,)
    assert {over_city, everywhere} & set(away.ended_grant_ids) == set()
    assert {grant.role for grant in grants.grants_of(employee_id)} == {Role.AUDITOR, Role.TRAINER}


def test_hr_moves_people_between_their_own_units_only(town: Town) -> None:
    hr, employee_id = officer(town, Role.HR_OFFICER, town.a), hire(town, town.a)

    staff.move(employee_id, NewPosting(town.a_section, town.position_id), by=hr, now=NOON)
    with pytest.raises(Forbidden, match="may_place"):
        staff.move(employee_id, NewPosting(town.b, town.position_id), by=hr, now=NOON)


def test_renaming_writes_one_entry_and_changes_nothing_else(session: Any, town: Town) -> None:
    employee_id = hire(town, town.a, name="Siti Aminah")

    staff.rename(employee_id, "Siti Aminah", title_after="S.Sos.", by=SYSTEM, now=NOON)

    assert queries.person(employee_id, on=TODAY).name_with_titles == "Siti Aminah, S.Sos."
    assert entries(session, "person.rename") == 1


def test_suspending_and_resuming_are_one_each(town: Town) -> None:
    employee_id = hire(town, town.a)

    staff.suspend(employee_id, reason="pemeriksaan", by=SYSTEM, now=NOON)
    with pytest.raises(Conflict, match="already_suspended"):
        staff.suspend(employee_id, reason="pemeriksaan", by=SYSTEM, now=NOON)
    assert queries.person(employee_id, on=TODAY).is_suspended
    staff.resume(employee_id, reason="selesai", by=SYSTEM, now=NOON)
    with pytest.raises(Conflict, match="not_suspended"):
        staff.resume(employee_id, reason="selesai", by=SYSTEM, now=NOON)


def test_who_has_left_keeps_the_record_and_loses_the_roles(town: Town) -> None:
    employee_id = hire(town, town.a)
    give(employee_id, Role.TRAINER)

    staff.leave(employee_id, by=SYSTEM, now=NOON)

    assert queries.person(employee_id, on=TODAY).left_on == TODAY
    assert grants.grants_of(employee_id) == frozenset()
    assert names_seen_by(SYSTEM) == []


def test_a_number_mistyped_today_is_corrected_in_its_place(session: Any, town: Town) -> None:
    employee_id = hire(town, town.a, identifier=NIP)
    records.change_identifier(employee_id, "198609262023211001", by=SYSTEM, now=NOON)

    records.change_identifier(employee_id, "198609262023211002", by=SYSTEM, now=NOON)

    assert queries.person(employee_id, on=TODAY).identifier == "198609262023211002"
    assert session.scalar(select(func.count()).select_from(EmployeeIdentifier)) == 2


@pytest.mark.parametrize(
    ("valid_from", "code"),
    [(TODAY + timedelta(days=1), "identifier_in_future"), (date(2019, 1, 1), "identifier_is_newer")],
)
def test_a_number_begins_neither_ahead_nor_before_the_present_one(town: Town, valid_from: date, code: str) -> None:
    employee_id = hire(town, town.a, identifier=NIP)

    with pytest.raises(Invalid, match=code):
        records.change_identifier(employee_id, "198609262023211001", valid_from=valid_from, by=SYSTEM, now=NOON)


def test_a_record_is_corrected_in_one_entry_that_says_what_was_different(session: Any, town: Town) -> None:
    employee_id = hire(town, town.a, name="Siti", email="siti@kota.example", rank_code="31")

    corrected = Correction("Siti Aminah", title_after="S.Sos.", email="siti@kota.example", rank_code="32")
    records.correct(employee_id, corrected, by=SYSTEM, now=NOON)

    it = queries.person(employee_id, on=TODAY)
    assert (it.name_with_titles, it.email, it.rank_code) == ("Siti Aminah, S.Sos.", "siti@kota.example", "32")
    entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "person.correct")).one()
    assert '"name":["Siti","Siti Aminah"]' in entry.details
    assert "email" not in entry.details


@pytest.mark.parametrize(
    ("corrected", "code"),
    [
        (Correction(" "), "name_needed"),
        (Correction("Siti", email="ada@kota.example"), "email_in_use"),
        (Correction("12 -- 3"), "name_without_letter"),
        (Correction("Siti", rank_code="99"), "rank_unknown"),
        (Correction("Siti", rank_code="PPPK-IX"), "rank_unfit"),
    ],
)
def test_a_correction_that_cannot_be_is_refused_by_code(town: Town, corrected: Correction, code: str) -> None:
    hire(town, town.a, email="ada@kota.example")
    employee_id = hire(town, town.a)

    with pytest.raises(Invalid, match=code):
        records.correct(employee_id, corrected, by=SYSTEM, now=NOON)


def test_hr_corrects_within_their_units_only_and_nobody_themselves(town: Town) -> None:
    hr = officer(town, Role.HR_OFFICER, town.a)

    for employee_id in (hire(town, town.b), hr.employee_id):
        assert employee_id is not None
        with pytest.raises(Forbidden, match="may_correct"):
            records.correct(employee_id, Correction("X"), by=hr, now=NOON)


def test_stopping_and_resuming_want_a_reason(town: Town) -> None:
    employee_id = hire(town, town.a)
    with pytest.raises(Invalid, match="reason_needed"):
        staff.suspend(employee_id, reason=" ", by=SYSTEM, now=NOON)
    staff.suspend(employee_id, reason="pemeriksaan", by=SYSTEM, now=NOON)
    with pytest.raises(Invalid, match="reason_needed"):
        staff.resume(employee_id, reason="", by=SYSTEM, now=NOON)


@pytest.mark.parametrize(
    ("kind", "rank"),
    [(EmploymentType.PNS, "PPPK-IX"), (EmploymentType.PPPK, "31"), (EmploymentType.PPPK_PART_TIME, "45")],
)
def test_nobody_is_taken_on_with_a_rank_of_another_kind_of_employment(town: Town, kind: EmploymentType, rank: str) -> None:
    with pytest.raises(Invalid, match="rank_unfit") as refusal:
        hire(town, town.a, employment_type=kind, rank_code=rank)

    assert refusal.value.field == "rank_code"


def test_both_kinds_of_contract_have_contract_grades(town: Town) -> None:
    for kind in (EmploymentType.PPPK, EmploymentType.PPPK_PART_TIME):
        employee_id = hire(town, town.a, employment_type=kind, rank_code="PPPK-IX")
        assert queries.person(employee_id, on=TODAY).rank_code == "PPPK-IX"
