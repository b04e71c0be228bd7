"""Roles, and rights that never outlive their reason."""

from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from elearn.kernel.actor import Grant, Role
from elearn.kernel.audit import AuditEntry
from elearn.kernel.errors import Conflict, Forbidden, Invalid
from elearn.kernel.page import PageRequest
from elearn.people import grants, login, queries
from elearn.people.facts.roles import RoleScope
from elearn.people.facts.staff import NewPosting
from elearn.people.services import organisation, roles, staff
from tests.factories.people import (
    NOON,
    SYSTEM,
    TODAY,
    Town,
    give,
    hire,
    make_town,
    officer,
    sign_in,
    with_password,
)

EMAIL = "siti@kota.example"
FRESH = "perahu kecil di laut biru"
REFERENCE = Path(__file__).parents[2] / "content" / "reference"


@pytest.fixture
def town(session: Any) -> Town:
    return make_town()


@pytest.fixture
def siti(town: Town) -> UUID:
    return hire(town, town.a, email=EMAIL)


def test_a_role_is_held_once_and_revoked_once(session: Any, town: Town, siti: UUID) -> None:
    grant_id = give(siti, Role.TRAINER)
    with pytest.raises(Conflict, match="role_held"):
        give(siti, Role.TRAINER)
    give(siti, Role.TRAINER, town.a)

    roles.revoke_role(grant_id, reason="selesai", by=SYSTEM, now=NOON)
    with pytest.raises(Conflict, match="already_revoked"):
        roles.revoke_role(grant_id, reason="selesai", by=SYSTEM, now=NOON)

    assert grants.grants_of(siti) == {Grant(Role.TRAINER, queries.unit(town.a).path)}
    recorded = select(func.count()).select_from(AuditEntry).where(AuditEntry.act == "role.revoke")
    assert session.scalar(recorded) == 1


@pytest.mark.parametrize(
    ("scope", "reason", "code"),
    [
        (RoleScope(unit_id=UUID(int=1)), "uji", "unit_unknown"),
        (RoleScope(course_id=UUID(int=1)), "uji", "scope_unfit"),
        (RoleScope(), "  ", "reason_needed"),
    ],
)
def test_a_role_that_cannot_be_given_is_refused_by_code(siti: UUID, scope: RoleScope, reason: str, code: str) -> None:
    with pytest.raises(Invalid, match=code):
        roles.grant_role(siti, Role.HR_OFFICER, scope=scope, reason=reason, by=SYSTEM, now=NOON)


def test_nobody_gives_or_takes_their_own_role(town: Town) -> None:
    admin = officer(town, Role.ADMINISTRATOR)
    assert admin.employee_id is not None
    own = give(admin.employee_id, Role.AUDITOR)

    with pytest.raises(Forbidden, match="may_give_role"):
        give(admin.employee_id, Role.TRAINER, by=admin)
    with pytest.raises(Forbidden, match="may_give_role"):
        roles.revoke_role(own, reason="uji", by=admin, now=NOON)


def test_roles_in_force_are_listed_within_reach(town: Town, siti: UUID) -> None:
    give(siti, Role.HR_OFFICER, town.a)
    of_a, of_b = officer(town, Role.ADMINISTRATOR, town.a), officer(town, Role.ADMINISTRATOR, town.b)

    seen = grants.grants_visible_to(of_a, PageRequest(), on=TODAY)
    assert [(it.employee_name, it.role, it.unit_name, it.reason) for it in seen.items] == [
        ("Siti Uji", Role.HR_OFFICER, "Dinas A", "uji")
    ]
    assert grants.grants_visible_to(of_b, PageRequest(), on=TODAY).total == 0
    assert grants.grants_visible_to(SYSTEM, PageRequest(), on=TODAY).total == 3


def test_the_ids_in_reach_are_a_sub_select_for_other_lists(session: Any, town: Town, siti: UUID) -> None:
    hire(town, town.b)

    ids = queries.employee_ids_visible_to(officer(town, Role.HR_OFFICER, town.a), on=TODAY)

    assert session.scalars(ids).all() == [siti]


Step = Callable[["Sequence"], None]


class Sequence:
    """A person with one role over Dinas A and one over the city, what was done, and what they may therefore do."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.employee_id = with_password(hire(town, town.a, email=EMAIL))
        self.grants = {
            Role.HR_OFFICER: give(self.employee_id, Role.HR_OFFICER, town.a),
            Role.AUDITOR: give(self.employee_id, Role.AUDITOR, town.agency_id),
        }
        self.scopes = {Role.HR_OFFICER: town.a, Role.AUDITOR: town.agency_id}
        self.unit_id = town.a
        self.suspended = self.gone = False

    def expected(self) -> frozenset[Grant] | None:
        """The rights by the reference model; None for nobody."""
        if self.suspended or self.gone:
            return None
        held = {Grant(role, queries.unit(self.scopes[role]).path) for role in self.grants}
        return frozenset({Grant(Role.LEARNER), *held})


def _give(it: Sequence) -> None:
    if Role.TRAINER not in it.grants and not it.suspended:
        it.grants[Role.TRAINER], it.scopes[Role.TRAINER] = give(it.employee_id, Role.TRAINER, it.town.b), it.town.b


def _revoke(it: Sequence) -> None:
    if Role.AUDITOR in it.grants:
        roles.revoke_role(it.grants.pop(Role.AUDITOR), reason="uji", by=SYSTEM, now=NOON)


def _move(it: Sequence) -> None:
    staff.move(it.employee_id, NewPosting(it.town.b, it.town.position_id), by=SYSTEM, now=NOON)
    it.unit_id = it.town.b
    it.grants.pop(Role.HR_OFFICER, None)


def _move_unit(it: Sequence) -> None:
    organisation.move_unit(it.town.a, it.town.b, by=SYSTEM, now=NOON)


def _suspend(it: Sequence) -> None:
    if not it.suspended:
        staff.suspend(it.employee_id, reason="uji", by=SYSTEM, now=NOON)
        it.suspended = True


def _resume(it: Sequence) -> None:
    if it.suspended:
        staff.resume(it.employee_id, reason="uji", by=SYSTEM, now=NOON)
        it.suspended = False


def _leave(it: Sequence) -> None:
    if not it.gone:
        staff.leave(it.employee_id, by=SYSTEM, now=NOON)
        it.gone = True
        it.grants.clear()


STEPS: tuple[Step, ...] = (_give, _revoke, _move, _move_unit, _suspend, _resume, _leave)


@pytest.mark.parametrize(("first", "second"), [pair for pair in product(STEPS, STEPS) if _leave is not pair[0]])
def test_after_any_two_steps_the_rights_are_those_of_the_reference_model(
    session: Any, town: Town, first: Step, second: Step
) -> None:
    it = Sequence(town)
    before = sign_in(EMAIL)
    assert before is not None

    for step in (first, second):
        step(it)
        session.commit()

    still = login.signed_in(before, now=NOON)
    assert still is None or still.actor.grants == it.expected()
    again = sign_in(EMAIL)
    signed_in = login.signed_in(again, now=NOON) if again else None
    assert (signed_in.actor.grants if signed_in else None) == it.expected()
