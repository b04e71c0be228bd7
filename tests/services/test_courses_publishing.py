"""Publishing makes immutable versions, says what changed, and does nothing for the same content."""

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from elearn.courses import catalogue, lessons
from elearn.courses.content import read_course
from elearn.courses.document import digest
from elearn.courses.facts.content import CourseContent
from elearn.courses.models.catalogue import CourseCompetency, CourseVersion
from elearn.courses.queries import versions as course_versions
from elearn.courses.search import Wanted
from elearn.courses.services import enroll, keep_files, publish, withdraw
from elearn.kernel import storage
from elearn.kernel.actor import Actor, Grant, Role
from elearn.kernel.errors import Forbidden, Invalid, NotFound
from elearn.kernel.ids import new_id
from elearn.kernel.page import PageRequest
from tests.factories.courses import NOON, RATES, course_document, make_content, make_learner, published, write_course
from tests.factories.pictures import drawn


def versions(session: Any) -> int:
    return int(session.scalar(select(func.count()).select_from(CourseVersion)))


def test_the_first_version_has_number_one(session: Any, tmp_path: Path) -> None:
    result = published(make_content(tmp_path))

    assert result.version_number == 1
    assert result.changed
    assert "lesson_added m1-l1" in result.changes


def test_the_same_content_publishes_nothing(session: Any, tmp_path: Path) -> None:
    first = published(make_content(tmp_path))

    again = published(read_course(tmp_path / "kursus-uji", RATES))

    assert again == replace(first, changed=False, changes=())
    assert versions(session) == 1


def test_changed_content_is_the_next_version_and_leaves_the_first_alone(session: Any, tmp_path: Path) -> None:
    first = published(make_content(tmp_path / "1"))
    before = course_versions.version_facts(first.version_id)

    second = published(make_content(tmp_path / "2", title="Judul baru"))

    assert (second.version_number, second.changes) == (2, ("course_changed title",))
    assert course_versions.version_facts(first.version_id) == before
    assert catalogue.course_page(Actor.anonymous(), "kursus-uji").facts.title == "Judul baru"


def test_a_version_is_its_document_and_its_digest(session: Any, tmp_path: Path) -> None:
    result = published(make_content(tmp_path))

    version = session.get(CourseVersion, result.version_id)

    assert digest(version.document) == version.sha256
    assert "Alasan a untuk e-1" not in version.document


def test_facts_of_a_version_name_modules_and_hours(session: Any, tmp_path: Path) -> None:
    facts = course_versions.version_facts(published(make_content(tmp_path)).version_id)

    assert [(it.title, it.lesson_hours) for it in facts.modules] == [("Modul satu", 1)]
    assert (facts.code, facts.form, facts.lesson_hours) == ("UJI-01", "teknis", 1)
    assert (facts.exam.item_count, facts.exam.minutes) == (2, 20)
    assert facts.published_at == NOON


def test_what_is_taught_is_that_of_the_current_version(session: Any, tmp_path: Path) -> None:
    published(make_content(tmp_path / "1"))

    published(make_content(tmp_path / "2", competencies=[{"competency": "MAN-KOM", "level": 3}]))

    rows = session.execute(select(CourseCompetency.competency, CourseCompetency.level)).all()
    assert [tuple(row) for row in rows] == [("MAN-KOM", 3)]


def test_a_learner_publishes_nothing(session: Any, tmp_path: Path) -> None:
    learner = Actor(employee_id=None, grants=frozenset({Grant(Role.LEARNER)}), via="session")

    content = make_content(tmp_path)

    for step in (keep_files, publish):
        with pytest.raises(Forbidden, match="may_publish"):
            step(content, by=learner, now=NOON)


def test_a_course_is_found_by_its_words(session: Any, tmp_path: Path) -> None:
    published(make_content(tmp_path / "1"))
    other = course_document(slug="lain-100", code="LAIN-01", title="Surat 100% rapi")
    published(read_course(write_course(tmp_path / "2", course=other), RATES))

    def found(words: str) -> list[str]:
        shown = catalogue.courses_found(Actor.anonymous(), Wanted(words), PageRequest())
        return [card.slug for card in shown.page.items]

    assert found("") == ["kursus-uji", "lain-100"]
    assert found("RAPI surat") == ["lain-100"]
    assert found("100%") == ["lain-100"]
    assert found("suart") == ["lain-100"]
    assert found("uji-01")[0] == "kursus-uji"
    assert found("tidak ada") == []


def test_courses_are_found_by_what_they_teach_and_how_long_it_takes(session: Any, tmp_path: Path) -> None:
    published(make_content(tmp_path))

    def found(**wanted: Any) -> int:
        return catalogue.courses_found(Actor.anonymous(), Wanted(**wanted), PageRequest()).page.total

    (card,) = catalogue.courses_teaching(Actor.anonymous(), ["MAN-PLP"])
    assert [(it.competency, it.level) for it in card.competencies] == [("MAN-PLP", 2)]
    assert [found(competency="MAN-PLP", level=2), found(competency="MAN-PLP", level=3), found(level=2)] == [1, 0, 1]
    assert [found(longest=card.longest_minutes), found(longest=card.longest_minutes - 1)] == [1, 0]
    assert card.minutes > card.longest_minutes > 0


def test_a_card_says_what_comes_first_and_a_new_version_is_seen_at_once(session: Any, tmp_path: Path) -> None:
    published(make_content(tmp_path / "1"))
    learner = make_learner()
    assert catalogue.courses_found(learner, Wanted("lanjut"), PageRequest()).page.total == 0
    later = course_document(slug="lanjut", code="UJI-02", title="Kursus lanjut", prerequisites=["kursus-uji"])
    published(read_course(write_course(tmp_path / "2", course=later), RATES))

    (card,) = catalogue.courses_found(learner, Wanted("lanjut"), PageRequest()).page.items

    assert card.missing == ("Kursus uji",)


def test_the_trainer_sees_every_version_of_their_own_courses(session: Any, tmp_path: Path) -> None:
    published(make_content(tmp_path / "1"))
    published(make_content(tmp_path / "2", title="Judul baru"))

    everywhere = Actor(new_id(), frozenset({Grant(Role.TRAINER)}), via="session")
    elsewhere = Actor(new_id(), frozenset({Grant(Role.TRAINER, course_id=new_id())}), via="session")
    (course,) = catalogue.versioned_courses(everywhere, PageRequest()).items
    own = Actor(new_id(), frozenset({Grant(Role.TRAINER, course_id=course.id)}), via="session")

    assert [it.id for it in catalogue.versioned_courses(own, PageRequest()).items] == [course.id]
    assert catalogue.versioned_courses(elsewhere, PageRequest()).items == ()
    assert [line.number for line in course.versions] == [2, 1]


def test_an_unknown_course_is_not_found(session: Any) -> None:
    with pytest.raises(NotFound):
        catalogue.course_page(Actor.anonymous(), "tidak-ada")


def with_pictures(root: Path, **pictures: bytes) -> CourseContent:
    """A course whose first lesson shows these pictures, read and stored as the loader does it."""
    folder = write_course(root, pictures={f"{name}.png": content for name, content in pictures.items()})
    content = read_course(folder, RATES)
    keep_files(content, by=Actor.system(), now=NOON)
    return content


def test_pictures_are_part_of_the_version_and_lie_in_the_storage(session: Any, tmp_path: Path) -> None:
    result = published(with_pictures(tmp_path, alur=drawn()))

    (picture,) = course_versions.pinned(result.version_id).content.media
    assert "media_added alur.png" in result.changes
    assert hashlib.sha256(storage.get(picture.sha256)).hexdigest() == picture.sha256


def test_another_picture_under_the_same_name_is_another_version_and_leaves_the_first_alone(
    session: Any, tmp_path: Path
) -> None:
    first = published(with_pictures(tmp_path / "1", alur=drawn()))

    second = published(with_pictures(tmp_path / "2", alur=drawn(mode="L")))

    assert (second.version_number, second.changes) == (2, ("media_changed alur.png",))
    old, new = (course_versions.pinned(it.version_id).content.media[0] for it in (first, second))
    assert old.name == new.name
    assert storage.get(old.sha256) != storage.get(new.sha256)


def test_the_same_pictures_publish_nothing_even_where_they_would_be_written_otherwise_today(
    session: Any, tmp_path: Path
) -> None:
    content = with_pictures(tmp_path, alur=drawn())
    first = published(content)
    written_otherwise = replace(content, media=(replace(content.media[0], sha256="0" * 64),))

    again = published(written_otherwise)

    assert again == replace(first, changed=False, changes=())


def test_a_version_whose_pictures_are_not_stored_is_not_published(session: Any, tmp_path: Path) -> None:
    content = with_pictures(tmp_path, alur=drawn())
    lost = replace(content, media=(replace(content.media[0], sha256="0" * 64),))

    with pytest.raises(Invalid, match="media_not_stored") as refusal:
        published(lost)

    assert refusal.value.details["names"] == ["alur.png"]
    assert versions(session) == 0


def test_only_the_learner_of_an_enrolment_sees_its_pictures_each_those_of_their_version(
    session: Any, tmp_path: Path
) -> None:
    early, late = make_learner(), make_learner()
    published(with_pictures(tmp_path / "1", alur=drawn()))
    first = enroll("kursus-uji", by=early, now=NOON)[0]
    published(with_pictures(tmp_path / "2", alur=drawn(mode="L"), baru=drawn()))
    second = enroll("kursus-uji", by=late, now=NOON)[0]

    assert lessons.picture_of(early, first.id, "alur.png") != lessons.picture_of(late, second.id, "alur.png")
    assert lessons.picture_of(late, second.id, "baru.png").type == "image/png"
    for actor, enrollment, name in (
        (early, first, "baru.png"),
        (late, first, "alur.png"),
        (early, first, "../alur.png"),
        (early, first, "alur.png\x00"),
        (early, first, ""),
    ):
        with pytest.raises(NotFound):
            lessons.picture_of(actor, enrollment.id, name)


def test_a_learner_who_stepped_back_still_sees_what_the_lesson_shows(session: Any, tmp_path: Path) -> None:
    """Whoever may read the lesson may see its pictures."""
    learner = make_learner()
    published(with_pictures(tmp_path, alur=drawn()))
    enrollment = enroll("kursus-uji", by=learner, now=NOON)[0]
    withdraw(enrollment.id, by=learner, now=NOON)

    assert "media/alur.png" in lessons.lesson_view(learner, enrollment.id, "m1-l1").html
    assert lessons.picture_of(learner, enrollment.id, "alur.png").content
