"""HR officers, administrators and trainers at their desks."""

from playwright.sync_api import expect

from tests.browser.conftest import DESK, OpenWindow
from tests.browser.house import House
from tests.browser.pages import CertificatePage, People, Screen, Standing


def test_an_hr_officer_confirms_proposed_evidence_and_rejects_another_with_a_reason(
    house: House, window: OpenWindow, watch_422: None
) -> None:
    learner, officer = house.learner("Zulaikha Peraga"), house.hr_officer()
    house.pass_exam(learner)
    page = window(officer, DESK)
    People(page).open()
    People(page).search(learner.name)
    People(page).follow(learner.name)
    expect(Screen(page).title).to_have_text(learner.name)
    person = Standing(page)

    person.decide("MAN-PLP", "Konfirmasi level 2")
    assert person.row("MAN-PLP")[2].startswith("2")

    person.decide("MAN-KOM", "Tolak", reason="  ")
    expect(person.reasons("MAN-KOM").locator(".field__error")).to_be_visible()
    person.decide("MAN-KOM", "Tolak", reason="Belum terlihat di loket.")
    expect(person.reasons("MAN-KOM")).to_contain_text("Belum terlihat di loket.")
    assert person.row("MAN-KOM")[1].startswith("1")


def test_an_administrator_sees_a_parked_job_and_puts_it_back_and_it_is_done(house: House, window: OpenWindow) -> None:
    learner, administrator = house.learner(), house.administrator()
    house.park_the_file_of(learner)
    page = window(administrator, DESK)
    page.goto("/hr/admin/jobs")
    expect(page.get_by_role("row").filter(has_text="Buat dan tanda tangani sertifikat")).to_have_count(1)

    Screen(page).press("Coba lagi")
    expect(page.get_by_role("row").filter(has_text="Buat dan tanda tangani sertifikat")).to_have_count(0)

    phone = window(learner)
    CertificatePage(phone).open(house.certificate_id(learner))
    assert CertificatePage(phone).download().read_bytes().startswith(b"%PDF")


def test_a_trainer_sees_the_published_courses(house: House, window: OpenWindow) -> None:
    page = window(house.trainer(), DESK)
    page.goto("/train/")
    expect(page.get_by_role("heading", name="Pelayanan Publik Prima")).to_be_visible()

    page.get_by_role("main").get_by_role("link").first.click()
    expect(page.get_by_role("table").first).to_be_visible()
