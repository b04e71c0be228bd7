"""What the lobby of an exam says to those who used up their attempts, and to those who passed."""

from datetime import timedelta

import pytest

from elearn.kernel.jobs import transaction
from elearn.workflows import certification
from tests.factories.courses import NOON
from tests.factories.site import Site

DAY = timedelta(days=1)


def lobby(site: Site, who: str) -> str:
    return site.send(who, "GET", site.seed.path("/learn/exams/<exam_id>")).get_data(as_text=True)


@pytest.mark.parametrize(
    ("days_ago", "said"),
    [(5, "remedial dibuka 4 Desember 2026 pukul 12.00 WIB"), (14, "Ini percobaan remedial; tersisa 2 kali")],
)
def test_the_lobby_says_when_a_remedial_round_opens_and_that_an_attempt_is_one(site: Site, days_ago: int, said: str) -> None:
    for days in (days_ago + 4, days_ago + 2, days_ago):
        with site.app.app_context(), transaction():
            by, moment = site.world.actor("signer"), NOON - days * DAY
            sitting, _started = certification.start_exam(site.world.exam_id, by=by, now=moment)
            certification.submit_exam(sitting.id, by=by, now=moment)

    assert said in lobby(site, "signer")


def test_the_lobby_says_from_when_a_pass_may_be_renewed(site: Site) -> None:
    assert "Dapat diperbarui mulai 27 Agustus 2029 pukul 00.00 WIB" in lobby(site, "learner")


def test_the_lobby_says_that_a_revoked_pass_no_longer_counts(site: Site) -> None:
    answer = site.send("hr", "POST", site.seed.path("/hr/certs/<certificate_id>/revocation"), form={"reason": "salah orang"})

    assert answer.status_code == 302
    assert "Kelulusan Anda yang lama tidak berlaku lagi" in lobby(site, "learner")


def test_a_browser_without_scripts_starts_nothing_and_uses_no_attempt(site: Site) -> None:
    path = site.seed.path("/learn/exams/<exam_id>/attempts")
    signer, headers = site.visitor("signer"), {"X-CSRFToken": site.seed.csrf["signer"]}

    refused = signer.post(path, headers=headers)
    page = signer.get(refused.headers["Location"]).get_data(as_text=True)
    assert "percobaan tidak terpakai" in page
    assert "0 dari 3 terpakai" in page
    assert "/attempts/" in signer.post(path, data={"ready": "yes"}, headers=headers).headers["Location"]
    assert "1 dari 3 terpakai" in signer.get(refused.headers["Location"]).get_data(as_text=True)
