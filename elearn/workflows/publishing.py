"""How authored content comes into the house: a course folder becomes a course version and an exam version."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Self

from elearn.competency import terms
from elearn.courses import content as authored
from elearn.courses import services as course_services
from elearn.courses.facts.content import CourseContent, ItemContent, LearningRates
from elearn.courses.queries import versions as courses
from elearn.exams import services as exam_services
from elearn.exams.specs import BlueprintRow, CompetencyRule, ExamSpec, ItemSpec, ItemType, OptionSpec
from elearn.kernel import audit
from elearn.kernel.actor import Actor
from elearn.kernel.clock import local_date
from elearn.kernel.errors import Invalid


@dataclass(frozen=True, slots=True)
class CoursePublished:
    """What loading one folder did; `changes` are empty where it says what is published already."""

    slug: str
    title: str
    course_version: int
    exam_version: int
    changed: bool
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Basis:
    """What the folders of one run are checked by: how learning time is counted, and what they may name."""

    rates: LearningRates
    known: authored.Reference

    def after(self, content: CourseContent) -> Self:
        """The same once this course is published too."""
        return replace(self, known=self.known.after(content))


def course_folders(path: Path) -> list[Path]:
    """The course folders at a path: the folder itself, or those below it, what comes first before what needs it.

    Raises Invalid if there are none.
    """
    if (path / "course.yaml").is_file():
        return [path]
    found = {it.parent.name: it.parent for it in sorted(path.glob("*/course.yaml"))}
    if not found:
        raise Invalid("no_course_folder", path=str(path))
    return [found[slug] for slug in _prerequisites_first(found)]


def _prerequisites_first(folders: dict[str, Path]) -> list[str]:
    """A circle is broken anywhere: reading its courses tells."""
    order: dict[str, None] = {}
    waiting = [(slug, False) for slug in reversed(folders)]
    begun: set[str] = set()
    while waiting:
        slug, is_ready = waiting.pop()
        if is_ready:
            order[slug] = None
        elif slug in folders and slug not in begun:
            begun.add(slug)
            waiting.append((slug, True))
            waiting += [(it, False) for it in authored.prerequisites_of(folders[slug])]
    return list(order)


def basis_in_force(folders: Iterable[Path], *, by: Actor, now: datetime) -> Basis:
    """What these folders are checked by now: the rules, dictionary and forms in force, and the published courses."""
    on = local_date(now, by.zone)
    loading = {it.resolve().name: authored.prerequisites_of(it) for it in folders}
    named = {slug for before in loading.values() for slug in before}
    known = authored.Reference(
        competencies=terms.competency_codes(),
        forms=terms.form_keys(on),
        courses=courses.prerequisites_behind(named),
        loading=loading,
    )
    return Basis(courses.learning_rates(on), known)


def read_folder(folder: Path, basis: Basis) -> CourseContent:
    """Read and validate a course folder; raises Invalid with every problem found.

    Decoding pictures takes its time: nothing is asked of the database here, so that no transaction waits for it.
    """
    return authored.read_course(folder, basis.rates, known=basis.known)


def publish_course(content: CourseContent, *, by: Actor, now: datetime) -> CoursePublished:
    """Publish the course and its exam, each as an immutable version, in one transaction.

    What it names is asked for once more: whatever read the folder, nothing is published that nobody could finish.
    """
    _require_known_competencies(content)
    _require_known_form(content, by=by, now=now)
    course = course_services.publish(content, by=by, now=now)
    exam = exam_services.publish(course.course_id, _exam(content), _items(content), by=by, now=now)
    changes = (
        *course.changes,
        *(f"exam_item_added {it}" for it in exam.items_added),
        *(f"exam_item_changed {it}" for it in exam.items_changed),
        *(f"exam_item_removed {it}" for it in exam.items_removed),
        *((f"exam_version {exam.number}",) if exam.changed else ()),
    )
    changed = course.changed or exam.changed
    if changed:
        audit.record("course.publish", "course", course.course_id, by=by, now=now, slug=content.slug, changes=changes)
    return CoursePublished(content.slug, content.title, course.version_number, exam.number, changed, changes)


def _require_known_competencies(content: CourseContent) -> None:
    codes = {it.competency for it in content.competencies} | {it.competency for it in content.exam.competencies}
    unknown = codes - terms.competency_names(codes).keys()
    if unknown:
        raise Invalid("unknown_competency", field="competencies", codes=sorted(unknown))


def _require_known_form(content: CourseContent, *, by: Actor, now: datetime) -> None:
    """A pass is recorded under the form of its course: with an unknown one no passing attempt could be handed in."""
    if content.form not in terms.form_keys(local_date(now, by.zone)):
        raise Invalid("unknown_form", field="form", form=content.form)


def _exam(content: CourseContent) -> ExamSpec:
    exam = content.exam
    return ExamSpec(
        title=exam.title,
        minutes=exam.minutes,
        pass_bp=exam.pass_bp,
        competencies=tuple(CompetencyRule(it.competency, it.level, it.pass_bp, it.min_items) for it in exam.competencies),
        blueprint=tuple(BlueprintRow(it.topic, it.competency, it.level, it.count) for it in exam.blueprint),
    )


def _items(content: CourseContent) -> tuple[ItemSpec, ...]:
    return tuple(_item(it) for it in content.exam_items)


def _item(it: ItemContent) -> ItemSpec:
    return ItemSpec(
        id=it.id,
        type=ItemType(it.type.value),
        competency=it.competency,
        topic=it.topic,
        level=it.level,
        difficulty=it.difficulty,
        stem=it.stem,
        options=tuple(OptionSpec(o.id, o.text, o.correct, o.weight, o.rationale) for o in it.options),
    )
