"""One request for each route that succeeds: who sends it, about which things, with what; used by the suites of web/."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import pyotp

from elearn.competency import services as competencies
from elearn.courses import lessons
from elearn.courses import services as courses
from elearn.courses.queries import enrollments
from elearn.kernel.db import db
from elearn.kernel.jobs import transaction
from elearn.people.services import accounts, factors, staff
from tests.factories.courses import NOON, right_answers
from tests.factories.people import app_code, with_factor
from tests.factories.pictures import drawn
from tests.factories.site import HALF, Site
from tests.factories.world import PASSWORD, SYSTEM

PNG = drawn()
NEW_PASSWORD = "kalimat lain yang cukup panjang"  # noqa: S105 - a test's own

Body = Callable[[Site], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Act:
    """Who succeeds, with what: keywords of Site.send, and changes to the things of the address."""

    by: str | None
    body: Body = field(default=lambda _site: {})
    changes: Callable[[Site], dict[str, object]] = field(default=lambda _site: {})
    prepare: Callable[[Site], None] = field(default=lambda _site: None)


def _form(**fields: object) -> Body:
    return lambda _site: {"form": dict(fields)}


def _json(value: Any) -> Body:
    return lambda _site: {"json": value}


def _thing(**names: str) -> Callable[[Site], dict[str, object]]:
    return lambda site: {place: site.seed.things[name] for place, name in names.items()}


def _code(site: Site) -> dict[str, Any]:
    with site.app.app_context(), transaction():
        issued = accounts.issue_code(site.world.people["other"], by=SYSTEM, now=NOON)
    return {"form": {"login": "other@uji.example", "code": issued.code, "password": NEW_PASSWORD}}


def _first_code(site: Site) -> dict[str, Any]:
    with site.app.app_context():
        offer = factors.offer(PASSWORD, by=site.world.actor("learner"), now=NOON)
        db.session.rollback()
    assert offer is not None
    step = int(NOON.timestamp()) // 30
    return {"form": {"offer": offer.concealed, "code": pyotp.TOTP(offer.seed).generate_otp(step)}}


def _with_factor(site: Site) -> None:
    with site.app.app_context():
        with_factor(site.world.people["learner"])
        db.session.remove()


def _answered_check(site: Site) -> dict[str, Any]:
    with site.app.app_context():
        enrollment = enrollments.active_enrollment(site.world.people["officer"], site.world.course_id)
        assert enrollment is not None
        answers = right_answers(lessons.lesson_in(enrollment, "m1-l2"), enrollment)
    form: dict[str, Any] = {f"answer-{slot}": keys for slot, keys in answers.items()}
    return {"form": form | {"task": "satu dua tiga empat lima enam", "token": _token_on(site, "m1-l2")}}


def _opened_long_ago(site: Site) -> None:
    with site.app.app_context(), transaction():
        enrollment = enrollments.active_enrollment(site.world.people["officer"], site.world.course_id)
        assert enrollment is not None
        who = site.world.actor("officer")
        courses.record_opening(enrollment.id, "m1-l1", by=who, now=NOON - timedelta(hours=1))


def _fetched(site: Site) -> None:
    path = site.seed.path("/api/v1/enrollments/<enrollment_id>/lessons/<lesson_id>", lesson_id="m1-l1")
    assert site.send("officer", "GET", path).status_code == 200


def _token(site: Site) -> dict[str, Any]:
    return {"form": {"token": _token_on(site, "m1-l1")}}


def _token_on(site: Site, lesson: str) -> str:
    path = site.seed.path("/learn/courses/enrollments/<enrollment_id>/lessons/<lesson_id>", lesson_id=lesson)
    text = site.send("officer", "GET", path).get_data(as_text=True)
    return text.split('name="token" value="')[1].split('"')[0]


def _withdrawn(site: Site) -> None:
    with site.app.app_context(), transaction():
        enrollment = enrollments.active_enrollment(site.world.people["officer"], site.world.course_id)
        assert enrollment is not None
        courses.withdraw(enrollment.id, by=site.world.actor("officer"), now=NOON)


def _confirmed(site: Site) -> None:
    with site.app.app_context(), transaction():
        evidence = UUID(site.seed.things["evidence_id"])
        competencies.confirm_evidence(evidence, by=site.world.actor("hr"), now=NOON)


def _appointment(site: Site) -> dict[str, Any]:
    fields = {"name": "Pejabat Uji", "title": "Kepala Badan", "legal_basis": "SK uji", "from_on": "2026-01-01"}
    return {"form": fields | {"agency": str(site.world.agency_id)}}


def _suspended(site: Site) -> None:
    with site.app.app_context(), transaction():
        staff.suspend(site.world.people["learner"], reason="uji", by=SYSTEM, now=NOON)


def _place(site: Site) -> dict[str, str]:
    return {"unit_id": str(site.world.units["a"]), "position_id": site.seed.things["position_id"]}


def _newcomer(site: Site) -> dict[str, Any]:
    fields = {"name": "Baru Sekali", "identifier": "198609262015051001", "employment_type": "pns"}
    return {"form": fields | _place(site) | {"supervisor_id": "learner@uji.example", "active_from": "2026-11-02"}}


def _posting(site: Site) -> dict[str, Any]:
    return {"form": _place(site) | {"from_on": "2026-11-02"}}


def _unit(name: str) -> dict[str, str]:
    return {"name": name, "code": name.upper()}


REQUIREMENT = {"competency": "MAN-INT", "required_level": "3", "effective_from": "2026-11-25", "legal_basis": "SK uji"}
ACTS: dict[str, Act] = {
    "activation_public.use_code": Act(None, _code),
    "forgot_public.ask": Act(None, _form(login="other@uji.example")),
    "slips_hr.issue": Act("hr", _form(unit="", all="yes")),
    "slips_hr.issue_one": Act("hr"),
    "accommodations_hr.grant": Act("hr", _form(time_percent="200", basis="Surat 2/2026", until_on="")),
    "accommodations_hr.end": Act("hr"),
    "particulars_hr.settle": Act("hr", _form(answer="sudah diperbaiki")),
    "exams_learner.say_particulars": Act("signer", _form(said="right")),
    "exams_learner.receipt_file": Act("learner", changes=_thing(attempt_id="passed_attempt")),
    "certs_admin.appoint": Act("admin", _appointment),
    "certs_admin.end": Act("admin"),
    "certs_api.certificate": Act("learner"),
    "certs_api.certificate_pdf": Act("learner"),
    "certs_hr.correct": Act("hr"),
    "certs_hr.revoke": Act("hr", _form(reason="salah orang")),
    "certs_public.verify_file": Act(None, lambda _site: {"form": {"file": (BytesIO(b"tidak ada"), "a.pdf")}}),
    "competency_hr.confirm": Act("hr", _form(reason="")),
    "competency_hr.reject": Act("hr", _form(reason="tidak sesuai")),
    "competency_hr.withdraw": Act("hr", _form(reason="keliru"), prepare=_confirmed),
    "courses_api.complete_lesson": Act("officer", _json({}), prepare=_fetched),
    "courses_api.enroll": Act("trainer", _json({"course": "kursus-uji"})),
    "courses_learner.complete_lesson": Act("officer", _answered_check, lambda _site: {"lesson_id": "m1-l2"}),
    "courses_learner.enroll": Act("trainer", _form(course="kursus-uji")),
    "courses_learner.keep_place": Act("officer", _json({"place": 0})),
    "courses_learner.open_lesson": Act("officer"),
    "courses_learner.read_lesson": Act("officer", _token, prepare=_opened_long_ago),
    "courses_learner.reinstate": Act("officer", prepare=_withdrawn),
    "courses_learner.withdraw": Act("officer"),
    "evidence_hr.confirm": Act("hr", lambda site: {"form": {"evidence": site.seed.things["evidence_id"]}}),
    "exams_api.answer": Act("other", _json({"seq": 1, "value": ["A"]})),
    "exams_api.start": Act("signer"),
    "exams_api.submit": Act("other"),
    "exams_api.take_over": Act("other"),
    "room_learner.begin_simulation": Act("learner"),
    "room_learner.check": Act("learner", _json({"nonce": "uji"})),
    "room_learner.end_simulation": Act("learner"),
    "room_learner.simulation_answer": Act("learner", _json({"seq": 1, "value": ["A"]})),
    "room_learner.take_simulation_over": Act("learner"),
    "room_learner.answer": Act("other", _json({"seq": 1, "value": ["A"]})),
    "exams_learner.start": Act("signer", _form(ready="yes")),
    "room_learner.submit": Act("other"),
    "room_learner.take_over": Act("other"),
    "exams_learner.result": Act("learner", changes=_thing(attempt_id="passed_attempt")),
    "units_admin.add": Act("admin", lambda site: {"form": _unit("Bidang Baru") | {"parent_id": str(site.world.units["a"])}}),
    "units_admin.add_agency": Act("admin", lambda _site: {"form": _unit("Kota Lain") | {"zone": "Asia/Makassar"}}),
    "units_admin.rename": Act("admin", lambda _site: {"form": _unit("Dinas Baru")}),
    "units_admin.move": Act("admin", lambda site: {"form": {"parent_id": str(site.world.units["b"])}}),
    "positions_hr.add": Act("admin", _form(name="Analis", code="ANALIS", level_code="pelaksana", job_class="7")),
    "positions_hr.correct": Act("admin", _form(name="Kepala Bidang", level_code="administrator", job_class="")),
    "requirements_hr.override": Act("admin", _form(**REQUIREMENT)),
    "hiring_hr.hire": Act("hr", _newcomer),
    "hiring_hr.move": Act("hr", _posting),
    "staff_hr.correct": Act("hr", _form(name="Uji Pembelajar", title_after="S.Sos.", rank_code="32")),
    "staff_hr.change_number": Act("hr", _form(number="", identifier="198609262015051001", valid_from="2026-11-02")),
    "staff_hr.suspend": Act("hr", _form(reason="pemeriksaan")),
    "staff_hr.resume": Act("hr", _form(reason="selesai"), prepare=_suspended),
    "staff_hr.leave": Act("hr", _form(left_on="2026-11-25")),
    "people_admin.grant_role": Act("admin", _form(login="other@uji.example", role="trainer", unit="", reason="uji")),
    "people_admin.issue_code": Act("admin"),
    "people_admin.revoke_role": Act("admin", _form(reason="uji selesai")),
    "people_hr.issue_code": Act("hr"),
    "people_hr.reset_factor": Act("hr", prepare=_with_factor),
    "people_hr.lookup": Act("hr", _form(number="199001012015011900")),
    "people_learner.begin_factor": Act("learner", _form(current=PASSWORD)),
    "people_learner.change_password": Act("learner", _form(current=PASSWORD, password=NEW_PASSWORD)),
    "people_learner.end_all_sessions": Act("learner"),
    "people_learner.end_session": Act("learner"),
    "people_learner.renew_spare_codes": Act("learner", _form(current=PASSWORD, code=app_code()), prepare=_with_factor),
    "people_learner.turn_off_factor": Act("learner", _form(current=PASSWORD, code=app_code()), prepare=_with_factor),
    "people_learner.end_token": Act("learner"),
    "people_learner.turn_on_factor": Act("learner", _first_code),
    "people_public.answer_challenge": Act(HALF, _form(code=app_code())),
    "people_public.check_sign_in": Act(None, _form(login="other@uji.example", password=PASSWORD)),
    "people_public.sign_out": Act("learner"),
    "portal_admin.change_logo": Act("admin", lambda _site: {"form": {"logo": (BytesIO(PNG), "logo.png")}}),
    "portal_admin.change_setting": Act("admin", _form(key="place", value="Banda Aceh")),
    "portal_admin.retry_job": Act("admin"),
}
