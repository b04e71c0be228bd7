"""A backup taken while people save, submit and get certificates, restored elsewhere: one whole moment, nothing torn."""

import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from elearn.app import ElearnFlask
from elearn.certs import queries, services, verification
from elearn.certs.models import Certificate
from elearn.kernel import backup, clock
from elearn.kernel.db import db
from tests.conftest import ROOT, copied, new_app
from tests.database import administer
from tests.factories import world as worlds
from tests.faults.conftest import Starter
from tests.faults.product import API, Product

SAVERS, SUBMITTERS = 4, 6
PHRASE = "frasa uji cadangan"
Journal = dict[tuple[str, int], int]


def sit(product: Product, who: str) -> str:
    """Start an attempt; gives its id."""
    exam = product.crowd.world.exam_id
    return str(product.insist("POST", f"{API}/exams/{exam}/attempts", who=who).body["id"])


def save(product: Product, who: str, attempt: str, acknowledged: Journal, over: threading.Event) -> None:
    """Save rising numbers to one place until told to stop; notes each acknowledgement."""
    seq = 0
    while not over.is_set():
        seq += 1
        body = {"seq": seq, "value": ["ABCD"[seq % 4]]}
        if product.insist("PUT", f"{API}/attempts/{attempt}/answers/1", body, who=who).status == 200:
            acknowledged[_id(attempt), 1] = seq


def pass_exam(product: Product, who: str, attempt: str, keys: dict[int, list[str]]) -> None:
    """Answer everything rightly and submit: a certificate, its evidence, and a job for its file."""
    for slot, value in keys.items():
        product.insist("PUT", f"{API}/attempts/{attempt}/answers/{slot}", {"seq": 1, "value": value}, who=who)
    product.insist("POST", f"{API}/attempts/{attempt}/submission", who=who)


def right_keys(product: Product, attempts: list[str], folder: Path) -> dict[str, dict[int, list[str]]]:
    """The right keys of some attempts, read beside the product as no learner can."""
    with new_app(product.url, folder).app_context():
        found = {it: worlds.right_keys(UUID(it)) for it in attempts}
        db.session.remove()
        db.engine.dispose()
    return found


def backed_up(product: Product, target: Path) -> str:
    """Run the command of the README beside the working product; gives what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "backup", str(target), "--passphrase", PHRASE],
        cwd=ROOT,
        env=product.environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def torn(acknowledged: Journal) -> list[str]:
    """Everything in the restored installation that does not belong to one whole moment."""
    answers = db.session.execute(sa.text("SELECT attempt_id, slot, max(seq) FROM answers GROUP BY attempt_id, slot")).all()
    events = {(_id(row[0]), row[1]): row[2] for row in answers}
    current = db.session.execute(sa.text("SELECT attempt_id, slot, seq FROM attempt_slots WHERE seq > 0")).all()
    found = [f"place {row[1]}: current {row[2]}" for row in current if events.get((_id(row[0]), row[1])) != row[2]]
    found += [f"acknowledged {key} {seq} is missing" for key, seq in acknowledged.items() if events.get(key, 0) < seq]
    for certificate in db.session.scalars(sa.select(Certificate)):
        if verification.verify_code(certificate.code, now=clock.now()).status != "sample":
            found.append(f"{certificate.number} does not verify by its code")
        published = queries.publication(certificate.id)
        pdf = services.file_of(certificate.id)
        if published is not None and (pdf is None or verification.verify_file(pdf, now=clock.now()).status != "sample"):
            found.append(f"{certificate.number} does not verify by its file")
    evidence = db.session.scalar(sa.text("SELECT count(DISTINCT source_id) FROM evidence WHERE source_type = 'attempt'"))
    passes = db.session.scalar(sa.text("SELECT count(*) FROM certificates"))
    if evidence != passes:
        found.append(f"{passes} certificates, evidence of {evidence} passes")
    return found


def _id(value: Any) -> str:
    return str(value).replace("-", "")


def taken_under_load(product: Product, folder: Path) -> Journal:
    """Back up while savers save and submitters pass; gives what was acknowledged before the backup began."""
    crowd = product.crowd.racers
    savers, submitters = crowd[:SAVERS], crowd[SAVERS : SAVERS + SUBMITTERS]
    sitting = {who: sit(product, who) for who in savers + submitters}
    keys = right_keys(product, [sitting[who] for who in submitters], folder / "reader")
    over, acknowledged = threading.Event(), Journal()
    threads = [threading.Thread(target=save, args=(product, who, sitting[who], acknowledged, over)) for who in savers]
    threads += [
        threading.Thread(target=pass_exam, args=(product, who, sitting[who], keys[sitting[who]])) for who in submitters
    ]
    for thread in threads:
        thread.start()
    while len(acknowledged) < SAVERS or not product.rows("SELECT id FROM certificates"):
        over.wait(0.05)
    before = dict(acknowledged)
    backed_up(product, folder / "b.tar.gz")
    assert any(acknowledged[it] > before[it] for it in before), "nobody saved while the backup was taken"
    over.set()
    for thread in threads:
        thread.join(timeout=60)
    return before


@pytest.fixture
def restored(template_of: Callable[[str], str], tmp_path: Path, backend: str, request: pytest.FixtureRequest) -> Any:
    """Restore the backup into an empty installation on the same kind of database."""

    def restore() -> ElearnFlask:
        name = f"r_{uuid4().hex}"
        url = copied(backend, template_of(backend), tmp_path / "restored.db", name, request)
        if backend == "postgresql":
            server = request.getfixturevalue("postgresql")
            request.addfinalizer(lambda: administer(server, f"DROP DATABASE {name} WITH (FORCE)"))
        app = new_app(url, tmp_path / "restored")
        with app.app_context():
            backup.restore(tmp_path / "b.tar.gz", PHRASE)
            db.session.remove()
        return app

    return restore


@pytest.mark.slow
def test_a_backup_under_load_is_one_whole_moment(
    start: Starter, restored: Callable[[], ElearnFlask], tmp_path: Path
) -> None:
    before = taken_under_load(start(worker=True), tmp_path)

    with restored().app_context():
        assert torn(before) == []
        db.session.execute(sa.text("DELETE FROM evidence"))
        db.session.execute(sa.text("DELETE FROM answers WHERE seq = (SELECT max(seq) FROM answers)"))
        db.session.commit()

        assert len(torn(before)) >= 2, "negative control: a torn restore must be seen"
        db.session.remove()
        db.engine.dispose()
