"""A staff file from the command line: every kind of file, every bad row told, all or nothing, and again nothing."""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter  # type: ignore[import-untyped]
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, func, select

from elearn.app import ElearnFlask
from elearn.kernel.audit import AuditEntry
from elearn.kernel.db import db
from elearn.kernel.errors import Invalid
from elearn.kernel.jobs import transaction
from elearn.people import queries
from elearn.people.models.staff import Employee, Posting
from elearn.people.services import rostering
from tests.conftest import NOON
from tests.factories import people as towns
from tests.factories.people import SYSTEM, Town

HEADER = ("nip", "nama", "gelar_depan", "gelar_belakang", "email", "status", "golongan")
HEADER += ("kode_unit", "unit", "kode_jabatan", "jabatan", "jenjang", "tmt_jabatan", "nip_atasan")
SITI = ("198609262015051001", "Siti Aminah", "", "S.Sos.", "siti@kota.example", "PNS", "III/b")
SITI += ("KOTA-A", "Dinas A", "KOTA-KASI", "Kepala Seksi", "pengawas", "2026-01-31", "")
NURUL = ("198801012016012001", "Nurul O'Brien", "", "", "", "PNS", "III/a")
NURUL += ("BARU", "Bidang Baru", "ANL", "Analis", "pelaksana", "2026-02-13", "198609262015051001")
Run = Callable[..., dict[str, Any]]


@pytest.fixture
def town(app: ElearnFlask) -> Iterator[Town]:
    """An agency, committed; the test is inside the application's context."""
    with app.app_context():
        with transaction():
            made = towns.make_town()
        yield made
        db.session.remove()


@pytest.fixture
def run(app: ElearnFlask, town: Town, tmp_path: Path) -> Run:
    """The command on some content; what --json prints."""

    def import_file(content: bytes, *options: str) -> dict[str, Any]:
        file = tmp_path / "pegawai"
        file.write_bytes(content)
        told = app.test_cli_runner().invoke(args=["people", "import", str(file), "--json", *options])
        assert told.stdout, told.output
        said: dict[str, Any] = json.loads(told.stdout)
        db.session.rollback()
        assert told.exit_code == (1 if said["errors"] else 0)
        return said

    return import_file


def as_csv(*rows: tuple[str, ...], separator: str = ";", encoding: str = "utf-8") -> bytes:
    return "\r\n".join(separator.join(row) for row in (HEADER, *rows)).encode(encoding)


def as_xlsx(*rows: tuple[Any, ...]) -> bytes:
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet()
    for number, row in enumerate((HEADER, *rows)):
        for place, cell in enumerate(row):
            sheet.write_string(number, place, cell) if isinstance(cell, str) else sheet.write(number, place, cell)
    book.close()
    return target.getvalue()


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


@pytest.mark.parametrize(
    "content",
    [
        as_csv(SITI, NURUL),
        as_csv(SITI, NURUL, separator=",", encoding="utf-8-sig"),
        as_csv(SITI, NURUL, separator="\t", encoding="utf-16"),
        as_xlsx(SITI, NURUL),
    ],
    ids=["csv", "comma and BOM", "tab and UTF-16", "xlsx"],
)
def test_a_file_of_any_kind_brings_its_people_and_again_nothing(run: Run, content: bytes) -> None:
    first = run(content, "--create-units")
    before = count(AuditEntry)
    again = run(content, "--create-units")

    assert first == {"rows": 2, "new": 2, "changed": 0, "unchanged": 0, "errors": [], "written": True}
    assert again == {"rows": 2, "new": 0, "changed": 0, "unchanged": 2, "errors": [], "written": False}
    assert count(AuditEntry) == before
    siti, nurul = (queries.employee_id_by_login(it[0]) for it in (SITI, NURUL))
    assert siti is not None
    assert nurul is not None
    person = queries.person(nurul, on=NOON.date())
    assert (person.name, person.unit_name, person.supervisor_id) == ("Nurul O'Brien", "Bidang Baru", siti)
    assert queries.person(siti, on=date(2026, 1, 31)).name_with_titles == "Siti Aminah, S.Sos."


def test_a_trial_writes_nothing(run: Run) -> None:
    people, acts = count(Employee), count(AuditEntry)

    assert run(as_csv(SITI), "--dry-run") | {"written": False} == {
        "rows": 1,
        "new": 1,
        "changed": 0,
        "unchanged": 0,
        "errors": [],
        "written": False,
    }
    assert (count(Employee), count(AuditEntry)) == (people, acts)


def test_one_bad_row_keeps_all_from_being_written_and_is_told_as_the_spreadsheet_counts(run: Run) -> None:
    bad = (*NURUL[:5], "Honorer", *NURUL[6:])
    people = count(Employee)

    said = run(as_csv(SITI, ("",) * len(HEADER), bad), "--create-units")

    assert not said["written"]
    assert count(Employee) == people
    assert [(it["row"], it["column"]) for it in said["errors"]] == [(4, "status")]
    assert "PNS" in said["errors"][0]["message"]


def test_a_number_that_a_spreadsheet_rounded_is_refused_and_says_how_to_keep_it(run: Run) -> None:
    rounded = (198609262015051001.0, *SITI[1:])

    said = run(as_xlsx(rounded))

    assert [(it["row"], it["column"]) for it in said["errors"]] == [(2, "nip")]
    assert "Teks" in said["errors"][0]["message"]
    assert queries.employee_id_by_login(SITI[0]) is None


def test_units_are_made_only_where_that_is_asked_for(run: Run) -> None:
    said = run(as_csv(SITI, NURUL))

    assert [(it["row"], it["column"]) for it in said["errors"]] == [(3, "kode_unit")]
    assert not said["written"]


def test_a_move_is_a_new_posting_and_the_old_one_stays(run: Run) -> None:
    run(as_csv(SITI))
    moved = (*SITI[:7], "KOTA-B", "Dinas B", *SITI[9:12], "2026-11-01", "")

    said = run(as_csv(moved))

    siti = queries.employee_id_by_login(SITI[0])
    assert siti is not None
    assert (said["changed"], said["written"]) == (1, True)
    assert queries.person(siti, on=date(2026, 10, 31)).unit_name == "Dinas A"
    assert queries.person(siti, on=NOON.date()).unit_name == "Dinas B"
    assert db.session.scalar(select(func.count()).select_from(Posting).where(Posting.employee_id == siti)) == 2


@pytest.mark.parametrize(
    "content",
    [b"", b"\0" * 100, b"PK\x03\x04" + b"x" * 100, as_xlsx(SITI)[:-50], b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>"],
    ids=["empty", "zeros", "torn zip", "cut off", "xml"],
)
def test_what_is_no_staff_file_is_refused_in_a_sentence(run: Run, content: bytes) -> None:
    said = run(content)

    assert said["errors"]
    assert all(it["message"] for it in said["errors"])
    assert not said["written"]


def statements_of(town: Town, rows: int) -> int:
    """How many statements comparing so many people takes."""
    people = [
        (f"19860926201505{number:04}", f"Orang {number}", *SITI[2:4], "", *SITI[5:]) for number in range(1001, 1001 + rows)
    ]
    terms = rostering.terms_in_force(by=SYSTEM, now=NOON)
    roster = rostering.read_file(as_csv(*people), terms, by=SYSTEM, now=NOON)
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    engine = db.session.connection().engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        rostering.compare(roster, rostering.Wishes(False), by=SYSTEM, now=NOON)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(seen)


def test_comparing_asks_no_more_for_more_people(town: Town) -> None:
    assert statements_of(town, 200) == statements_of(town, 2) > 0


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 400), st.binary(max_size=8))
def test_a_file_with_bytes_changed_is_read_or_refused(town: Town, place: int, put: bytes) -> None:
    content = as_csv(SITI, NURUL)
    mangled = content[:place] + put + content[place + len(put) :]
    terms = rostering.terms_in_force(by=SYSTEM, now=NOON)

    with suppress(Invalid):
        read = rostering.read_file(mangled, terms, by=SYSTEM, now=NOON)
        rostering.compare(read, rostering.Wishes(True), by=SYSTEM, now=NOON)
