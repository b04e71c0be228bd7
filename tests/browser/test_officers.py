"""HR's and the administrator's pages as they are used: long names, small screens, refused forms, codes shown once."""

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from elearn.kernel.actor import Role
from elearn.people.facts.roles import RoleScope
from elearn.people.services import roles
from tests.browser.conftest import DESK, PHONE, OpenWindow
from tests.browser.house import House, Person
from tests.browser.pages import Screen
from tests.factories.world import SYSTEM

NAMES = ("A" * 200, "Siti 🌸👩‍💻 Peraga", "محمد عبد الرحمن بن علي (الثاني)")
SIZES = [PHONE, ViewportSize(width=768, height=800), DESK]


def with_roles(house: House, person: Person, *held: Role) -> Person:
    """The person with further roles, everywhere."""
    with house.inside() as now:
        for role in held:
            roles.grant_role(person.id, role, scope=RoleScope(), reason="uji", by=SYSTEM, now=now)
    return person


def overhang(page: Page) -> list[str]:
    """What of the page's elements reaches beyond it, and whether the page scrolls sideways."""
    script = """() => {
        const width = document.documentElement.clientWidth;
        const wide = [...document.querySelectorAll("main *, .topbar *")].filter((it) =>
            it.checkVisibility() && it.getBoundingClientRect().right > width + 1);
        const scrolls = document.documentElement.scrollWidth > width ? ["the page scrolls sideways"] : [];
        return [...scrolls, ...wide.map((it) => it.outerHTML.slice(0, 120))];
    }"""
    found: list[str] = page.evaluate(script)
    return found


def test_names_of_any_kind_fit_every_page_of_a_person(house: House, window: OpenWindow) -> None:
    people = [house.hire(it, levels={"MAN-INT": 2}) for it in NAMES]
    page = window(house.hr_officer())
    for person in people:
        page.goto(f"/hr/people?q={quote(person.name[:15])}")
        expect(page.locator("td bdi", has_text=person.name)).to_have_count(1)
        assert overhang(page) == []
        page.goto(f"/hr/people/{person.id}")
        for size in SIZES:
            page.set_viewport_size(size)
            assert overhang(page) == []
    own = window(people[0])
    own.goto("/learn/")
    own.locator("summary", has_text="Menu").click()
    assert overhang(own) == []


def test_a_reason_that_is_missing_is_said_where_one_looks_and_leads_to_its_field(
    house: House, window: OpenWindow, watch_422: None
) -> None:
    learner = house.learner("Zahra Peraga")
    house.pass_exam(learner)
    page = window(house.hr_officer())
    page.goto(f"/hr/people/{learner.id}")
    form = page.locator("article[id='MAN-KOM'] form").first
    form.get_by_role("button", name="Tolak").click()
    expect(form.get_by_label("Alasan")).to_be_focused()
    assert form.get_by_label("Alasan").evaluate("it => it.validity.valueMissing")

    form.get_by_label("Alasan").fill("  ")
    form.get_by_role("button", name="Tolak").click()

    summary = page.locator(".problems")
    expect(summary).to_be_focused()
    expect(summary).to_be_in_viewport()
    summary.get_by_role("link").click()
    form = page.locator("article[id='MAN-KOM'] form").first
    expect(form.get_by_label("Alasan")).to_be_in_viewport()
    form.get_by_role("button", name="Konfirmasi level").click()
    expect(page.get_by_text("Level sudah dikonfirmasi.")).to_be_visible()


def test_a_code_is_shown_once_and_loading_again_makes_no_other(house: House, window: OpenWindow) -> None:
    learner = house.learner("Kartini Peraga")
    page = window(house.hr_officer(), DESK)
    page.goto(f"/hr/people/{learner.id}")
    page.get_by_role("link", name="Lembar atau kode").click()
    Screen(page).press("Tampilkan kode dan teks WhatsApp")
    code = page.locator(".stat__value.code").inner_text()

    page.reload()

    expect(page.locator(".stat__value.code")).to_have_count(0)
    expect(page.get_by_role("button", name="Buat kode baru")).to_be_visible()
    person = window()
    person.goto("/activate")
    person.get_by_label("NIP atau alamat surel").fill(learner.login)
    person.get_by_label("Kode sekali pakai").fill(code)
    person.get_by_text("Saya ingin membuat sendiri").click()
    person.get_by_label("Kata sandi baru").fill("kalimat baru yang cukup panjang")
    Screen(person).press("Tetapkan kata sandi")
    expect(Screen(person).title).to_contain_text(learner.name)


def test_the_bar_of_somebody_with_many_roles_fits_a_phone_and_is_reachable(house: House, window: OpenWindow) -> None:
    person = with_roles(house, house.administrator("Muhammad Abdurrahman Wahidin"), Role.TRAINER)
    page = window(person)
    for path in ("/train/", "/learn/"):
        page.goto(path)
        assert overhang(page) == []
    menu = page.locator(".topbar summary")
    menu.click()

    doors = page.locator(".topbar__menu[open] :is(a, button)")
    texts = [it.strip() for it in doors.all_inner_texts()]
    assert texts[-2:] == [person.name, "Keluar"]
    assert overhang(page) == []
    for box in [menu, *doors.all()]:
        size = box.bounding_box()
        assert size is not None
        assert size["height"] >= 44
        assert size["width"] >= 44
    page.get_by_role("button", name="Keluar", exact=True).click()
    expect(page).to_have_url(f"{house.address}/sign-in")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_the_pages_of_staff_lie_in_a_drawer_on_a_phone(house: House, window: OpenWindow, scripts: bool) -> None:
    page = window(house.administrator(), java_script_enabled=scripts)
    page.goto("/hr/people")
    current = page.locator(".rail [aria-current]")
    expect(current).to_be_hidden()

    page.get_by_role("link", name="Buka menu halaman").click()
    expect(current).to_be_in_viewport(ratio=1)
    if scripts:
        page.keyboard.press("Escape")
    else:
        page.get_by_role("link", name="Tutup").click()
    expect(current).to_be_hidden()
    page.get_by_role("link", name="Buka menu halaman").click()
    page.get_by_role("link", name="Unit kerja", exact=True).click()

    expect(page).to_have_url(f"{house.address}/hr/admin/units")
    expect(current).to_be_hidden()


def test_confirming_nothing_is_said_without_a_question(house: House, window: OpenWindow) -> None:
    house.pass_exam(house.learner("Yulia Peraga"))
    page = window(house.hr_officer(), DESK)
    question = page.locator("dialog[open]")
    page.goto("/hr/evidence")
    Screen(page).press("Konfirmasi level yang dipilih")
    expect(page.get_by_text("Pilih paling sedikit satu bukti.")).to_be_visible()
    expect(question).to_have_count(0)

    page.locator("input[name='evidence']").first.check()
    Screen(page).press("Konfirmasi level yang dipilih")

    expect(question).to_have_text(re.compile("Konfirmasi level yang dipilih"))
    expect(page.get_by_text("Pilih paling sedikit satu bukti.")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(question).to_have_count(0)
    expect(page).to_have_url(f"{house.address}/hr/evidence")

    Screen(page).press("Konfirmasi level yang dipilih")
    page.evaluate("""() => document.querySelector("[data-choose]").addEventListener("submit", () => setTimeout(
        () => document.querySelector("td a[href^='/hr/people/']").click(), 0))""")  # what lies below a second click
    Screen(page).agree()
    expect(page.get_by_text("1 level sudah dikonfirmasi.")).to_be_visible()


def test_making_a_slip_says_what_was_made_and_what_is_void(house: House, window: OpenWindow) -> None:
    person = house.hire("Sari Peraga")
    page = window(house.hr_officer(), DESK)
    page.goto(f"/hr/slips/people/{person.id}")

    with page.expect_download() as download:
        Screen(page).press("Buat lembar cetak")

    assert download.value.suggested_filename == "lembar-masuk.pdf"
    expect(page.get_by_role("status")).to_contain_text("lembar masuk untuk Sari Peraga. Lembar dan kode sebelumnya")
    Screen(page).press("Buat lembar cetak")
    expect(page.locator("dialog[open]")).to_contain_text("Buat sekali lagi?")


def test_the_profile_is_read_on_a_phone_without_moving_it_sideways(house: House, window: OpenWindow) -> None:
    page = window(house.learner())
    page.goto("/learn/profile")
    page.locator("details:has(table)").evaluate_all("found => found.forEach((it) => { it.open = true; })")

    assert overhang(page) == []
    table = page.locator("table").first
    assert table.evaluate("it => it.scrollWidth <= it.parentElement.clientWidth + 1")
    last = table.locator("tbody tr").first.locator("td").last
    last.scroll_into_view_if_needed()
    expect(last).to_be_in_viewport()
