"""Reference files are loaded as often as one likes; what changed is said and audited."""

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import func, select

from elearn.competency import services, terms
from elearn.competency.models.reference import CompetencyRequirement
from elearn.kernel.actor import Actor, Grant, Role
from elearn.kernel.audit import AuditEntry
from elearn.kernel.errors import Forbidden, Invalid
from elearn.kernel.ids import new_id
from elearn.kernel.settings import rule_value
from tests.factories.competency import NOON, REFERENCE, TODAY

SYSTEM = Actor.system()


@pytest.fixture
def folder(session: Any, tmp_path: Path) -> Path:
    """A copy of the reference files, loaded once."""
    copy = tmp_path / "reference"
    shutil.copytree(REFERENCE, copy)
    services.load_dictionary(copy, by=SYSTEM, now=NOON)
    services.load_rules(copy, by=SYSTEM, now=NOON)
    return copy


def edit(file: Path, change: Any) -> None:
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    change(content)
    file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")


def test_the_second_load_changes_nothing_and_writes_no_audit_entry(session: Any, folder: Path) -> None:
    entries = select(func.count()).select_from(AuditEntry)
    before = session.scalar(entries)

    reports = (
        services.load_dictionary(folder, by=SYSTEM, now=NOON),
        services.load_rules(folder, by=SYSTEM, now=NOON),
    )

    assert not any(it.has_changes for it in reports)
    assert all(it.unchanged for it in reports)
    assert session.scalar(entries) == before


def test_a_corrected_row_is_changed_in_place_and_named(folder: Path) -> None:
    edit(folder / "competencies.yaml", lambda it: it["competencies"][0]["levels"][0].update(description="Jujur."))

    report = services.load_dictionary(folder, by=SYSTEM, now=NOON)

    assert (report.added, report.changed) == ((), ("MAN-INT 1: description",))


def test_a_new_requirement_with_a_later_day_leaves_the_old_one_as_history(session: Any, folder: Path) -> None:
    def raise_pengawas(content: dict[str, Any]) -> None:
        row = next(it for it in content["position_levels"] if it["code"] == "pengawas")
        content["position_levels"].append({**row, "required_level": 3, "effective_from": date(2027, 1, 1)})

    edit(folder / "position_levels.yaml", raise_pengawas)

    report = services.load_dictionary(folder, by=SYSTEM, now=NOON)

    assert len(report.added) == 9
    assert report.changed == ()
    rows = session.scalars(
        select(CompetencyRequirement.required_level)
        .where(CompetencyRequirement.position_level == "pengawas")
        .distinct()
        .order_by(CompetencyRequirement.required_level)
    ).all()
    assert rows == [2, 3]


def test_a_rule_is_read_as_of_its_day(folder: Path) -> None:
    def lower_cap(content: dict[str, Any]) -> None:
        row = next(it for it in content["rules"] if it["key"] == "evidence.unsupervised_cap_level")
        content["rules"].append({**row, "value": 1, "effective_from": date(2027, 1, 1)})

    edit(folder / "rules.yaml", lower_cap)

    report = services.load_rules(folder / "rules.yaml", by=SYSTEM, now=NOON)

    assert report.added == ("evidence.unsupervised_cap_level 2027-01-01",)
    assert rule_value("evidence.unsupervised_cap_level", TODAY) == 2
    assert rule_value("evidence.unsupervised_cap_level", date(2027, 1, 1)) == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda it: it["competencies"][0].pop("name"),
        lambda it: it["competencies"][0].update(kind="magical"),
        lambda it: it["competencies"][0].update(effective_from="kemarin"),
        lambda it: it["competencies"][0]["levels"][0].update(level=7),
        lambda it: it.pop("competencies"),
    ],
)
def test_a_bad_file_is_refused_by_name(folder: Path, change: Any) -> None:
    edit(folder / "competencies.yaml", change)

    with pytest.raises(Invalid, match="reference_invalid") as caught:
        services.load_dictionary(folder, by=SYSTEM, now=NOON)
    assert caught.value.details["file"] == "competencies.yaml"


def test_a_missing_file_is_refused_by_name(folder: Path) -> None:
    (folder / "level_names.yaml").unlink()

    with pytest.raises(Invalid, match="reference_unreadable"):
        services.load_dictionary(folder, by=SYSTEM, now=NOON)


def test_hr_does_not_load_reference_files(folder: Path) -> None:
    hr = Actor(employee_id=new_id(), grants=frozenset({Grant(Role.HR_OFFICER)}), via="session")

    with pytest.raises(Forbidden):
        services.load_dictionary(folder, by=hr, now=NOON)
    with pytest.raises(Forbidden):
        services.load_rules(folder, by=hr, now=NOON)


def test_level_names_and_competency_names_are_found(folder: Path) -> None:
    assert terms.level_names(TODAY)[5] == "Ahli"
    assert terms.competency_names(["MAN-PLP", "MAN-XXX"]) == {"MAN-PLP": "Pelayanan Publik"}
