"""The set-up link: printed while nobody administers, resumed, used once; the wizard behind it, and the staff file."""

import re
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select

from elearn import preparation
from elearn.app import ElearnFlask
from elearn.config import Config, kept_address
from elearn.kernel.audit import AuditEntry
from elearn.kernel.db import db
from elearn.people.models.setup import SetupLink
from elearn.people.models.staff import Employee, RoleGrant
from tests.conftest import NOON, config_for
from tests.factories.site import csrf_of

HEADER = "nip;nama;gelar_depan;gelar_belakang;email;status;golongan;kode_unit;unit;kode_jabatan;jabatan;jenjang\r\n"
GOOD = (
    HEADER
    + "198609262015051001;Siti Aminah;;S.Sos.;;PNS;III/b;A-1;Seksi A;KASI;Kepala Seksi;Pengawas\r\n"
    + ";Nurul;;;nurul@kota.example;PPPK;IX;A;Dinas A;ANL;Analis;pelaksana\r\n"
)
BAD = (
    HEADER
    + "1.98E+17;Siti;;;;PNS;III/b;A;Dinas A;KASI;Kepala Seksi;pengawas\r\n"
    + ";;;;x;Honorer;9;B;Dinas B;ANL;Analis;?\r\n"
)


COMMAND = "flask --app wsgi content load content/courses"


def link_of(app: ElearnFlask) -> str:
    """What the operator's start prints."""
    told = app.test_cli_runner().invoke(args=["people", "setup-link"])
    assert told.exit_code == 0, told.output
    return urlsplit(told.output.strip()).path


def send(client: FlaskClient, path: str, **form: Any) -> Any:
    token = csrf_of(client.get(f"{path.rpartition('/')[0]}/agency"))
    return client.post(path, data={"csrf_token": token, **form})


def go_through(client: FlaskClient, link: str, staff: str = GOOD, address: str = "https://kota.example") -> None:
    zone = {"zone": "Asia/Makassar", "address": address}
    assert send(client, f"{link}/agency", name="Kota Uji", code="UJI", **zone).status_code == 302
    assert send(client, f"{link}/logo").status_code == 302
    admin = {"name": "Nurul", "email": "nurul@kota.example", "identifier": ""}
    assert send(client, f"{link}/administrator", **admin).status_code == 302
    assert send(client, f"{link}/staff", file=(BytesIO(staff.encode()), "p.csv")).status_code == 302


def go_in(client: FlaskClient, done: str) -> str:
    """The first administrator chooses the offered password; where that leads to."""
    way = re.search(r'href="(/activate[^"]+)"', done)
    assert way is not None
    page = client.get(way[1].replace("&amp;", "&"))
    form = dict(re.findall(r'name="(\w+)"[^>]*value="([^"]*)"', page.get_data(as_text=True)))
    form |= {"choice": "offered", "csrf_token": csrf_of(page)}
    return client.post("/activate", data=form).headers["Location"]


def count(app: ElearnFlask, what: Any) -> int:
    with app.app_context():
        found = db.session.scalar(select(func.count()).select_from(what)) or 0
        db.session.remove()
    return found


def test_the_wizard_ends_in_a_working_empty_product_and_its_link_leads_nowhere_then(
    app: ElearnFlask, fresh_database: str, tmp_path: Path
) -> None:
    config: Config = config_for(fresh_database, tmp_path / "var")
    assert not preparation.is_founded(config)
    client, link = app.test_client(), link_of(app)
    go_through(client, link)
    assert count(app, Employee) == 0

    done = send(client, f"{link}/check").get_data(as_text=True)

    assert count(app, Employee) == 2  # the administrator stands in the file, too
    assert kept_address(tmp_path / "var") == "https://kota.example"
    assert Config.from_environment({"ELEARN_VAR": str(tmp_path / "var")}).public_url == "https://kota.example"
    assert [client.get(f"{link}{it}").status_code for it in ("", "/agency", "/pegawai.csv")] == [404, 404, 404]
    assert preparation.is_founded(config)
    assert app.test_cli_runner().invoke(args=["people", "setup-link"]).exit_code == 1
    assert go_in(client, done) == "/learn/"
    assert client.get("/hr/admin/settings").status_code == 200
    assert COMMAND in done
    for place in ("/learn/", "/learn/courses", "/hr/admin/"):
        assert COMMAND in client.get(place).get_data(as_text=True), place
    with app.app_context():
        acts = list(db.session.scalars(select(AuditEntry.act)))
        assert (acts.count("setup.keep"), acts.count("setup.finish")) == (4, 1)
        assert db.session.scalars(select(SetupLink.draft)).one() == "{}"
        db.session.remove()


def test_without_a_course_an_employee_is_told_who_publishes_one_and_sent_nowhere(app: ElearnFlask, at: Any) -> None:
    at(NOON)
    client, link = app.test_client(), link_of(app)
    go_through(client, link)
    done = send(client, f"{link}/check").get_data(as_text=True)
    assert go_in(client, done) == "/learn/"
    with app.app_context():
        db.session.execute(delete(RoleGrant))
        db.session.commit()
        db.session.remove()

    for place in ("/learn/", "/learn/courses"):
        main = client.get(place).get_data(as_text=True).partition("<main")[2].partition("</main>")[0]
        assert "Belum ada kursus yang terbit" in main
        assert "content load" not in main
        assert 'href="/learn/courses"' not in main


def test_a_second_start_prints_another_link_that_goes_on_where_the_first_was_left(app: ElearnFlask) -> None:
    client, first = app.test_client(), link_of(app)
    send(client, f"{first}/agency", name="Kota Uji", code="UJI", zone="Asia/Jakarta", address="")

    second = link_of(app)

    assert client.get(first).status_code == 404
    assert client.get(second).headers["Location"].endswith("/logo")
    assert "Kota Uji" in client.get(f"{second}/agency").get_data(as_text=True)


def test_a_link_is_old_after_a_week(app: ElearnFlask, at: Any) -> None:
    at(NOON)
    client, link = app.test_client(), link_of(app)
    at(NOON + timedelta(days=7, seconds=1))

    assert client.get(link).status_code == 404


def test_a_faulty_staff_file_is_told_by_row_and_column_and_nothing_is_made(app: ElearnFlask) -> None:
    client, link = app.test_client(), link_of(app)
    go_through(client, link, BAD)

    told = client.get(f"{link}/staff").get_data(as_text=True)

    assert "Baris 2, kolom nip: harus 18 angka sebagai teks." in told
    assert "ubah format kolom menjadi Teks dan tulis NIP-nya lagi. Tertulis &#34;1.98E+17&#34;." in told
    for column in ("nama", "email", "status", "golongan", "jenjang"):
        assert f"Baris 3, kolom {column}:" in told
    assert "belum dimuat: 2 baris salah" in told
    assert "Logo, tanpa logo" in told
    assert re.findall(r'aria-label="([^"]+), tersimpan"', told) == ["Instansi", "Administrator pertama"]
    assert send(client, f"{link}/check").status_code == 409
    assert count(app, Employee) == 0
    assert client.get(f"{link}/check").status_code == 200


@pytest.mark.parametrize("address", ["kota.example", "https://kota.example/belajar", "https://a:b@kota.example"])
def test_an_address_that_cannot_be_one_is_refused_beside_its_field(app: ElearnFlask, address: str) -> None:
    client, link = app.test_client(), link_of(app)

    told = send(client, f"{link}/agency", name="Kota Uji", code="UJI", zone="Asia/Jakarta", address=address)

    assert told.status_code == 422
    assert "Ini bukan alamat" in told.get_data(as_text=True)
    assert 'value="Kota Uji"' in told.get_data(as_text=True)
