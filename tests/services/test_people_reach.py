"""Who sees whom, and how units move with all below them."""

from datetime import timedelta
from typing import Any

import pytest

from elearn.kernel.actor import Actor, Role
from elearn.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from elearn.kernel.ids import new_id
from elearn.kernel.page import PageRequest
from elearn.people import queries
from elearn.people.services import organisation
from tests.factories.people import NOON, SYSTEM, TODAY, Town, actor_of, hire, make_town, officer

NIP = "198609262015051001"
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def town(session: Any) -> Town:
    return make_town()


def names_seen_by(actor: Actor, **how: Any) -> list[str]:
    page = queries.people_visible_to(actor, PageRequest(page_size=100), on=TODAY, **how)
    assert page.total == len(page.items)
    return [it.name for it in page.items]


def test_hr_sees_their_subtree_and_strangers_are_not_found(town: Town) -> None:
    hr = officer(town, Role.HR_OFFICER, town.a)
    mine, below, other = (
        hire(town, town.a, name="Ali"),
        hire(town, town.a_section, name="Budi"),
        hire(town, town.b, name="Cut"),
    )

    assert names_seen_by(hr) == ["Ali", "Budi"]
    assert queries.person_visible_to(hr, below, on=TODAY).id == below
    assert queries.person_visible_to(hr, mine, on=TODAY).id == mine
    with pytest.raises(NotFound):
        queries.person_visible_to(hr, other, on=TODAY)


def test_a_learner_sees_themselves_and_their_reports_only(town: Town) -> None:
    boss, other = hire(town, town.a, name="Atasan"), hire(town, town.a, name="Lain")
    report = hire(town, town.a, name="Bawahan", supervisor_id=boss)

    assert names_seen_by(actor_of(boss)) == ["Bawahan"]
    assert queries.person_visible_to(actor_of(boss), boss, on=TODAY).id == boss
    assert queries.person_visible_to(actor_of(boss), report, on=TODAY).id == report
    for stranger in (boss, other):
        with pytest.raises(NotFound):
            queries.person_visible_to(actor_of(report), stranger, on=TODAY)


def test_nobody_signed_in_sees_nobody(town: Town) -> None:
    employee_id = hire(town, town.a)

    assert names_seen_by(Actor.anonymous()) == []
    with pytest.raises(NotFound):
        queries.person_visible_to(Actor.anonymous(), employee_id, on=TODAY)


def test_a_role_everywhere_reaches_people_without_a_posting(town: Town) -> None:
    hire(town, None, name="Baru")

    assert "Baru" in names_seen_by(officer(town, Role.AUDITOR))
    assert "Baru" in names_seen_by(officer(town, Role.HR_OFFICER, town.agency_id))
    assert "Baru" not in names_seen_by(officer(town, Role.HR_OFFICER, town.a))


def test_the_list_is_searched_filtered_sorted_and_paged(town: Town) -> None:
    for name, unit in (("Ali Akbar", town.a), ("Budi 100%", town.a_section), ("cut Akbar", town.b)):
        hire(town, unit, name=name, email=f"{name.split()[0].lower()}@kota.example")

    assert names_seen_by(SYSTEM) == ["Ali Akbar", "Budi 100%", "cut Akbar"]
    assert names_seen_by(SYSTEM, sort="-name")[0] == "cut Akbar"
    assert names_seen_by(SYSTEM, sort="nonsense")[0] == "Ali Akbar"
    assert names_seen_by(SYSTEM, search="AKBAR") == ["Ali Akbar", "cut Akbar"]
    assert names_seen_by(SYSTEM, search="akbar cut") == ["cut Akbar"]
    assert names_seen_by(SYSTEM, search="%") == ["Budi 100%"]
    assert names_seen_by(SYSTEM, search="budi@kota") == ["Budi 100%"]
    assert names_seen_by(SYSTEM, unit_id=town.a) == ["Ali Akbar", "Budi 100%"]
    page = queries.people_visible_to(SYSTEM, PageRequest(2, 2), on=TODAY)
    assert ([it.name for it in page.items], page.total) == (["cut Akbar"], 3)
    with pytest.raises(NotFound):
        names_seen_by(SYSTEM, unit_id=new_id())


def test_a_number_finds_its_bearer_in_reach_only(town: Town) -> None:
    employee_id = hire(town, town.a, identifier=NIP)

    found = queries.person_by_number(officer(town, Role.HR_OFFICER, town.a), "19860926 201505 1 001", on=TODAY)
    assert found is not None
    assert found.id == employee_id
    assert queries.person_by_number(officer(town, Role.HR_OFFICER, town.b), NIP, on=TODAY) is None
    assert queries.person_by_number(SYSTEM, NIP[:17], on=TODAY) is None


def test_units_are_listed_as_the_tree_stands(town: Town) -> None:
    listed = queries.units_visible_to(SYSTEM)

    assert [(it.name, it.depth) for it in listed] == [("Kota Uji", 0), ("Dinas A", 1), ("Seksi", 2), ("Dinas B", 1)]
    seen = queries.units_visible_to(officer(town, Role.HR_OFFICER, town.a))
    assert [it.name for it in seen] == ["Dinas A", "Seksi"]


def test_a_unit_moves_with_all_below_it_and_reach_follows(town: Town) -> None:
    hire(town, town.a_section, name="Siti")
    of_a, of_b = officer(town, Role.HR_OFFICER, town.a), officer(town, Role.HR_OFFICER, town.b)

    organisation.move_unit(town.a_section, town.b, by=SYSTEM, now=NOON)

    assert names_seen_by(of_a) == []
    assert names_seen_by(of_b) == ["Siti"]
    moved = queries.unit(town.a_section)
    assert (moved.parent_id, moved.path) == (town.b, f"{town.agency_id.hex}/{town.b.hex}/{town.a_section.hex}/")


def test_a_whole_branch_moves_with_its_leaves(town: Town) -> None:
    organisation.move_unit(town.a, town.b, by=SYSTEM, now=NOON)

    assert queries.unit(town.a_section).path == "".join(
        f"{it.hex}/" for it in (town.agency_id, town.b, town.a, town.a_section)
    )


def test_a_unit_moves_neither_below_itself_nor_out_of_its_agency(town: Town) -> None:
    elsewhere = make_town("LAIN")

    with pytest.raises(Conflict, match="unit_cycle"):
        organisation.move_unit(town.a, town.a_section, by=SYSTEM, now=NOON)
    with pytest.raises(Conflict, match="other_agency"):
        organisation.move_unit(town.a, elsewhere.b, by=SYSTEM, now=NOON)
    with pytest.raises(Conflict, match="agency_cannot_move"):
        organisation.move_unit(town.agency_id, town.a, by=SYSTEM, now=NOON)


def test_administrators_shape_what_they_reach(town: Town) -> None:
    admin = officer(town, Role.ADMINISTRATOR, town.a)

    organisation.add_unit("Subbagian", "SUB", parent_id=town.a, by=admin, now=NOON)
    organisation.rename_unit(town.a, "Dinas Alfa", by=admin, now=NOON)
    with pytest.raises(Forbidden):
        organisation.add_unit("Dinas C", "C", parent_id=town.agency_id, by=admin, now=NOON)
    with pytest.raises(Forbidden):
        organisation.add_unit("Kota Lain", "KL", by=admin, now=NOON)
    with pytest.raises(Forbidden):
        organisation.move_unit(town.a_section, town.b, by=admin, now=NOON)


@pytest.mark.parametrize(("level", "job_class", "code"), [("raja", 9, "level_unknown"), ("pengawas", 18, "job_class")])
def test_a_position_needs_a_known_level_and_class(town: Town, level: str, job_class: int, code: str) -> None:
    with pytest.raises(Invalid, match=code):
        organisation.add_position("X", "Jabatan", level, job_class=job_class, by=SYSTEM, now=NOON)
