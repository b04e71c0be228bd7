"""A published version as one canonical JSON text and back, and what changed between two; no files, no database."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from typing import Any

from elearn.courses.facts.content import (
    ActivityMinutes,
    BlueprintContent,
    CheckContent,
    CourseContent,
    ExamCompetency,
    ExamContent,
    ItemContent,
    ItemType,
    LessonContent,
    MediaContent,
    ModuleContent,
    OptionContent,
    TaskContent,
    TaughtCompetency,
    Topic,
)
from elearn.kernel.audit import canonical_json
from elearn.kernel.markdown import PICTURES

KINDS = ("course", "module", "lesson", "item", "media")


def write_document(content: CourseContent) -> str:
    """All of a course but the items of its exam, which the exams keep, and the bytes of its pictures.

    The same content gives the same text; a course without pictures does not speak of them.
    """
    document = asdict(replace(content, exam_items=(), files=(), warnings=()))
    for name in ("files", "warnings") if content.media else ("media", "files", "warnings"):
        del document[name]
    return canonical_json(document)


def digest(document: str) -> str:
    """SHA-256 of a document, in hex."""
    return hashlib.sha256(document.encode()).hexdigest()


def lesson_digest(lesson: LessonContent, media: Iterable[MediaContent]) -> str:
    """SHA-256 of what a learner meets in a lesson: title, text, pictures, check, task; not of how its time is counted."""
    met = asdict(lesson)
    for name in ("words", "reading_seconds", "minutes"):
        del met[name]
    met["pictures"] = [[it.name, it.sha256] for it in media if f"{PICTURES}{it.name}" in lesson.html]
    return digest(canonical_json(met))


def read_document(document: str) -> CourseContent:
    """The content of a document; it has no exam items."""
    raw = json.loads(document)
    raw["competencies"] = tuple(TaughtCompetency(**it) for it in raw["competencies"])
    raw["prerequisites"] = tuple(raw["prerequisites"])
    raw["topics"] = tuple(Topic(**it) for it in raw["topics"])
    raw["modules"] = tuple(_module(it) for it in raw["modules"])
    raw["exam"] = _exam(raw["exam"])
    raw["exam_items"] = ()
    raw["media"] = tuple(MediaContent(**it) for it in raw.get("media", ()))
    return CourseContent(**raw)


def _module(raw: dict[str, Any]) -> ModuleContent:
    return ModuleContent(**{**raw, "lessons": tuple(_lesson(it) for it in raw["lessons"])})


def _lesson(raw: dict[str, Any]) -> LessonContent:
    check, task = raw["check"], raw["task"]
    parts: dict[str, Any] = {
        "minutes": ActivityMinutes(**raw["minutes"]),
        "check": CheckContent(check["pass_bp"], tuple(_item(it) for it in check["items"])) if check else None,
        "task": TaskContent(**task) if task else None,
    }
    return LessonContent(**{**raw, **parts})


def _item(raw: dict[str, Any]) -> ItemContent:
    options = tuple(OptionContent(**it) for it in raw["options"])
    return ItemContent(**{**raw, "type": ItemType(raw["type"]), "options": options})


def _exam(raw: dict[str, Any]) -> ExamContent:
    competencies = tuple(ExamCompetency(**it) for it in raw["competencies"])
    blueprint = tuple(BlueprintContent(**it) for it in raw["blueprint"])
    return ExamContent(**{**raw, "competencies": competencies, "blueprint": blueprint})


def with_media_kept(content: CourseContent, old: CourseContent) -> CourseContent:
    """The content with its pictures as published before, where the authored file is the same.

    So a newer encoder, which writes other bytes for the same picture, makes no new version by itself.
    """
    known = {(it.name, it.source_sha256): it for it in old.media}
    return replace(content, media=tuple(known.get((it.name, it.source_sha256), it) for it in content.media))


def changes_between(old: CourseContent | None, new: CourseContent) -> tuple[str, ...]:
    """What changed, one line each: `course_changed title`, `lesson_added m2-l3`, `media_changed alur.png`, …"""
    before, after = _parts(old), _parts(new)
    lines = []
    for kind in KINDS:
        lines += [f"{kind}_added {name}" for name in _only_in(after[kind], before[kind])]
        lines += [f"{kind}_removed {name}" for name in _only_in(before[kind], after[kind])]
        lines += [
            f"{kind}_changed {name}"
            for name, value in after[kind].items()
            if name in before[kind] and before[kind][name] != value
        ]
    return tuple(lines)


def _only_in(these: Iterable[str], those: Mapping[str, object]) -> list[str]:
    return [name for name in these if name not in those]


def _parts(content: CourseContent | None) -> dict[str, dict[str, object]]:
    if content is None:
        return {kind: {} for kind in KINDS}
    whole = asdict(replace(content, modules=(), exam_items=(), files=()))
    for name in ("modules", "exam_items", "media", "files", "warnings"):
        del whole[name]
    whole["order"] = [[module.id, [it.id for it in module.lessons]] for module in content.modules]
    return {
        "course": whole,
        "module": {it.id: (it.title, it.lesson_hours) for it in content.modules},
        "lesson": {it.id: _lesson_alone(it) for it in content.lessons},
        "item": {it.id: it for it in content.check_items},
        "media": {it.name: it.sha256 for it in content.media},
    }


def _lesson_alone(lesson: LessonContent) -> object:
    check = lesson.check
    return replace(lesson, check=None), check and (check.pass_bp, [it.id for it in check.items])
