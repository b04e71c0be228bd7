"""What stands around every page: the agency's name and emblem, undoing, and the style guide where a switch shows it."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from elearn.portals import naming
from elearn.web.filters import initials
from tests.authorisation import table
from tests.conftest import new_app
from tests.factories.site import Site


def logo() -> bytes:
    """A wide picture of 900 × 600."""
    written = BytesIO()
    Image.new("RGB", (900, 600), "#0a5c56").save(written, "PNG")
    return written.getvalue()


def test_an_agencys_logo_stands_in_small_on_every_page_once_it_is_set(site: Site) -> None:
    naming.forget()
    before = site.send(None, "GET", "/sign-in").get_data(as_text=True)
    assert "/agency-emblem" not in before
    assert site.send(None, "GET", "/agency-emblem").status_code == 302

    agency = str(site.seed.world.agency_id)
    sent = {"logo": (BytesIO(logo()), "logo.png")}
    set_it = site.send("admin", "POST", f"/hr/admin/settings/{agency}/logo", form=sent)
    assert set_it.status_code == 302
    page = site.send(None, "GET", "/sign-in").get_data(as_text=True)
    address = page.split('src="/agency-emblem')[1].split('"')[0]
    answer = site.send(None, "GET", f"/agency-emblem{address}")

    assert answer.mimetype == "image/webp"
    assert Image.open(BytesIO(answer.data)).size == (216, 144)
    assert len(answer.data) < 6_000
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers.get("Set-Cookie") is None
    assert "immutable" not in site.send(None, "GET", "/agency-emblem?v=0").headers["Cache-Control"]
    naming.forget()


def test_the_year_of_learning_stands_in_the_bar_of_learners(site: Site) -> None:
    page = site.send("learner", "GET", "/learn/courses").get_data(as_text=True)

    assert "jam pelajaran pada 2026" in page
    assert 'class="topbar__ring"' not in site.send("admin", "GET", "/hr/").get_data(as_text=True)


def test_what_can_be_undone_says_so_with_the_button(site: Site) -> None:
    enrollment_id = site.seed.things["enrollment_id"]
    address = f"/learn/courses/enrollments/{enrollment_id}"
    officer = site.visitor("officer")
    officer.post(f"{address}/withdrawal", headers={"X-CSRFToken": site.seed.csrf["officer"]})
    page = officer.get(address).get_data(as_text=True)
    toast = page.split('class="toast"')[1].split("</div>")[0]

    assert f'action="{address}/reinstatement"' in toast
    assert "Urungkan" in toast
    assert 'class="toast"' not in officer.get(address).get_data(as_text=True)


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Drs. Teuku Contoh, M.Pd.", "TC"),
        ("Suharto", "S"),
        ("Siti 🌸 Peraga", "SP"),
        ("🌸", "–"),
        (None, "–"),
        ("محمد علي", "مع"),
    ],
)
def test_initials_are_of_the_name_alone(name: str | None, letters: str) -> None:
    assert initials(name) == letters


def test_the_style_guide_is_there_only_where_the_switch_shows_it(fresh_database: str, tmp_path: Path) -> None:
    plain = new_app(fresh_database, tmp_path / "plain")
    shown = new_app(fresh_database, tmp_path / "shown", styleguide=True)
    added = {it.rule for it in shown.url_map.iter_rules()} - {it.rule for it in plain.url_map.iter_rules()}

    assert plain.test_client().get("/styleguide").status_code == 404
    assert shown.test_client().get("/styleguide").status_code == 200
    assert added == {"/styleguide"}
    assert "/styleguide" not in {line.rule for line in table()}
