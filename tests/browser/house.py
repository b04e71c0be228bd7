"""The running product with demo data, and what a test prepares in it behind the browser's back; no browser here."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import select, update

from elearn.app import ElearnFlask
from elearn.certs import services as certs
from elearn.certs.models import Certificate
from elearn.competency import services as competencies
from elearn.competency.facts import EvidenceClaim
from elearn.courses import lessons
from elearn.courses import services as courses
from elearn.courses.facts.enrollments import Via
from elearn.courses.models.enrollments import Enrollment
from elearn.courses.queries import enrollments
from elearn.courses.queries import versions as course_versions
from elearn.courses.shown import LessonEvidence
from elearn.exams import queries as exams
from elearn.exams import services as exam_services
from elearn.kernel import clock, jobs
from elearn.kernel.actor import Actor, Grant, Role
from elearn.kernel.clock import local_date
from elearn.kernel.db import db
from elearn.kernel.ids import new_id
from elearn.kernel.jobs import Job, JobState, transaction
from elearn.people import grants, hashing
from elearn.people import queries as people
from elearn.people.facts.roles import RoleScope
from elearn.people.facts.staff import NewEmployee, NewPosting
from elearn.people.models.access import UserSession
from elearn.people.rules import EmploymentType
from elearn.people.services import accounts, roles, setup, slips, staff
from elearn.workflows import certification, demo
from tests.conftest import ROOT, new_app
from tests.factories import world as worlds
from tests.factories.courses import right_answers
from tests.factories.site import COOKIE, csrf_of
from tests.factories.world import PASSWORD, SYSTEM
from tests.served import Served

T = TypeVar("T")

COURSE = "pelayanan-publik-prima"
TASK = " ".join(f"Uraian bukti kerja nomor {number}." for number in range(1, 41))
LEVELS = dict.fromkeys(("MAN-INT", "MAN-KSM", "MAN-PRB", "MAN-KPT", "SOK-PB"), 2) | {"MAN-PLP": 1, "MAN-KOM": 1}
"""Where a new learner stands; PPP-01 teaches the last two up to level 2, so that the home page leads to it."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can sign in."""

    id: UUID
    name: str
    login: str
    password: str
    cookie: str = ""  # of a session they already have; else each window begins one


@dataclass(frozen=True, slots=True)
class Diploma:
    """A certificate somebody earned, and its file."""

    id: UUID
    code: str
    number: str
    pdf: bytes


@dataclass(slots=True)
class House:
    """One served installation; `app` is another process's door to the same database and keys."""

    served: Served
    app: ElearnFlask
    _cookies: dict[UUID, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Where the browser reaches it."""
        return self.served.address

    @contextmanager
    def inside(self) -> Iterator[datetime]:
        """The database, in one committed transaction, and the present moment."""
        with self.app.app_context():
            try:
                with transaction():
                    yield clock.now()
            finally:
                db.session.remove()

    # People

    def hire(
        self,
        name: str,
        role: Role | None = None,
        *,
        unit: str = "DISDUKCAPIL-YAN",
        scope: str | None = "CONTOH",
        levels: dict[str, int] | None = None,
    ) -> Person:
        """A new head of section in a unit of the demo, with a role over `scope` (None: everywhere) and evidence."""
        login = f"uji-{new_id().hex[-12:]}@elearn.example"
        with self.inside() as now:
            agency, position = people.unit_id_by_code("CONTOH"), people.position_id_by_code("KASI-YAN")
            unit_id = people.unit_id_by_code(unit)
            assert agency is not None
            assert position is not None
            assert unit_id is not None
            new = NewEmployee(
                agency_id=agency,
                name=name,
                employment_type=EmploymentType.PNS,
                email=login,
                is_demo=True,
                active_from=date(2020, 1, 1),
                posting=NewPosting(unit_id, position, None, date(2020, 1, 1)),
            )
            employee_id = staff.hire(new, by=SYSTEM, now=now).employee_id
            accounts.set_password(employee_id, _hashed(), by=SYSTEM, now=now)
            if role is not None:
                where = RoleScope(unit_id=people.unit_id_by_code(scope)) if scope else RoleScope()
                roles.grant_role(employee_id, role, scope=where, reason="uji", by=SYSTEM, now=now)
            for code, level in (levels or {}).items():
                competencies.record_evidence([_decided(employee_id, code, level, now=now)], by=SYSTEM, now=now)
        return Person(employee_id, name, login, PASSWORD)

    def learner(self, name: str = "Siti Peraga") -> Person:
        """A learner who stands one level below what PPP-01 teaches."""
        return self.hire(name, levels=LEVELS)

    def hr_officer(self, name: str = "Cut Peraga") -> Person:
        """An HR officer of the whole agency."""
        return self.hire(name, Role.HR_OFFICER, unit="BKPSDM")

    def administrator(self, name: str = "Nurul Peraga") -> Person:
        """An administrator of everything."""
        return self.hire(name, Role.ADMINISTRATOR, unit="BKPSDM", scope=None)

    def trainer(self, name: str = "Teuku Peraga") -> Person:
        """A trainer of every course."""
        return self.hire(name, Role.TRAINER, unit="BKPSDM", scope=None)

    def unit_id(self, code: str) -> UUID:
        """The unit that bears a code."""
        with self.inside():
            found = people.unit_id_by_code(code)
        assert found is not None
        return found

    def position_id(self, code: str) -> UUID:
        """The position that bears a code."""
        with self.inside():
            found = people.position_id_by_code(code)
        assert found is not None
        return found

    def demo_person(self, name: str) -> Person:
        """One of the sign-ins that ./run prints."""
        login = f"{name}@elearn.example"
        passwords: dict[str, str] = json.loads((self.served.var / "demo-passwords.json").read_text())
        with self.inside() as now:
            employee_id = people.employee_id_by_login(login)
            assert employee_id is not None
            found = people.person(employee_id, on=local_date(now, SYSTEM.zone))
        return Person(employee_id, found.name, login, passwords[login])

    def actor(self, person: Person) -> Actor:
        """The person as they act. Inside only."""
        held = grants.grants_of(person.id) | {Grant(Role.LEARNER)}
        return Actor(person.id, frozenset(held), via="session", name=person.name)

    def cookie(self, person: Person) -> str:
        """A session of theirs, as the cookie of a browser that signed in before."""
        client = self.app.test_client()
        form = {"login": person.login, "password": person.password, "csrf_token": csrf_of(client.get("/sign-in"))}
        assert client.post("/sign-in", data=form).status_code == 302
        found = client.get_cookie(COOKIE)
        assert found is not None
        return found.value

    def slip(self, person: Person) -> str:
        """The path that the QR code of a fresh slip leads to, beneath this address."""
        with self.inside() as now:
            parts = urlsplit(slips.issue_slip(person.id, by=SYSTEM, now=now).address)
        return f"{parts.path}?{parts.query}"

    def one_time_code(self, person: Person) -> str:
        """A fresh code, as it is typed."""
        with self.inside() as now:
            return accounts.issue_code(person.id, by=SYSTEM, now=now).code

    def setup_token(self) -> str:
        """The token of the set-up link: nobody but people of the demo administers here."""
        with self.inside() as now:
            return setup.make_link(by=SYSTEM, now=now)

    # Learning

    def enroll(self, person: Person, course: str = COURSE) -> UUID:
        """Their enrolment."""
        with self.inside() as now:
            return courses.enroll(course, by=self.actor(person), now=now)[0].id

    def enrollment_id(self, person: Person, course: str = COURSE) -> UUID:
        """The enrolment they have, completed or not."""
        with self.inside():
            course_id = course_versions.course_of(course).id
            query = select(Enrollment.id).where(Enrollment.employee_id == person.id, Enrollment.course_id == course_id)
            return db.session.scalars(query).one()

    def let_reading_time_pass(self, person: Person, enrollment_id: UUID) -> None:
        """As if every lesson had been opened two hours ago, so that nobody needs to wait for the reading time."""
        with self.inside() as now:
            by = self.actor(person)
            for lesson in enrollments.enrollment_view(by, enrollment_id).lessons:
                courses.record_opening(enrollment_id, lesson.id, by=by, now=now - timedelta(hours=2))

    def learn_all(self, person: Person, course: str = COURSE) -> UUID:
        """Enrolled, with every lesson completed; returns the exam."""
        enrollment_id = self.enroll(person, course)
        with self.inside() as now:
            by = self.actor(person)
            enrollment = enrollments.enrollment_of(by, enrollment_id)
            for progress in enrollments.enrollment_view(by, enrollment_id).lessons:
                courses.fetch_lesson(enrollment_id, progress.id, by=by, now=now)
                lesson = lessons.lesson_in(enrollment, progress.id)
                answers = right_answers(lesson, enrollment) if lesson.check else None
                evidence = LessonEvidence(Via.API, answers=answers, task=TASK if lesson.task else None)
                assert courses.complete_lesson(enrollment_id, lesson.id, evidence, by=by, now=now).completed
            exam = exams.exam_of_course(enrollment.course_id)
            assert exam is not None
            return exam.id

    def check_answers(self, person: Person, enrollment_id: UUID, lesson_id: str) -> dict[str, list[str]]:
        """The keys that pass a lesson's check, by slot."""
        with self.inside():
            enrollment = enrollments.enrollment_of(self.actor(person), enrollment_id)
            return right_answers(lessons.lesson_in(enrollment, lesson_id), enrollment)

    # Exams and certificates

    def start_exam(self, person: Person) -> UUID:
        """Every lesson completed and the clock started; returns the attempt."""
        exam_id = self.learn_all(person)
        with self.inside() as now:
            return certification.start_exam(exam_id, by=self.actor(person), now=now)[0].id

    def right_keys(self, attempt_id: UUID) -> dict[int, list[str]]:
        """The right keys of every place of a paper."""
        with self.inside():
            return worlds.right_keys(attempt_id)

    def stored_keys(self, attempt_id: UUID, person: Person) -> dict[int, list[str]]:
        """What the database holds as given, by place."""
        with self.inside() as now:
            sitting = exams.sitting_of(self.actor(person), attempt_id, now=now)
            return {item.slot: list(item.answer) for item in sitting.paper if item.answer}

    def slot_of_type(self, attempt_id: UUID, person: Person, item_type: str) -> int:
        """The first place of a paper with an item of this type."""
        with self.inside() as now:
            sitting = exams.sitting_of(self.actor(person), attempt_id, now=now)
            return next(item.slot for item in sitting.paper if item.type == item_type)

    def is_handed_in(self, attempt_id: UUID, person: Person) -> bool:
        """Whether the attempt is closed."""
        with self.inside() as now:
            return exams.sitting_of(self.actor(person), attempt_id, now=now).submitted_at is not None

    def end_sessions(self, person: Person) -> None:
        """Every session of theirs is over."""
        with self.inside() as now:
            ended = update(UserSession).where(UserSession.employee_id == person.id, UserSession.ended_at.is_(None))
            db.session.execute(ended.values(ended_at=now))

    def answer_all(self, person: Person) -> UUID:
        """Everything up to the last right answer; returns the attempt."""
        attempt_id = self.start_exam(person)
        with self.inside() as now:
            by = self.actor(person)
            for slot, keys in worlds.right_keys(attempt_id).items():
                exam_services.record_answer(attempt_id, slot, 1, keys, by=by, now=now)
        return attempt_id

    def pass_exam(self, person: Person) -> UUID:
        """Everything up to a passed exam; returns the attempt."""
        attempt_id = self.answer_all(person)
        with self.inside() as now:
            certification.submit_exam(attempt_id, by=self.actor(person), now=now)
        return attempt_id

    def item_answered(self, attempt_id: UUID) -> UUID:
        """The wording of the first item on a handed-in paper."""
        with self.inside():
            attempt = exams.attempt(attempt_id)
            first = exams.slots_of(attempt_id)[0].item_id
            return exams.linked_item_versions(attempt.exam_version_id)[first]

    def certificate_id(self, person: Person) -> UUID:
        """The one certificate of theirs."""
        with self.inside():
            return db.session.scalars(select(Certificate.id).where(Certificate.employee_id == person.id)).one()

    def diploma(self, person: Person) -> Diploma:
        """Their certificate with its file, once the worker has made it."""
        certificate_id = self.certificate_id(person)
        pdf = self.wait_for(lambda: certs.file_of(certificate_id), "the file")
        with self.inside():
            row = db.session.get_one(Certificate, certificate_id)
            return Diploma(row.id, row.code, row.number, pdf)

    def park_the_file_of(self, person: Person) -> int:
        """Pass the exam while files cannot be stored: the worker's last try fails and the job waits for a decision."""
        attempt_id = self.answer_all(person)
        files, away = self.served.var / "files", self.served.var / "files.away"
        files.mkdir(exist_ok=True)
        files.rename(away)
        files.touch()
        try:
            with self.inside() as now:
                certification.submit_exam(attempt_id, by=self.actor(person), now=now)
                job = db.session.scalars(select(Job).where(Job.kind == "certs.render_pdf").order_by(Job.id.desc())).first()
                assert job is not None
                job.failures, job_id = jobs.MAX_FAILURES - 1, job.id
            self.wait_for(lambda: db.session.get_one(Job, job_id).state == JobState.PARKED, "a parked job")
        finally:
            files.unlink()
            away.rename(files)
        return job_id

    def wait_for(self, look: Callable[[], T | None], what: str, *, for_s: float = 20) -> T:
        """Look into the database until something true is there."""
        deadline = time.monotonic() + for_s
        while True:
            with self.app.app_context():
                found = look()
                db.session.remove()
            if found:
                return found
            assert time.monotonic() < deadline, f"{what} was not there within {for_s:.0f} s"
            time.sleep(0.1)


def furnish(url: str, var: Path) -> ElearnFlask:
    """Load the demo courses and people into a migrated database, as ./run does at its first start."""
    app = new_app(url, var)
    with app.app_context():
        now = clock.now()
        loaded = app.test_cli_runner().invoke(args=["content", "load", str(ROOT / "content" / "courses")])
        assert loaded.exit_code == 0, loaded.output
        with transaction():
            demo.load_demo(var / "demo-passwords.json", by=SYSTEM, now=now)
        db.session.remove()
    return app


@cache
def _hashed() -> str:
    return hashing.hash_password(PASSWORD)


def _decided(employee_id: UUID, code: str, level: int, *, now: datetime) -> EvidenceClaim:
    values: dict[str, Any] = {"kind": "hr_decision", "source_type": "demo", "supervision": "supervised"}
    return EvidenceClaim(
        employee_id=employee_id,
        competency_code=code,
        level=level,
        source_id=new_id(),
        score_bp=None,
        observed_on=local_date(now, SYSTEM.zone),
        valid_until=None,
        reason="penilaian awal (contoh)",
        **values,
    )
