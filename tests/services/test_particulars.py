"""What certificates print of a person: confirmed or reported before the exam; a report keeps the certificate waiting."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from elearn.certs.models import Certificate
from elearn.exams import services as exams
from elearn.kernel.db import db
from elearn.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from elearn.kernel.job import Job
from elearn.kernel.page import PageRequest
from elearn.people.facts.staff import AccommodationTerms, Correction
from elearn.people.services import accommodations, records
from elearn.workflows import certification, particulars, tasks
from tests.factories import world as worlds
from tests.factories.courses import NOON
from tests.factories.world import World

LATER = NOON + timedelta(minutes=10)
ALL = PageRequest()


def passed(world: World) -> Any:
    sitting = worlds.start(world, "learner")
    for slot, keys in worlds.right_keys(sitting.id).items():
        exams.record_answer(sitting.id, slot, 1, keys, by=world.actor("learner"), now=NOON)
    return certification.submit_exam(sitting.id, by=world.actor("learner"), now=LATER)


def waiting(world: World, name: str = "hr") -> Any:
    return tuple(it.report for it in listed(world, name))


def listed(world: World, name: str = "hr", *, is_open: bool = True) -> Any:
    return particulars.reports_in_reach(ALL, is_open=is_open, by=world.actor(name), now=LATER).items


def test_what_was_confirmed_is_asked_again_once_it_reads_otherwise(world: World) -> None:
    me = world.actor("learner")
    assert not particulars.own_particulars(by=me, now=NOON).is_confirmed
    particulars.confirm_particulars(by=me, now=NOON)
    assert particulars.own_particulars(by=me, now=NOON).is_confirmed

    before = particulars.own_particulars(by=me, now=NOON).holder.name
    corrected = Correction(name="Uji learner", title_after="M.Si.")
    records.correct(world.people["learner"], corrected, by=world.actor("hr"), now=LATER)

    after = particulars.own_particulars(by=me, now=LATER)
    assert after.holder.name != before
    assert not after.is_confirmed


def test_a_report_keeps_the_certificate_waiting_until_hr_has_settled_it(world: World) -> None:
    particulars.report_particulars("gelar M.Si. belum ada", by=world.actor("learner"), now=NOON)
    done = passed(world)
    assert done.outcome.passed
    assert done.certificate is None
    payload = {"attempt_id": str(done.outcome.attempt_id)}
    with pytest.raises(Conflict, match="particulars_reported"):
        certification.certify_later(done.outcome.attempt_id, by=worlds.SYSTEM, now=LATER)
    assert not tasks._may_certify(payload)

    [report] = waiting(world)
    corrected = Correction(name="Uji learner", title_after="M.Si.")
    records.correct(world.people["learner"], corrected, by=world.actor("hr"), now=LATER)
    particulars.settle_report(report.id, "Gelar ditambahkan.", by=world.actor("hr"), now=LATER)
    [line] = listed(world, is_open=False)
    assert (line.report.holder.name, line.present.name) == ("Uji learner", "Uji learner, M.Si.")

    assert tasks._may_certify(payload)
    assert "certification.certify" in db.session.scalars(select(Job.kind)).all()
    issued = certification.certify_later(done.outcome.attempt_id, by=worlds.SYSTEM, now=LATER)
    assert "M.Si." in issued.holder_name
    assert waiting(world) == ()
    last = particulars.own_particulars(by=world.actor("learner"), now=LATER).last
    assert last is not None
    assert last.answer == "Gelar ditambahkan."
    with pytest.raises(Conflict, match="report_settled"):
        particulars.settle_report(report.id, "", by=world.actor("hr"), now=LATER)


def test_without_a_report_the_certificate_comes_at_once(world: World) -> None:
    particulars.confirm_particulars(by=world.actor("learner"), now=NOON)

    assert passed(world).certificate is not None


def test_a_second_report_takes_the_place_of_the_first_and_right_after_all_takes_it_back(world: World) -> None:
    me = world.actor("learner")
    particulars.report_particulars("nama salah", by=me, now=NOON)
    particulars.report_particulars("pangkat salah", by=me, now=LATER)
    assert [it.note for it in waiting(world)] == ["pangkat salah"]

    particulars.confirm_particulars(by=me, now=LATER + timedelta(minutes=1))

    assert waiting(world) == ()
    assert passed(world).certificate is not None


def test_a_report_needs_words(world: World) -> None:
    with pytest.raises(Invalid, match="note_needed"):
        particulars.report_particulars("  \n", by=world.actor("learner"), now=NOON)


def test_only_hr_of_the_unit_sees_and_settles_and_nobody_their_own(world: World) -> None:
    particulars.report_particulars("nama salah", by=world.actor("learner"), now=NOON)
    [report] = waiting(world)

    assert waiting(world, "hr_b") == ()
    for name in ("hr_b", "trainer", "other", "officer", "signer"):
        with pytest.raises(NotFound):
            particulars.settle_report(report.id, "", by=world.actor(name), now=LATER)
    for name in ("learner", "admin"):
        with pytest.raises(Forbidden):
            particulars.settle_report(report.id, "", by=world.actor(name), now=LATER)
    assert db.session.scalars(select(Certificate)).all() == []


def grant(world: World, by: str = "hr", **terms: Any) -> Any:
    given = {"time_percent": 150, "arrangements": ("large_print",), "basis": "Surat 1/2026"} | terms
    return accommodations.grant(world.people["learner"], AccommodationTerms(**given), by=world.actor(by), now=NOON)


def test_granted_time_lengthens_the_exam_that_starts_and_not_the_next_after_its_end(world: World) -> None:
    grant(world)
    sitting = worlds.start(world, "learner")
    assert sitting.closes_at - sitting.opened_at == timedelta(minutes=30)

    accommodations.end(world.people["learner"], by=world.actor("hr"), now=LATER)
    again, started = certification.start_exam(world.exam_id, by=world.actor("learner"), now=LATER)
    assert (again.closes_at, started) == (sitting.closes_at, False)
    worlds.learn_all(world, "other")
    other, _started = certification.start_exam(world.exam_id, by=world.actor("other"), now=LATER)
    assert other.closes_at - other.opened_at == timedelta(minutes=20)


def test_what_is_over_grants_nothing(world: World) -> None:
    grant(world, until_on=date(2026, 11, 25))
    worlds.learn_all(world, "learner")

    later = NOON + timedelta(days=1)
    sitting, _started = certification.start_exam(world.exam_id, by=world.actor("learner"), now=later)

    assert sitting.closes_at - sitting.opened_at == timedelta(minutes=20)


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ({"time_percent": 400}, "time_percent"),
        ({"basis": " "}, "basis_needed"),
        ({"until_on": date(2026, 11, 24)}, "until_in_past"),
        ({"time_percent": 100, "arrangements": ()}, "nothing_granted"),
        ({"arrangements": ("diagnosis",)}, "arrangement_unknown"),
    ],
)
def test_what_cannot_be_granted_is_refused(world: World, terms: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid, match=code):
        grant(world, **terms)


def test_only_hr_of_the_unit_grants_and_nobody_to_themselves(world: World) -> None:
    for name in ("hr_b", "trainer", "officer", "admin", "learner"):
        with pytest.raises(Forbidden):
            grant(world, by=name)
