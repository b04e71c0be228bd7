"""A filled installation to send requests to: one person per role, signed in, and one thing of every kind."""

import re
import shutil
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from elearn.app import ElearnFlask
from elearn.certs import services as certs
from elearn.certs.facts import SnapshotSigner
from elearn.certs.models import Certificate, ParticularsCheck, SignerAppointment
from elearn.competency.models.evidence import Evidence
from elearn.exams import queries as exam_queries
from elearn.exams import services as exams
from elearn.exams import simulation
from elearn.kernel.db import db
from elearn.kernel.ids import fingerprint
from elearn.kernel.jobs import Job, JobState, transaction
from elearn.people import hashing
from elearn.people import queries as people
from elearn.people.facts.staff import AccommodationTerms
from elearn.people.models.access import ApiToken, UserSession
from elearn.people.models.staff import RoleGrant
from elearn.people.services import accommodations, accounts
from elearn.workflows import certification, particulars
from tests.factories import world as worlds
from tests.factories.courses import NOON
from tests.factories.people import with_factor
from tests.factories.world import PASSWORD, SYSTEM, World

ADDRESS = "http://localhost"
COOKIE = "elearn"
CSRF = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"|name="csrf-token" content="([^"]+)"')
HALF = "half"
BEHIND_HALF = "hr_b"
PEOPLE = ("learner", "other", "trainer", "hr", "hr_b", "officer", "signer", "admin")


@dataclass(slots=True)
class Seed:
    """What lies in the filled database, by name; plain values that outlive it."""

    world: World
    things: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    csrf: dict[str, str] = field(default_factory=dict)

    def path(self, rule: str, **changes: object) -> str:
        """The address of a rule, its places filled with what there is (or with the changes)."""
        values = self.things | {name: str(value) for name, value in changes.items()}
        return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: values[found[1]], rule)


def fill(folder: Path) -> Seed:
    """Inside an application context: the learner has passed, `other` sits, `signer` may start, `officer` has enrolled."""
    with transaction():
        world = worlds.with_tokens(worlds.make_world(folder))
        hashed = hashing.hash_password(PASSWORD)
        for employee_id in world.people.values():
            accounts.set_password(employee_id, hashed, by=SYSTEM, now=NOON)
    with transaction():
        passed = _passed(world)
        sitting = worlds.start(world, "other")
        worlds.learn_all(world, "signer")
        enrolled = _enroll(world, "officer")
        simulation.begin(by=world.actor("learner"), now=NOON)
        signer = SnapshotSigner("Pejabat Uji", "Kepala Badan", None, "SK uji")
        particulars.report_particulars("gelar belum ada", by=world.actor("learner"), now=NOON)
        terms = AccommodationTerms(150, ("large_print",), "Surat 1/2026")
        accommodations.grant(world.people["learner"], terms, by=SYSTEM, now=NOON)
        certs.appoint_signer(world.agency_id, signer, from_on=date(2030, 1, 1), by=SYSTEM, now=NOON)
    seed = Seed(world)
    with transaction():
        job_id = db.session.scalars(select(Job.id).where(Job.kind == "certs.render_pdf")).one()
        db.session.execute(update(Job).where(Job.id == job_id).values(state=JobState.PARKED))
    seed.things = {
        "token": "bukan-tautan",
        "step": "agency",
        "passed_attempt": str(passed),
        "attempt_id": str(sitting.id),
        "slot": "1",
        "exam_id": str(world.exam_id),
        "slug": world.slug,
        "enrollment_id": str(enrolled),
        "lesson_id": "m1-l1",
        "picture": "alur.png",
        "employee_id": str(world.people["learner"]),
        "agency_id": str(world.agency_id),
        "job_id": str(job_id),
        "certificate_id": str(db.session.scalars(select(Certificate.id)).one()),
        "code": db.session.scalars(select(Certificate.code)).one(),
        "sha256": "0" * 64,
        "evidence_id": str(db.session.scalars(select(Evidence.id)).first()),
        "appointment_id": str(db.session.scalars(select(SignerAppointment.id)).one()),
        "grant_id": str(_grant_of(world, "officer")),
        "token_id": str(db.session.scalars(select(ApiToken.id).filter_by(employee_id=world.people["learner"])).one()),
        "report_id": str(db.session.scalars(select(ParticularsCheck.id)).one()),
        "unit_id": str(world.units["a"]),
        "item_version_id": str(_item_answered(passed)),
        "position_id": str(people.position_id_by_code("UJI-POS")),
    }
    db.session.rollback()
    return seed


def _passed(world: World) -> UUID:
    sitting = worlds.start(world, "learner")
    for slot, keys in worlds.right_keys(sitting.id).items():
        exams.record_answer(sitting.id, slot, 1, keys, by=world.actor("learner"), now=NOON)
    certification.submit_exam(sitting.id, by=world.actor("learner"), now=NOON)
    return sitting.id


def _item_answered(attempt_id: UUID) -> UUID:
    """The wording of the first item on a handed-in paper."""
    attempt = exam_queries.attempt(attempt_id)
    return exam_queries.linked_item_versions(attempt.exam_version_id)[exam_queries.slots_of(attempt_id)[0].item_id]


def _enroll(world: World, name: str) -> UUID:
    from elearn.courses import services as courses

    return courses.enroll(world.slug, by=world.actor(name), now=NOON)[0].id


def _grant_of(world: World, name: str) -> UUID:
    return db.session.scalars(select(RoleGrant.id).where(RoleGrant.employee_id == world.people[name])).one()


def sign_everybody_in(app: ElearnFlask, seed: Seed) -> None:
    """Sign each person in through the page, and keep the cookie and the token of its forms."""
    for name in PEOPLE:
        client = app.test_client()
        token = csrf_of(client.get("/sign-in"))
        form = {"login": f"{name}@uji.example", "password": PASSWORD, "csrf_token": token}
        answer = client.post("/sign-in", data=form)
        assert answer.status_code == 302, answer.get_data(as_text=True)
        seed.csrf[name] = csrf_of(client.get("/learn/account"))
        cookie = client.get_cookie(COOKIE)
        assert cookie is not None
        seed.cookies[name] = cookie.value
    with app.app_context():
        owner = seed.world.people["learner"]
        with_factor(seed.world.people[BEHIND_HALF])
        seed.things["session_id"] = str(db.session.scalars(select(UserSession.id).filter_by(employee_id=owner)).one())
        db.session.remove()
    _sign_in_half(app, seed)


def _sign_in_half(app: ElearnFlask, seed: Seed) -> None:
    """One who has a session is half signed in by another browser besides: password right, second factor due."""
    client = app.test_client()
    form = {"login": f"{BEHIND_HALF}@uji.example", "password": PASSWORD, "csrf_token": csrf_of(client.get("/sign-in"))}
    assert client.post("/sign-in", data=form).headers["Location"] == "/sign-in/code"
    seed.csrf[HALF] = csrf_of(client.get("/sign-in/code"))
    cookie = client.get_cookie(COOKIE)
    assert cookie is not None
    seed.cookies[HALF] = cookie.value


def csrf_of(answer: TestResponse) -> str:
    """The token in a page's form."""
    found = CSRF.search(answer.get_data(as_text=True))
    assert found is not None, answer.status
    return found[1] or found[2]


@dataclass(slots=True)
class Site:
    """An application on a copy of the filled database."""

    app: ElearnFlask
    seed: Seed
    var: Path

    @property
    def world(self) -> World:
        """Who and what there is."""
        return self.seed.world

    def visitor(self, name: str | None) -> FlaskClient:
        """A browser of one of the people, or of nobody."""
        client = self.app.test_client()
        if name is not None:
            client.set_cookie(COOKIE, self.seed.cookies[name])
        return client

    def send(
        self,
        name: str | None,
        method: str,
        path: str,
        *,
        csrf: bool = True,
        form: dict[str, Any] | None = None,
        json: Any = None,
        headers: dict[str, str] | None = None,
    ) -> TestResponse:
        """One request: by bearer token in the API, else by cookie and with the token of the forms."""
        sent = dict(headers or {})
        if path.startswith("/api/"):
            if name is not None:
                sent["Authorization"] = f"Bearer {self.world.tokens[name]}"
            return self.app.test_client().open(path, method=method, json=json, headers=sent)
        client = self.visitor(name)
        if csrf and method not in ("GET", "HEAD"):
            sent["X-CSRFToken"] = self.seed.csrf[name] if name else csrf_of(client.get("/sign-in"))
        return client.open(path, method=method, data=form, json=json, headers=sent)

    def elsewhere(self) -> str:
        """An id that nothing bears."""
        return str(uuid4())


def copy_keys(source: Path, target: Path) -> None:
    """What was sealed in the filled database must open in its copies."""
    shutil.copytree(source, target, dirs_exist_ok=True)


def session_hash(token: str) -> str:
    """How a session's token is stored."""
    return fingerprint(token)
