"""HR's and the administrator's pages about people: what was typed stays, refusals stand beside the field, and readings
are noted."""

from uuid import UUID

import pytest
from sqlalchemy import select

from elearn.kernel.db import db
from elearn.kernel.readlog import ReadEntry
from elearn.people import queries
from tests.factories.site import Site, csrf_of

NEW = {
    "name": "Baru Sekali",
    "identifier": "198609262015051001",
    "employment_type": "pns",
    "email": "baru@kota.example",
    "active_from": "2026-11-02",
}


def place(site: Site) -> dict[str, str]:
    return {"unit_id": str(site.world.units["a"]), "position_id": site.seed.things["position_id"]}


def readings(site: Site) -> list[tuple[str, UUID, UUID]]:
    with site.app.app_context():
        rows = db.session.scalars(select(ReadEntry).order_by(ReadEntry.id))
        found = [(it.what, it.reader_id, it.subject_id) for it in rows]
        db.session.remove()
    return found


def test_hr_adds_a_person_and_lands_on_their_page(site: Site) -> None:
    answer = site.send("hr", "POST", "/hr/people", form=NEW | place(site) | {"supervisor_id": "learner@uji.example"})

    page = site.send("hr", "GET", answer.headers["Location"]).get_data(as_text=True)
    assert "Baru Sekali" in page
    assert "Uji learner" in page
    assert "19860926" in page
    assert "198609262015051001" not in page


def test_a_refused_number_is_said_beside_its_field_and_the_rest_stays(site: Site) -> None:
    wrong = NEW | place(site) | {"identifier": "198613322015051001", "supervisor_id": ""}

    answer = site.send("hr", "POST", "/hr/people", form=wrong)

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    beside = page.split('id="identifier-help"')[1].split("</div>")[0]
    assert "tanggal lahir" in beside
    assert 'value="Baru Sekali"' in page
    assert 'value="198613322015051001"' in page
    with site.app.app_context():
        assert queries.employee_id_by_login("baru@kota.example") is None


def test_an_unlikely_number_is_written_and_said(site: Site) -> None:
    form = NEW | place(site) | {"employment_type": "pppk"}

    answer = site.visitor("hr").post(
        "/hr/people", data=form, headers={"X-CSRFToken": site.seed.csrf["hr"]}, follow_redirects=True
    )

    assert "jenis kepegawaian" in answer.get_data(as_text=True)


def test_hr_hires_into_no_unit_of_others(site: Site) -> None:
    form = NEW | place(site) | {"unit_id": str(site.world.units["b"])}

    assert site.send("hr", "POST", "/hr/people", form=form).status_code == 422


def test_nobody_is_added_ahead_of_time_and_no_unknown_supervisor_is_taken(site: Site) -> None:
    for change, field in (({"active_from": "2026-12-01"}, "active_from"), ({"supervisor_id": "x@y.zz"}, "supervisor_id")):
        answer = site.send("hr", "POST", "/hr/people", form=NEW | place(site) | change)

        beside = answer.get_data(as_text=True).split(f'id="{field}-help"')[1].split("</div>")[0]
        assert answer.status_code == 422
        assert "field__error" in beside


def test_a_move_says_what_ended_and_stands_in_the_history(site: Site) -> None:
    path = site.seed.path("/hr/people/<employee_id>/posting")
    form = place(site) | {"unit_id": str(site.world.units["b"]), "from_on": "2026-11-02"}

    moved = site.send("admin", "POST", path, form=form)

    assert moved.status_code == 302
    page = site.send("admin", "GET", moved.headers["Location"]).get_data(as_text=True)
    assert "1 November 2026" in page
    assert site.send("hr", "GET", moved.headers["Location"]).status_code == 404


def test_a_posting_before_the_present_one_is_refused_beside_the_day(site: Site) -> None:
    path = site.seed.path("/hr/people/<employee_id>/posting")

    answer = site.send("hr", "POST", path, form=place(site) | {"from_on": "2019-01-01"})

    assert answer.status_code == 422
    assert "field__error" in answer.get_data(as_text=True).split('id="from_on-help"')[1].split("</div>")[0]


def test_suspending_is_asked_twice_closes_the_account_and_opens_again(site: Site) -> None:
    path = site.seed.path("/hr/people/<employee_id>/suspension")
    assert "Ya, bekukan" in site.send("hr", "GET", path).get_data(as_text=True)
    assert site.send("hr", "POST", path, form={"reason": ""}).status_code == 422

    site.send("hr", "POST", path, form={"reason": "pemeriksaan"})

    assert site.visitor("learner").get("/learn/").status_code == 302
    assert "Ya, buka akun" in site.send("hr", "GET", path).get_data(as_text=True)


def test_hr_is_offered_no_act_upon_somebody_whose_role_reaches_further(site: Site) -> None:
    trainer = f"/hr/people/{site.world.people['trainer']}"

    assert site.send("admin", "GET", f"{trainer}/suspension").status_code == 200
    assert site.send("hr", "GET", trainer).status_code == 404


def test_a_lookup_by_nip_and_a_redrawn_profile_are_noted_like_every_reading(site: Site) -> None:
    hr, subject = site.world.people["hr"], site.world.people["learner"]
    before = len(readings(site))

    site.send("hr", "POST", "/hr/people/lookup", form={"number": "199001012015011900"})
    path = site.seed.path("/hr/people/<employee_id>/evidence/<evidence_id>/rejection")
    assert site.send("hr", "POST", path, form={"reason": ""}).status_code == 422

    assert readings(site)[before:] == [("nip_lookup", hr, subject), ("competency_profile", hr, subject)]


def test_what_was_not_found_is_not_noted(site: Site) -> None:
    before = len(readings(site))

    assert site.send("hr_b", "GET", site.seed.path("/hr/people/<employee_id>")).status_code == 404

    assert readings(site)[before:] == []


def test_chosen_evidence_is_confirmed_and_the_count_falls(site: Site) -> None:
    home = site.send("hr", "GET", "/hr/").get_data(as_text=True)
    assert "/hr/evidence" in home
    page = site.send("hr", "GET", "/hr/evidence").get_data(as_text=True)
    rows = [it.split('"')[0] for it in page.split('name="evidence" value="')[1:]]
    assert len(rows) == 2

    site.send("hr", "POST", "/hr/evidence/confirmation", form={"evidence": rows})

    assert 'name="evidence"' not in site.send("hr", "GET", "/hr/evidence").get_data(as_text=True)
    assert site.send("hr", "POST", "/hr/evidence/confirmation", form={}).status_code == 422


def test_a_unit_does_not_hang_below_itself_and_a_code_is_used_once(site: Site) -> None:
    path = site.seed.path("/hr/admin/units/<unit_id>")

    assert site.send("admin", "POST", path, form={"name": "X", "code": "UJI-b"}).status_code == 422
    assert site.send("admin", "POST", f"{path}/place", form={"parent_id": site.seed.things["unit_id"]}).status_code == 422


def test_a_position_shows_what_it_requires_and_takes_another_level(site: Site) -> None:
    path = site.seed.path("/hr/positions/<position_id>")
    form = {"competency": "MAN-INT", "required_level": "4", "effective_from": "2026-11-25", "legal_basis": "SK 7/2026"}

    assert site.send("admin", "POST", f"{path}/requirements", form=form).status_code == 302

    assert "SK 7/2026" in site.send("admin", "GET", path).get_data(as_text=True)
    assert site.send("admin", "POST", f"{path}/requirements", form=form).status_code == 422


def test_a_person_sees_who_read_the_record_and_ends_a_token(site: Site) -> None:
    site.send("hr", "GET", site.seed.path("/hr/people/<employee_id>"))

    account = site.send("learner", "GET", "/learn/account").get_data(as_text=True)
    assert "Profil kompetensi · <bdi>Uji hr</bdi>" in account
    assert "Uji hr" in site.send("learner", "GET", "/learn/account/readings").get_data(as_text=True)
    assert "Uji hr" not in site.send("other", "GET", "/learn/account").get_data(as_text=True)

    site.send("learner", "POST", site.seed.path("/learn/account/tokens/<token_id>/ending"))

    assert "Token API" not in site.send("learner", "GET", "/learn/account").get_data(as_text=True)
    assert site.send("learner", "GET", "/api/v1/me").status_code == 401


@pytest.mark.parametrize("login", ["learner@uji.example", "tidak.ada@uji.example"])
def test_the_sign_in_page_says_that_only_a_code_helps_after_as_many_refusals_as_close_an_account(
    site: Site, login: str
) -> None:
    browser = site.app.test_client()
    form = {"login": login, "password": "salah", "csrf_token": csrf_of(browser.get("/sign-in"))}

    told = ["100 kali salah" in browser.post("/sign-in", data=form).get_data(as_text=True) for _ in range(10)]

    assert told == [False] * 9 + [True]
    assert "100 kali salah" not in site.send(None, "POST", "/sign-in", form=form).get_data(as_text=True)
