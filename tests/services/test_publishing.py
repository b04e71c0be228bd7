"""A course comes into the house only if somebody could finish it: what it names is there, and is possible."""

from pathlib import Path
from typing import Any

import pytest

from elearn.app import ElearnFlask
from elearn.courses import services
from elearn.courses.facts.content import CourseContent
from elearn.kernel.errors import Invalid
from elearn.workflows import publishing
from tests.factories.courses import NOON, course_document, make_content, published, write_course
from tests.factories.world import SYSTEM


def publish(content: CourseContent) -> publishing.CoursePublished:
    return publishing.publish_course(content, by=SYSTEM, now=NOON)


def problem(folder: Path) -> dict[str, Any]:
    with pytest.raises(Invalid, match="content_invalid") as refusal:
        publishing.read_folder(folder, publishing.basis_in_force([folder], by=SYSTEM, now=NOON))
    (found,) = refusal.value.details["problems"]  # type: ignore[misc]
    return dict(found)


@pytest.mark.usefixtures("session")
@pytest.mark.parametrize(
    ("change", "place"), [({"form": "tidak_ada"}, "form"), ({"prerequisites": ["tidak-ada"]}, "prerequisites/0")]
)
def test_a_folder_that_names_what_is_not_there_is_refused_with_its_line(
    tmp_path: Path, change: dict[str, Any], place: str
) -> None:
    found = problem(write_course(tmp_path, course=course_document(**change)))

    assert (found["file"], found["place"]) == ("course.yaml", place)
    assert found["line"] > 1


@pytest.mark.usefixtures("session")
def test_an_unknown_form_is_not_published_whoever_read_the_folder(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="unknown_form"):
        publish(make_content(tmp_path, form="tidak_ada"))


@pytest.mark.usefixtures("session")
def test_an_unknown_course_that_comes_first_is_not_published(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="prerequisite_unknown") as refusal:
        services.publish(make_content(tmp_path, prerequisites=["tidak-ada"]), by=SYSTEM, now=NOON)

    assert refusal.value.details["courses"] == ["tidak-ada"]


@pytest.mark.usefixtures("session")
def test_a_new_version_that_closes_a_circle_is_not_published(tmp_path: Path) -> None:
    published(make_content(tmp_path / "1"))
    published(make_content(tmp_path / "2", slug="lanjutan", code="UJI-02", prerequisites=["kursus-uji"]))

    with pytest.raises(Invalid, match="prerequisite_circle") as refusal:
        published(make_content(tmp_path / "3", prerequisites=["lanjutan"]))

    assert refusal.value.details["courses"] == ["kursus-uji", "lanjutan", "kursus-uji"]


def two_courses(root: Path, first: list[str], second: list[str]) -> str:
    """Folders whose order by name is not the order of learning; the words of their items are the same, as always."""
    for slug, prerequisites in (("a-lanjutan", first), ("b-dasar", second)):
        write_course(root, course=course_document(slug=slug, code=slug.upper(), prerequisites=prerequisites))
    return str(root)


def test_a_run_publishes_first_what_comes_first(app: ElearnFlask, tmp_path: Path) -> None:
    done = app.test_cli_runner().invoke(args=["content", "load", two_courses(tmp_path / "c", ["b-dasar"], [])])

    assert done.exit_code == 0, done.output
    assert done.output.index("b-dasar: version 1") < done.output.index("a-lanjutan: version 1")


def test_a_circle_within_a_run_is_refused_and_what_needs_a_refused_course_too(app: ElearnFlask, tmp_path: Path) -> None:
    circle = two_courses(tmp_path / "1", ["b-dasar"], ["a-lanjutan"])
    broken = two_courses(tmp_path / "2", ["b-dasar"], [])
    (Path(broken) / "b-dasar" / "lessons" / "m1-l1.md").unlink()

    first = app.test_cli_runner().invoke(args=["content", "load", circle])
    second = app.test_cli_runner().invoke(args=["content", "load", broken])

    assert (first.exit_code, second.exit_code) == (1, 1)
    assert first.output.count("nobody could begin") == 2
    assert "course.yaml: line " in second.output
    assert "prerequisites/0: b-dasar could not be published; publish it first, or take it out" in second.output
