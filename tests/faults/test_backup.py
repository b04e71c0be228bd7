"""Backup and restore: every certificate verifies afterwards, wrong passphrases and full databases are refused."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select, text

from elearn.app import ElearnFlask
from elearn.certs import verification
from elearn.certs.models import Certificate
from elearn.exams import services as exams
from elearn.kernel import backup, jobs, storage
from elearn.kernel import installation as places
from elearn.kernel.db import db
from elearn.kernel.errors import Conflict, Invalid
from elearn.workflows import administration, certification
from tests.conftest import NOON, new_app
from tests.factories import world as worlds
from tests.factories.acts import PNG
from tests.factories.world import World


def certified(folder: Path) -> tuple[World, str, bytes]:
    """A world with one published certificate: (world, code, file)."""
    from elearn.certs import queries, services
    from elearn.kernel.page import PageRequest

    with jobs.transaction():
        world = worlds.make_world(folder)
        sitting = worlds.start(world, "learner")
        for slot, keys in worlds.right_keys(sitting.id).items():
            exams.record_answer(sitting.id, slot, 1, keys, by=world.actor("learner"), now=NOON)
        certification.submit_exam(sitting.id, by=world.actor("learner"), now=NOON)
    for job_id in jobs.sweep():
        assert jobs.run(job_id)
    found = queries.issued_to([world.people["learner"]], PageRequest(), on=NOON.date()).items[0]
    pdf = services.file_of(found.id)
    assert pdf is not None
    return world, found.code, pdf


def test_after_a_restore_every_certificate_verifies(
    app: ElearnFlask, tmp_path: Path, template_of: Callable[[str], str]
) -> None:
    with app.app_context():
        _world, code, pdf = certified(tmp_path)
        backup.backup(tmp_path / "b.tar.gz", "frasa")
        assert verification.verify_code(code, now=NOON).status == "sample"
        db.session.remove()

    import shutil

    target = tmp_path / "restored.db"
    shutil.copy(template_of("sqlite").removeprefix("sqlite:///"), target)
    other = new_app(f"sqlite:///{target}", tmp_path / "other")
    with other.app_context():
        with pytest.raises(Invalid, match="wrong_passphrase"):
            backup.restore(tmp_path / "b.tar.gz", "salah")
        backup.restore(tmp_path / "b.tar.gz", "frasa")
        assert verification.verify_code(code, now=NOON).status == "sample"
        assert verification.verify_file(pdf, now=NOON).status == "sample"
        with pytest.raises(Conflict, match="database_not_empty"):
            backup.restore(tmp_path / "b.tar.gz", "frasa")
        db.session.remove()


def test_after_a_restore_lessons_show_their_pictures(
    app: ElearnFlask, tmp_path: Path, template_of: Callable[[str], str]
) -> None:
    import shutil

    from elearn.courses import lessons
    from elearn.courses import services as courses

    with app.app_context():
        with jobs.transaction():
            world = worlds.make_world(tmp_path)
            enrollment_id = courses.enroll(world.slug, by=world.actor("learner"), now=NOON)[0].id
        before = lessons.picture_of(world.actor("learner"), enrollment_id, "alur.png")
        backup.backup(tmp_path / "b.tar.gz", "frasa")
        db.session.remove()

    target = tmp_path / "restored.db"
    shutil.copy(template_of("sqlite").removeprefix("sqlite:///"), target)
    other = new_app(f"sqlite:///{target}", tmp_path / "other")
    with other.app_context():
        assert not storage.holds(before.sha256)
        backup.restore(tmp_path / "b.tar.gz", "frasa")

        assert lessons.picture_of(world.actor("learner"), enrollment_id, "alur.png") == before
        db.session.remove()


def test_a_file_damaged_before_the_backup_does_not_come_back_under_its_good_name(app: ElearnFlask, tmp_path: Path) -> None:
    with app.app_context():
        good, harmed = storage.put(b"utuh"), storage.put(b"rusak")
        (places.installation().files_dir / harmed[:2] / f"{harmed}.bin").write_bytes(b"lain")
        backup.backup(tmp_path / "b.tar.gz", "frasa")
        for each in (good, harmed):
            (places.installation().files_dir / each[:2] / f"{each}.bin").unlink()

        backup.restore(tmp_path / "b.tar.gz", "frasa")

        assert storage.get(good) == b"utuh"
        assert not storage.holds(harmed)
        db.session.remove()


def test_without_the_key_nothing_is_confirmed(app: ElearnFlask, tmp_path: Path) -> None:
    with app.app_context():
        _world, code, pdf = certified(tmp_path)
        key = places.installation().keys_dir / "seal.key"
        key.rename(key.with_suffix(".away"))

        assert verification.verify_code(code, now=NOON).status == "unchecked"
        assert verification.verify_file(pdf, now=NOON).status == "unchecked"
        db.session.remove()


def test_a_database_of_another_release_is_not_backed_up(app: ElearnFlask, tmp_path: Path) -> None:
    with app.app_context():
        with db.engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '770748b99805'"))

        done = app.test_cli_runner().invoke(args=["backup", str(tmp_path / "b.tar.gz"), "--passphrase", "frasa"])

        assert done.exit_code == 1
        assert "take the release that prepared the database" in done.output
        assert not (tmp_path / "b.tar.gz").exists()


def test_the_keys_are_not_in_the_backup_itself(app: ElearnFlask, tmp_path: Path) -> None:
    with app.app_context():
        key = (places.installation().keys_dir / "seal.key").read_bytes()
        backup.backup(tmp_path / "b.tar.gz", "frasa")
        db.session.remove()
    import gzip

    assert key not in gzip.decompress((tmp_path / "b.tar.gz").read_bytes())
    assert key not in (tmp_path / "b.tar.gz.keys").read_bytes()


def test_changing_name_logo_and_template_changes_no_issued_file(
    app: ElearnFlask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the file's job comes round once more under another template: what is published is not made again."""
    from elearn.certs import rendering, services
    from elearn.kernel.settings import set_agency_value
    from elearn.people.services import organisation, staff

    with app.app_context():
        world, code, pdf = certified(tmp_path)
        monkeypatch.setattr(services, "TEMPLATE_VERSION", services.TEMPLATE_VERSION + 1)
        monkeypatch.setattr(rendering, "render_isolated", lambda *_, **__: b"%PDF another template")
        with jobs.transaction():
            staff.rename(world.people["learner"], "Nama Lain", by=worlds.SYSTEM, now=NOON)
            organisation.rename_unit(world.units["a"], "Unit Lain", by=worlds.SYSTEM, now=NOON)
            set_agency_value(world.agency_id, "name", "Kota Lain", by=worlds.SYSTEM, now=NOON)
            administration.change_logo(world.agency_id, storage.put(PNG), by=world.actor("admin"), now=NOON)
            worlds.make_course(tmp_path / "again", title="Kursus uji, edisi baru")
            issued = db.session.scalars(select(Certificate)).one()
            jobs.enqueue(services.RENDER_JOB, f"{issued.id}-again", {"certificate_id": str(issued.id)}, now=NOON)
        for job_id in jobs.sweep():
            jobs.run(job_id)

        assert services.file_of(issued.id) == pdf
        found = verification.verify_file(pdf, now=NOON)
        assert found.status == "sample"
        assert found.certificate is not None
        assert found.certificate.holder_name == "Uji learner"
        assert found.certificate.agency_name == "Kota Uji"
        assert verification.verify_code(code, now=NOON).certificate == found.certificate
        db.session.remove()


def test_a_child_whose_id_sorts_before_its_parents_is_restored_too(app: ElearnFlask, tmp_path: Path) -> None:
    """Ids made in one millisecond are in random order: rows that point at their own table go in parents first."""
    from uuid import UUID

    from sqlalchemy import insert, select

    from elearn.people.models.organisation import OrgUnit

    parent, middle, child = UUID(int=3), UUID(int=2), UUID(int=1)
    rows = [
        {"id": parent, "parent_id": None, "name": "Kota", "code": "P", "path": f"{parent.hex}/"},
        {"id": middle, "parent_id": parent, "name": "Dinas", "code": "M", "path": f"{parent.hex}/{middle.hex}/"},
        {"id": child, "parent_id": middle, "name": "Bidang", "code": "C", "path": f"{parent.hex}/{middle.hex}/{child.hex}/"},
    ]
    with app.app_context():
        with jobs.transaction():
            for row in rows:
                db.session.execute(insert(OrgUnit).values(row))
        backup.backup(tmp_path / "b.tar.gz", "frasa")
        db.session.remove()

        backup.restore(tmp_path / "b.tar.gz", "frasa")

        kept = db.session.execute(select(OrgUnit.id, OrgUnit.parent_id).order_by(OrgUnit.code)).all()
        assert [tuple(it) for it in kept] == [(child, middle), (middle, parent), (parent, None)]
        db.session.remove()


@pytest.mark.parametrize("harm", ["gone", "damaged"])
def test_a_keyring_that_cannot_be_read_accuses_no_file_and_confirms_none(
    app: ElearnFlask, tmp_path: Path, harm: str
) -> None:
    with app.app_context():
        _world, _code, pdf = certified(tmp_path)
        db.session.remove()
        for path in (places.installation().keys_dir / "known").glob("*"):
            if harm == "gone":
                path.unlink()
            else:
                path.write_text("-----BEGIN CERTIFICATE-----\nrusak\n-----END CERTIFICATE-----\n")
    from io import BytesIO

    reply = app.test_client().post(
        "/verify/file", data={"file": (BytesIO(pdf), "a.pdf")}, headers={"Accept": "application/json"}
    )

    assert (reply.status_code, reply.get_json()["status"]) == (200, "unchecked")
    assert reply.get_json()["certificate"] is None


def test_another_seal_key_accuses_no_file_and_confirms_none(app: ElearnFlask, tmp_path: Path) -> None:
    from elearn.kernel.seal import make_key

    with app.app_context():
        _world, code, pdf = certified(tmp_path)
        keys_dir = places.installation().keys_dir
        (keys_dir / "seal.key").unlink()
        make_key(keys_dir)

        found = verification.verify_file(pdf, now=NOON)
        assert (found.status, found.certificate) == ("unchecked", None)
        assert verification.verify_code(code, now=NOON).status == "unchecked"
        altered = verification.verify_file(pdf + b"\n", now=NOON)
        assert (altered.status, altered.certificate) == ("altered", None)
        db.session.remove()


def test_after_a_restore_the_second_factor_still_opens_and_without_the_keys_it_does_not(
    app: ElearnFlask, tmp_path: Path, template_of: Callable[[str], str]
) -> None:
    import gzip
    import shutil

    from elearn.kernel.seal import NotConcealed
    from elearn.people import sealing
    from elearn.people.models.factors import SecondFactor, SpareCode
    from tests.factories.people import SEED, SPARE, with_factor

    with app.app_context():
        with jobs.transaction():
            siti = worlds.make_world(tmp_path).people["learner"]
        with_factor(siti)
        backup.backup(tmp_path / "b.tar.gz", "frasa")
        db.session.remove()
    content = gzip.decompress((tmp_path / "b.tar.gz").read_bytes())
    assert SEED.encode() not in content
    assert SPARE.encode() not in content

    def restored(name: str, passphrase: str | None) -> ElearnFlask:
        target = tmp_path / f"{name}.db"
        shutil.copy(template_of("sqlite").removeprefix("sqlite:///"), target)
        other = new_app(f"sqlite:///{target}", tmp_path / name)
        with other.app_context():
            backup.restore(tmp_path / "b.tar.gz", passphrase)
            db.session.remove()
        return other

    with restored("whole", "frasa").app_context():
        assert sealing.seed_of(db.session.get_one(SecondFactor, siti)) == SEED
        assert sealing.is_spare_code(db.session.query(SpareCode).one(), SPARE)
        db.session.remove()
    with restored("keyless", None).app_context():
        with pytest.raises(NotConcealed):
            sealing.seed_of(db.session.get_one(SecondFactor, siti))
        assert not sealing.is_spare_code(db.session.query(SpareCode).one(), SPARE)
        db.session.remove()
