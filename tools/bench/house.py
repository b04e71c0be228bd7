"""An installation to measure: its database prepared as ./run does, and people who have learned a course to its end."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

from elearn.app import ElearnFlask, create_app
from elearn.config import Config
from elearn.courses import lessons
from elearn.courses import services as courses
from elearn.courses.facts.enrollments import Via
from elearn.courses.queries import enrollments, versions
from elearn.courses.shown import LessonEvidence
from elearn.exams import queries as exams
from elearn.kernel import clock
from elearn.kernel.actor import Actor, Grant, Role
from elearn.kernel.jobs import transaction
from elearn.people import hashing, queries
from elearn.people.facts.staff import NewEmployee, NewPosting
from elearn.people.rules import EmploymentType
from elearn.people.services import accounts, staff
from tests.factories.courses import right_answers

ROOT = Path(__file__).resolve().parent.parent.parent
COURSE = "pelayanan-publik-prima"
PASSWORD = "kalimat panjang untuk ukur"  # noqa: S105 - of people who are not
TASK = "Saya menata loket, menyapa pemohon, dan menulis setiap pengaduan pada hari yang sama. " * 12
SAVERS = 24
"""How many browsers save at the same time at the steady rate."""

SYSTEM = Actor.system()


@dataclass(slots=True)
class Learner:
    """Somebody who may start the exam."""

    login: str
    employee_id: UUID
    enrollment_id: UUID


@dataclass(slots=True)
class House:
    """An installation and what there is to ask of it."""

    url: str
    var: Path
    app: ElearnFlask
    learners: list[Learner]
    savers: list[Learner]
    exam_id: UUID
    lesson_id: str
    lesson_html: str


def environment(url: str, var: Path) -> dict[str, str]:
    """How the product is told where its data lies."""
    return os.environ | {"ELEARN_VAR": str(var), "ELEARN_DATABASE_URL": url, "ELEARN_DEMO": "1", "PYTHONPATH": str(ROOT)}


def furnish(url: str, var: Path, count: int) -> House:
    """Prepare a database and bring so many people to the door of the exam."""
    told = environment(url, var)
    prepare = [sys.executable, "-m", "flask", "--app", "wsgi", "prepare", "--demo"]
    subprocess.run(prepare, cwd=ROOT, env=told, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    app = create_app(Config.from_environment(told))
    with app.app_context():
        course = versions.course_of(COURSE)
        exam = exams.exam_of_course(course.id)
        content = versions.pinned(versions.current_version(course).id).content
        longest = max(content.lessons, key=lambda it: it.words)
        learners = [_learner(number) for number in range(count + SAVERS)]
    if exam is None:
        raise SystemExit("the course has no exam")
    return House(url, var, app, learners[SAVERS:], learners[:SAVERS], exam.id, longest.id, longest.html)


def _learner(number: int) -> Learner:
    now = clock.now()
    login = f"ukur{number}@elearn.example"
    unit_id, position_id = queries.unit_id_by_code("DISDUKCAPIL-YAN"), queries.position_id_by_code("OPR-LYN")
    agency_id = queries.unit_id_by_code("CONTOH")
    if unit_id is None or position_id is None or agency_id is None:
        raise SystemExit("the demo agency is not there")
    posting = NewPosting(unit_id, position_id, None, date(2020, 1, 1))
    new = NewEmployee(
        agency_id=agency_id,
        name=f"Peserta Ukur {number}",
        employment_type=EmploymentType.PNS,
        email=login,
        is_demo=True,
        active_from=date(2020, 1, 1),
        posting=posting,
    )
    with transaction():
        employee_id = staff.hire(new, by=SYSTEM, now=now).employee_id
        accounts.set_password(employee_id, _hashed(), by=SYSTEM, now=now)
    who = Actor(employee_id, frozenset({Grant(Role.LEARNER)}), via="session", name=login)
    with transaction():
        enrollment, _created = courses.enroll(COURSE, by=who, now=now)
        for lesson in versions.pinned(enrollment.version_id).content.lessons:
            courses.fetch_lesson(enrollment.id, lesson.id, by=who, now=now)
            here = lessons.lesson_in(enrollment, lesson.id)
            answers = right_answers(here, enrollment) if here.check else None
            shown = LessonEvidence(via=Via.API, answers=answers, task=TASK if here.task else None)
            courses.complete_lesson(enrollment.id, lesson.id, shown, by=who, now=now)
        if enrollments.unmet_conditions(employee_id, enrollment.course_id) != ():
            raise SystemExit(f"{login} did not get through the course")
        return Learner(login, employee_id, enrollment.id)


_hashes: list[str] = []


def _hashed() -> str:
    if not _hashes:
        _hashes.append(hashing.hash_password(PASSWORD))
    return _hashes[0]


@contextmanager
def slow_flush(folder: Path, milliseconds: int) -> Iterator[None]:
    """Let every flush of what is started inside take so much longer: a disk that does not lie, on a machine in memory."""
    if not milliseconds:
        yield
        return
    library = folder / "slow_flush.so"
    source = Path(__file__).with_name("slow_flush.c")
    subprocess.run(["cc", "-shared", "-fPIC", "-O2", "-o", str(library), str(source), "-ldl"], check=True)
    library.chmod(0o755)
    before = {name: os.environ.get(name) for name in ("LD_PRELOAD", "FLUSH_MICROSECONDS")}
    os.environ |= {"LD_PRELOAD": str(library), "FLUSH_MICROSECONDS": str(milliseconds * 1000)}
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None) if value is None else os.environ.__setitem__(name, value)
