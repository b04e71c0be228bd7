"""A learner's first page: where to go on, what is due, and what raises most; the pages are in web/."""

from datetime import date, datetime, timedelta

from elearn.certs.facts import Issued
from elearn.courses import services as courses
from elearn.exams import services as exams
from elearn.kernel.ids import new_id
from elearn.portals.learning import DueKind, LearnerHome, due_soon, learner_home
from elearn.workflows import certification
from tests.factories import world as worlds
from tests.factories.courses import NOON
from tests.factories.world import World

ON = NOON.date()


def home(world: World, name: str, *, now: datetime = NOON) -> LearnerHome:
    return learner_home(world.actor(name), world.people[name], now=now)


def test_the_first_page_goes_on_at_the_block_last_seen_on_any_device(world: World) -> None:
    who = world.actor("learner")
    assert home(world, "learner").first is None

    enrollment, _created = courses.enroll(world.slug, by=who, now=NOON)
    courses.record_opening(enrollment.id, "m1-l1", by=who, now=NOON)
    courses.keep_place(enrollment.id, "m1-l2", 7, by=who, now=NOON + timedelta(minutes=5))

    first = home(world, "learner").first
    assert first is not None
    assert first.enrollment.resume is not None
    assert (first.enrollment.resume.lesson_id, first.enrollment.resume.anchor) == ("m1-l2", "b-7")
    assert first.enrollment.seen_at == NOON + timedelta(minutes=5)


def test_what_has_a_day_is_listed_the_nearest_first(world: World) -> None:
    sitting = worlds.start(world, "other")
    assert [it.kind for it in home(world, "other").due] == [DueKind.EXAM_CLOSES]

    exams.record_answer(sitting.id, 1, 1, ["A"], by=world.actor("other"), now=NOON)
    certification.submit_exam(sitting.id, by=world.actor("other"), now=NOON)
    failed = home(world, "other")
    assert [(it.kind, it.days > 0) for it in failed.due] == [(DueKind.EXAM_OPENS, True)]
    assert failed.first is None

    passed = worlds.start(world, "learner")
    for slot, keys in worlds.right_keys(passed.id).items():
        exams.record_answer(passed.id, slot, 1, keys, by=world.actor("learner"), now=NOON)
    certification.submit_exam(passed.id, by=world.actor("learner"), now=NOON)
    (renewal,) = home(world, "learner").due
    assert (renewal.kind, renewal.days > 365) == (DueKind.RENEWAL_OPENS, True)


def test_a_certificate_that_ends_comes_before_what_is_later_and_not_once_it_has_ended() -> None:
    def held(until: date | None, status: str = "valid") -> Issued:
        return Issued(
            id=new_id(),
            employee_id=new_id(),
            attempt_id=None,
            number="1",
            code="x",
            status=status,
            course_code="UJI-01",
            course_title="Kursus uji",
            holder_name="Siti",
            issued_on=ON,
            valid_until=until,
            sample=False,
            pdf_ready=True,
        )

    later, sooner = held(ON + timedelta(days=90)), held(ON + timedelta(days=3))
    due = due_soon([], [later, held(None), held(ON, "revoked"), sooner], on=ON, zone="Asia/Jakarta")

    assert [(it.kind, it.days, it.address[2]) for it in due] == [
        (DueKind.CERTIFICATE_ENDS, 3, sooner.id),
        (DueKind.CERTIFICATE_ENDS, 90, later.id),
    ]


def test_what_raises_most_is_a_course_that_the_person_may_begin(world: World) -> None:
    best = home(world, "learner").next_raise

    assert best is not None
    assert (best.offer.slug, best.need.confirmed, best.to_level) == (world.slug, 0, 2)
    assert {best.need.competency, *(it.competency for it in best.others)} == {"MAN-PLP", "MAN-KOM"}
