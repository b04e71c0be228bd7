"""Issuing: a frozen snapshot, numbers per year at the local date, a file that is published once."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from elearn.certs import numbering, queries, services, verification
from elearn.certs.facts import SnapshotSigner
from elearn.certs.models import Certificate, CertificatePublication
from elearn.certs.rules import read_code
from elearn.kernel import installation as places
from elearn.kernel.db import db
from elearn.kernel.errors import Conflict, Forbidden, Invalid
from elearn.people import agencies
from elearn.people.services import organisation
from elearn.workflows import administration
from tests.factories import certs
from tests.factories import world as worlds
from tests.factories.courses import NOON
from tests.factories.world import SYSTEM, World

TODAY = date(2026, 11, 25)
NEW_YEARS_EVE = datetime(2026, 12, 31, 16, 59, tzinfo=UTC)
NEW_YEAR = datetime(2026, 12, 31, 17, 30, tzinfo=UTC)


def row_of(code: str) -> Certificate:
    return db.session.scalars(select(Certificate).where(Certificate.code == code)).one()


def test_numbers_follow_one_another_and_begin_anew_with_the_local_year(world: World) -> None:
    numbers = [
        certs.issue(world, number=at, now=now, sample=True).number
        for at, now in enumerate((NOON, NEW_YEARS_EVE, NEW_YEAR), start=1)
    ]

    assert numbers == [
        "CONTOH-000001/800.2/BKPSDM/XI/2026",
        "CONTOH-000002/800.2/BKPSDM/XII/2026",
        "CONTOH-000001/800.2/BKPSDM/I/2027",
    ]


def test_the_year_is_the_year_of_the_agencys_zone(world: World) -> None:
    moment = datetime(2026, 12, 31, 15, 30, tzinfo=UTC)

    assert certs.issue(world, number=1, now=moment, zone="Asia/Jayapura").issued_on == date(2027, 1, 1)
    assert certs.issue(world, number=2, now=moment, zone="Asia/Jakarta").issued_on == date(2026, 12, 31)


def test_samples_have_a_series_of_their_own(world: World) -> None:
    sample = numbering.series_of(world.agency_id, sample=True)
    real = numbering.series_of(world.agency_id, sample=False)

    assert sample != real
    assert numbering.series_of(world.agency_id, sample=True) == sample
    assert [numbering.take_number(it, 2026) for it in (sample, sample, real)] == [1, 2, 1]


def test_a_rollback_gives_the_number_back(world: World) -> None:
    series = numbering.series_of(world.agency_id, sample=True)
    undone = db.session.begin_nested()
    assert numbering.take_number(series, 2026) == 1
    undone.rollback()

    assert numbering.take_number(series, 2026) == 1


def test_an_attempt_has_one_certificate_however_often_it_is_asked_for(world: World) -> None:
    asked = certs.request(world)

    first = services.issue(asked, by=SYSTEM, now=NOON)
    assert services.issue(asked, by=SYSTEM, now=NEW_YEAR) == first


def test_a_certificate_says_for_good_what_it_said_at_its_issue(world: World) -> None:
    issued = certs.issue(world)
    content = row_of(issued.code).content()

    assert (content.holder_name, content.number, content.score_bp) == ("Uji learner", issued.number, 9000)
    assert content.valid_until == date(2029, 11, 25)
    assert read_code(content.verify_url.rsplit("/", 1)[1]) == issued.code


def test_validity_from_a_leap_day_ends_on_the_last_of_february(world: World) -> None:
    leap = datetime(2028, 2, 29, 5, 0, tzinfo=UTC)

    assert certs.issue(world, now=leap, validity_years=1).valid_until == date(2029, 2, 28)
    assert certs.issue(world, number=2, validity_years=None).valid_until is None


def test_the_first_published_file_is_never_replaced(world: World) -> None:
    issued = certs.issue(world)
    for content in (b"pertama", b"kedua"):
        services.publish(issued.id, content, "kunci", by=SYSTEM, now=NOON)

    assert db.session.get_one(CertificatePublication, issued.id).size == len(b"pertama")


def test_a_pattern_whose_numbers_could_repeat_issues_nothing(world: World) -> None:
    with pytest.raises(Invalid, match="number_pattern"):
        certs.issue(world, number_pattern="tetap")


def test_nobody_revokes_their_own_and_nobody_twice(world: World) -> None:
    issued = certs.issue(world)
    with pytest.raises(Forbidden):
        services.revoke(issued.id, "alasan yang baik", by=world.actor("learner"), now=NOON)
    with pytest.raises(Invalid, match="reason_missing"):
        services.revoke(issued.id, "   x ", by=world.actor("hr"), now=NOON)
    services.revoke(issued.id, "alasan yang baik", by=world.actor("hr"), now=NOON)
    with pytest.raises(Conflict, match="already_revoked"):
        services.revoke(issued.id, "alasan yang baik", by=world.actor("hr"), now=NOON)


def status(code: str, now: datetime = NOON) -> str:
    return verification.verify_code(code, now=now).status


def test_a_code_tells_where_its_certificate_stands(world: World) -> None:
    issued = certs.issue(world)

    assert status(issued.code) == "sample"
    assert status(issued.code, datetime(2029, 11, 26, tzinfo=UTC)) == "expired"
    services.revoke(issued.id, "alasan yang baik", by=world.actor("hr"), now=NOON)
    assert status(issued.code) == "revoked"
    assert status("00000000000000000") == "not_found"


@pytest.mark.parametrize("change", ["snapshot", "snapshot_sha256", "seal", "number", "valid_until", "sample"])
def test_a_row_that_was_meddled_with_is_never_confirmed(world: World, change: str) -> None:
    issued = certs.issue(world)
    row = row_of(issued.code)
    values = {
        "snapshot": row.snapshot.replace("Uji learner", "Orang Lain"),
        "snapshot_sha256": "0" * 64,
        "seal": "0" * 64,
        "number": "palsu",
        "valid_until": date(2099, 1, 1),
        "sample": False,
    }
    db.session.execute(update(Certificate).where(Certificate.id == row.id).values({change: values[change]}))
    db.session.expire_all()

    assert status(issued.code) == "unchecked"


def test_without_the_seals_key_nothing_is_confirmed(world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from elearn.kernel import seal

    issued = certs.issue(world)
    monkeypatch.setattr(seal, "KEY_FILE", "tidak-ada.key")

    assert status(issued.code) == "unchecked"


def signer(called: str = "Pejabat", **changes: str) -> SnapshotSigner:
    return replace(SnapshotSigner(called, "Kepala Badan", None, "SK uji"), **changes)


def named(world: World, on: date) -> str | None:
    found = queries.signer_on(world.agency_id, on)
    return found.name if found else None


def appoint(world: World, name: str, from_on: date) -> None:
    services.appoint_signer(world.agency_id, signer(name), from_on=from_on, by=SYSTEM, now=NOON)
    db.session.flush()


def test_a_new_signer_takes_over_on_their_day_and_the_old_one_is_named_until_the_day_before(world: World) -> None:
    appoint(world, "Pejabat Lama", date(2026, 1, 1))
    appoint(world, "Pejabat Baru", date(2026, 7, 1))

    assert named(world, date(2025, 12, 31)) is None
    assert named(world, date(2026, 6, 30)) == "Pejabat Lama"
    assert named(world, date(2026, 7, 1)) == "Pejabat Baru"


def test_the_newest_word_counts_on_the_same_day_and_the_older_does_not_come_back(world: World) -> None:
    appoint(world, "Salah Ketik", TODAY)
    appoint(world, "Nama Benar", TODAY)
    assert named(world, TODAY) == "Nama Benar"

    services.end_signer(queries.signers(world.agency_id)[0].id, by=SYSTEM, now=NOON)
    db.session.flush()

    assert named(world, TODAY + timedelta(days=1)) is None


def test_an_appointment_that_has_not_begun_can_be_taken_back(world: World) -> None:
    appoint(world, "Pejabat Lama", date(2026, 1, 1))
    appoint(world, "Pejabat Nanti", date(2027, 1, 1))

    services.end_signer(queries.signers(world.agency_id)[0].id, by=SYSTEM, now=NOON)
    db.session.flush()

    assert [it.name for it in queries.signers(world.agency_id)] == ["Pejabat Lama"]


@pytest.mark.parametrize("field", ["name", "title", "legal_basis"])
def test_a_signer_needs_name_office_and_basis(world: World, field: str) -> None:
    with pytest.raises(Invalid, match="signer_incomplete"):
        services.appoint_signer(world.agency_id, signer(**{field: "  "}), from_on=TODAY, by=SYSTEM, now=NOON)


def test_only_administrators_in_reach_appoint(world: World) -> None:
    for who in ("learner", "hr", "signer"):
        with pytest.raises(Forbidden):
            administration.appoint_signer(world.agency_id, signer("Pejabat"), from_on=TODAY, by=world.actor(who), now=NOON)
    administration.appoint_signer(world.agency_id, signer("Pejabat"), from_on=TODAY, by=world.actor("admin"), now=NOON)
    db.session.flush()

    assert row_of(certs.issue(world).code).content().signer == signer("Pejabat")


def test_the_public_address_is_noted_once_for_each_change(world: World) -> None:
    def note(address: str | None) -> int:
        done = administration.record_public_address(address, by=SYSTEM, now=NOON)
        db.session.flush()
        return done

    assert note("https://belajar.example") == 1
    assert note("https://belajar.example") == 0
    assert note(None) == 0
    assert agencies.agency(world.agency_id, now=NOON).public_url == "https://belajar.example"


def test_no_way_to_a_certificate_outside_the_demo_passes_by_the_public_address(world: World) -> None:
    here = places.installation()
    places.use(replace(here, public_url="https://belajar.example"))
    issued = certs.issue(world, sample=False)
    places.use(here)

    with pytest.raises(Conflict, match="public_url_missing"):
        certs.issue(world, number=2, sample=False)
    with pytest.raises(Conflict, match="public_url_missing"):
        services.reissue(issued.id, certs.HOLDER, by=world.actor("hr"), now=NOON)


def test_an_agency_without_a_pattern_of_its_own_issues_nothing(world: World) -> None:
    with pytest.raises(Conflict, match="number_pattern_missing"):
        certs.issue(world, number_pattern=None)


def test_two_agencies_never_give_the_same_number(world: World) -> None:
    other = organisation.add_unit("Kota Lain", "LAIN", by=SYSTEM, now=NOON)

    def choose(agency_id: UUID, pattern: str) -> None:
        administration.change_setting(agency_id, "number_pattern", pattern, by=SYSTEM, now=NOON)
        db.session.flush()

    with pytest.raises(Invalid, match="number_pattern_taken"):
        choose(other, worlds.PATTERN.lower())
    choose(world.agency_id, "{nomor}/BARU/{tahun}")
    with pytest.raises(Invalid, match="number_pattern_taken"):
        choose(other, worlds.PATTERN)
    choose(other, "{nomor}/LAIN/{tahun}")
    choose(world.agency_id, worlds.PATTERN)

    certs.issue(world)
    with pytest.raises(IntegrityError), db.session.begin_nested():
        certs.issue(world, number=2, agency_id=other)


def test_a_replacement_differs_in_nothing_but_the_holder_and_its_own_number(world: World) -> None:
    """Whatever the person, the agency's settings or the course have become meanwhile."""
    issued = certs.issue(world)
    before = row_of(issued.code)
    later = NOON + timedelta(days=400)
    administration.change_setting(world.agency_id, "name", "Kota Berganti Nama", by=SYSTEM, now=later)
    holder = replace(certs.HOLDER, name="Uji Nama Benar", unit="Dinas lain")

    made = services.reissue(issued.id, holder, by=world.actor("hr"), now=later)

    row = row_of(made.code)
    kept = ("employee_id", "course_id", "attempt_id", "agency_id", "series_id", "sample", "valid_until")
    assert [getattr(row, it) for it in kept] == [getattr(before, it) for it in kept]
    own = ("number", "code", "issued_on", "issued_at", "verify_url", "holder_name", "holder_unit")
    changes = {it: getattr(row.content(), it) for it in own}
    assert row.content() == replace(before.content(), **changes)
    assert made.number == "CONTOH-000001/800.2/BKPSDM/XII/2027"


def test_what_its_seal_does_not_vouch_for_is_not_issued_anew(world: World) -> None:
    issued = certs.issue(world)
    forged = row_of(issued.code).snapshot.replace('"score_bp":9000', '"score_bp":9900')
    db.session.execute(update(Certificate).where(Certificate.id == issued.id).values(snapshot=forged))
    db.session.expire_all()

    with pytest.raises(Conflict, match="entry_unsound"):
        services.reissue(issued.id, certs.HOLDER, by=world.actor("hr"), now=NOON)
