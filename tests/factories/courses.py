"""Typed builders of course folders, course content and enrolled learners; a test states only what it is about."""

import copy
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from elearn.courses import services
from elearn.courses.content import read_course
from elearn.courses.facts.content import CourseContent, ItemContent, LearningRates, LessonContent
from elearn.courses.facts.versions import Published
from elearn.courses.marking import slots_of
from elearn.courses.models.enrollments import Enrollment
from elearn.kernel.actor import Actor, Grant, Role
from elearn.kernel.db import db
from elearn.kernel.ids import new_id
from elearn.people.facts.staff import NewEmployee
from elearn.people.models.organisation import OrgUnit
from elearn.people.models.staff import Employee
from elearn.people.rules import EmploymentType

NOON = datetime(2026, 11, 25, 5, 0, tzinfo=UTC)
RATES = LearningRates(minutes_per_hour=45, words_per_minute=180, tolerance_bp=1500)
LESSON_MD = "## Mengapa\n\n" + " ".join(f"kata{n}" for n in range(1, 1800)) + "\n\n> **Ingat.** Selesai.\n"


def item(name: str, use: str = "exam", kind: str = "single", **rest: Any) -> dict[str, Any]:
    """One authored item whose option `a` is the key."""
    options: list[dict[str, Any]] = []
    for at, key in enumerate("abcd"):
        worth = {"weight": 5 - at} if kind == "weighted" else {"correct": at == 0}
        words = {"text": f"Jawaban {key} untuk {name}", "rationale": f"Alasan {key} untuk {name}"}
        options.append({"id": key} | words | worth)
    return {
        "id": name,
        "use": use,
        "type": kind,
        "competency": "MAN-PLP",
        "topic": "standar",
        "level": 2,
        "difficulty": "medium",
        "stem": f"Pertanyaan {name}?",
        "options": options,
    } | rest


def course_document(**rest: Any) -> dict[str, Any]:
    """A course of one module of two lessons: the first is only read, the second has a check and a task."""
    lessons = [
        {"id": "m1-l1", "title": "Pertama", "file": "lessons/m1-l1.md", "minutes": {"case": 5, "reflection": 5}},
        {
            "id": "m1-l2",
            "title": "Kedua",
            "file": "lessons/m1-l2.md",
            "minutes": {"task": 10, "check": 5},
            "check": {"pass_bp": 7000, "items": ["c-1", "c-2", "c-3"]},
            "task": {"title": "Tugas", "prompt": "Tulis **satu** rencana.", "min_words": 5},
        },
    ]
    return {
        "schema": 1,
        "code": "UJI-01",
        "slug": "kursus-uji",
        "title": "Kursus uji",
        "summary": "Kursus untuk pengujian.",
        "language": "id",
        "provider": "BKPSDM Kota Contoh",
        "form": "teknis",
        "competencies": [{"competency": "MAN-PLP", "level": 2}],
        "prerequisites": [],
        "topics": [{"id": "standar", "name": "Standar"}],
        "modules": [{"id": "m1", "title": "Modul satu", "lesson_hours": 1, "lessons": lessons}],
        "exam": {
            "title": "Ujian uji",
            "minutes": 20,
            "pass_bp": 7000,
            "competencies": [{"competency": "MAN-PLP", "level": 2, "pass_bp": 7000, "min_items": 2}],
            "blueprint": [{"topic": "standar", "competency": "MAN-PLP", "level": 2, "count": 2}],
        },
    } | copy.deepcopy(rest)


def item_documents() -> list[dict[str, Any]]:
    """Six exam items and three check items: single, multiple and weighted."""
    multiple = item("c-2", "check", "multiple")
    multiple["options"][1]["correct"] = True
    checks = [item("c-1", "check"), multiple, item("c-3", "check", "weighted")]
    return [item(f"e-{n}") for n in range(1, 7)] + checks


def write_course(
    root: Path,
    *,
    course: dict[str, Any] | None = None,
    items: list[dict[str, Any]] | None = None,
    pictures: Mapping[str, bytes] | None = None,
) -> Path:
    """A course folder below `root`, in the name of its slug; the first lesson ends with the pictures."""
    course = course or course_document()
    folder = root / str(course["slug"])
    (folder / "lessons").mkdir(parents=True)
    (folder / "items").mkdir()
    (folder / "course.yaml").write_text(_yaml(course), encoding="utf-8")
    bank = {"items": item_documents() if items is None else items}
    (folder / "items" / "standar.yaml").write_text(_yaml(bank), encoding="utf-8")
    for name in ("m1-l1", "m1-l2"):
        text = LESSON_MD if name == "m1-l1" else "## Kedua\n\n" + " ".join(["kata"] * 1800)
        (folder / "lessons" / f"{name}.md").write_text(text, encoding="utf-8")
    for name, content in (pictures or {}).items():
        put_picture(folder, name, content)
    return folder


def put_picture(folder: Path, name: str, content: bytes, alt: str = "Alur pengaduan dari loket sampai jawaban") -> None:
    """A file in media/ that the first lesson shows."""
    (folder / "media").mkdir(exist_ok=True)
    (folder / "media" / name).write_bytes(content)
    with (folder / "lessons" / "m1-l1.md").open("a", encoding="utf-8") as lesson:
        lesson.write(f"\n![{alt}](media/{name})\n")


def _yaml(document: dict[str, Any]) -> str:
    """The document with every value written out, however often it is shared."""
    return yaml.safe_dump(json.loads(json.dumps(document)), allow_unicode=True)


def make_content(root: Path, **course: Any) -> CourseContent:
    """The validated content of such a folder."""
    return read_course(write_course(root, course=course_document(**course)), RATES)


def make_learner(*, now: datetime = NOON) -> Actor:
    """An employee of an agency of their own, acting as a learner."""
    agency = OrgUnit.under(None, "BKPSDM Kota Contoh", f"UJI-{new_id()}")
    db.session.add(agency)
    db.session.flush()
    new = NewEmployee(agency.id, "Contoh Pembelajar", EmploymentType.PNS)
    employee = Employee.hire(new, on=now.date())
    db.session.add(employee)
    db.session.flush()
    return Actor(employee_id=employee.id, grants=frozenset({Grant(Role.LEARNER)}), via="session")


def published(content: CourseContent, *, now: datetime = NOON) -> Published:
    """The content, published by the installation itself."""
    return services.publish(content, by=Actor.system(), now=now)


def enrolled(root: Path, learner: Actor, *, now: datetime = NOON, **course: Any) -> Enrollment:
    """A learner enrolled in a freshly published course."""
    content = make_content(root, **course)
    published(content, now=now)
    return services.enroll(content.slug, by=learner, now=now)[0]


def right_answers(lesson: LessonContent, enrollment: Enrollment) -> dict[str, list[str]]:
    """The keys that earn everything, as this learner sees them."""
    assert lesson.check is not None
    return {str(slot.number): list(slot.keys_of(best_options(slot.item))) for slot in slots_of(lesson.check, enrollment.id)}


def wrong_answers(lesson: LessonContent, enrollment: Enrollment) -> dict[str, list[str]]:
    """One key per item that earns least."""
    assert lesson.check is not None
    return {str(slot.number): list(slot.keys_of(["d"])) for slot in slots_of(lesson.check, enrollment.id)}


def best_options(found: ItemContent) -> list[str]:
    """The option ids that earn everything."""
    return [it.id for it in found.options if it.correct or it.weight == 5]
