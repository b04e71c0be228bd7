"""Pages travel compressed, except where their size could tell a stranger something."""

import gzip

from tests.factories.site import Site

GZIP = {"Accept-Encoding": "gzip, deflate, br"}


def test_a_page_is_compressed_for_a_browser_that_asks(site: Site) -> None:
    plain = site.send(None, "GET", "/verify")
    packed = site.send(None, "GET", "/verify", headers=GZIP)

    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data) / 2
    assert gzip.decompress(packed.data) == plain.data


def test_nothing_is_compressed_for_one_that_does_not(site: Site) -> None:
    plain = site.send(None, "GET", "/verify")

    assert "Content-Encoding" not in plain.headers
    assert "Accept-Encoding" in plain.headers["Vary"]


def test_a_page_that_may_mirror_a_strangers_words_keeps_its_size(site: Site) -> None:
    page = site.send("hr", "GET", "/hr/people?q=uji", headers=GZIP)

    assert page.status_code == 200
    assert "Content-Encoding" not in page.headers


def test_json_is_compressed_too_and_a_short_answer_is_not(site: Site) -> None:
    assert site.send("hr", "GET", "/api/v1/openapi.json", headers=GZIP).headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in site.send(None, "GET", "/healthz", headers=GZIP).headers
