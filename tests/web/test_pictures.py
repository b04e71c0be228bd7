"""Pictures of lessons over HTTP: to whoever may read the lesson, never as anything but a picture, kept by the browser."""

import re
from io import BytesIO

import pytest
from PIL import Image
from werkzeug.test import TestResponse

from elearn.kernel import storage
from elearn.web.headers import POLICY
from tests.factories.site import Site

PAGE = "/learn/courses/enrollments/<enrollment_id>"
API = "/api/v1/enrollments/<enrollment_id>"
DOORS = (PAGE, API)
OWNER = "officer"


def addresses(html: str) -> list[str]:
    return re.findall(r'<img src="([^"]+)"', html)


def lesson_html(site: Site, door: str) -> str:
    answer = site.send(OWNER, "GET", site.seed.path(f"{door}/lessons/m1-l1"))
    return answer.get_data(as_text=True) if door == PAGE else str((answer.json or {})["html"])


def picture(site: Site, door: str, who: str | None = OWNER, name: str = "alur.png", **sent: dict[str, str]) -> TestResponse:
    return site.send(who, "GET", site.seed.path(f"{door}/media/") + name, **sent)


@pytest.mark.parametrize("door", DOORS)
def test_the_address_in_a_lesson_leads_to_its_picture_by_the_same_door(site: Site, door: str) -> None:
    (address,) = addresses(lesson_html(site, door))

    answer = site.send(OWNER, "GET", address)

    assert address == site.seed.path(f"{door}/media/alur.png")
    assert answer.status_code == 200
    assert Image.open(BytesIO(answer.data)).size == (40, 24)


def test_a_picture_in_a_page_has_words_and_a_place_kept_for_it(site: Site) -> None:
    html = lesson_html(site, PAGE)

    assert 'alt="Alur pengaduan dari loket sampai jawaban" width="40" height="24" loading="lazy"' in html
    assert 'class="lesson prose"' in html


@pytest.mark.parametrize("door", DOORS)
def test_a_picture_is_nothing_but_a_picture_and_kept_by_its_reader_alone(site: Site, door: str) -> None:
    headers = picture(site, door).headers

    assert headers["Content-Type"] == "image/png"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Disposition"] == 'inline; filename="alur.png"'
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert headers["ETag"]
    assert "Set-Cookie" not in headers


@pytest.mark.parametrize("door", DOORS)
def test_what_is_known_is_not_sent_again(site: Site, door: str) -> None:
    known = picture(site, door).headers["ETag"]

    again = picture(site, door, headers={"If-None-Match": known})

    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("who", ["learner", "trainer", "admin"])
def test_strangers_see_no_picture_and_nothing_is_kept_of_the_refusal(site: Site, door: str, who: str) -> None:
    answer = picture(site, door, who)

    assert answer.status_code == 404
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(
    "name",
    ["tiada.png", "..%2falur.png", "../alur.png", "%2e%2e/course.yaml", "alur.png/", "%ff", "ALUR.PNG", ""],
)
def test_other_names_find_nothing(site: Site, door: str, name: str) -> None:
    assert picture(site, door, name=name).status_code == 404


@pytest.mark.parametrize("door", DOORS)
def test_a_name_that_no_database_stores_is_refused_at_the_edge(site: Site, door: str) -> None:
    assert picture(site, door, name="alur.png%00").status_code == 400


def test_nothing_is_found_by_its_hash(site: Site) -> None:
    """Files of other kinds lie in the same storage; there is no way to them by this door."""
    with site.app.app_context():
        hashes = list(storage.every())

    assert hashes
    assert {picture(site, PAGE, name=name).status_code for one in hashes for name in (one, f"{one}.bin")} == {404}


def test_the_pages_allow_pictures_from_here_alone(site: Site) -> None:
    answer = site.send(OWNER, "GET", site.seed.path(f"{PAGE}/lessons/m1-l1"))

    assert answer.headers["Content-Security-Policy"] == POLICY
    assert "img-src 'self' data:;" in POLICY


def test_the_description_of_the_api_names_pictures(site: Site) -> None:
    document = site.send(None, "GET", "/api/v1/openapi.json").json or {}

    answer = document["paths"]["/api/v1/enrollments/{enrollment_id}/media/{picture}"]["get"]["responses"]["200"]
    html = document["components"]["schemas"]["Lesson"]["properties"]["html"]
    assert answer["content"].keys() == {"image/png", "image/jpeg", "image/webp"}
    assert "/media/" in html["description"]
