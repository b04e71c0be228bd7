"""What must hold within a course folder beyond the shape of its files; reads no files."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from elearn.courses import rules
from elearn.courses.authored import Findings
from elearn.courses.facts.content import ItemContent, LearningRates

COURSE = "course.yaml"


@dataclass(frozen=True, slots=True)
class AuthoredItem:
    """An item and where it was written; `use` is exam or check."""

    file: str
    place: str
    use: str
    item: ItemContent


@dataclass(frozen=True, slots=True)
class LessonText:
    """A lesson's rendered text, its count of words and the names of its pictures."""

    html: str
    words: int
    pictures: frozenset[str]


def note_problems(
    course: Mapping[str, Any],
    items: Sequence[AuthoredItem],
    texts: Mapping[str, LessonText],
    rates: LearningRates,
    findings: Findings,
) -> None:
    """Note all that is wrong with the meaning of a course whose shape is right."""
    _note_repeated_ids(course, items, findings)
    for written in items:
        _note_item(written, course, findings)
    _note_checks(course, items, findings)
    _note_hours(course, texts, rates, findings)
    _note_exam(course, items, findings)


def _lessons(course: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for m, module in enumerate(course["modules"]):
        for n, lesson in enumerate(module["lessons"]):
            yield f"modules/{m}/lessons/{n}", lesson


def _note_repeated_ids(course: Mapping[str, Any], items: Sequence[AuthoredItem], findings: Findings) -> None:
    lessons = [lesson for _place, lesson in _lessons(course)]
    named = {
        "modules": [it["id"] for it in course["modules"]],
        "lessons": [it["id"] for it in lessons],
        "lesson files": [it["file"] for it in lessons],
        "topics": [it["id"] for it in course["topics"]],
        "competencies": [it["competency"] for it in course["competencies"]],
        "exam/competencies": [it["competency"] for it in course["exam"]["competencies"]],
    }
    for place, ids in named.items():
        for twice in rules.repeated(ids):
            findings.add(COURSE, place, f"{twice} stands here more than once")
    both = set(named["modules"]) & set(named["lessons"])
    for twice in sorted(both):
        findings.add(COURSE, "modules", f"{twice} names a module and a lesson")
    for twice in rules.repeated(it.item.id for it in items):
        for it in items:
            if it.item.id == twice:
                findings.add(it.file, it.place, f"item {twice} stands more than once in this course")
    _note_repeated_stems(items, findings)


def _note_repeated_stems(items: Sequence[AuthoredItem], findings: Findings) -> None:
    first: dict[str, str] = {}
    for it in items:
        words = " ".join(it.item.stem.lower().split())
        if first.setdefault(words, it.item.id) != it.item.id:
            findings.add(it.file, it.place, f"item {it.item.id} asks the same as {first[words]}")


def _note_item(written: AuthoredItem, course: Mapping[str, Any], findings: Findings) -> None:
    item = written.item
    reasons = []
    key = rules.key_problem(item.type, [it.correct for it in item.options], [it.weight or 0 for it in item.options])
    if key:
        reasons.append(key)
    for twice in rules.repeated(it.id for it in item.options):
        reasons.append(f"option {twice} stands here more than once")
    if rules.repeated(" ".join(it.text.lower().split()) for it in item.options):
        reasons.append("two options say the same")
    if item.topic not in {it["id"] for it in course["topics"]}:
        reasons.append(f"topic {item.topic} is not among the topics of the course")
    for reason in reasons:
        findings.add(written.file, f"{written.place} ({item.id})", reason)


def _note_checks(course: Mapping[str, Any], items: Sequence[AuthoredItem], findings: Findings) -> None:
    use = {it.item.id: it.use for it in items}
    asked: Counter[str] = Counter()
    for place, lesson in _lessons(course):
        for item_id in lesson.get("check", {}).get("items", ()):
            asked[item_id] += 1
            if item_id not in use:
                findings.add(COURSE, f"{place}/check", f"item {item_id} does not exist")
            elif use[item_id] != "check":
                findings.add(COURSE, f"{place}/check", f"item {item_id} belongs to the exam")
            elif asked[item_id] == 2:
                findings.add(COURSE, f"{place}/check", f"item {item_id} is already asked in another check")
    for at, module in enumerate(course["modules"]):
        if "check" not in module["lessons"][-1]:
            findings.add(COURSE, f"modules/{at}", "the last lesson of a module needs a check")
    for it in items:
        if it.use == "check" and not asked[it.item.id]:
            findings.add(it.file, it.place, f"item {it.item.id} is for checks, but no check asks it")


def _note_hours(
    course: Mapping[str, Any], texts: Mapping[str, LessonText], rates: LearningRates, findings: Findings
) -> None:
    for at, module in enumerate(course["modules"]):
        lessons = module["lessons"]
        if any(lesson["id"] not in texts for lesson in lessons):
            continue
        words = sum(texts[lesson["id"]].words for lesson in lessons)
        declared = sum(sum(lesson["minutes"].values()) for lesson in lessons)
        if not rules.earns_hours(
            words,
            declared,
            module["lesson_hours"],
            minutes_per_hour=rates.minutes_per_hour,
            words_per_minute=rates.words_per_minute,
            tolerance_bp=rates.tolerance_bp,
        ):
            earned = declared + words // rates.words_per_minute
            claimed = module["lesson_hours"] * rates.minutes_per_hour
            findings.add(
                COURSE,
                f"modules/{at}/lesson_hours",
                f"{earned} minutes ({words} words to read and {declared} declared) do not cover {claimed} minutes "
                f"within {rates.tolerance_bp / 100:g} %",
            )


def _note_exam(course: Mapping[str, Any], items: Sequence[AuthoredItem], findings: Findings) -> None:
    exam = course["exam"]
    topics = {it["id"] for it in course["topics"]}
    tested = {it["competency"] for it in exam["competencies"]}
    bank = Counter((it.item.topic, it.item.competency, it.item.level) for it in items if it.use == "exam")
    drawn: Counter[str] = Counter()
    seen: set[tuple[str, str, int]] = set()
    for at, row in enumerate(exam["blueprint"]):
        place = f"exam/blueprint/{at}"
        cell = (row["topic"], row["competency"], row["level"])
        drawn[row["competency"]] += row["count"]
        if cell in seen:
            findings.add(COURSE, place, "this topic, competency and level already has a row")
        seen.add(cell)
        if row["topic"] not in topics:
            findings.add(COURSE, place, f"topic {row['topic']} is not among the topics of the course")
        if row["competency"] not in tested:
            findings.add(COURSE, place, f"{row['competency']} is not among the competencies of the exam")
        if bank[cell] < rules.BANK_FACTOR * row["count"]:
            needed = rules.BANK_FACTOR * row["count"]
            findings.add(COURSE, place, f"the bank holds {bank[cell]} fitting items, {needed} are needed")
    for at, rule in enumerate(exam["competencies"]):
        if drawn[rule["competency"]] < rule["min_items"]:
            findings.add(
                COURSE,
                f"exam/competencies/{at}",
                f"the blueprint draws {drawn[rule['competency']]} items of {rule['competency']}, "
                f"{rule['min_items']} are needed",
            )
