"""The learner's and the trainer's pages as they are sent: filters in the address, reasons, undo, keys kept back."""

import re

from bs4 import BeautifulSoup

from elearn.kernel.jobs import transaction
from elearn.workflows import particulars
from tests.factories.courses import NOON
from tests.factories.site import Site


def page(site: Site, who: str, path: str) -> BeautifulSoup:
    answer = site.send(who, "GET", path)
    assert answer.status_code == 200, path
    return BeautifulSoup(answer.get_data(as_text=True), "html.parser")


def words(soup: BeautifulSoup) -> str:
    assert soup.main is not None
    return " ".join(soup.main.get_text(" ").split())


def test_the_catalogue_filters_by_its_address_and_keeps_what_was_chosen(site: Site) -> None:
    hit = page(site, "hr", "/learn/courses?q=kusrus&competency=MAN-PLP&level=2&minutes=60")
    miss = page(site, "hr", "/learn/courses?q=kursus&competency=MAN-PLP&level=5")

    assert "Tidak ada yang persis sama" in words(hit)
    assert [it["value"] for it in hit.select("option[selected]")] == ["MAN-PLP", "2", "60"]
    assert "Kursus uji" in words(hit)
    assert "Kursus uji" not in words(miss)
    assert "Kursus uji" in words(page(site, "hr", "/learn/courses?level=x&minutes=y"))


def test_enrolling_takes_one_tap_and_can_be_taken_back(site: Site) -> None:
    form = page(site, "hr", "/learn/courses").select_one(".course-card form")
    assert form is not None
    officer, headers = site.visitor("hr"), {"X-CSRFToken": site.seed.csrf["hr"]}
    course = form.select_one("[name=course]")
    assert course is not None
    made = officer.post(str(form["action"]), data={"course": course["value"]}, headers=headers)
    after = BeautifulSoup(officer.get(made.headers["Location"]).get_data(as_text=True), "html.parser")

    assert "/lessons/" in made.headers["Location"]
    undo = after.select_one(".toast form")
    assert undo is not None
    back = officer.post(str(undo["action"]), headers=headers)
    assert back.headers["Location"] == "/learn/courses"
    assert "Daftar" in words(page(site, "hr", "/learn/courses"))


def test_the_ring_is_small_and_says_its_number(site: Site) -> None:
    ring = page(site, "learner", "/learn/").select_one("main svg.ring")

    assert ring is not None
    assert len(str(ring).encode()) <= 2048
    assert (ring["role"], ring.title.string if ring.title else "") == ("img", "1 dari 20 JP")
    assert ring.select_one("text").get_text() == "1"  # type: ignore[union-attr]


def test_one_s_own_profile_shows_bars_with_names_and_a_radar_beside_the_same_table(site: Site) -> None:
    soup = page(site, "learner", "/learn/profile")
    shown = {it["id"]: [dd.get_text(strip=True)[:1] for dd in it.select(".level__facts dd")] for it in soup.select(".level")}
    cells = {
        row.a["href"][1:]: [td.get_text(strip=True) for td in row.select("td")][:3]  # type: ignore[index]
        for row in soup.select(".overview tbody tr")
    }

    assert shown["MAN-PLP"][1] == "2"
    assert shown == cells
    assert len(soup.select(".level svg.bullet[role=img] > title")) == len(shown)
    assert soup.find(style=True) is None


def test_certificates_are_listed_with_picture_state_and_address(site: Site) -> None:
    soup = page(site, "learner", "/learn/certs")
    link = soup.select_one("[data-copy]")

    assert soup.select_one("svg.thumb[role=img] title") is not None
    assert soup.select_one(".diploma .chip") is not None
    assert link is not None
    assert str(link["data-copy"]).endswith(f"/verify/{site.seed.things['code']}")


def test_on_a_phone_certificates_stand_under_one_s_profile(site: Site) -> None:
    for path in ("/learn/certs", "/learn/profile"):
        assert [it["href"] for it in page(site, "learner", path).select(".tabbar [aria-current]")] == ["/learn/profile"]


def test_whose_certificate_waits_is_not_told_that_it_comes_within_a_minute(site: Site) -> None:
    with site.app.app_context(), transaction():
        particulars.report_particulars("gelar belum ada", by=site.world.actor("officer"), now=NOON)

    waits, none = words(page(site, "officer", "/learn/certs")), words(page(site, "other", "/learn/certs"))

    assert "dalam satu menit" in none
    assert "dalam satu menit" not in waits
    assert "menunggu" in waits


def test_with_every_lesson_completed_the_exam_is_the_first_thing_on_its_course(site: Site) -> None:
    lobby = site.seed.path("/learn/exams/<exam_id>")
    inside = page(site, "signer", site.seed.path("/learn/courses/<slug>")).select_one("main a.btn-primary + a")
    assert inside is not None
    for path in (site.seed.path("/learn/courses/<slug>"), str(inside["href"])):
        assert page(site, "signer", path).select("main a.btn")[0]["href"] == lobby

    under_way = page(site, "officer", site.seed.path("/learn/courses/enrollments/<enrollment_id>"))
    assert lobby not in [it["href"] for it in under_way.select("main a.btn")]
    assert under_way.select("main section")[-1]["aria-labelledby"] == "exam"


def test_the_player_shows_the_contents_with_ticks_and_where_one_stopped(site: Site) -> None:
    path = site.seed.path("/learn/courses/enrollments/<enrollment_id>/lessons/m1-l1")
    site.send("officer", "PUT", f"{path}/place", json={"place": 3})
    soup = page(site, "officer", path)

    assert [bool(it.select_one("[aria-current]")) for it in soup.select(".outline li")] == [True, False]
    assert soup.select_one("[data-lesson]")["data-place"] == "3"  # type: ignore[index]
    assert soup.select_one("a[href='#b-3']") is not None
    assert f"{path}#b-3" in str(page(site, "officer", "/learn/"))


def test_results_count_what_is_handed_in_and_keep_the_key_from_who_only_runs_the_exam(site: Site) -> None:
    items = site.seed.path("/train/exams/<exam_id>")
    one = site.seed.path("/train/exams/<exam_id>/items/<item_version_id>")
    for who in ("trainer", "officer"):
        assert "Baru 1 percobaan yang dikirim" in words(page(site, who, items))
    assert words(page(site, "trainer", "/train/")).count("Hasil per butir") == 1

    keyed, kept = page(site, "trainer", one), page(site, "officer", one)

    assert keyed.select_one(".is-right") is not None
    assert kept.select_one(".is-right") is None
    assert "Benar" not in words(kept)
    assert re.findall(r"KENARI", str(keyed) + str(kept)) == []
