"""The SELECTs of the catalogue and of the trainer's list; enrolments and lessons are in queries.py."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select

from elearn.competency.queries import competency_names
from elearn.courses import queries
from elearn.courses.models.catalogue import Course, CourseCompetency, CourseVersion
from elearn.courses.models.enrollments import Enrollment
from elearn.courses.shown import (
    CourseCard,
    CoursePage,
    NamedCompetency,
    Prerequisite,
    VersionedCourse,
    VersionLine,
)
from elearn.kernel.actor import Actor
from elearn.kernel.db import db
from elearn.kernel.page import Page, PageRequest, paginate
from elearn.kernel.text import storable

MAX_SEARCH_WORDS = 8


def courses_found(actor: Actor, words: str, wanted: PageRequest) -> Page[CourseCard]:
    """The catalogue by title; only courses that hold every word in title, summary or code."""
    query = select(Course).order_by(Course.title, Course.id)
    for word in storable(words).split()[:MAX_SEARCH_WORDS]:
        query = query.where(_holds(word))
    return _cards(query, actor, wanted)


def courses_teaching(actor: Actor, competency: str, level: int, wanted: PageRequest) -> Page[CourseCard]:
    """The courses that teach a competency at least up to a level."""
    taught = select(CourseCompetency.course_id).where(
        CourseCompetency.competency == competency, CourseCompetency.level >= level
    )
    return _cards(select(Course).where(Course.id.in_(taught)).order_by(Course.title, Course.id), actor, wanted)


def levels_taught() -> dict[str, int]:
    """The highest level that any course teaches, by competency."""
    query = select(CourseCompetency.competency, func.max(CourseCompetency.level)).group_by(CourseCompetency.competency)
    return dict(db.session.execute(query).all())


def _holds(word: str) -> ColumnElement[bool]:
    return or_(*(it.icontains(word, autoescape=True) for it in (Course.title, Course.summary, Course.code)))


def _cards(query: Select[Any], actor: Actor, wanted: PageRequest) -> Page[CourseCard]:
    page: Page[Course] = paginate(query, wanted)
    own = _own_enrollments(actor, [it.id for it in page.items])
    return page.map(lambda course: _card(course, own.get(course.id)))


def _own_enrollments(actor: Actor, course_ids: Sequence[UUID]) -> dict[UUID, Enrollment]:
    """The actor's enrolments that are not withdrawn, by course."""
    query = select(Enrollment).where(
        Enrollment.employee_id == actor.employee_id,
        Enrollment.course_id.in_(course_ids),
        Enrollment.withdrawn_at.is_(None),
    )
    return {it.course_id: it for it in db.session.scalars(query)}


def _card(course: Course, own: Enrollment | None) -> CourseCard:
    return CourseCard(
        id=course.id,
        slug=course.slug,
        code=course.code,
        title=course.title,
        summary=course.summary,
        form=course.form,
        lesson_hours=course.lesson_hours,
        version_number=course.current_number,
        enrollment_id=own.id if own else None,
        enrollment_status=own.status if own else None,
    )


def course_page(actor: Actor, slug: str) -> CoursePage:
    """The current version of a course before one enrols in it; raises NotFound."""
    course = queries.course_of(slug)
    facts = queries.version_facts(queries.current_version(course).id)
    names = competency_names([it.competency for it in facts.competencies])
    own = _own_enrollments(actor, [course.id]).get(course.id)
    return CoursePage(
        facts=facts,
        competencies=tuple(
            NamedCompetency(it.competency, names.get(it.competency, it.competency), it.level) for it in facts.competencies
        ),
        prerequisites=_prerequisites(actor, facts.prerequisites),
        enrollment_id=own.id if own else None,
        enrollment_status=own.status if own else None,
    )


def _prerequisites(actor: Actor, slugs: Sequence[str]) -> tuple[Prerequisite, ...]:
    if not slugs:
        return ()
    named = db.session.execute(select(Course.slug, Course.title).where(Course.slug.in_(slugs)))
    titles = {slug: title for slug, title in named}  # noqa: C416
    done = queries.courses_completed(actor.employee_id, slugs) if actor.employee_id else frozenset[str]()
    return tuple(Prerequisite(it, titles.get(it, it), it in done) for it in slugs)


def versioned_courses(wanted: PageRequest) -> Page[VersionedCourse]:
    """Every course with its versions, the newest first; for the trainer's face."""
    page: Page[Course] = paginate(select(Course).order_by(Course.title, Course.id), wanted)
    lines = _version_lines([it.id for it in page.items])
    return page.map(lambda it: VersionedCourse(it.id, it.slug, it.code, it.title, tuple(lines[it.id])))


def _version_lines(course_ids: Iterable[UUID]) -> defaultdict[UUID, list[VersionLine]]:
    enrolled = (
        select(Enrollment.version_id, func.count().label("count"))
        .where(Enrollment.withdrawn_at.is_(None))
        .group_by(Enrollment.version_id)
        .subquery()
    )
    query = (
        select(CourseVersion, func.coalesce(enrolled.c.count, 0))
        .outerjoin(enrolled, enrolled.c.version_id == CourseVersion.id)
        .where(CourseVersion.course_id.in_(list(course_ids)))
        .order_by(CourseVersion.number.desc())
    )
    lines: defaultdict[UUID, list[VersionLine]] = defaultdict(list)
    for it, count in db.session.execute(query):
        lines[it.course_id].append(VersionLine(it.number, it.sha256, it.lesson_hours, it.published_at, count))
    return lines
