"""Who may do what to whom: verdicts by role and reach."""

from collections.abc import Callable
from uuid import UUID

import pytest

from elearn.kernel.actor import Actor, Grant, Role
from elearn.kernel.errors import Invalid
from elearn.kernel.ids import new_id
from elearn.people import policies
from elearn.people.facts.roles import RoleScope, Standing
from elearn.people.facts.staff import Person
from elearn.people.models.staff import GRANTABLE, check_scope
from elearn.people.policies import Placement, RoleGift
from elearn.people.rules import EmploymentType

CITY = f"{new_id().hex}/"
A = f"{CITY}{new_id().hex}/"
B = f"{CITY}{new_id().hex}/"


def person(unit_path: str = A, employee_id: UUID | None = None) -> Person:
    return Person(
        id=employee_id or new_id(),
        name="Siti",
        name_with_titles="Siti",
        identifier=None,
        identifier_type=None,
        rank_code=None,
        rank_name=None,
        employment_type=EmploymentType.PNS,
        is_demo=False,
        agency_id=UUID(unit_path[:32]),
        unit_id=None,
        unit_name=None,
        unit_path=unit_path,
        position_id=None,
        position_name=None,
        position_level=None,
        supervisor_id=None,
        email=None,
    )


def holder(role: Role, unit_path: str | None = None) -> Actor:
    return Actor(new_id(), frozenset({Grant(Role.LEARNER), Grant(role, unit_path)}), via="session")


def standing(*grants: Grant, unit_path: str = A) -> Standing:
    return Standing(person(unit_path), frozenset(grants))


@pytest.mark.parametrize("role", [Role.HR_OFFICER, Role.ADMINISTRATOR])
def test_hr_and_administrators_write_the_records_within_their_units(role: Role) -> None:
    assert policies.may_correct(holder(role, A), person(A))
    assert policies.may_correct(holder(role, CITY), person(A))
    assert not policies.may_correct(holder(role, B), person(A))


@pytest.mark.parametrize("role", [it for it in Role if it not in (Role.HR_OFFICER, Role.ADMINISTRATOR)])
def test_no_other_role_writes_records_or_issues_codes(role: Role) -> None:
    assert not policies.may_correct(holder(role), person())
    assert not policies.may_issue_code(holder(role), standing())


def test_nobody_writes_their_own_record() -> None:
    hr = holder(Role.HR_OFFICER)

    assert not policies.may_correct(hr, person(employee_id=hr.employee_id))
    assert not policies.may_issue_code(hr, Standing(person(employee_id=hr.employee_id), frozenset()))


def test_a_move_needs_reach_over_both_ends() -> None:
    assert policies.may_place(holder(Role.HR_OFFICER, CITY), Placement(person(A), B))
    assert not policies.may_place(holder(Role.HR_OFFICER, A), Placement(person(A), B))
    assert not policies.may_place(holder(Role.HR_OFFICER, B), Placement(person(A), B))


@pytest.mark.parametrize(
    "role", [Role.ADMINISTRATOR, Role.AUDITOR, Role.CERTIFICATE_SIGNER, Role.EXAM_OFFICER, Role.HR_OFFICER]
)
def test_hr_cannot_become_somebody_with_a_weighty_role_by_a_code(role: Role) -> None:
    assert not policies.may_issue_code(holder(Role.HR_OFFICER, CITY), standing(Grant(role, A)))


def test_hr_issues_codes_for_ordinary_people() -> None:
    assert policies.may_issue_code(holder(Role.HR_OFFICER, A), standing())
    assert policies.may_issue_code(holder(Role.HR_OFFICER, A), standing(Grant(Role.LEARNER)))
    assert policies.may_issue_code(holder(Role.HR_OFFICER, CITY), standing(Grant(Role.TRAINER, A)))
    assert policies.may_issue_code(holder(Role.HR_OFFICER), standing(Grant(Role.TRAINER)))


@pytest.mark.parametrize("role", sorted(policies.ORDINARY))
@pytest.mark.parametrize("act", [policies.may_issue_code, policies.may_stop, policies.may_reset_factor])
@pytest.mark.parametrize("officer", [Role.HR_OFFICER, Role.ADMINISTRATOR])
def test_nobody_becomes_or_stops_somebody_whose_role_reaches_further_than_their_own(
    role: Role, act: Callable[[Actor, Standing], bool], officer: Role
) -> None:
    of_a = holder(officer, A)

    assert act(of_a, standing(Grant(role, A)))
    assert not act(of_a, standing(Grant(role, CITY)))
    assert not act(of_a, standing(Grant(role)))


def test_nobody_becomes_the_supervisor_of_people_beyond_their_own_reach() -> None:
    of_a = holder(Role.HR_OFFICER, A)

    assert policies.may_issue_code(of_a, Standing(person(A), frozenset(), frozenset({A})))
    assert not policies.may_issue_code(of_a, Standing(person(A), frozenset(), frozenset({A, B})))


def test_a_role_over_one_course_is_within_a_role_over_everything_only() -> None:
    of_a_course = standing(Grant(Role.TRAINER, course_id=new_id()))

    assert not policies.may_issue_code(holder(Role.HR_OFFICER, CITY), of_a_course)
    assert policies.may_issue_code(holder(Role.HR_OFFICER), of_a_course)


def test_an_administrator_of_a_unit_cannot_become_one_of_everything() -> None:
    assert policies.may_issue_code(holder(Role.ADMINISTRATOR, CITY), standing(Grant(Role.ADMINISTRATOR, A)))
    assert not policies.may_issue_code(holder(Role.ADMINISTRATOR, CITY), standing(Grant(Role.ADMINISTRATOR)))


def test_an_administrator_gives_roles_within_their_reach_only() -> None:
    of_a, of_all = holder(Role.ADMINISTRATOR, A), holder(Role.ADMINISTRATOR)

    assert policies.may_give_role(of_a, RoleGift(person(A), Grant(Role.HR_OFFICER, A)))
    assert not policies.may_give_role(of_a, RoleGift(person(A), Grant(Role.HR_OFFICER, CITY)))
    assert not policies.may_give_role(of_a, RoleGift(person(A), Grant(Role.HR_OFFICER)))
    assert not policies.may_give_role(of_a, RoleGift(person(B), Grant(Role.HR_OFFICER, A)))
    assert policies.may_give_role(of_all, RoleGift(person(A), Grant(Role.ADMINISTRATOR)))


def test_nobody_gives_a_role_to_themselves() -> None:
    admin = holder(Role.ADMINISTRATOR)

    assert not policies.may_give_role(admin, RoleGift(person(employee_id=admin.employee_id), Grant(Role.AUDITOR)))


def test_a_learner_is_not_made_by_grant() -> None:
    assert Role.LEARNER not in GRANTABLE
    with pytest.raises(Invalid, match="role_not_grantable"):
        check_scope(Role.LEARNER, RoleScope())


@pytest.mark.parametrize(
    ("role", "scope"),
    [
        (Role.HR_OFFICER, RoleScope(course_id=new_id())),
        (Role.ADMINISTRATOR, RoleScope(exam_id=new_id())),
        (Role.TRAINER, RoleScope(unit_id=new_id(), course_id=new_id())),
    ],
)
def test_a_scope_that_does_not_fit_the_role_is_refused(role: Role, scope: RoleScope) -> None:
    with pytest.raises(Invalid, match="scope_unfit"):
        check_scope(role, scope)
