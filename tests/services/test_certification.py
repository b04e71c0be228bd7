"""From an exam to a certificate and a raised level: the story as a whole."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, func, select

from elearn.certs.models import Certificate
from elearn.competency import queries as competencies
from elearn.competency.models.evidence import DevelopmentActivity, Evidence
from elearn.exams import queries as exam_queries
from elearn.exams import services as exams
from elearn.kernel import installation as places
from elearn.kernel import jobs, kept
from elearn.kernel.audit import AuditEntry
from elearn.kernel.db import db
from elearn.kernel.errors import Conflict, NotFound
from elearn.kernel.jobs import Job
from elearn.kernel.page import PageRequest
from elearn.kernel.settings import AgencySetting, set_agency_value
from elearn.people import queries as people
from elearn.people.facts.staff import NewEmployee, NewPosting
from elearn.people.rules import EmploymentType
from elearn.people.services import organisation, records, staff
from elearn.workflows import administration, certification, enrollment, register
from tests.factories import world as worlds
from tests.factories.courses import NOON
from tests.factories.world import World

LATER = NOON + timedelta(minutes=10)


def answer(world: World, name: str, only: str | None = None) -> Any:
    """Start and answer rightly, everything or one competency alone; returns the attempt's id."""
    sitting = worlds.start(world, name)
    for slot, keys in worlds.right_keys(sitting.id).items():
        if only is None or worlds.competency_of(sitting.id, slot) == only:
            exams.record_answer(sitting.id, slot, 1, keys, by=world.actor(name), now=NOON)
    return sitting.id


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def standing(world: World, name: str, competency: str) -> Any:
    profile = competencies.profile_of(people.person(world.people[name], on=NOON.date()), on=NOON.date())
    return next(it for it in profile.items if it.competency == competency)


def test_a_pass_gives_one_certificate_and_raises_what_was_passed(world: World) -> None:
    attempt_id = answer(world, "learner")

    done = certification.submit_exam(attempt_id, by=world.actor("learner"), now=LATER)

    assert done.outcome.passed
    assert done.outcome.score_bp == 10_000
    assert done.certificate is not None
    assert done.certificate.number == "CONTOH-000001/800.2/BKPSDM/XI/2026"
    assert standing(world, "learner", "MAN-PLP").achieved == 2
    assert standing(world, "learner", "MAN-KOM").achieved == 2
    assert standing(world, "learner", "MAN-PLP").confirmed == 0
    assert count(DevelopmentActivity) == 1


def test_a_pass_in_total_with_nothing_in_one_competency_raises_the_others_only(world: World) -> None:
    attempt_id = answer(world, "learner", only="MAN-PLP")

    done = certification.submit_exam(attempt_id, by=world.actor("learner"), now=LATER)

    assert done.outcome.passed
    assert done.outcome.score_bp == 8000
    assert standing(world, "learner", "MAN-PLP").achieved == 2
    assert standing(world, "learner", "MAN-KOM").achieved == 0


def test_submitting_again_gives_the_same_answer_and_changes_nothing(world: World) -> None:
    attempt_id = answer(world, "learner")
    first = certification.submit_exam(attempt_id, by=world.actor("learner"), now=LATER)
    entries = count(AuditEntry)

    again = certification.submit_exam(attempt_id, by=world.actor("learner"), now=LATER + timedelta(hours=1))

    assert again.outcome.again
    assert again.certificate == first.certificate
    assert (count(Certificate), count(Evidence), count(AuditEntry)) == (1, 2, entries)


def test_a_fail_gives_no_certificate_and_a_cool_down(world: World) -> None:
    sitting = worlds.start(world, "learner")

    done = certification.submit_exam(sitting.id, by=world.actor("learner"), now=LATER)

    assert not done.outcome.passed
    assert done.certificate is None
    with pytest.raises(Conflict, match="exam_closed") as refused:
        certification.start_exam(world.exam_id, by=world.actor("learner"), now=LATER)
    assert refused.value.details["reasons"] == ["cooling_down"]
    _sitting, started = certification.start_exam(
        world.exam_id, by=world.actor("learner"), now=LATER + timedelta(days=1, minutes=1)
    )
    assert started


def fail(world: World, *moments: datetime) -> None:
    """Hand in blank papers."""
    who = world.actor("learner")
    for moment in moments:
        sitting, _started = certification.start_exam(world.exam_id, by=who, now=moment)
        certification.submit_exam(sitting.id, by=who, now=moment)


def refused_at(world: World, moment: datetime) -> Any:
    """Why no attempt may start, and when one may: (reasons, next_at)."""
    with pytest.raises(Conflict, match="exam_closed") as refused:
        certification.start_exam(world.exam_id, by=world.actor("learner"), now=moment)
    return refused.value.details["reasons"], refused.value.details["next_at"]


DAY = timedelta(days=1)


def test_after_three_attempts_a_remedial_round_of_two_opens_two_weeks_later(world: World) -> None:
    worlds.learn_all(world, "learner")
    fail(world, NOON, NOON + 2 * DAY, NOON + 4 * DAY)
    last = NOON + 4 * DAY

    assert refused_at(world, last + DAY) == (["remedial_later"], (last + 14 * DAY).isoformat())
    fail(world, last + 14 * DAY, last + 16 * DAY)

    assert refused_at(world, last + 90 * DAY) == (["attempts_exhausted"], None)


def pass_exam(world: World, moment: datetime) -> Any:
    who = world.actor("learner")
    sitting, _started = certification.start_exam(world.exam_id, by=who, now=moment)
    for slot, keys in worlds.right_keys(sitting.id).items():
        exams.record_answer(sitting.id, slot, 1, keys, by=who, now=moment)
    return certification.submit_exam(sitting.id, by=who, now=moment)


def test_a_pass_is_renewed_from_so_many_days_before_it_lapses(world: World) -> None:
    """Evidence lapses after three years: on 25 November 2029; ninety days before that is 27 August."""
    worlds.learn_all(world, "learner")
    first = pass_exam(world, NOON)
    opens = datetime(2029, 8, 26, 17, 0, tzinfo=UTC)
    assert refused_at(world, opens - timedelta(seconds=1)) == (["already_passed"], opens.isoformat())

    second = pass_exam(world, opens)

    assert second.certificate.id != first.certificate.id
    assert second.certificate.attempt_id == second.outcome.attempt_id
    page = enrollment.enrollment_of_exam(world.exam_id, by=world.actor("learner"), now=opens)
    assert (page.exam.reasons, page.exam.pass_counts) == (("already_passed",), True)
    assert page.exam.certificate_id == second.certificate.id
    assert count(DevelopmentActivity) == 1, "the hours of a course are earned once"


def test_a_pass_that_has_lapsed_or_was_revoked_blocks_nobody(world: World) -> None:
    worlds.learn_all(world, "learner")
    first = pass_exam(world, NOON)
    after = datetime(2029, 11, 25, 17, 0, tzinfo=UTC)
    page = enrollment.enrollment_of_exam(world.exam_id, by=world.actor("learner"), now=after)
    assert (page.exam.open, page.exam.pass_counts) == (True, False)
    assert refused_at(world, NOON + DAY)[0] == ["already_passed"]

    certification.revoke_certificate(first.certificate.id, "salah orang", by=world.actor("hr"), now=NOON + DAY)

    assert pass_exam(world, NOON + DAY).certificate.status == "sample"


def test_the_exam_is_closed_until_every_lesson_is_completed(world: World) -> None:
    from elearn.courses import services as courses

    enrolled, _created = courses.enroll(world.slug, by=world.actor("learner"), now=NOON)
    page = enrollment.enrollment_page(enrolled.id, by=world.actor("learner"), now=NOON)

    assert not page.exam.open
    assert page.exam.reasons == ("lessons_incomplete",)
    with pytest.raises(Conflict):
        certification.start_exam(world.exam_id, by=world.actor("learner"), now=NOON)


def test_nobody_starts_an_exam_without_being_enrolled(world: World) -> None:
    with pytest.raises(NotFound):
        certification.start_exam(world.exam_id, by=world.actor("other"), now=NOON)


def test_strangers_neither_see_nor_submit_an_attempt(world: World) -> None:
    attempt_id = answer(world, "learner")

    for name in ("other", "trainer", "hr", "admin"):
        with pytest.raises(NotFound):
            certification.submit_exam(attempt_id, by=world.actor(name), now=LATER)


def test_the_clock_closes_only_what_is_over_and_marks_what_was_stored(world: World) -> None:
    attempt_id = answer(world, "learner")
    with pytest.raises(Conflict, match="attempt_open"):
        certification.submit_exam(attempt_id, by=worlds.SYSTEM, now=LATER)

    certification.order_closing(NOON + timedelta(minutes=21))
    assert count(Job) == 0
    certification.order_closing(NOON + timedelta(minutes=22))
    assert db.session.scalars(select(Job.kind)).all() == ["certification.close_attempt"]
    done = certification.submit_exam(attempt_id, by=worlds.SYSTEM, now=NOON + timedelta(minutes=22))

    assert done.outcome.passed
    assert done.outcome.submitted_at == NOON + timedelta(minutes=20)


def test_outside_the_demo_no_certificate_is_issued_without_a_public_address(session: Any, tmp_path: Path) -> None:
    world = worlds.make_world(tmp_path, demo=False)
    attempt_id = answer(world, "learner")

    done = certification.submit_exam(attempt_id, by=world.actor("learner"), now=LATER)

    assert done.outcome.passed
    assert done.certificate is None
    assert standing(world, "learner", "MAN-PLP").achieved == 2
    assert "certification.certify" in db.session.scalars(select(Job.kind)).all()
    here = places.installation()
    try:
        places.use(
            places.Installation(
                "https://belajar.example",
                "https://belajar.example",
                False,
                True,
                here.files_dir,
                here.keys_dir,
                here.fonts_dir,
            )
        )
        issued = certification.certify_later(attempt_id, by=worlds.SYSTEM, now=LATER + timedelta(days=1))
    finally:
        places.use(here)
    assert issued.status == "valid"
    assert issued.number == "000001/800.2/BKPSDM/XI/2026"


def test_the_number_follows_the_year_of_the_agency_and_not_of_utc(world: World) -> None:
    eve = datetime(2026, 12, 31, 17, 10, tzinfo=UTC)
    who = world.actor("learner")
    worlds.learn_all(world, "learner")
    sitting, _started = certification.start_exam(world.exam_id, by=who, now=eve)
    for slot, keys in worlds.right_keys(sitting.id).items():
        exams.record_answer(sitting.id, slot, 1, keys, by=who, now=eve)

    done = certification.submit_exam(sitting.id, by=who, now=eve)

    assert done.certificate is not None
    assert done.certificate.number == "CONTOH-000001/800.2/BKPSDM/I/2027"


def test_revoking_is_for_those_in_reach_and_never_for_oneself(world: World) -> None:
    attempt_id = answer(world, "learner")
    done = certification.submit_exam(attempt_id, by=world.actor("learner"), now=LATER)
    assert done.certificate is not None

    with pytest.raises(NotFound):
        certification.revoke_certificate(done.certificate.id, "salah orang", by=world.actor("hr_b"), now=LATER)
    certification.revoke_certificate(done.certificate.id, "salah orang", by=world.actor("hr"), now=LATER)

    again = certification.submit_exam(attempt_id, by=world.actor("learner"), now=LATER)
    assert again.certificate is not None
    assert again.certificate.status == "revoked"


def test_signers_see_the_certificates_of_their_units_and_nothing_else_of_the_people(world: World) -> None:
    attempt_id = answer(world, "learner")
    done = certification.submit_exam(attempt_id, by=world.actor("learner"), now=LATER)
    assert done.certificate is not None
    signer = world.actor("signer")

    listed = register.certificates_in_reach(PageRequest(), by=signer, now=LATER)
    assert [it.id for it in listed.items] == [done.certificate.id]
    assert register.certificate_in_reach(done.certificate.id, by=signer, now=LATER).id == done.certificate.id
    with pytest.raises(NotFound):
        people.person_visible_to(signer, world.people["learner"], on=LATER.date())


def test_a_corrected_certificate_has_its_own_number_and_the_old_one_reads_as_replaced(world: World) -> None:
    done = certification.submit_exam(answer(world, "learner"), by=world.actor("learner"), now=LATER)
    assert done.certificate is not None
    staff.rename(world.people["learner"], "Uji Nama Benar", by=worlds.SYSTEM, now=LATER)

    new = certification.correct_certificate(done.certificate.id, by=world.actor("hr"), now=LATER)

    assert new.number.startswith("CONTOH-000002/")
    assert new.holder_name == "Uji Nama Benar"
    old = db.session.get_one(Certificate, done.certificate.id)
    assert old.content().holder_name == "Uji learner"


def test_a_revoked_certificate_is_never_corrected_into_a_good_one(world: World) -> None:
    done = certification.submit_exam(answer(world, "learner"), by=world.actor("learner"), now=LATER)
    assert done.certificate is not None
    certification.revoke_certificate(done.certificate.id, "salah orang", by=world.actor("hr"), now=LATER)

    with pytest.raises(Conflict, match="revoked"):
        certification.correct_certificate(done.certificate.id, by=world.actor("hr"), now=LATER)

    shown = register.certificate_in_reach(done.certificate.id, by=world.actor("hr"), now=LATER)
    assert (shown.status, shown.revoked_at, shown.revocation_reason) == ("revoked", LATER, "salah orang")
    assert count(Certificate) == 1


def test_a_replaced_certificate_is_neither_revoked_nor_replaced_again(world: World) -> None:
    done = certification.submit_exam(answer(world, "learner"), by=world.actor("learner"), now=LATER)
    assert done.certificate is not None
    new = certification.correct_certificate(done.certificate.id, by=world.actor("hr"), now=LATER)

    with pytest.raises(Conflict, match="superseded") as refused:
        certification.revoke_certificate(done.certificate.id, "salah orang", by=world.actor("hr"), now=LATER)
    assert refused.value.details["successor"] == str(new.id)
    with pytest.raises(Conflict, match="superseded"):
        certification.correct_certificate(done.certificate.id, by=world.actor("hr"), now=LATER)
    assert register.certificate_in_reach(done.certificate.id, by=world.actor("hr"), now=LATER).successor_id == new.id


HALF_PAST_MIDNIGHT = [
    ("Asia/Jakarta", datetime(2026, 11, 25, 17, 30, tzinfo=UTC)),
    ("Asia/Jayapura", datetime(2026, 11, 25, 15, 30, tzinfo=UTC)),
]


def moved_at_midnight(world: World, zone: str, now: datetime) -> Any:
    """The learner's agency lies in a zone, and today, 26 November there, is the first day of a new posting and NIP."""
    set_agency_value(world.agency_id, "zone", zone, by=worlds.SYSTEM, now=NOON - timedelta(days=1))
    here = replace(worlds.SYSTEM, zone=zone)
    position = organisation.add_position("UJI-BARU", "Kepala Bidang", "administrator", job_class=11, by=here, now=now)
    new = NewPosting(world.units["b"], position, None, date(2026, 11, 26))
    staff.move(world.people["learner"], new, by=here, now=now)
    records.change_identifier(world.people["learner"], "199001012015011777", by=here, now=now)


def test_a_certificate_says_the_forms_name_and_what_the_number_is_called(world: World) -> None:
    here, since = worlds.SYSTEM, date(2020, 1, 1)
    new = NewEmployee(
        agency_id=world.agency_id,
        name="Uji kontrak",
        employment_type=EmploymentType.PPPK,
        identifier="199202022023211906",
        is_demo=True,
        active_from=since,
    )
    world.people["contract"] = staff.hire(new, by=here, now=NOON).employee_id

    done = certification.submit_exam(answer(world, "contract"), by=world.actor("contract"), now=LATER)

    assert done.certificate is not None
    content = db.session.get_one(Certificate, done.certificate.id).content()
    assert (content.form, content.holder_identifier_type) == ("Pelatihan teknis", "ni_pppk")


def says(certificate_id: Any) -> tuple[Any, ...]:
    content = db.session.get_one(Certificate, certificate_id).content()
    return content.issued_on, content.holder_position, content.holder_unit, content.holder_identifier


@pytest.mark.parametrize(("zone", "now"), HALF_PAST_MIDNIGHT)
def test_a_pass_just_after_midnight_freezes_the_particulars_of_the_new_day(world: World, zone: str, now: datetime) -> None:
    who = replace(world.actor("learner"), zone=zone)
    worlds.learn_all(world, "learner")
    moved_at_midnight(world, zone, now)
    sitting, _started = certification.start_exam(world.exam_id, by=who, now=now)
    for slot, keys in worlds.right_keys(sitting.id).items():
        exams.record_answer(sitting.id, slot, 1, keys, by=who, now=now)

    done = certification.submit_exam(sitting.id, by=who, now=now)

    assert done.certificate is not None
    assert says(done.certificate.id) == (date(2026, 11, 26), "Kepala Bidang", "Dinas b", "199001012015011777")


@pytest.mark.parametrize(("zone", "now"), HALF_PAST_MIDNIGHT)
def test_a_correction_just_after_midnight_states_the_new_day(world: World, zone: str, now: datetime) -> None:
    done = certification.submit_exam(answer(world, "learner"), by=world.actor("learner"), now=LATER)
    assert done.certificate is not None
    before = says(done.certificate.id)
    assert before == (date(2026, 11, 25), "Kepala Seksi", "Dinas a", "199001012015011900")
    set_agency_value(world.agency_id, "zone", zone, by=worlds.SYSTEM, now=LATER)
    moved_at_midnight(world, zone, now)

    new = certification.correct_certificate(done.certificate.id, by=world.actor("signer"), now=now)

    assert says(new.id)[1:] == ("Kepala Bidang", "Dinas b", "199001012015011777")


def test_a_pass_waits_for_its_agencys_pattern_and_goes_on_by_itself(world: World) -> None:
    db.session.execute(delete(AgencySetting).where(AgencySetting.key == "number_pattern"))
    kept.changed()
    done = certification.submit_exam(answer(world, "learner"), by=world.actor("learner"), now=LATER)
    assert (done.outcome.passed, done.certificate) == (True, None)
    job = db.session.scalars(select(Job).where(Job.kind == certification.CERTIFY_JOB)).one()
    job.park("pattern")

    new = "{nomor}/UJI/{tahun}"
    jobs.resume_possible(LATER)
    assert job.state == "parked"
    administration.change_setting(world.agency_id, "number_pattern", new, by=world.actor("admin"), now=LATER)
    jobs.resume_possible(LATER)

    assert job.state == "queued"
    certification.certify_later(done.outcome.attempt_id, by=worlds.SYSTEM, now=LATER)
    issued = certification.outcome_of(done.outcome.attempt_id, by=world.actor("learner"), now=LATER).certificate
    assert issued is not None
    assert issued.number == "CONTOH-000001/UJI/2026"


def test_a_correction_can_be_corrected_and_the_result_leads_to_the_newest(world: World) -> None:
    attempt_id = answer(world, "learner")
    who, hr = world.actor("learner"), world.actor("hr")
    first = certification.submit_exam(attempt_id, by=who, now=LATER).certificate
    assert first is not None

    second = certification.correct_certificate(first.id, by=hr, now=LATER)
    third = certification.correct_certificate(second.id, by=hr, now=LATER)

    assert [it.attempt_id for it in (first, second, third)] == [attempt_id] * 3
    assert certification.outcome_of(attempt_id, by=who, now=LATER).certificate == third
    assert certification.submit_exam(attempt_id, by=who, now=LATER).certificate == third
    assert certification.certify_later(attempt_id, by=worlds.SYSTEM, now=LATER) == third
    page = enrollment.enrollment_of_exam(world.exam_id, by=who, now=LATER)
    assert page.exam.certificate_id == third.id


def test_closings_that_were_set_aside_do_not_starve_later_ones(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if one sweep ordered one closing: the oldest is parked, so the next must come to its turn."""
    monkeypatch.setitem(exam_queries.overdue_attempt_ids.__kwdefaults__, "limit", 1)
    oldest = worlds.start(world, "learner").id
    newer = worlds.start(world, "other", now=NOON + timedelta(minutes=1)).id
    much_later = NOON + timedelta(hours=1)

    certification.order_closing(much_later)
    job = db.session.scalars(select(Job)).one()
    assert job.key == str(oldest)
    job.park("damaged")
    for _sweep in range(2):
        certification.order_closing(much_later)

    assert set(db.session.scalars(select(Job.key))) == {str(oldest), str(newer)}
