"""What a learner sees first, read from every package: where to go on, what is due, what raises most; writes nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from elearn.certs import queries as certificates
from elearn.certs.facts import Issued
from elearn.certs.rules import Status
from elearn.competency import queries as competencies
from elearn.competency.facts import Profile
from elearn.courses import catalogue
from elearn.courses.facts.enrollments import EnrollmentStatus, EnrollmentView
from elearn.courses.queries import enrollments
from elearn.courses.shown import CourseCard
from elearn.insight.recommendation import Need, Offer, Raise, most_raising
from elearn.kernel.actor import Actor
from elearn.kernel.clock import local_date
from elearn.kernel.page import PageRequest
from elearn.kernel.settings import rule_value
from elearn.people import queries as people
from elearn.people.facts.staff import Person
from elearn.workflows.enrollment import EnrollmentPage, exam_box

RECENT = PageRequest(page=1, page_size=6)
DUE_COUNT = 5


class DueKind(StrEnum):
    """What happens at a moment that a learner should know of."""

    EXAM_CLOSES = "exam_closes"
    EXAM_OPENS = "exam_opens"
    RENEWAL_OPENS = "renewal_opens"
    CERTIFICATE_ENDS = "certificate_ends"


@dataclass(frozen=True, slots=True)
class Due:
    """One moment that matters: `on` is its day in the agency's zone, `at` its moment where there is one."""

    kind: DueKind
    title: str
    on: date
    days: int
    address: tuple[str, str, UUID]
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LearnerHome:
    """Everything on a learner's first page; `first` is where to go on, `has_courses` whether any is published."""

    person: Person
    first: EnrollmentPage | None
    others: tuple[EnrollmentPage, ...]
    due: tuple[Due, ...]
    profile: Profile
    next_raise: Raise | None
    raise_enrollment_id: UUID | None
    certificates: tuple[Issued, ...]
    has_courses: bool


def learner_home(actor: Actor, me: UUID, *, now: datetime) -> LearnerHome:
    """The first page of one learner."""
    on = local_date(now, actor.zone)
    person = people.person(me, on=on)
    profile = competencies.profile_of(person, on=on)
    going_on = _going_on(actor, now=now)
    held = certificates.issued_to([me], RECENT, on=on).items
    open_ones = [it for it in going_on if _has_something_to_do(it)]
    offered = catalogue.courses_teaching(actor, [it.competency for it in profile.items if it.required > it.confirmed])
    best = most_raising(_needs(profile), _offers(offered), cap=rule_value("evidence.unsupervised_cap_level", on))
    return LearnerHome(
        person=person,
        first=open_ones[0] if open_ones else None,
        others=tuple(open_ones[1:4]),
        due=due_soon(going_on, held, on=on, zone=actor.zone),
        profile=profile,
        next_raise=best,
        raise_enrollment_id=next((it.enrollment_id for it in offered if best and it.slug == best.offer.slug), None),
        certificates=held[:3],
        has_courses=bool(going_on) or catalogue.has_courses(),
    )


def _going_on(actor: Actor, *, now: datetime) -> list[EnrollmentPage]:
    """One's enrolments with their exams, the one that was open last first."""
    views = [it for it in enrollments.enrollments_of(actor, RECENT).items if it.status is not EnrollmentStatus.WITHDRAWN]
    views.sort(key=_activity, reverse=True)
    return [EnrollmentPage(it, exam_box(it, by=actor, now=now)) for it in views]


def _activity(it: EnrollmentView) -> datetime:
    return max(it.seen_at or it.enrolled_at, it.enrolled_at)


def _has_something_to_do(it: EnrollmentPage) -> bool:
    return it.enrollment.resume is not None or it.exam.open


def _needs(profile: Profile) -> list[Need]:
    return [Need(it.competency, it.name, it.required, it.achieved, it.confirmed) for it in profile.items if it.required > 0]


def _offers(cards: Iterable[CourseCard]) -> list[Offer]:
    return [
        Offer(
            slug=it.slug,
            title=it.title,
            lesson_hours=it.lesson_hours,
            teaches={taught.competency: taught.level for taught in it.competencies},
            is_blocked=bool(it.missing),
        )
        for it in cards
    ]


def due_soon(pages: Sequence[EnrollmentPage], held: Iterable[Issued], *, on: date, zone: str) -> tuple[Due, ...]:
    """What has a day of its own from today on, the nearest first; at most five."""
    found = [*_due_exams(pages, on=on, zone=zone), *_due_certificates(held, on=on)]
    return tuple(sorted(found, key=lambda it: it.on)[:DUE_COUNT])


def _due_exams(pages: Iterable[EnrollmentPage], *, on: date, zone: str) -> Iterable[Due]:
    for it in pages:
        exam, title = it.exam, it.enrollment.facts.exam.title
        if exam.closes_at is not None and exam.open_attempt_id is not None:
            day = local_date(exam.closes_at, zone)
            room = ("room_learner.room", "attempt_id", exam.open_attempt_id)
            yield Due(DueKind.EXAM_CLOSES, title, day, (day - on).days, room, exam.closes_at)
        elif exam.next_at is not None and local_date(exam.next_at, zone) >= on:
            day = local_date(exam.next_at, zone)
            kind = DueKind.RENEWAL_OPENS if "already_passed" in exam.reasons else DueKind.EXAM_OPENS
            page = ("courses_learner.enrollment", "enrollment_id", it.enrollment.id)
            yield Due(kind, title, day, (day - on).days, page, exam.next_at)


def _due_certificates(held: Iterable[Issued], *, on: date) -> Iterable[Due]:
    for it in held:
        if it.valid_until is not None and it.status in (Status.VALID, Status.SAMPLE):
            page = ("certs_learner.certificate", "certificate_id", it.id)
            yield Due(DueKind.CERTIFICATE_ENDS, it.course_title, it.valid_until, (it.valid_until - on).days, page)
