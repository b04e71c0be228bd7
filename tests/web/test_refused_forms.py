"""A refused form says at its top what is wrong and where, keeps what was typed, and says all of it at once."""

import re
from html import unescape
from uuid import uuid4

import pytest

from elearn.people import queries
from tests.factories.site import Site

SUMMARY = re.compile(r'<div class="note note--bad problems" role="alert" tabindex="-1" autofocus>(.*?)</div>', re.S)
NEW = {"name": "Baru Sekali", "employment_type": "pns", "active_from": "2026-11-02"}


def place(site: Site) -> dict[str, str]:
    return {"unit_id": str(site.world.units["a"]), "position_id": site.seed.things["position_id"]}


def summary(page: str) -> list[str]:
    """What the summary links to; each is a field of the page."""
    found = SUMMARY.search(page)
    assert found is not None
    linked = re.findall(r'href="#([^"]+)"', found[1])
    assert all(f' id="{it}"' in page for it in linked)
    return linked


def test_evidence_rejected_without_a_reason_is_said_at_the_top_of_the_person(site: Site) -> None:
    path = site.seed.path("/hr/people/<employee_id>/evidence/<evidence_id>/rejection")

    answer = site.send("hr", "POST", path, form={"reason": " "})

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert summary(page) == [f"reason-{site.seed.things['evidence_id']}"]
    assert page.index("problems") < page.index("<h2")


def test_the_reason_is_required_where_it_is_needed_and_not_for_a_confirmation(site: Site) -> None:
    page = site.send("hr", "GET", site.seed.path("/hr/people/<employee_id>")).get_data(as_text=True)

    fields = re.findall(r'<input [^>]*name="reason"[^>]*>', page)
    assert fields
    assert all(" required " in it for it in fields)
    assert re.search(r"<button [^>]*formnovalidate[^>]*>Konfirmasi level", page)


@pytest.mark.parametrize(
    ("who", "path", "form", "field"),
    [
        ("hr", "/hr/people/<employee_id>/record", {"name": " "}, "name"),
        ("hr", "/hr/people/<employee_id>/suspension", {"reason": " "}, "reason"),
        ("admin", "/hr/admin/units/<unit_id>", {"name": "X", "code": "UJI-b"}, "code"),
        ("admin", "/hr/admin/roles", {"login": "x@y.zz", "role": "trainer", "unit": "", "reason": "uji"}, "login"),
        ("admin", "/hr/positions/<position_id>/requirements", {"competency": "MAN-INT"}, "required_level"),
        ("admin", "/hr/admin/settings/<agency_id>", {"key": "zone", "value": "Mars"}, "zone-<agency_id>"),
        ("learner", "/learn/account/password", {"current": "", "password": "x"}, "current"),
        ("learner", "/learn/account/factor", {"current": ""}, "current"),
    ],
)
def test_every_form_says_what_is_wrong_at_the_top(site: Site, who: str, path: str, form: dict[str, str], field: str) -> None:
    answer = site.send(who, "POST", site.seed.path(path), form=form)

    assert answer.status_code == 422
    assert site.seed.path(field) in summary(answer.get_data(as_text=True))


def test_number_name_and_address_are_looked_at_together(site: Site) -> None:
    wrong = NEW | place(site) | {"identifier": "123", "name": "123 --", "email": "bukan surel", "unit_id": ""}

    page = site.send("hr", "POST", "/hr/people", form=wrong).get_data(as_text=True)

    assert set(summary(page)) == {"identifier", "name", "email", "unit_id"}
    assert 'value="bukan surel"' in page


def test_fields_of_numbers_and_addresses_bring_the_keys_for_them(site: Site) -> None:
    page = site.send("hr", "GET", "/hr/people/new").get_data(as_text=True)

    assert re.search(r'<input [^>]*id="email"[^>]*type="email"', page)
    assert re.search(r'<input [^>]*id="identifier"[^>]*inputmode="numeric"', page)


def test_ranks_stand_in_their_order_and_apart_by_kind_of_employment(site: Site) -> None:
    page = site.send("hr", "GET", "/hr/people/new").get_data(as_text=True)

    select = page.split('id="rank_code"')[1].split("</select>")[0]
    assert re.findall(r'<optgroup label="([^"]+)"', select) == ["PNS", "PPPK"]
    pns, pppk = select.split("<optgroup")[1:]
    assert re.findall(r"\(([IV]+/[a-e])\)", pns) == [
        *("I/a", "I/b", "I/c", "I/d", "II/a", "II/b", "II/c", "II/d"),
        *("III/a", "III/b", "III/c", "III/d", "IV/a", "IV/b", "IV/c", "IV/d", "IV/e"),
    ]
    assert re.findall(r"Golongan ([IVX]+)<", pppk)[:10] == ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"]


def test_a_rank_of_another_kind_of_employment_is_refused_beside_it(site: Site) -> None:
    form = NEW | place(site) | {"email": "baru@kota.example", "rank_code": "PPPK-IX"}

    answer = site.send("hr", "POST", "/hr/people", form=form)

    assert answer.status_code == 422
    assert summary(answer.get_data(as_text=True)) == ["rank_code"]
    with site.app.app_context():
        assert queries.employee_id_by_login("baru@kota.example") is None


@pytest.mark.parametrize(("extra", "told"), [({}, "belum dapat masuk"), ({"email": "baru@kota.example"}, "Serahkan kode")])
def test_whoever_adds_a_person_hears_whether_they_can_sign_in(site: Site, extra: dict[str, str], told: str) -> None:
    browser = site.visitor("hr")
    headers = {"X-CSRFToken": site.seed.csrf["hr"]}

    page = browser.post("/hr/people", data=NEW | place(site) | extra, headers=headers, follow_redirects=True)

    assert told in page.get_data(as_text=True)


def test_giving_oneself_a_role_is_refused_in_place(site: Site) -> None:
    form = {"login": "admin@uji.example", "role": "trainer", "unit": "", "reason": "alasan saya"}

    answer = site.send("admin", "POST", "/hr/admin/roles", form=form)

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert summary(page) == ["login"]
    assert "Anda tidak dapat memberi peran kepada diri sendiri." in page
    assert 'value="alasan saya"' in page


def test_a_role_that_is_held_already_is_said_in_place(site: Site) -> None:
    form = {"login": "trainer@uji.example", "role": "trainer", "unit": "", "reason": "uji"}

    answer = site.send("admin", "POST", "/hr/admin/roles", form=form)

    assert answer.status_code == 422
    assert summary(answer.get_data(as_text=True)) == ["login"]


def test_no_chosen_evidence_is_said_in_words_of_its_own(site: Site) -> None:
    page = site.send("hr", "GET", "/hr/evidence").get_data(as_text=True)
    assert re.search(r"<div [^>]*data-choose-note hidden>Pilih paling sedikit satu bukti\.", page)

    nothing = site.send("hr", "POST", "/hr/evidence/confirmation", form={}).get_data(as_text=True)
    many = site.send("hr", "POST", "/hr/evidence/confirmation", form={"evidence": [str(uuid4()) for _ in range(101)]})

    assert nothing.count("Pilih paling sedikit satu bukti.") == 2
    assert "satu halaman bukti" in many.get_data(as_text=True)


def test_the_zone_is_chosen_by_its_name(site: Site) -> None:
    page = site.send("admin", "GET", "/hr/admin/settings").get_data(as_text=True)

    select = page.split(f'<select class="form-select" id="zone-{site.world.agency_id}"')[1].split("</select>")[0]
    assert re.findall(r">(WI[BTA]+) ", select) == ["WIB", "WIB", "WITA", "WIT"]
    assert unescape(select).count("selected") == 1
