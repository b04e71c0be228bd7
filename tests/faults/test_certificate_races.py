"""Revoking and correcting one certificate at once: exactly one of them happens, whoever comes first."""

import threading
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest

from elearn.app import ElearnFlask
from elearn.certs import queries, verification
from elearn.certs.models import Certificate
from elearn.kernel.db import db
from elearn.kernel.errors import Conflict
from elearn.kernel.jobs import transaction
from elearn.workflows import certification
from tests.factories import certs
from tests.factories import world as worlds
from tests.factories.courses import NOON
from tests.factories.world import World

HELD = 0.6
Act = Callable[[World, UUID], object]


def revoke(world: World, certificate_id: UUID) -> object:
    return certification.revoke_certificate(certificate_id, "salah orang", by=world.actor("hr"), now=NOON)


def correct(world: World, certificate_id: UUID) -> object:
    return certification.correct_certificate(certificate_id, by=world.actor("hr"), now=NOON)


def crossed(app: ElearnFlask, folder: Path, first: Act, second: Act) -> tuple[dict[str, str], list[str]]:
    """The second begins while the first has done its work and not committed: what each said, and the verdicts."""
    with app.app_context():
        with transaction():
            world = worlds.make_world(folder)
            issued = certs.issue(world)
        db.session.remove()
    done, said = threading.Event(), {}

    def run(name: str, act: Act) -> None:
        with app.app_context():
            if name == "second":
                done.wait()
            try:
                act(world, issued.id)
                if name == "first":
                    done.set()
                    threading.Event().wait(HELD)
                db.session.commit()
                said[name] = "done"
            except Conflict as refused:
                db.session.rollback()
                said[name] = refused.code
            db.session.remove()

    threads = [threading.Thread(target=run, args=it) for it in (("first", first), ("second", second))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    with app.app_context():
        codes = db.session.scalars(db.select(Certificate.code).order_by(Certificate.sequence)).all()
        verdicts = [verification.verify_code(code, now=NOON).status for code in codes]
        db.session.remove()
    return said, verdicts


def test_a_correction_that_meets_a_revocation_issues_nothing(app: ElearnFlask, tmp_path: Path) -> None:
    said, verdicts = crossed(app, tmp_path, revoke, correct)

    assert said == {"first": "done", "second": "revoked"}
    assert verdicts == ["revoked"]


def test_a_revocation_that_meets_a_correction_is_sent_to_the_new_certificate(app: ElearnFlask, tmp_path: Path) -> None:
    said, verdicts = crossed(app, tmp_path, correct, revoke)

    assert said == {"first": "done", "second": "superseded"}
    assert verdicts == ["superseded", "sample"]


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_a_correction_that_does_not_lock_is_caught(
    app: ElearnFlask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control; on SQLite a writing transaction locks everything by itself."""
    monkeypatch.setattr(queries, "certificate_for_update", queries.certificate)

    _said, verdicts = crossed(app, tmp_path, revoke, correct)

    assert verdicts == ["revoked", "sample"]
