"""A learner on a phone: from the sign-in to a raised level."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, OpenWindow
from tests.browser.house import TASK, House, Person
from tests.browser.pages import CertificatePage, Lesson, Room, Screen, SignIn, Standing, Verify
from tests.conftest import BACKENDS


def learn_everything(page: Page, house: House, learner: Person) -> None:
    """From the first lesson through every other and back."""
    enrollment_id = Screen(page).path_id("enrollments")
    house.let_reading_time_pass(learner, enrollment_id)
    while True:
        lesson = Lesson(page)
        lesson.read_to_the_end()
        if lesson.has_check:
            lesson.answer(house.check_answers(learner, enrollment_id, lesson.id))
        lesson.write(TASK)
        lesson.complete()
        expect(page.get_by_text("Pelajaran selesai.")).to_be_visible()
        if not page.get_by_role("link", name="Pelajaran berikutnya").count():
            break
        lesson.go_on()
    lesson.follow("Kembali ke kursus")


def sit_the_exam(page: Page, house: House) -> None:
    """From the lobby to the result, with everything right."""
    expect(page.get_by_role("button", name="Mulai ujian", exact=True)).to_have_count(0)  # first the particulars
    Screen(page).press("Betul")
    Screen(page).press("Mulai ujian")
    Screen(page).agree()
    room = Room(page)
    room.settle()
    keys = house.right_keys(room.attempt_id)
    for slot, right in keys.items():
        room.choose(slot, right)
    expect(room.state).to_contain_text("Tersimpan pukul")
    room.review()
    expect(page.get_by_text(f"{len(keys)} dari {len(keys)} soal dijawab.")).to_be_visible()
    room.hand_in()


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_learner_goes_from_the_sign_in_to_a_certificate_and_a_raised_level(house: House, window: OpenWindow) -> None:
    learner = house.learner()
    page = window()
    SignIn(page).open()
    SignIn(page).sign_in(learner)
    expect(Screen(page).title).to_contain_text(learner.name)

    page.get_by_role("navigation", name="Utama").get_by_role("link", name="Kursus").last.click()
    page.get_by_role("searchbox").fill("pelaynan publk")
    page.get_by_role("searchbox").press("Enter")
    page.get_by_role("button", name="Daftar Pelayanan Publik Prima").click()
    learn_everything(page, house, learner)

    Screen(page).follow("Buka ujian")
    sit_the_exam(page, house)
    expect(Screen(page).title).to_have_text("Lulus")

    Screen(page).follow("Lihat sertifikat Anda")
    pdf = CertificatePage(page).download().read_bytes()
    assert pdf.startswith(b"%PDF")
    Verify(page).open()
    Verify(page).by_file(pdf)
    expect(Verify(page).word).to_contain_text("CONTOH")

    page.goto("/learn/profile")
    required, achieved, confirmed = Standing(page).levels("MAN-PLP")
    assert (achieved[0], confirmed[0]) == ("2", "1"), (required, achieved, confirmed)
    expect(Standing(page).reasons("MAN-PLP")).to_contain_text("Tercapai")


def test_reading_goes_on_at_the_same_block_elsewhere_and_looks_as_one_likes(house: House, window: OpenWindow) -> None:
    learner = house.learner()
    enrollment_id = house.enroll(learner)
    phone = window(learner)
    Lesson(phone).open(enrollment_id, "m1-l1")
    phone.get_by_role("button", name="Perbesar teks").click()
    phone.get_by_role("button", name="Halaman gelap").click()
    phone.reload()
    html = phone.locator("html")
    expect(html).to_have_attribute("data-reading-text", "1")
    expect(html).to_have_attribute("data-bs-theme", "dark")
    with phone.expect_response("**/place") as kept:
        phone.locator("#b-9").evaluate("it => it.scrollIntoView()")
    place = kept.value.request.post_data_json["place"]

    desk = window(learner, DESK)
    desk.goto("/learn/")
    desk.get_by_role("main").get_by_role("link", name="Lanjutkan belajar").click()

    assert place > 1
    expect(desk.locator(f"#b-{place}")).to_be_in_viewport()
