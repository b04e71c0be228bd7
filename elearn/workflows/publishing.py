"""How authored content comes into the house: a course folder becomes a course version and an exam version."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from elearn.competency import queries as competencies
from elearn.courses import content as authored
from elearn.courses import queries as courses
from elearn.courses import services as course_services
from elearn.courses.facts.content import CourseContent, ItemContent, LearningRates
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


def course_folders(path: Path) -> list[Path]:
    """The course folders at a path: the folder itself, or those below it; raises Invalid if there are none."""
    if (path / "course.yaml").is_file():
        return [path]
    found = sorted(it.parent for it in path.glob("*/course.yaml"))
    if not found:
        raise Invalid("no_course_folder", path=str(path))
    return found


def rates_in_force(*, by: Actor, now: datetime) -> LearningRates:
    """How learning time is counted now."""
    return courses.learning_rates(local_date(now, by.zone))


def read_folder(folder: Path, rates: LearningRates) -> CourseContent:
    """Read and validate a course folder; raises Invalid with every problem found.

    Decoding pictures takes its time: nothing is asked of the database here, so that no transaction waits for it.
    """
    return authored.read_course(folder, rates)


def publish_course(content: CourseContent, *, by: Actor, now: datetime) -> CoursePublished:
    """Publish the course and its exam, each as an immutable version, in one transaction."""
    _require_known_competencies(content)
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
    unknown = codes - competencies.competency_names(codes).keys()
    if unknown:
        raise Invalid("unknown_competency", field="competencies", codes=sorted(unknown))


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
