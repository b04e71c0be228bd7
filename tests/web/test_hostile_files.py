"""Files from outside: whatever is uploaded is refused or written anew, what is stored is served closed, no door breaks."""

import json
import resource
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Response
from werkzeug.test import TestResponse

from elearn.certs import services as certs
from elearn.courses.pictures import Unfit, picture
from elearn.kernel.errors import Invalid
from elearn.people.roster import book, reading
from tests.conftest import new_app
from tests.factories import pictures
from tests.factories.courses import NOON
from tests.factories.hostile import ACT, TEMPLATES
from tests.factories.papers import packed
from tests.factories.site import Site, csrf_of

SCRIPT = f"<script>{ACT}</script>".encode()
MACHINE = {"Accept": "application/json"}
LONGEST_S, MOST_KB = 1.0, 64 * 1024


@pytest.fixture
def backend() -> str:
    """Files are not the database's: one does for all."""
    return "sqlite"


@cache
def polyglots() -> dict[str, bytes]:
    """Files that are two things at once, or only say that they are a picture."""
    png, jpeg, gif = (pictures.drawn(it, mode="P" if it == "GIF" else "RGB") for it in ("PNG", "JPEG", "GIF"))
    return {
        "svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='" + ACT.encode() + b"'/>",
        "svg with a head": b"<?xml version='1.0'?><!DOCTYPE svg><svg><script>" + ACT.encode() + b"</script></svg>",
        "html": b"<!doctype html>" + SCRIPT,
        "gif and script": b"GIF89a/*" + gif[8:] + b"*/=1;" + ACT.encode(),
        "pdf and html": b"%PDF-1.7\n" + SCRIPT,
        "png and html": png + SCRIPT,
        "png with html in a comment": pictures.with_text(png, SCRIPT),
        "png and zip": png + packed(index__html=SCRIPT),
        "jpeg with html in a comment": pictures.drawn("JPEG", comment=SCRIPT),
        "jpeg and html": jpeg + SCRIPT,
        "html before a png": SCRIPT + png,
        "a picture that is a bomb": pictures.bomb(30_000, 30_000),
        "a cut picture": png[:-30],
        "nothing": b"",
    }


@pytest.mark.parametrize("content", polyglots().values(), ids=polyglots())
def test_a_lessons_picture_is_refused_or_loses_all_but_its_pixels(content: bytes) -> None:
    try:
        found = picture(content)
    except Unfit:
        return
    assert SCRIPT not in found.content
    assert b"index.html" not in found.content


def test_an_agencys_logo_is_refused_or_shown_as_its_pixels_alone(site: Site) -> None:
    shown = {}
    for name, content in polyglots().items():
        sent = {"logo": (BytesIO(content), f"{name}.png")}
        path = site.seed.path("/hr/admin/settings/<agency_id>/logo")
        answer = site.send("admin", "POST", path, form=sent)
        assert answer.status_code in (302, 422), (name, answer.status_code)
        if answer.status_code == 302:
            shown[name] = site.send(None, "GET", "/agency-emblem")

    assert "png with html in a comment" in shown
    assert all(not name.startswith(("svg", "html", "gif", "pdf")) for name in shown)
    for name, emblem in shown.items():
        assert closed(emblem) == [], name
        assert SCRIPT not in emblem.data, name


def closed(answer: TestResponse | Response, type_: str = "image/") -> list[str]:
    """What a stored file lacks where it is served."""
    headers = answer.headers
    policy = headers.get("Content-Security-Policy", "")
    found = [] if headers["Content-Type"].startswith(type_) else [f"type {headers['Content-Type']}"]
    if headers.get("X-Content-Type-Options") != "nosniff":
        found.append("may be sniffed")
    if "sandbox" not in policy or "default-src 'none'" not in policy:
        found.append(f"runs with {policy!r}")
    if not headers.get("Content-Disposition", "").startswith(("inline; filename=", "attachment; filename=")):
        found.append(f"disposition {headers.get('Content-Disposition')!r}")
    return found


def test_what_is_stored_is_served_closed(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(certs, "file_of", lambda _id: b"%PDF-1.7\n" + SCRIPT)
    picture_path = "/enrollments/<enrollment_id>/media/<picture>"
    served = {
        f"{face}{rule}": site.send(who, "GET", site.seed.path(face + rule, attempt_id=site.seed.things["passed_attempt"]))
        for who, face, rule in (
            ("officer", "/learn/courses", picture_path),
            ("officer", "/api/v1", picture_path),
            ("learner", "/learn", "/exams/attempts/<attempt_id>/receipts"),
            ("learner", "/learn", "/certs/<certificate_id>/pdf"),
            ("learner", "/api/v1", "/certificates/<certificate_id>/pdf"),
            ("hr", "/hr", "/certs/<certificate_id>/pdf"),
        )
    }

    assert {place: it.status_code for place, it in served.items() if it.status_code != 200} == {}
    for place, answer in served.items():
        kind = {"pdf": "application/pdf", "receipts": "text/plain"}.get(place.rpartition("/")[2], "image/")
        assert closed(answer, kind) == [], place


def test_a_file_that_is_served_openly_is_noticed(site: Site) -> None:
    """Negative control: an ordinary page is not closed as a file must be."""
    assert len(closed(site.send(None, "GET", "/verify"))) == 3


@dataclass(frozen=True, slots=True)
class Cost:
    """What a request took of this process: CPU time, and memory beyond the most it ever had."""

    status: int
    cpu_s: float
    more_kb: int

    @property
    def is_cheap_refusal(self) -> bool:
        """Whether nothing broke and little was spent."""
        return self.status < 500 and self.cpu_s <= LONGEST_S and self.more_kb <= MOST_KB


def cost(send: Callable[[], TestResponse]) -> Cost:
    """Send it and look; what was sent is made before."""
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    status = send().status_code
    took = time.process_time() - began
    return Cost(status, took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)


def swollen(name: str = "xl/sheet1.xml", size: int = 200_000_000) -> bytes:
    """A small archive that is large once it is unpacked."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file, file.open(name, "w") as part:
        for _ in range(size // 1_000_000):
            part.write(bytes(1_000_000))
    return out.getvalue()


LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + at, (b"&%c;" % (97 + at)) * 10) for at in range(9))
    + b"]><l>&j;</l>"
)


@cache
def files() -> dict[str, bytes]:
    """What is dropped on every door that takes a file."""
    return {
        "nothing": b"",
        "one byte": b"x",
        "a swollen archive": swollen(size=20_000_000),
        "archive in archive": packed(a__zip=packed(b__zip=swollen(size=2_000_000))),
        "a way out of the folder": packed(**{"..__..__etc__passwd": b"x", "C:\\x": b"y"}),
        "a billion laughs": LAUGHS,
        "a cut pdf": b"%PDF-1.7\n1 0 obj <<",
        "a pdf of opening brackets": b"%PDF-1.7\n" + b"[" * 200_000,
        "a picture that is a bomb": pictures.bomb(30_000, 30_000),
        "quotes without end": b'nama;kepegawaian;unit;jabatan;jenjang\n"' + b'a;"";' * 100_000,
        "a row without end": b"nama;" * 150_000,
        "rows without end": b"nama;kepegawaian;unit;jabatan;jenjang\n" + b";;;;\nx;;;;\n" * 80_000,
        "formulas": b"nama;kepegawaian;unit;jabatan;jenjang\n=cmd|'/c calc'!A0;PNS;x;y;z\n",
    }


DOORS = {
    "verify": (None, "/verify/file", "file"),
    "logo": ("admin", "/hr/admin/settings/<agency_id>/logo", "logo"),
}
NAMES = (
    "../../etc/passwd",
    "..\\..\\x.png",
    "C:\\x",
    "a" * 5000 + ".pdf",
    f"%22><img src=x onerror={ACT}>.pdf",
    TEMPLATES[0],
)


def sent_files(site: Site) -> Iterator[tuple[str, Callable[[], TestResponse]]]:
    """Every file through every door, and every odd name."""
    for door, (who, rule, part) in DOORS.items():
        client, headers = site.visitor(who), {"X-CSRFToken": site.seed.csrf[who]} if who else {}
        every = [(name, content, "a.png") for name, content in files().items()] + [(it, b"x", it) for it in NAMES]
        for name, content, called in every:
            form = {part: (BytesIO(content), called)}
            yield (
                f"{door}: {name}",
                lambda form=form, rule=rule, client=client, headers=headers: client.post(  # type: ignore[misc]
                    site.seed.path(rule), data=form, headers=headers
                ),
            )


def test_no_file_breaks_a_door_or_costs_much(site: Site) -> None:
    costs = {name: cost(send) for name, send in sent_files(site)}

    assert {name: it for name, it in costs.items() if not it.is_cheap_refusal} == {}
    assert {it.status for name, it in costs.items() if name.startswith("logo")} == {422}


@pytest.mark.parametrize("content", files().values(), ids=files())
def test_no_staff_file_breaks_its_reader_or_costs_much(content: bytes) -> None:
    terms = reading.Terms({"iii/b": "32"}, {"pengawas": "pengawas"}, NOON.date())
    began, said = time.process_time(), ""
    try:
        assert reading.read(book.rows_of(content), terms).entries == ()
    except Invalid as error:
        said = error.code

    assert said.startswith("file_") or not said
    assert time.process_time() - began <= LONGEST_S


def test_no_file_breaks_the_set_up(fresh_database: str, tmp_path: Path) -> None:
    app = new_app(fresh_database, tmp_path / "var")
    link = urlsplit(app.test_cli_runner().invoke(args=["people", "setup-link"]).output.strip()).path
    client = app.test_client()
    token, costs = csrf_of(client.get(f"{link}/agency")), {}
    for step in ("logo", "staff"):
        for name, content in files().items():
            form = {"csrf_token": token, "file": (BytesIO(content), NAMES[len(costs) % len(NAMES)])}
            costs[step, name] = cost(lambda: client.post(f"{link}/{step}", data=form))  # noqa: B023

    assert {which: it for which, it in costs.items() if not it.is_cheap_refusal} == {}
    taken = [name for (step, name), it in costs.items() if step == "logo" and it.status == 302]
    assert taken == ["nothing"], "no file is no logo"


def parts(count: int) -> tuple[bytes, str]:
    """A form of so many small fields, as a browser sends files along."""
    part = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n'
    return part * count + b"--x--\r\n", "multipart/form-data; boundary=x"


@cache
def bodies() -> dict[str, tuple[bytes, str]]:
    """Requests that are large in some way of their own."""
    return {
        "100,000 parts": parts(100_000),
        "201 parts": parts(201),
        "one endless header": (
            b'--x\r\nContent-Disposition: form-data; name="' + b"a" * 500_000,
            "multipart/form-data; boundary=x",
        ),
        "no end": (b"--x\r\n" + b"-" * 900_000, "multipart/form-data; boundary=x"),
        "an endless boundary": (b"--" + b"x" * 100_000, "multipart/form-data; boundary=" + "x" * 50_000),
        "deep": (b"[" * 10_000 + b"]" * 10_000, "application/json"),
        "deep objects": (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "application/json"),
        "many keys": (json.dumps({f"k{at}": 1 for at in range(60_000)}).encode(), "application/json"),
        "200,000 keys": (json.dumps({f"k{at}": 1 for at in range(200_000)}).encode(), "application/json"),
        "an endless number": (b'{"seq": ' + b"9" * 900_000 + b"}", "application/json"),
        "an endless float": (b'{"seq": 1e' + b"9" * 900_000 + b"}", "application/json"),
        "over a megabyte": (b'{"course": "' + b"x" * 1_100_000 + b'"}', "application/json"),
        "many fields": (b"&".join(b"a%d=1" % at for at in range(100_000)), "application/x-www-form-urlencoded"),
        "only ampersands": (b"&" * 900_000, "application/x-www-form-urlencoded"),
    }


PLACES = (
    *((None, "POST", "/sign-in"), (None, "POST", "/verify/file"), ("learner", "POST", "/learn/courses/enrollments")),
    *(("other", "PUT", "/learn/exams/attempts/<attempt_id>/answers/1"), ("admin", "POST", "/hr/admin/settings/<agency_id>")),
    *(("other", "PUT", "/api/v1/attempts/<attempt_id>/answers/1"), ("other", "POST", "/api/v1/enrollments")),
)  # fmt: skip


def test_no_body_breaks_a_route_or_costs_much(site: Site) -> None:
    costs = {}
    for who, method, rule in PLACES:
        client, headers = site.visitor(who), {}
        if rule.startswith("/api/"):
            headers["Authorization"] = f"Bearer {site.world.tokens[who or '']}"
        elif who is not None:
            headers["X-CSRFToken"] = site.seed.csrf[who]
        for name, (content, kind) in bodies().items():
            sent = headers | {"Content-Type": kind}
            costs[rule, name] = cost(
                lambda: client.open(site.seed.path(rule), method=method, data=content, headers=sent)  # noqa: B023
            )

    assert {which: it for which, it in costs.items() if not it.is_cheap_refusal or it.status < 400} == {}


def test_what_costs_much_is_noticed(site: Site) -> None:
    """Negative control: one who unpacks what was sent."""

    def unpack() -> TestResponse:
        with zipfile.ZipFile(BytesIO(bomb)) as file:
            content = file.read(file.namelist()[0])
        assert content
        return site.app.test_client().get("/healthz")

    bomb = swollen()
    assert not cost(unpack).is_cheap_refusal
