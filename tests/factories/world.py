"""A small agency with one person per role and a course whose exam covers two competencies."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from elearn.courses import services as courses
from elearn.courses.facts.enrollments import Via
from elearn.courses.shown import LessonEvidence
from elearn.exams import bank
from elearn.exams import queries as exams
from elearn.exams.facts import Sitting
from elearn.exams.models.attempts import Attempt
from elearn.exams.rules import KEYS
from elearn.kernel.actor import Actor, Grant, Role
from elearn.kernel.db import db
from elearn.kernel.settings import set_agency_value
from elearn.people import grants
from elearn.people.facts.roles import RoleScope
from elearn.people.facts.staff import NewEmployee, NewPosting
from elearn.people.rules import EmploymentType
from elearn.people.services import accounts, organisation, roles, staff
from elearn.workflows import certification, publishing
from tests.factories.courses import NOON, course_document, item, write_course
from tests.factories.pictures import drawn

SYSTEM = Actor.system()
PASSWORD = "kalimat panjang untuk uji"  # noqa: S105 - a test's own
PLP_ITEMS, KOM_ITEMS = 8, 2
PATTERN = "{nomor}/800.2/BKPSDM/{bulan}/{tahun}"
CANARY = "KENARI7Q"


@dataclass(slots=True)
class World:
    """Who and what there is, by name."""

    agency_id: UUID
    units: dict[str, UUID]
    people: dict[str, UUID]
    course_id: UUID
    exam_id: UUID
    slug: str
    tokens: dict[str, str] = field(default_factory=dict)

    def actor(self, name: str) -> Actor:
        """One of the people, with the roles they hold."""
        held = grants.grants_of(self.people[name]) | {Grant(Role.LEARNER)}
        return Actor(self.people[name], frozenset(held), via="session", name=name)


def exam_items() -> list[dict[str, Any]]:
    """Three times as many items as the exam draws; every rationale carries a canary."""
    made = [item(f"plp-{n}") for n in range(PLP_ITEMS * 3)]
    made += [item(f"kom-{n}", competency="MAN-KOM", topic="komunikasi") for n in range(KOM_ITEMS * 3)]
    checks = [item("c-1", "check"), item("c-2", "check"), item("c-3", "check")]
    for each in (*made, *checks):
        for option in each["options"]:
            option["rationale"] = f"{CANARY} {option['rationale']}"
    return made + checks


def make_course(
    folder: Path, *, items: list[dict[str, Any]] | None = None, now: datetime = NOON, **changes: Any
) -> publishing.CoursePublished:
    """Publish a course with one lesson with a picture and one with check and task, and an exam of ten items."""
    exam = {
        "title": "Ujian dua kompetensi",
        "minutes": 20,
        "pass_bp": 7000,
        "competencies": [
            {"competency": "MAN-PLP", "level": 2, "pass_bp": 7000, "min_items": 5},
            {"competency": "MAN-KOM", "level": 2, "pass_bp": 7000, "min_items": 2},
        ],
        "blueprint": [
            {"topic": "standar", "competency": "MAN-PLP", "level": 2, "count": PLP_ITEMS},
            {"topic": "komunikasi", "competency": "MAN-KOM", "level": 2, "count": KOM_ITEMS},
        ],
    }
    document = course_document(
        exam=exam,
        topics=[{"id": "standar", "name": "Standar"}, {"id": "komunikasi", "name": "Komunikasi"}],
        competencies=[{"competency": "MAN-PLP", "level": 2}, {"competency": "MAN-KOM", "level": 2}],
        **changes,
    )
    path = write_course(folder, course=document, items=items or exam_items(), pictures={"alur.png": drawn()})
    content = publishing.read_folder(path, publishing.basis_in_force([path], by=SYSTEM, now=now))
    courses.keep_files(content, by=SYSTEM, now=now)
    return publishing.publish_course(content, by=SYSTEM, now=now)


def make_world(folder: Path, *, now: datetime = NOON, demo: bool = True) -> World:
    """The agency, its people and its course; tokens where asked for by `with_tokens`."""
    agency_id = organisation.add_unit("Kota Uji", "UJI", by=SYSTEM, now=now)
    set_agency_value(agency_id, "number_pattern", PATTERN, by=SYSTEM, now=datetime(2020, 1, 1, tzinfo=UTC))
    units = {"agency": agency_id}
    for name in ("a", "b"):
        units[name] = organisation.add_unit(f"Dinas {name}", f"UJI-{name}", parent_id=agency_id, by=SYSTEM, now=now)
    position = organisation.add_position("UJI-POS", "Kepala Seksi", "pengawas", job_class=9, by=SYSTEM, now=now)
    ids: dict[str, UUID] = {}
    for number, (name, unit) in enumerate(
        (
            ("learner", "a"),
            ("other", "b"),
            ("trainer", "agency"),
            ("hr", "a"),
            ("hr_b", "b"),
            ("officer", "agency"),
            ("signer", "agency"),
            ("admin", "agency"),
        )
    ):
        posting = NewPosting(units[unit], position, None, date(2020, 1, 1))
        new = NewEmployee(
            agency_id=agency_id,
            name=f"Uji {name}",
            employment_type=EmploymentType.PNS,
            identifier=f"19900101201501{1 + number % 2}{900 + number}",
            email=f"{name}@uji.example",
            is_demo=demo,
            active_from=date(2020, 1, 1),
            posting=posting,
        )
        ids[name] = staff.hire(new, by=SYSTEM, now=now).employee_id
    for name, role, scope in (
        ("trainer", Role.TRAINER, RoleScope()),
        ("hr", Role.HR_OFFICER, RoleScope(unit_id=units["a"])),
        ("hr_b", Role.HR_OFFICER, RoleScope(unit_id=units["b"])),
        ("officer", Role.EXAM_OFFICER, RoleScope()),
        ("signer", Role.CERTIFICATE_SIGNER, RoleScope(unit_id=agency_id)),
        ("admin", Role.ADMINISTRATOR, RoleScope()),
    ):
        roles.grant_role(ids[name], role, scope=scope, reason="uji", by=SYSTEM, now=now)
    done = make_course(folder, now=now)
    from elearn.courses.queries import versions as course_versions

    course = course_versions.course_of(done.slug)
    exam = exams.exam_of_course(course.id)
    assert exam is not None
    return World(agency_id, units, ids, course.id, exam.id, done.slug)


def with_tokens(world: World, *, now: datetime = NOON) -> World:
    """An API token for everybody."""
    for name, employee_id in world.people.items():
        world.tokens[name] = accounts.issue_token(employee_id, name="uji", by=SYSTEM, now=now).token
    return world


def learn_all(world: World, name: str, *, now: datetime = NOON) -> UUID:
    """Enrol somebody and complete every lesson; returns the enrolment."""
    from elearn.courses import lessons
    from tests.factories.courses import right_answers

    who = world.actor(name)
    enrollment, _created = courses.enroll(world.slug, by=who, now=now)
    for lesson_id in ("m1-l1", "m1-l2"):
        courses.fetch_lesson(enrollment.id, lesson_id, by=who, now=now)
        lesson = lessons.lesson_in(enrollment, lesson_id)
        evidence = LessonEvidence(
            via=Via.API,
            answers=right_answers(lesson, enrollment) if lesson.check else None,
            task="satu dua tiga empat lima enam tujuh" if lesson.task else None,
        )
        outcome = courses.complete_lesson(enrollment.id, lesson_id, evidence, by=who, now=now)
        assert outcome.completed, outcome
    return enrollment.id


def start(world: World, name: str, *, now: datetime = NOON) -> Sitting:
    """Everything up to a started exam."""
    learn_all(world, name, now=now)
    return certification.start_exam(world.exam_id, by=world.actor(name), now=now)[0]


def right_keys(attempt_id: UUID) -> dict[int, list[str]]:
    """The keys of the options that earn everything, by place, read from the database as no learner can."""
    attempt = db.session.get_one(Attempt, attempt_id)
    items = bank.version(attempt.exam_version_id).items
    found = {}
    for place in exams.slots_of(attempt_id):
        correct = {option.id for option in items[place.item_id].options if option.correct or option.weight == 5}
        found[place.slot] = [KEYS[at] for at, option in enumerate(place.option_ids) if option in correct]
    return found


def competency_of(attempt_id: UUID, slot: int) -> str:
    """Which competency a place of a paper is about."""
    attempt = db.session.get_one(Attempt, attempt_id)
    items = bank.version(attempt.exam_version_id).items
    place = next(it for it in exams.slots_of(attempt_id) if it.slot == slot)
    return items[place.item_id].competency
