"""The audit trail is searched by those who may, within their reach, and tells no secrets."""

from datetime import date, timedelta
from typing import Any

import pytest

from elearn.kernel import audit
from elearn.kernel.actor import Actor, Role
from elearn.kernel.errors import Forbidden
from elearn.kernel.page import PageRequest
from elearn.people import trail
from elearn.people.services import accounts
from tests.factories.people import NOON, SYSTEM, TODAY, Town, give, hire, make_town, officer

ALL = PageRequest(page_size=100)


@pytest.fixture
def town(session: Any) -> Town:
    return make_town()


def found(actor: Actor, **asked: Any) -> list[trail.TrailLine]:
    return list(trail.entries_visible_to(actor, trail.Search(**asked), ALL, on=TODAY).items)


def test_administrators_and_auditors_alone_read_it(town: Town) -> None:
    for role in (Role.HR_OFFICER, Role.SUPERVISOR, Role.TRAINER):
        with pytest.raises(Forbidden):
            found(officer(town, role))
    assert found(officer(town, Role.AUDITOR))


def test_a_role_over_a_unit_reads_what_happened_to_its_people_alone(town: Town) -> None:
    in_a, in_b = hire(town, town.a, name="Ani Uji"), hire(town, town.b, name="Beni Uji")
    of_a = officer(town, Role.ADMINISTRATOR, town.a)

    assert {it.subject_id for it in found(of_a)} == {in_a}
    assert {in_a, in_b} <= {it.subject_id for it in found(officer(town, Role.ADMINISTRATOR))}
    assert found(of_a, employee_id=in_b) == []


def test_it_is_narrowed_by_person_act_subject_and_days(town: Town) -> None:
    siti = hire(town, town.a, name="Siti Uji", email="siti@uji.example")
    give(siti, Role.TRAINER)
    admin = officer(town, Role.ADMINISTRATOR)

    assert {it.subject_name for it in found(admin, person="siti")} == {"Siti Uji"}
    assert [it.act for it in found(admin, person="siti@uji", act="role.grant")] == ["role.grant"]
    assert [it.subject_id for it in found(admin, employee_id=siti, subject="employee", act="person.hire")] == [siti]
    assert {it.subject_type for it in found(admin, subject="org_unit")} == {"org_unit"}
    assert found(admin, person="tidak ada orangnya") == []
    assert found(admin, from_on=TODAY, to_on=TODAY) == found(admin)
    assert found(admin, to_on=TODAY - timedelta(days=1)) == found(admin, from_on=date(2027, 1, 1)) == []


def test_days_are_those_of_the_readers_zone(session: Any, town: Town) -> None:
    late = NOON.replace(hour=17, minute=30)  # 00.30 WIB of the next day
    audit.record("person.resume", "employee", hire(town, town.a), by=SYSTEM, now=late)
    session.flush()

    admin = officer(town, Role.ADMINISTRATOR)

    assert [it.act for it in found(admin, from_on=TODAY + timedelta(days=1))] == ["person.resume"]


def test_what_was_noted_is_told_without_secrets_and_numbers_of_people(session: Any, town: Town) -> None:
    siti = hire(town, town.a, identifier=None)
    code = accounts.issue_code(siti, by=SYSTEM, now=NOON).code
    noted = {"reason": "pindah", "token": "rahasia", "value": "ab" * 32, "name": "198609262010011001", "key": "logo"}
    audit.record("agency.set", "org_unit", town.agency_id, by=SYSTEM, now=NOON, **noted)
    session.flush()

    told = [it.told for it in found(SYSTEM)]

    assert (("reason", "pindah"), ("key", "logo")) in told
    assert not any(word in str(told) for word in ("rahasia", "abab", "19860926", code, code.replace("-", "")))
