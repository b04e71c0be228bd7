"""With JavaScript off: getting in, reading and verifying all work."""

from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.house import Diploma, House
from tests.browser.pages import Lesson, Screen, SignIn, Verify


def test_signing_in_and_reading_a_lesson_work_without_scripts(house: House, window: OpenWindow) -> None:
    learner = house.learner()
    enrollment_id = house.enroll(learner)
    page = window(java_script_enabled=False)
    SignIn(page).open()
    SignIn(page).sign_in(learner)
    expect(Screen(page).title).to_contain_text(learner.name)

    page.get_by_role("main").get_by_role("link", name="Mulai belajar").click()
    house.let_reading_time_pass(learner, enrollment_id)
    Lesson(page).complete()

    expect(page.get_by_text("Pelajaran selesai.")).to_be_visible()


def test_a_lesson_read_too_fast_is_refused_kindly(house: House, window: OpenWindow, watch_422: None) -> None:
    learner = house.learner()
    enrollment_id = house.enroll(learner)
    page = window(learner, java_script_enabled=False)
    Lesson(page).open(enrollment_id, "m1-l1")
    Lesson(page).complete()

    expect(page.get_by_role("alert")).to_contain_text("Sedikit lagi")


def test_verifying_by_code_and_by_file_work_without_scripts(diploma: Diploma, window: OpenWindow) -> None:
    page = window(java_script_enabled=False)
    Verify(page).open()
    Verify(page).by_code(diploma.code)
    expect(Verify(page).word).to_contain_text("CONTOH")

    Verify(page).open()
    Verify(page).by_file(diploma.pdf)
    expect(Verify(page).word).to_contain_text("CONTOH")
