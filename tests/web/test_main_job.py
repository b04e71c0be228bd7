"""The main job through the API, from the catalogue to a verified file and a raised level; jobs run in this process."""

import json
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select

from elearn.certs.models import Certificate, CertificatePublication
from elearn.kernel import jobs, storage
from elearn.kernel.db import db
from elearn.kernel.jobs import transaction
from elearn.people.services import staff
from elearn.workflows import administration
from tests.conftest import ROOT, lacking
from tests.factories import world as worlds
from tests.factories.acts import PNG
from tests.factories.courses import NOON
from tests.factories.site import Site
from tests.factories.world import SYSTEM

API = "/api/v1"


@pytest.fixture(autouse=True)
def _fonts() -> None:
    if not (ROOT / "elearn" / "web" / "static" / "built" / "fonts").is_dir():
        lacking("the built fonts (./run or ./test builds them)")


def call(site: Site, method: str, path: str, body: Any = None, *, who: str = "hr", status: int = 200) -> Any:
    answer = site.send(who, method, path, json=body)
    assert answer.status_code == status, f"{method} {path}: {answer.status} {answer.get_data(as_text=True)[:500]}"
    return answer.json


def work(site: Site) -> None:
    """What the worker does, here."""
    with site.app.app_context():
        for job_id in jobs.sweep():
            jobs.run(job_id)
        db.session.remove()


def right(site: Site, attempt: str) -> dict[int, list[str]]:
    from uuid import UUID

    with site.app.app_context():
        found = worlds.right_keys(UUID(attempt))
        db.session.remove()
    return found


def standing(site: Site, competency: str, who: str = "hr") -> Any:
    profile = call(site, "GET", f"{API}/me/competency-profile", who=who)
    return next(it for it in profile["items"] if it["competency"] == competency)


def check_answers(site: Site, page: Any) -> dict[str, list[str]]:
    """In this course the right option of a check says that it is option a."""
    return {
        str(item["slot"]): [it["key"] for it in item["options"] if it["text"].startswith("Jawaban a ")]
        for item in page["check"]["items"]
    }


def verify_file(site: Site, content: bytes) -> Any:
    form = {"file": (BytesIO(content), "sertifikat.pdf")}
    answer = site.send(None, "POST", "/verify/file", csrf=False, form=form, headers={"Accept": "application/json"})
    assert answer.status_code == 200
    return answer.json


def learned(site: Site) -> Any:
    """Enrol and complete every lesson; the enrolment as it then is."""
    enrollment = call(site, "POST", f"{API}/enrollments", {"course": site.world.slug}, status=201)
    assert call(site, "POST", f"{API}/enrollments", {"course": site.world.slug})["id"] == enrollment["id"]
    assert not enrollment["exam"]["open"]
    assert enrollment["exam"]["reasons"] == ["lessons_incomplete"]
    call(site, "POST", f"{API}/exams/{enrollment['exam']['id']}/attempts", status=409)
    for lesson in enrollment["lessons"]:
        path = f"{API}/enrollments/{enrollment['id']}/lessons/{lesson['id']}"
        assert "read" in call(site, "PUT", f"{path}/completion", {}, status=422)["missing"]
        head = site.send("hr", "HEAD", path)
        assert (head.status_code, head.data) == (200, b"")
        assert "read" in call(site, "PUT", f"{path}/completion", {}, status=422)["missing"]
        page = call(site, "GET", path)
        body: dict[str, Any] = {}
        if page["check"]:
            missing = call(site, "PUT", f"{path}/completion", {}, status=422)
            assert set(missing["missing"]) == {"check", "task"}
            body = {"answers": check_answers(site, page), "task": {"text": "satu dua tiga empat lima enam"}}
        assert call(site, "PUT", f"{path}/completion", body)["completed"]
    return call(site, "GET", f"{API}/enrollments/{enrollment['id']}")


def sat(site: Site, exam_id: str) -> tuple[str, Any]:
    """Start, answer everything rightly, hand in, each of it twice."""
    attempt = call(site, "POST", f"{API}/exams/{exam_id}/attempts", status=201)
    base = f"{API}/attempts/{attempt['id']}"
    assert call(site, "POST", f"{API}/exams/{exam_id}/attempts")["id"] == attempt["id"]
    for slot, keys in right(site, attempt["id"]).items():
        body = {"seq": 1, "value": keys, "lease": attempt["lease"]}
        first = call(site, "PUT", f"{base}/answers/{slot}", body)
        assert call(site, "PUT", f"{base}/answers/{slot}", body)["receipt"] == first["receipt"]
        assert not first["late"]
    assert all(it["answer"] for it in call(site, "GET", base)["paper"])
    done = call(site, "POST", f"{base}/submission", status=201)
    assert call(site, "POST", f"{base}/submission") == done
    return attempt["id"], done


def made_file(site: Site, certificate_id: str) -> bytes:
    path = f"{API}/certificates/{certificate_id}/pdf"
    waiting = site.send("hr", "GET", path)
    assert (waiting.status_code, waiting.headers["Retry-After"]) == (202, "2")
    work(site)
    ready = site.send("hr", "GET", path)
    assert ready.status_code == 200, "the file is made"
    assert ready.content_type == "application/pdf"
    assert ready.data.startswith(b"%PDF")
    return ready.data


def test_from_a_lesson_to_a_signed_certificate_and_a_raised_level(site: Site) -> None:
    assert any(it["slug"] == site.world.slug for it in call(site, "GET", f"{API}/courses")["items"])
    before = standing(site, "MAN-PLP")
    enrollment = learned(site)
    assert enrollment["exam"]["open"]
    attempt_id, done = sat(site, enrollment["exam"]["id"])
    assert done["passed"]
    assert done["score_bp"] == 10_000

    listed = call(site, "GET", f"{API}/certificates?holder=me")
    assert [(it["number"], it["pdf_ready"]) for it in listed["items"]] == [(done["certificate"]["number"], False)]
    pdf = made_file(site, listed["items"][0]["id"])
    found = by_code(site, done)
    assert found["status"] == "sample"
    assert set(found["proofs"].values()) == {"proved"}
    as_file = verify_file(site, pdf)
    assert as_file["status"] == "sample"
    assert set(as_file["proofs"].values()) == {"proved"}

    after = standing(site, "MAN-PLP")
    assert (before["achieved"], after["achieved"], after["confirmed"]) == (0, 2, 0)
    assert after["standing"] == "proposed"
    assert [it["source_id"] for it in after["evidence"] if "source_id" in it] in ([], [attempt_id])


def by_code(site: Site, done: Any) -> Any:
    answer = site.send(None, "GET", f"/verify/{done['certificate']['code']}", headers={"Accept": "application/json"})
    assert answer.status_code == 200
    return answer.json


def test_a_changed_byte_and_a_strange_file_never_read_as_true(site: Site) -> None:
    _attempt, done = sat(site, learned(site)["exam"]["id"])
    certificate = call(site, "GET", f"{API}/certificates?holder=me")["items"][0]
    pdf = made_file(site, certificate["id"])
    for at in range(0, len(pdf), max(1, len(pdf) // 12)):
        changed = bytearray(pdf)
        changed[at] ^= 1
        verdict = verify_file(site, bytes(changed))
        assert verdict["status"] not in ("valid", "sample", "expired"), (at, verdict)
        assert verdict["proofs"]["file"] == "failed"
    assert verify_file(site, b"bukan pdf")["status"] not in ("valid", "sample")
    assert done["passed"]


def test_later_changes_of_name_logo_and_agency_change_no_issued_file(site: Site) -> None:
    """The snapshot and the published file stay; a file that waits is drawn as of its issue."""
    sat(site, learned(site)["exam"]["id"])
    certificate = call(site, "GET", f"{API}/certificates?holder=me")["items"][0]
    with site.app.app_context():
        row = db.session.scalars(select(Certificate).where(Certificate.code == certificate["code"])).one()
        snapshot = row.snapshot
        db.session.remove()
        with transaction():
            staff.rename(site.world.people["hr"], "Nama Lain", by=SYSTEM, now=NOON)
            administration.change_setting(site.world.agency_id, "name", "Kota Lain", by=SYSTEM, now=NOON)
            administration.change_logo(site.world.agency_id, storage.put(PNG), by=SYSTEM, now=NOON)
    first = made_file(site, certificate["id"])
    work(site)

    with site.app.app_context():
        row = db.session.scalars(select(Certificate).where(Certificate.code == certificate["code"])).one()
        published = db.session.get_one(CertificatePublication, row.id)
        assert row.snapshot == snapshot
        assert "Nama Lain" not in json.dumps(row.snapshot)
        assert published.size == len(first)
        db.session.remove()
    assert site.send("hr", "GET", f"{API}/certificates/{certificate['id']}/pdf").data == first


def test_lists_say_how_many_there_are_and_keep_to_a_hundred(site: Site) -> None:
    for path in ("courses", "enrollments", "certificates", "competencies"):
        body = call(site, "GET", f"{API}/{path}?page_size=1000")
        assert {"items", "total", "page", "page_size"} <= body.keys()
        assert body["page_size"] == 100


def test_the_description_of_the_api_names_every_route_of_it(site: Site) -> None:
    document = call(site, "GET", f"{API}/openapi.json")
    described = {path.split("{")[0] for path in document["paths"]}

    assert document["openapi"].startswith("3.1")
    for rule in site.app.url_map.iter_rules():
        if rule.rule.startswith(f"{API}/") and not rule.rule.endswith("openapi.json"):
            assert rule.rule.split("<")[0] in described, rule.rule


def test_ready_says_what_the_operator_needs(site: Site) -> None:
    body = call(site, "GET", "/readyz")

    assert body["status"] == "ok"
    assert {"revision", "queue_age_s", "last_pdf_at", "disk_free_bytes", "jobs_parked"} <= body.keys()
