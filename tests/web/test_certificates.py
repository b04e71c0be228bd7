"""What the pages of a certificate say: its holder's number by its name, and a state that has changed meanwhile."""

from dataclasses import replace
from io import BytesIO
from types import SimpleNamespace
from uuid import UUID

import pytest
from werkzeug.test import TestResponse

from elearn.certs import services
from elearn.kernel import storage
from elearn.kernel.jobs import transaction
from elearn.workflows import certification
from tests.factories import certs
from tests.factories.courses import NOON
from tests.factories.site import Site
from tests.factories.world import SYSTEM

PAGE = "/hr/certs/<certificate_id>"


def act(site: Site, what: str, **form: str) -> tuple[int, str]:
    answer = site.send("hr", "POST", site.seed.path(f"{PAGE}/{what}"), form=form)
    return answer.status_code, answer.get_data(as_text=True)


def page(site: Site) -> str:
    return site.send("hr", "GET", site.seed.path(PAGE)).get_data(as_text=True)


def test_the_page_says_that_a_revoked_certificate_is_not_corrected_and_why_it_was_revoked(site: Site) -> None:
    assert act(site, "revocation", reason="salah orang")[0] == 302

    status, text = act(site, "correction")

    assert status == 409
    assert "Sertifikat ini sudah dicabut" in text
    assert "Alasan: salah orang" in page(site)
    assert "Terbitkan sertifikat" not in page(site)


def test_the_page_of_a_replaced_certificate_leads_to_the_new_one(site: Site) -> None:
    with site.app.app_context(), transaction():
        new = certification.correct_certificate(
            UUID(site.seed.things["certificate_id"]), by=site.world.actor("hr"), now=NOON
        )

    status, text = act(site, "revocation", reason="salah orang")

    assert status == 409
    assert "sudah diganti" in text
    assert f"/hr/certs/{new.id}" in page(site)


@pytest.mark.parametrize(("kind", "label"), [("ni_pppk", "NI PPPK"), ("nip", "NIP")])
def test_the_verdict_calls_the_holders_number_by_its_name(site: Site, kind: str, label: str) -> None:
    holder = replace(certs.HOLDER, identifier_type=kind)
    with site.app.app_context(), transaction():
        code = certs.issue(site.world, number=9, holder=holder).code

    page = site.send(None, "GET", f"/verify/{code}").get_data(as_text=True)
    body = site.send(None, "GET", f"/verify/{code}", headers={"Accept": "application/json"}).get_json()

    assert f"<dt>{label}</dt>" in page
    assert body["certificate"]["identifier_type"] == kind


@pytest.mark.parametrize("harm", ["away", "altered"])
def test_a_published_file_that_is_not_there_is_said_to_be_restored(
    site: Site, harm: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(services, "log", SimpleNamespace(error=lambda event, **_: said.append(event)))
    certificate_id = UUID(site.seed.things["certificate_id"])
    with site.app.app_context(), transaction():
        sha256 = storage.put(b"%PDF signed")
        services.publish(certificate_id, b"%PDF signed", "key", by=SYSTEM, now=NOON)
    for door in ("/learn/certs/<certificate_id>/pdf", "/api/v1/certificates/<certificate_id>/pdf"):
        assert site.send("learner", "GET", site.seed.path(door)).status_code == 200
    path = storage._path(sha256)
    path.unlink() if harm == "away" else path.write_bytes(b"%PDF another")

    answers = [
        site.send(who, "GET", site.seed.path(door))
        for who, door in (
            ("learner", "/learn/certs/<certificate_id>/pdf"),
            ("hr", f"{PAGE}/pdf"),
            ("learner", "/api/v1/certificates/<certificate_id>/pdf"),
        )
    ]

    assert [it.status_code for it in answers] == [503] * 3
    assert all("Retry-After" in it.headers for it in answers)
    assert "Berkas sedang dipulihkan" in answers[0].get_data(as_text=True)
    assert answers[2].json is not None
    assert answers[2].json["code"] == "file_away"
    assert said == [f"certificate_file_{harm}"] * 3


def dropped(site: Site, content: bytes) -> TestResponse:
    return site.send(None, "POST", "/verify/file", form={"file": (BytesIO(content), "berkas.pdf")}, csrf=False)


def test_a_file_that_is_no_certificate_is_told_so_and_nothing_counts_as_a_failed_check(site: Site) -> None:
    text = dropped(site, b"catatan rapat").get_data(as_text=True)

    assert "Berkas ini bukan sertifikat kami" in text
    assert "17 huruf" not in text
    assert "Gagal" not in text


def test_an_empty_code_is_asked_for(site: Site) -> None:
    assert "Ketik kodenya dahulu." in site.send(None, "GET", "/verify?code=+").get_data(as_text=True)
    assert "Ketik kodenya dahulu." not in site.send(None, "GET", "/verify").get_data(as_text=True)


def test_the_result_names_each_competency(site: Site) -> None:
    path = site.seed.path("/learn/exams/attempts/<attempt_id>/result", attempt_id=site.seed.things["passed_attempt"])

    assert "Pelayanan Publik" in site.send("learner", "GET", path).get_data(as_text=True)
