"""The SELECTs of courses and their published versions; the catalogue's are in catalogue.py."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import undefer

from elearn.courses.document import lesson_digest, read_document
from elearn.courses.facts.content import CourseContent, LearningRates, ModuleContent
from elearn.courses.facts.versions import CourseFacts, ExamFacts, LessonFacts, ModuleFacts
from elearn.courses.models.catalogue import Course, CourseVersion
from elearn.kernel.db import db
from elearn.kernel.errors import NotFound
from elearn.kernel.settings import rule_values
from elearn.kernel.text import storable

RATE_KEYS = ("lesson_hours.minutes", "reading.words_per_minute", "lesson_hours.tolerance_bp")


@dataclass(frozen=True, slots=True)
class PinnedVersion:
    """A published version: what others may know of it, its material, and the digest of each of its lessons."""

    facts: CourseFacts
    content: CourseContent
    digests: Mapping[str, str]


def learning_rates(on: date) -> LearningRates:
    """How learning time is counted on a day; raises UnknownRule where the reference data is not loaded."""
    values = rule_values(RATE_KEYS, on)
    return LearningRates(*(int(values[key]) for key in RATE_KEYS))


@lru_cache(maxsize=64)
def pinned(version_id: UUID) -> PinnedVersion:
    """A version with its material, kept in the process: it never changes. Raises NotFound."""
    query = select(CourseVersion).where(CourseVersion.id == version_id).options(undefer(CourseVersion.document))
    version = db.session.scalar(query)
    if version is None:
        raise NotFound("course_version_not_found")
    content = read_document(version.document)
    digests = {it.id: lesson_digest(it, content.media) for it in content.lessons}
    return PinnedVersion(_facts(version, content), content, digests)


def version_facts(version_id: UUID) -> CourseFacts:
    """What others may know of one version (modules with JP, form, provider); raises NotFound."""
    return pinned(version_id).facts


def _facts(version: CourseVersion, content: CourseContent) -> CourseFacts:
    exam = content.exam
    return CourseFacts(
        course_id=version.course_id,
        version_id=version.id,
        version_number=version.number,
        code=content.code,
        slug=content.slug,
        title=content.title,
        summary=content.summary,
        provider=content.provider,
        form=content.form,
        lesson_hours=content.lesson_hours,
        minutes=sum(lesson.minutes_count for lesson in content.lessons),
        competencies=content.competencies,
        prerequisites=content.prerequisites,
        modules=tuple(_module_facts(module) for module in content.modules),
        exam=ExamFacts(exam.title, exam.minutes, exam.pass_bp, exam.item_count),
        published_at=version.published_at,
    )


def _module_facts(module: ModuleContent) -> ModuleFacts:
    lessons = tuple(
        LessonFacts(it.id, it.title, it.minutes_count, it.check is not None, it.task is not None) for it in module.lessons
    )
    return ModuleFacts(module.id, module.title, module.lesson_hours, lessons)


def course_of(slug_or_id: str | UUID) -> Course:
    """A course by its slug or id; raises NotFound."""
    by = Course.id == slug_or_id if isinstance(slug_or_id, UUID) else Course.slug == storable(slug_or_id)
    course = db.session.scalar(select(Course).where(by))
    if course is None:
        raise NotFound("course_not_found")
    return course


def prerequisites_behind(slugs: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Those of the courses that are published, and all that comes before them, each with what comes before it."""
    found: dict[str, tuple[str, ...]] = {}
    asked: set[str] = set()
    while wanted := {*slugs} - asked:
        asked |= wanted
        current = (
            select(Course.slug, CourseVersion.id)
            .join(CourseVersion, CourseVersion.course_id == Course.id)
            .where(Course.slug.in_(wanted), CourseVersion.number == Course.current_number)
        )
        new = {slug: version_facts(version_id).prerequisites for slug, version_id in db.session.execute(current)}
        found |= new
        slugs = [it for before in new.values() for it in before]
    return found


def course_with_slug_for_update(slug: str) -> Course | None:
    """The course under a slug, locked until the transaction ends."""
    query = select(Course).where(Course.slug == slug).with_for_update()
    return db.session.scalar(query.execution_options(populate_existing=True))


def current_version(course: Course) -> CourseVersion:
    """The newest version of a course."""
    query = select(CourseVersion).where(CourseVersion.course_id == course.id, CourseVersion.number == course.current_number)
    return db.session.scalars(query).one()
