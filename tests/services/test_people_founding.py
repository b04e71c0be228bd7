"""The very first start: an agency, its first administrator, and the code that lets them in."""

from typing import Any

import pytest
from sqlalchemy import select

from elearn.kernel import settings
from elearn.kernel.actor import Actor, Grant, Role
from elearn.kernel.audit import AuditEntry
from elearn.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from elearn.people import grants, queries, structure
from elearn.people.services import accounts, founding, organisation, staff
from elearn.people.services.founding import Founding
from tests.factories.people import NOON, PASSWORD, SYSTEM, Town, actor_of, give, hire, make_town, officer, sign_in

EMAIL = "nurul@kota.example"
NEW = Founding("Kota Lhokseumawe", "LSW", "Asia/Jakarta", "Nurul", EMAIL)


def test_the_founded_agency_has_an_administrator_of_everything_who_gets_in_by_the_code(session: Any) -> None:
    issued = founding.found(NEW, by=SYSTEM, now=NOON)

    session.commit()
    assert accounts.use_code(EMAIL, issued.code, PASSWORD, by=Actor.anonymous(), now=NOON).is_accepted
    assert sign_in(EMAIL) is not None
    admin, agency = queries.employee_id_by_login(EMAIL), queries.unit_id_by_code("LSW")
    assert admin is not None
    assert agency is not None
    assert grants.grants_of(admin) == {Grant(Role.ADMINISTRATOR)}
    assert settings.agency_values(agency, NOON)["zone"] == "Asia/Jakarta"
    acts = session.scalars(select(AuditEntry.act).where(AuditEntry.at == NOON).order_by(AuditEntry.id)).all()
    acts = [it for it in acts if not it.startswith("reference.")]
    assert acts[:4] == ["agency.add", "person.hire", "role.grant", "code.issue"]


def test_a_second_founding_is_refused_and_a_demo_does_not_count(session: Any) -> None:
    town = make_town()
    give(hire(town, None, is_demo=True), Role.ADMINISTRATOR)
    founding.found(NEW, by=SYSTEM, now=NOON)

    with pytest.raises(Conflict, match="administrator_exists"):
        founding.found(Founding("Lain", "LAIN", "Asia/Jakarta", "X", "x@kota.example"), by=SYSTEM, now=NOON)


@pytest.mark.parametrize(
    ("new", "code"),
    [
        (Founding("Kota", "K", "Asia/Tokyo", "X", EMAIL), "zone"),
        (Founding("Kota", " ", "Asia/Jakarta", "X", EMAIL), "code_needed"),
        (Founding("Kota", "K", "Asia/Jakarta", "X", " "), "email_unreadable"),
        (Founding("Kota", "K", "Asia/Jakarta", " ", EMAIL), "name_needed"),
    ],
)
def test_a_founding_that_cannot_be_is_refused_by_code(session: Any, new: Founding, code: str) -> None:
    with pytest.raises(Invalid, match=code):
        founding.found(new, by=SYSTEM, now=NOON)


def test_the_command_prints_the_code_alone_and_refuses_a_second_time(session: Any, shared_app: Any) -> None:
    runner = shared_app.test_cli_runner()
    wanted = ["people", "found", "--agency", "Kota", "--code", "KOTA", "--zone", "WITA"]
    wanted += ["--admin-name", "Nurul", "--admin-email", EMAIL]

    first, second = runner.invoke(args=wanted), runner.invoke(args=wanted)

    assert (first.exit_code, len(first.stdout.strip())) == (0, 11)
    assert second.exit_code == 1
    assert "administrator_exists" in second.stderr


@pytest.fixture
def town(session: Any) -> Town:
    return make_town()


def test_only_those_who_reach_everything_add_agencies_and_change_positions(town: Town) -> None:
    admin = officer(town, Role.ADMINISTRATOR, town.agency_id)

    with pytest.raises(Forbidden, match="may_shape_units"):
        organisation.add_agency("Lain", "LAIN", "Asia/Jakarta", by=admin, now=NOON)
    with pytest.raises(Forbidden, match="may_add_position"):
        organisation.change_position(town.position_id, "X", "pengawas", by=admin, now=NOON)


def test_a_unit_gets_another_name_and_code_unless_the_code_is_in_use(session: Any, town: Town) -> None:
    organisation.rename_unit(town.a, "Dinas Baru", code="BARU", by=SYSTEM, now=NOON)

    assert (queries.unit(town.a).name, queries.unit_id_by_code("BARU")) == ("Dinas Baru", town.a)
    with pytest.raises(Invalid, match="code_in_use"):
        organisation.rename_unit(town.b, "Dinas B", code="BARU", by=SYSTEM, now=NOON)


def test_a_position_is_corrected_in_one_entry(session: Any, town: Town) -> None:
    organisation.change_position(town.position_id, "Kepala Bidang", "administrator", job_class=11, by=SYSTEM, now=NOON)

    assert queries.person(hire(town, town.a), on=NOON.date()).position_level == "administrator"
    entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "position.change")).one()
    assert '"before":["Kepala Seksi","pengawas",9]' in entry.details
    with pytest.raises(Invalid, match="level_unknown"):
        organisation.change_position(town.position_id, "X", "tidak_ada", by=SYSTEM, now=NOON)
    with pytest.raises(Invalid, match="job_class_unknown"):
        organisation.change_position(town.position_id, "X", "pengawas", job_class=18, by=SYSTEM, now=NOON)


def test_nobody_without_the_role_is_let_in(town: Town) -> None:
    with pytest.raises(Forbidden):
        founding.found(NEW, by=actor_of(hire(town, town.a)), now=NOON)


def test_an_administrator_of_one_department_shapes_that_part_of_the_tree_only(town: Town) -> None:
    admin = officer(town, Role.ADMINISTRATOR, town.a)

    assert [it.id for it in structure.units_shaped_by(admin)] == [town.a, town.a_section]
    with pytest.raises(NotFound):
        structure.unit_shaped_by(admin, town.b)


def test_heads_are_counted_where_people_work_until_they_have_left(town: Town) -> None:
    hire(town, town.a)
    gone = hire(town, town.a)
    staff.leave(gone, by=SYSTEM, now=NOON)

    assert structure.headcounts(NOON.date()) == {town.a: 1}
