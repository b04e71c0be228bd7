"""The first pages of HR and administrators: every number leads to its list, and what is wrong is said in words."""

import re
from datetime import timedelta
from html import unescape

import pytest

from elearn.kernel import audit, marks
from elearn.kernel.actor import Actor, Role
from elearn.kernel.backup import BACKED_UP
from elearn.kernel.jobs import SWEPT, transaction
from elearn.kernel.settings import AGENCY_KEYS
from elearn.people import trail
from elearn.people.rules import CodePurpose
from elearn.portals import acts, condition
from elearn.portals.condition import State
from tests.authorisation import table
from tests.conftest import ROOT
from tests.factories.courses import NOON
from tests.factories.site import Site


def page_of(site: Site, who: str, path: str) -> str:
    answer = site.send(who, "GET", path)
    assert answer.status_code == 200, path
    return unescape(answer.get_data(as_text=True))


def tiles(page: str) -> dict[str, int]:
    """The numbers of a home, by where they lead to."""
    found = re.findall(r'stat__value">([\d.]+)<.*?href="([^"]+)"', page, re.S)
    return {href: int(number.replace(".", "")) for number, href in found}


def test_every_number_of_hrs_home_is_that_of_the_list_it_leads_to(site: Site) -> None:
    numbers = tiles(page_of(site, "hr", "/hr/"))

    assert set(numbers) == {"/hr/evidence", "/hr/certs/particulars", "/hr/gaps", "/hr/people", "/hr/certs"}
    assert page_of(site, "hr", "/hr/certs/particulars").count("<article") == numbers["/hr/certs/particulars"]
    assert min(numbers.values()) > 0
    assert f"{numbers['/hr/evidence']} bukti" in page_of(site, "hr", "/hr/evidence")
    assert f"{numbers['/hr/gaps']} pegawai" in page_of(site, "hr", "/hr/gaps")
    listed = re.findall(r'class="person">.*?<a href="/hr/people/', page_of(site, "hr", "/hr/people"), re.S)
    assert len(listed) == numbers["/hr/people"]


def test_the_address_of_a_search_by_nip_leads_back_to_the_list(site: Site) -> None:
    answer = site.send("hr", "GET", "/hr/people/lookup")

    assert (answer.status_code, answer.headers.get("Location")) == (302, "/hr/people")


def test_a_list_of_gaps_keeps_what_was_asked_in_its_addresses_and_notes_who_was_shown(site: Site) -> None:
    asked = f"competency=MAN-INT&show=all&sort=name&unit={site.world.agency_id}"
    page = page_of(site, "hr", f"/hr/gaps?{asked}&page_size=1")

    following = re.findall(r'rel="next" href="([^"]+)"', page)
    assert all(part in following[0] for part in asked.split("&"))
    page_of(site, "hr", "/hr/gaps")
    assert "Daftar level dan kesenjangan" in page_of(site, "learner", "/learn/account")


@pytest.mark.parametrize("asked", ["unit=nonsense&show=x&sort=y", "q=zzzz", "competency=%00", "page=999"])
def test_a_list_of_gaps_bears_any_question(site: Site, asked: str) -> None:
    assert site.send("hr", "GET", f"/hr/gaps?{asked}").status_code in (200, 400)


def test_the_map_of_units_counts_as_the_lists_that_its_numbers_lead_to(site: Site) -> None:
    page = page_of(site, "hr", "/hr/gaps?show=units")
    cells = re.findall(r'<td class="(?:heat|gap)-\d"><a href="([^"]+)">(\d+)/\d+<', page)

    assert len(cells) > 3
    for address, number in (cells[0], cells[-1]):
        assert f"{number} pegawai" in page_of(site, "hr", address)


def test_one_page_shows_what_hr_knows_of_a_person_and_leads_on(site: Site) -> None:
    page = page_of(site, "hr", site.seed.path("/hr/people/<employee_id>"))

    for anchor in ("record", "levels", "reasons", "courses", "sittings", "certificates", "postings"):
        assert f'id="{anchor}"' in page
    assert page.count(site.seed.path('href="/hr/certs/<certificate_id>"')) == 2, "beside the exam and in the list"
    assert f'href="/learn/courses/{site.world.slug}"' in page
    assert "Lulus" in page
    assert 'href="/hr/audit?' not in page
    assert "/hr/audit?employee_id=" in page_of(site, "admin", site.seed.path("/hr/people/<employee_id>"))


def test_somebody_without_any_learning_has_a_page_too(site: Site) -> None:
    page = page_of(site, "admin", f"/hr/people/{site.world.people['trainer']}")

    for said in ("Belum mendaftar kursus.", "Belum pernah mengikuti ujian.", "Belum ada sertifikat."):
        assert said in page


def test_the_administrators_home_says_each_thing_in_a_word_and_leads_to_what_waits(site: Site) -> None:
    page = page_of(site, "admin", "/hr/admin/")

    lines = page.split('id="health"')[1].split("</section>")[0].split("health__what")[1:]
    assert len(lines) == 9
    for line in lines:
        assert re.search(r"Baik|Perlu perhatian|Tidak berfungsi|Belum diketahui", line)
    assert "1 pekerjaan menunggu keputusan." in page
    for href in ("/hr/admin/jobs", "/hr/admin/roles", "/hr/admin/units", "/hr/admin/settings", "/hr/audit"):
        assert f'href="{href}"' in page


def test_what_stands_still_or_is_long_ago_is_not_called_good(site: Site) -> None:
    with site.app.app_context():
        with transaction():
            marks.mark(SWEPT, now=NOON)
            marks.mark(BACKED_UP, now=NOON)
        states = {
            after: {it.what: it.state for it in condition.checks(NOON + timedelta(minutes=after))}
            for after in (-5, 1, 10, 3 * 24 * 60)
        }

    assert [states[it]["sweep"] for it in (1, 10)] == [State.GOOD, State.BROKEN]
    assert [states[it]["clock"] for it in (-5, 1)] == [State.BROKEN, State.GOOD]
    assert [states[it]["backup"] for it in (10, 3 * 24 * 60)] == [State.GOOD, State.ATTENTION]
    assert states[1]["database"] is State.GOOD
    assert states[1]["parked"] is State.ATTENTION


def test_a_backup_that_is_not_known_does_not_count_as_working(site: Site) -> None:
    with site.app.app_context(), transaction():
        marks.mark(SWEPT, now=NOON)
    unknown = page_of(site, "admin", "/hr/admin/")
    with site.app.app_context(), transaction():
        marks.mark(BACKED_UP, now=NOON)
    known = page_of(site, "admin", "/hr/admin/")

    assert "Tidak ada gangguan yang diketahui" in unknown
    assert "Semua berfungsi" not in unknown
    assert "Semua berfungsi; " in known


def test_the_trail_is_searched_by_its_address_and_each_act_has_words(site: Site) -> None:
    page = page_of(site, "admin", "/hr/audit?act=attempt.submit&subject=attempt&from_on=2020-01-01")

    assert "1 catatan" in page
    assert re.search(r"pukul \d\d\.\d\d WIB", page)
    assert "Tidak ada catatan yang cocok" in page_of(site, "admin", "/hr/audit?from_on=2030-01-01")
    assert page_of(site, "admin", "/hr/audit?from_on=kemarin&employee_id=x&page=99")
    assert site.send("hr", "GET", "/hr/audit").status_code == 403


def test_all_that_the_trail_records_has_words(site: Site) -> None:
    """Acts and kinds of subjects as the code records them; details and codes as they are shown."""
    source = "".join(it.read_text() for it in (ROOT / "elearn").rglob("*.py"))
    recorded = re.findall(r'(?:audit\.record|_refuse|_record_decision)\(\s*"([\w.]+)"(?:,\s*"(\w+)")?', source)
    done = {it for line in table() for it in line.audit.split() if it != "-"} | {it for it, _ in recorded if "." in it}
    subjects = {it for pair in recorded for it in pair if it and "." not in it} - {"unknown"}
    coded = {
        "role": list(Role),
        "purpose": list(CodePurpose),
        "key": sorted(AGENCY_KEYS),
        "kind": re.findall(r'_JOB = "([\w.]+)"', source),
    }

    assert len(done) > 50
    assert "certs.render_pdf" in coded["kind"]
    assert {"employee", "login", "certificate"} <= subjects
    with site.app.test_request_context("/hr/audit"):
        nameless = {it for it in done if acts.act(it) == it} | {it for it in subjects if acts.subject(it) == it}
        nameless |= {it for it in trail.TOLD if acts.detail(it) == it}
        nameless |= {f"{key} {it}" for key, codes in coded.items() for it in codes if acts.told(key, it) == it}
    assert nameless == set()


def test_who_came_in_by_a_code_did_it_themselves_and_a_stranger_is_called_so(site: Site) -> None:
    with site.app.app_context(), transaction():
        by, now = Actor.anonymous(), NOON
        audit.record("code.use", "employee", site.world.people["learner"], by=by, now=now, purpose="activation")
        audit.record("session.refuse", "login", "unknown", by=by, now=now)
    page = page_of(site, "admin", "/hr/audit?act=code.use")
    refused = page_of(site, "admin", "/hr/audit?act=session.refuse&subject=login")

    assert "Keperluan: masuk pertama kali" in page
    assert page.count(f'employee_id={site.world.people["learner"]}"') >= 2, "by the person, done to the person"
    assert "activation" not in page.replace("code.use", "")
    assert "Orang yang belum masuk" in refused
