"""The SELECTs of the catalogue and of the trainer's list; enrolments and lessons are in queries/."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, select

from elearn.competency.terms import competency_names
from elearn.courses import policies
from elearn.courses.models.catalogue import Course, CourseCompetency, CourseVersion
from elearn.courses.models.enrollments import Enrollment
from elearn.courses.queries import enrollments, versions
from elearn.courses.search import Entry, Index, Wanted
from elearn.courses.shown import (
    CourseCard,
    CoursePage,
    NamedCompetency,
    Prerequisite,
    TaughtCourse,
    VersionedCourse,
    VersionLine,
)
from elearn.kernel.actor import Actor
from elearn.kernel.db import db
from elearn.kernel.page import Page, PageRequest, paginate


@dataclass(frozen=True, slots=True)
class CatalogueFound:
    """One page of the catalogue; `is_alike`: a word was found only in a like form, `is_bare`: no course is there at all."""

    page: Page[CourseCard]
    is_alike: bool = False
    is_bare: bool = False


@dataclass(frozen=True, slots=True)
class Shelf:
    """The catalogue as it was when the version with `stamp` was the newest."""

    stamp: tuple[int, UUID | None]
    index: Index


_shelves: dict[str, Shelf] = {}


def courses_found(actor: Actor, wanted: Wanted, page: PageRequest) -> CatalogueFound:
    """The courses that fit words and filters, the best first; without words by title."""
    index = _shelf().index
    found = index.find(wanted)
    ids = found.ids[page.offset : page.offset + page.page_size]
    courses = {it.id: it for it in db.session.scalars(select(Course).where(Course.id.in_(ids)))}
    cards = _cards([courses[it] for it in ids if it in courses], actor)
    return CatalogueFound(Page(cards, len(found.ids), page.page, page.page_size), found.is_alike, not index.entries)


def has_courses() -> bool:
    """Whether any course is published."""
    return bool(db.session.scalar(select(select(CourseVersion.id).exists())))


def _shelf() -> Shelf:
    """The index in the process, made anew whenever a version was published."""
    stamp, database = _stamp(), str(db.session.get_bind().engine.url)
    kept = _shelves.get(database)
    if kept is None or kept.stamp != stamp:
        kept = _shelves[database] = Shelf(stamp, Index.of(_entries()))
    return kept


def _stamp() -> tuple[int, UUID | None]:
    count = db.session.scalar(select(func.count()).select_from(CourseVersion)) or 0
    return count, db.session.scalar(select(CourseVersion.id).order_by(CourseVersion.id.desc()).limit(1))


def _entries() -> list[Entry]:
    """Every course by title, with its words in falling weight: title and code, competencies, summary."""
    taught = _taught()
    names = competency_names({code for levels in taught.values() for code in levels})
    columns = (Course.id, Course.title, Course.code, Course.summary, Course.longest_minutes)
    entries = []
    for course_id, title, code, summary, longest in db.session.execute(select(*columns).order_by(Course.title, Course.id)):
        levels = taught[course_id]
        competencies = " ".join(names.get(it, it) for it in levels)
        fields = ((title, 4), (code, 4), (competencies, 2), (summary, 1))
        entries.append(Entry(course_id, title, fields, levels, longest))
    return entries


def _taught(course_ids: Collection[UUID] | None = None) -> defaultdict[UUID, dict[str, int]]:
    """By course the levels up to which it teaches competencies; of all courses where none are named."""
    query = select(CourseCompetency).order_by(CourseCompetency.competency)
    if course_ids is not None:
        query = query.where(CourseCompetency.course_id.in_(course_ids))
    found: defaultdict[UUID, dict[str, int]] = defaultdict(dict)
    for it in db.session.scalars(query):
        found[it.course_id][it.competency] = it.level
    return found


def competencies_taught() -> tuple[tuple[str, str], ...]:
    """Code and name of every competency that some course teaches, by name; what the catalogue can be filtered by."""
    codes = db.session.scalars(select(CourseCompetency.competency).distinct()).all()
    names = competency_names(codes)
    return tuple(sorted(((it, names.get(it, it)) for it in codes), key=lambda pair: pair[1]))


def courses_teaching(actor: Actor, codes: Collection[str]) -> tuple[CourseCard, ...]:
    """Every course that teaches one of the competencies, by title."""
    taught = select(CourseCompetency.course_id).where(CourseCompetency.competency.in_(codes))
    query = select(Course).where(Course.id.in_(taught)).order_by(Course.title, Course.id)
    return _cards(db.session.scalars(query).all(), actor)


def _cards(courses: Sequence[Course], actor: Actor) -> tuple[CourseCard, ...]:
    ids = [it.id for it in courses]
    own, taught = _own_enrollments(actor, ids), _taught(ids)
    names = competency_names({code for levels in taught.values() for code in levels})
    missing = _missing_before(actor, courses)
    return tuple(_card(it, own.get(it.id), taught[it.id], names, missing[it.id]) for it in courses)


def _missing_before(actor: Actor, courses: Sequence[Course]) -> dict[UUID, tuple[str, ...]]:
    """By course the titles of what comes first and is not completed yet; two statements where anything comes first."""
    slugs = {slug for it in courses for slug in it.prerequisites}
    before = {it.slug: it for it in _prerequisites(actor, sorted(slugs))}
    return {it.id: tuple(before[slug].title for slug in it.prerequisites if not before[slug].completed) for it in courses}


def _own_enrollments(actor: Actor, course_ids: Sequence[UUID]) -> dict[UUID, Enrollment]:
    """The actor's enrolments that are not withdrawn, by course."""
    query = select(Enrollment).where(
        Enrollment.employee_id == actor.employee_id,
        Enrollment.course_id.in_(course_ids),
        Enrollment.withdrawn_at.is_(None),
    )
    return {it.course_id: it for it in db.session.scalars(query)}


def _card(
    course: Course,
    own: Enrollment | None,
    taught: Mapping[str, int],
    names: Mapping[str, str],
    missing: tuple[str, ...],
) -> CourseCard:
    return CourseCard(
        id=course.id,
        slug=course.slug,
        code=course.code,
        title=course.title,
        summary=course.summary,
        form=course.form,
        lesson_hours=course.lesson_hours,
        minutes=course.minutes,
        longest_minutes=course.longest_minutes,
        competencies=tuple(NamedCompetency(it, names.get(it, it), level) for it, level in taught.items()),
        missing=missing,
        version_number=course.current_number,
        enrollment_id=own.id if own else None,
        enrollment_status=own.status if own else None,
    )


def course_page(actor: Actor, slug: str) -> CoursePage:
    """The current version of a course before one enrols in it; raises NotFound."""
    course = versions.course_of(slug)
    facts = versions.version_facts(versions.current_version(course).id)
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
    done = enrollments.courses_completed(actor.employee_id, slugs) if actor.employee_id else frozenset[str]()
    return tuple(Prerequisite(it, titles.get(it, it), it in done) for it in slugs)


def versioned_courses(actor: Actor, wanted: PageRequest) -> Page[VersionedCourse]:
    """A trainer's own courses with their versions, the newest first."""
    page: Page[Course] = paginate(_taught_by(actor).order_by(Course.title, Course.id), wanted)
    lines = _version_lines([it.id for it in page.items])
    return page.map(lambda it: VersionedCourse(it.id, it.slug, it.code, it.title, tuple(lines[it.id])))


def _taught_by(actor: Actor) -> Select[Course]:
    own = policies.courses_taught(actor)
    return select(Course) if own is None else select(Course).where(Course.id.in_(own))


def courses_taught(actor: Actor, also: Collection[UUID], wanted: PageRequest) -> Page[TaughtCourse]:
    """A trainer's own courses, and others that are theirs for their exams alone, with who learns in them."""
    query: Any = select(Course, func.count(Enrollment.id), func.count(Enrollment.completed_at)).outerjoin(
        Enrollment, and_(Enrollment.course_id == Course.id, Enrollment.withdrawn_at.is_(None))
    )
    own = policies.courses_taught(actor)
    if own is not None:
        query = query.where(Course.id.in_(own | set(also)))
    page = paginate(query.group_by(Course.id).order_by(Course.title, Course.id), wanted, scalars=False)
    return page.map(lambda row: _taught_course(*row))


def _taught_course(course: Course, enrolled: int, completed: int) -> TaughtCourse:
    return TaughtCourse(course.id, course.slug, course.code, course.title, course.lesson_hours, enrolled, completed)


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
