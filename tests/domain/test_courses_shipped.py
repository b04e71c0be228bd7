"""The courses that elearn brings along are read without a complaint, and each shows a picture that a phone can carry."""

from datetime import date

import pytest
import yaml

from elearn.courses.content import read_course
from elearn.courses.facts.content import CourseContent, LearningRates
from tests.conftest import ROOT

COURSES = sorted((ROOT / "content" / "courses").iterdir())
NARROW, LIGHT = 640, 40 * 1024


def rates() -> LearningRates:
    rows = yaml.safe_load((ROOT / "content" / "reference" / "rules.yaml").read_text(encoding="utf-8"))["rules"]
    newest = {row["key"]: row["value"] for row in sorted(rows, key=lambda row: str(row.get("effective_from", date.min)))}
    keys = ("lesson_hours.minutes", "reading.words_per_minute", "lesson_hours.tolerance_bp")
    return LearningRates(*(int(newest[key]) for key in keys))


@pytest.fixture(params=COURSES, ids=lambda path: str(path.name))
def content(request: pytest.FixtureRequest) -> CourseContent:
    return read_course(request.param, rates())


def test_a_course_of_ours_is_read_without_a_complaint(content: CourseContent) -> None:
    assert content.warnings == ()


def test_a_course_of_ours_shows_pictures_that_a_phone_can_carry(content: CourseContent) -> None:
    assert content.media
    assert all(it.width >= NARROW for it in content.media)
    assert all(len(file) <= LIGHT for file in content.files)


def test_our_pictures_say_all_that_they_show_to_who_cannot_see_them(content: CourseContent) -> None:
    for lesson in content.lessons:
        for tag in lesson.html.split("<img ")[1:]:
            assert len(tag.split('alt="')[1].split('"')[0]) > 200
