"""What the pages of a certificate say: its holder's number by its name, and a state that has changed meanwhile."""

from dataclasses import replace
from uuid import UUID

import pytest

from elearn.kernel.jobs import transaction
from elearn.workflows import certification
from tests.factories import certs
from tests.factories.courses import NOON
from tests.factories.site import Site

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
        new = certification.correct_certificate(UUID(site.seed.things["certificate_id"]), by=site.world.actor("hr"), now=NOON)

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
