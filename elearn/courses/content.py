"""Reads a course folder into validated content; its meaning is checked here, publishing it is a service's."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

from elearn.courses import authored, rules
from elearn.courses.authored import Findings
from elearn.courses.content_rules import AuthoredItem, LessonText, note_problems
from elearn.courses.facts.content import (
    ActivityMinutes,
    BlueprintContent,
    CheckContent,
    CourseContent,
    ExamCompetency,
    ExamContent,
    ItemContent,
    ItemType,
    LearningRates,
    LessonContent,
    ModuleContent,
    OptionContent,
    TaskContent,
    TaughtCompetency,
    Topic,
)
from elearn.courses.media import MediaFile, names_shown, read_media
from elearn.kernel.errors import Invalid
from elearn.kernel.markdown import MAX_BYTES, PICTURES, Picture, plain_text, render_markdown

_TOP_HEADING = re.compile(r" {0,3}#(?:\s|$)")
_IMAGE = re.compile(r"!\[(?:[^\[\]\\\n]|\\.)*\][(\[]")
_LESSONS_ONLY = "pictures are shown in lessons only; put it into the lesson and refer to it in words"
_FENCE = re.compile(r"`{3,}|~{3,}")


@dataclass(frozen=True, slots=True)
class Reference:
    """What a course may name: competencies of the dictionary, forms of development, courses; None is not checked.

    `courses` are the published ones with what comes before each, `loading` those that are being loaded beside it.
    """

    competencies: Collection[str] | None = None
    forms: Collection[str] | None = None
    courses: Mapping[str, Collection[str]] | None = None
    loading: Mapping[str, Collection[str]] = field(default_factory=dict)

    def after(self, content: CourseContent) -> Self:
        """The same once this course is published too."""
        return replace(self, courses={**(self.courses or {}), content.slug: content.prerequisites})


def prerequisites_of(folder: Path) -> tuple[str, ...]:
    """What a course folder says comes first; nothing where course.yaml cannot be used, which reading it will tell."""
    course = authored.course_document(folder, Findings())
    return tuple(course.get("prerequisites", ())) if course else ()


def read_course(folder: Path, rates: LearningRates, *, known: Reference | None = None) -> CourseContent:
    """The validated content of a course folder.

    Raises Invalid content_invalid with `problems`, each with file, place and reason: all that is wrong with the
    shape, or else all that is wrong with the meaning.
    """
    findings = Findings()
    course = authored.course_document(folder, findings)
    items = _items(folder, findings)
    media = read_media(folder, findings)
    if course is not None:
        _note_names(course, folder, known or Reference(), findings)
    texts = _lesson_texts(folder, course or {}, media, findings)
    if course is None or any(problem.file.endswith(".yaml") for problem in findings.problems):
        raise _invalid(folder, findings)
    note_problems(course, items, texts, rates, findings)
    if findings.problems:
        raise _invalid(folder, findings)
    return _with_media(_content(course, items, texts, rates), media, texts)


def _with_media(content: CourseContent, media: Mapping[str, MediaFile], texts: Mapping[str, LessonText]) -> CourseContent:
    shown = sorted({name for text in texts.values() for name in text.pictures})
    unused = (name for name in media if name not in shown)
    return replace(
        content,
        media=tuple(media[name].facts for name in shown),
        files=tuple(media[name].content for name in shown),
        warnings=tuple(f"media/{name}: no lesson shows this picture; it is not published" for name in unused),
    )


def _invalid(folder: Path, findings: Findings) -> Invalid:
    found = authored.located(folder, findings.problems)
    return Invalid("content_invalid", problems=[problem.as_dict() for problem in found])


def _note_names(course: Mapping[str, Any], folder: Path, known: Reference, findings: Findings) -> None:
    file = "course.yaml"
    if course["slug"] != folder.resolve().name:
        findings.add(file, "slug", "the slug must be the name of the folder")
    if known.forms is not None and course["form"] not in known.forms:
        forms = ", ".join(sorted(known.forms))
        findings.add(file, "form", f"{course['form']} is no known form of development; take one of {forms}")
    _note_prerequisites(course, known, findings)
    named = [*course["competencies"], *course["exam"]["competencies"]]
    if known.competencies is not None:
        for code in sorted({it["competency"] for it in named} - set(known.competencies)):
            findings.add(file, "competencies", f"{code} is not in the dictionary; correct it, or load the dictionary first")


def _note_prerequisites(course: Mapping[str, Any], known: Reference, findings: Findings) -> None:
    before = {**(known.courses or {}), **known.loading, course["slug"]: course.get("prerequisites", ())}
    if circle := rules.circle_through(course["slug"], before):
        way = " needs ".join(circle)
        findings.add("course.yaml", "prerequisites", f"nobody could begin: {way}; take one of these out")
        return
    for at, slug in enumerate(course.get("prerequisites", ())):
        if known.courses is not None and slug not in known.courses:
            cause = "could not be published" if slug in known.loading else "is not published"
            findings.add("course.yaml", f"prerequisites/{at}", f"{slug} {cause}; publish it first, or take it out")


def _items(folder: Path, findings: Findings) -> list[AuthoredItem]:
    items = []
    for file, document in authored.item_documents(folder, findings):
        for at, raw in enumerate(document["items"]):
            texts = [raw["stem"], *(it[name] for it in raw["options"] for name in ("text", "rationale"))]
            if any(map(_IMAGE.search, texts)):
                findings.add(file, f"items/{at}", _LESSONS_ONLY)
            if _renders(raw["stem"], file, f"items/{at}/stem", findings) is not None:
                items.append(AuthoredItem(file, f"items/{at}", raw["use"], _item(raw)))
    return items


def _item(raw: Mapping[str, Any]) -> ItemContent:
    options = tuple(
        OptionContent(it["id"], it["text"], it.get("correct", False), it.get("weight"), it["rationale"])
        for it in raw["options"]
    )
    names = ("id", "competency", "topic", "level", "difficulty", "stem")
    return ItemContent(type=ItemType(raw["type"]), options=options, **{name: raw[name] for name in names})


def _lesson_texts(
    folder: Path, course: Mapping[str, Any], media: Mapping[str, MediaFile], findings: Findings
) -> dict[str, LessonText]:
    """Rendered text by lesson id; those whose file cannot be used are left out and noted."""
    texts = {}
    known = frozenset(Picture(f"{PICTURES}{name}", it.facts.width, it.facts.height) for name, it in media.items())
    for module in course.get("modules", ()):
        for lesson in module["lessons"]:
            file = lesson["file"]
            text = authored.text_inside(folder, file, findings, maximum=MAX_BYTES)
            if text is None:
                continue
            _note_unshown(text, lesson, findings)
            html = _renders(text, file, "", findings, anchors=True, pictures=known)
            if html is not None:
                shown = frozenset(names_shown(text, file, media, findings))
                texts[lesson["id"]] = LessonText(html, rules.word_count(plain_text(html)), shown)
    return texts


def _note_unshown(text: str, lesson: Mapping[str, Any], findings: Findings) -> None:
    if _has_top_heading(text):
        findings.add(lesson["file"], "", "headings start at ##; the title stands in course.yaml")
    if _IMAGE.search(lesson.get("task", {}).get("prompt", "")):
        findings.add("course.yaml", f"task of {lesson['id']}", _LESSONS_ONLY)


def _has_top_heading(text: str) -> bool:
    """Outside of fenced code, read line by line: a pattern over the whole text would look for each fence's end anew."""
    fence = ""
    for line in text.splitlines():
        if fence:
            fence = "" if line.startswith(fence) else fence
        elif opening := _FENCE.match(line):
            fence = opening[0]
        elif _TOP_HEADING.match(line):
            return True
    return False


def _renders(text: str, file: str, place: str, findings: Findings, **options: Any) -> str | None:
    try:
        return render_markdown(text, **options)
    except Invalid as error:
        findings.add(file, place, error.code)
        return None


def _content(
    course: Mapping[str, Any],
    items: Sequence[AuthoredItem],
    texts: Mapping[str, LessonText],
    rates: LearningRates,
) -> CourseContent:
    by_id = {it.item.id: it.item for it in items}
    modules = tuple(_module(raw, texts, by_id, rates) for raw in course["modules"])
    return CourseContent(
        code=course["code"],
        slug=course["slug"],
        title=course["title"].strip(),
        summary=" ".join(course["summary"].split()),
        language=course["language"],
        provider=course["provider"],
        form=course["form"],
        competencies=tuple(TaughtCompetency(**raw) for raw in course["competencies"]),
        prerequisites=tuple(course.get("prerequisites", ())),
        topics=tuple(Topic(**raw) for raw in course["topics"]),
        modules=modules,
        exam=_exam(course["exam"]),
        exam_items=tuple(it.item for it in items if it.use == "exam"),
    )


def _module(
    raw: Mapping[str, Any],
    texts: Mapping[str, LessonText],
    items: Mapping[str, ItemContent],
    rates: LearningRates,
) -> ModuleContent:
    lessons = tuple(_lesson(lesson, texts[lesson["id"]], items, rates) for lesson in raw["lessons"])
    return ModuleContent(raw["id"], raw["title"], raw["lesson_hours"], lessons)


def _lesson(
    raw: Mapping[str, Any], text: LessonText, items: Mapping[str, ItemContent], rates: LearningRates
) -> LessonContent:
    check = raw.get("check")
    return LessonContent(
        id=raw["id"],
        title=raw["title"],
        html=text.html,
        words=text.words,
        reading_seconds=rules.reading_seconds(text.words, rates.words_per_minute),
        minutes=ActivityMinutes(**raw["minutes"]),
        check=CheckContent(check["pass_bp"], tuple(items[it] for it in check["items"])) if check else None,
        task=_task(raw["task"]) if "task" in raw else None,
    )


def _task(raw: Mapping[str, Any]) -> TaskContent:
    return TaskContent(raw["title"], raw["prompt"], render_markdown(raw["prompt"]), raw["min_words"])


def _exam(raw: Mapping[str, Any]) -> ExamContent:
    return ExamContent(
        title=raw["title"],
        minutes=raw["minutes"],
        pass_bp=raw["pass_bp"],
        competencies=tuple(ExamCompetency(**it) for it in raw["competencies"]),
        blueprint=tuple(BlueprintContent(**it) for it in raw["blueprint"]),
    )
