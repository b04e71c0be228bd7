"""A course folder is read whole, or refused with everything that is wrong with it."""

import copy
from pathlib import Path
from typing import Any

import pytest

from elearn.courses.content import Reference, read_course
from elearn.courses.document import changes_between, digest, read_document, write_document
from elearn.courses.facts.content import ItemType
from elearn.kernel.errors import Invalid
from tests.factories.courses import (
    RATES,
    course_document,
    item,
    item_documents,
    make_content,
    write_course,
)


def problems(folder: Path, known: Reference | None = None) -> list[dict[str, Any]]:
    with pytest.raises(Invalid, match="content_invalid") as refusal:
        read_course(folder, RATES, known=known)
    found = refusal.value.details["problems"]
    assert isinstance(found, list)
    return found


def reasons(folder: Path, known: Reference | None = None) -> str:
    return "\n".join(it["reason"] for it in problems(folder, known))


def with_exam(**rest: Any) -> dict[str, Any]:
    course = course_document()
    course["exam"] |= rest
    return course


def test_a_sound_folder_gives_its_content(tmp_path: Path) -> None:
    content = make_content(tmp_path)

    assert content.slug == "kursus-uji"
    assert content.lesson_hours == 1
    assert [lesson.id for lesson in content.lessons] == ["m1-l1", "m1-l2"]
    assert [it.id for it in content.exam_items] == [f"e-{n}" for n in range(1, 7)]
    assert [it.type for it in content.check_items] == [ItemType.SINGLE, ItemType.MULTIPLE, ItemType.WEIGHTED]
    assert content.exam.item_count == 2


def test_reading_minutes_are_computed_from_the_words(tmp_path: Path) -> None:
    lesson = make_content(tmp_path).lessons[1]

    assert lesson.words == 1801
    assert lesson.reading_seconds == 601
    assert lesson.minutes_count == 11 + 15


def test_blocks_of_a_lesson_carry_places(tmp_path: Path) -> None:
    html = make_content(tmp_path).lessons[0].html

    assert '<h2 id="b-0">' in html
    assert 'id="b-2" class="callout' in html or 'class="callout callout--ingat" id="b-2"' in html


@pytest.mark.parametrize("hours", [2, 3])
def test_a_module_that_does_not_earn_its_hours_is_refused(tmp_path: Path, hours: int) -> None:
    course = course_document()
    course["modules"][0]["lesson_hours"] = hours

    assert "do not cover" in reasons(write_course(tmp_path, course=course))


def test_a_module_with_more_minutes_than_its_hours_is_refused(tmp_path: Path) -> None:
    course = course_document()
    course["modules"][0]["lessons"][0]["minutes"]["case"] = 60

    assert "do not cover 45 minutes" in reasons(write_course(tmp_path, course=course))


def test_every_problem_is_named_with_file_and_place(tmp_path: Path) -> None:
    course = course_document(form="Teknis!")
    del course["title"]
    bad = item("e-1")
    bad["options"][0].pop("rationale")
    folder = write_course(tmp_path, course=course, items=[bad, item("e-2", level=9)])
    (folder / "lessons" / "m1-l1.md").unlink()

    found = {(it["file"], it["place"]) for it in problems(folder)}

    assert {
        ("course.yaml", ""),
        ("course.yaml", "form"),
        ("items/standar.yaml", "items/0/options/0"),
        ("items/standar.yaml", "items/1/level"),
    } <= found


def test_a_missing_lesson_is_named_beside_problems_of_meaning(tmp_path: Path) -> None:
    folder = write_course(tmp_path, course=with_exam(blueprint=course_document()["exam"]["blueprint"] * 2))
    (folder / "lessons" / "m1-l1.md").unlink()

    found = reasons(folder)

    assert "this file does not exist" in found
    assert "already has a row" in found


@pytest.mark.parametrize(
    ("kind", "correct", "reason"),
    [
        ("single", [True, True, False, False], "exactly one correct"),
        ("single", [False, False, False, False], "exactly one correct"),
        ("multiple", [True, True, True, True], "a correct and a wrong"),
        ("multiple", [False, False, False, False], "a correct and a wrong"),
    ],
)
def test_a_key_that_cannot_be_right_is_refused(tmp_path: Path, kind: str, correct: list[bool], reason: str) -> None:
    items = item_documents()
    items[0] = item("e-1", kind=kind)
    for option, value in zip(items[0]["options"], correct, strict=True):
        option["correct"] = value

    assert reason in reasons(write_course(tmp_path, items=items))


def test_a_weighted_item_has_one_best_option(tmp_path: Path) -> None:
    items = item_documents()
    items[0] = item("e-1", kind="weighted")
    items[0]["options"][1]["weight"] = 5

    assert "exactly one option of weight 5" in reasons(write_course(tmp_path, items=items))


def test_ids_stand_once_in_a_course(tmp_path: Path) -> None:
    items = item_documents()
    items[1]["id"] = "e-1"
    items[2]["options"][1]["id"] = "a"
    course = course_document()
    course["modules"][0]["lessons"][0]["id"] = "m1-l2"

    found = reasons(write_course(tmp_path, course=course, items=items))

    assert "item e-1 stands more than once" in found
    assert "option a stands here more than once" in found
    assert "m1-l2 stands here more than once" in found


def test_two_items_never_ask_the_same(tmp_path: Path) -> None:
    items = item_documents()
    items[1]["stem"] = "PERTANYAAN   e-1?"

    assert "asks the same as e-1" in reasons(write_course(tmp_path, items=items))


def test_a_check_asks_check_items_only_and_each_once(tmp_path: Path) -> None:
    course = course_document()
    first, second = course["modules"][0]["lessons"]
    first["check"] = {"pass_bp": 7000, "items": ["c-1", "e-1", "c-9"]}
    second["check"]["items"] = ["c-1", "c-2"]

    found = reasons(write_course(tmp_path, course=course))

    assert "item e-1 belongs to the exam" in found
    assert "item c-9 does not exist" in found
    assert "item c-1 is already asked" in found
    assert "item c-3 is for checks, but no check asks it" in found


def test_a_module_ends_with_a_check(tmp_path: Path) -> None:
    course = course_document()
    course["modules"][0]["lessons"].reverse()

    assert "the last lesson of a module needs a check" in reasons(write_course(tmp_path, course=course))


def test_the_bank_is_three_times_what_is_drawn(tmp_path: Path) -> None:
    items = [it for it in item_documents() if it["id"] != "e-6"]

    assert "the bank holds 5 fitting items, 6 are needed" in reasons(write_course(tmp_path, items=items))


def test_the_blueprint_draws_enough_for_each_competency(tmp_path: Path) -> None:
    rules = [{"competency": "MAN-PLP", "level": 2, "pass_bp": 7000, "min_items": 3}]

    assert "3 are needed" in reasons(write_course(tmp_path, course=with_exam(competencies=rules)))


def test_the_blueprint_names_known_topics_and_competencies(tmp_path: Path) -> None:
    rows = [{"topic": "lain", "competency": "MAN-KOM", "level": 2, "count": 1}]

    found = reasons(write_course(tmp_path, course=with_exam(blueprint=rows)))

    assert "topic lain is not among" in found
    assert "MAN-KOM is not among the competencies of the exam" in found


def test_a_lesson_outside_the_folder_is_refused(tmp_path: Path) -> None:
    folder = write_course(tmp_path)
    secret = tmp_path / "secret.md"
    secret.write_text("rahasia", encoding="utf-8")
    lesson = folder / "lessons" / "m1-l1.md"
    lesson.unlink()
    lesson.symlink_to(secret)

    assert "this link leads out of the course folder" in reasons(folder)


def test_a_path_upwards_is_refused(tmp_path: Path) -> None:
    course = course_document()
    course["modules"][0]["lessons"][0]["file"] = "lessons/../../secret.md"

    assert problems(write_course(tmp_path, course=course))[0]["place"] == "modules/0/lessons/0/file"


def test_the_slug_is_the_name_of_the_folder(tmp_path: Path) -> None:
    folder = write_course(tmp_path).rename(tmp_path / "nama-lain")

    assert "the slug must be the name of the folder" in reasons(folder)


def test_a_title_within_a_lesson_is_refused(tmp_path: Path) -> None:
    folder = write_course(tmp_path)
    lesson = folder / "lessons" / "m1-l1.md"
    lesson.write_text("# Judul\n\n" + lesson.read_text(encoding="utf-8"), encoding="utf-8")

    assert "headings start at ##" in reasons(folder)


def test_names_from_the_reference_data_are_checked_where_they_are_known(tmp_path: Path) -> None:
    known = Reference(competencies={"MAN-KOM"}, forms={"workshop"})

    found = reasons(write_course(tmp_path), known)

    assert "MAN-PLP is not in the dictionary" in found
    assert "teknis is no known form of development; take one of workshop" in found


def test_a_problem_names_its_line(tmp_path: Path) -> None:
    folder = write_course(tmp_path)
    lines = (folder / "course.yaml").read_text(encoding="utf-8").splitlines()

    (found,) = problems(folder, Reference(forms={"workshop"}))

    assert (found["file"], found["place"]) == ("course.yaml", "form")
    assert lines[int(found["line"]) - 1] == "form: teknis"


def test_the_line_of_an_item_is_that_of_its_file(tmp_path: Path) -> None:
    items = item_documents()
    items[3]["topic"] = "lain"
    folder = write_course(tmp_path, items=items)
    lines = (folder / "items" / "standar.yaml").read_text(encoding="utf-8").splitlines()

    found = next(it for it in problems(folder) if it["file"].startswith("items/"))

    block = "\n".join(lines[int(found["line"]) - 1 :])
    assert block.startswith("- ")
    assert "id: e-4" in block.split("\n- ")[0]


@pytest.mark.parametrize(
    ("known", "reason"),
    [
        (Reference(courses={}), "dasar is not published; publish it first, or take it out"),
        (Reference(courses={}, loading={"dasar": ()}), "dasar could not be published"),
        (Reference(courses={"dasar": ("kursus-uji",)}), "nobody could begin: kursus-uji needs dasar needs kursus-uji"),
        (Reference(courses={"dasar": ()}, loading={"dasar": ("kursus-uji",)}), "nobody could begin"),
    ],
)
def test_what_must_come_first_must_be_possible(tmp_path: Path, known: Reference, reason: str) -> None:
    folder = write_course(tmp_path, course=course_document(prerequisites=["dasar"]))

    assert reason in reasons(folder, known)


def test_what_comes_first_may_be_published_or_be_published_before_in_the_same_run(tmp_path: Path) -> None:
    folder = write_course(tmp_path, course=course_document(prerequisites=["dasar"]))

    assert read_course(folder, RATES, known=Reference(courses={"dasar": ()})).prerequisites == ("dasar",)


def test_a_course_that_comes_before_itself_is_refused(tmp_path: Path) -> None:
    folder = write_course(tmp_path, course=course_document(prerequisites=["kursus-uji"]))

    assert "nobody could begin: kursus-uji needs kursus-uji" in reasons(folder)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a: &x [1]\nb: *x\n", "aliases are not allowed"),
        ("slug: a\nslug: b\n", "'slug' stands here twice"),
        ("a: [1", "expected"),
        ("a: !!python/object:os.system x\n", "could not determine a constructor"),
        ("- 1\n", "is not of type 'object'"),
    ],
)
def test_yaml_is_read_strictly(tmp_path: Path, text: str, reason: str) -> None:
    folder = write_course(tmp_path)
    (folder / "course.yaml").write_text(text, encoding="utf-8")

    assert reason in reasons(folder)


def test_a_document_gives_back_the_same_content(tmp_path: Path) -> None:
    content = make_content(tmp_path)
    document = write_document(content)

    back = read_document(document)

    assert back.modules == content.modules
    assert back.exam == content.exam
    assert back.exam_items == ()
    assert digest(write_document(back)) == digest(document)


def test_a_document_says_nothing_of_exam_items(tmp_path: Path) -> None:
    assert "Pertanyaan e-1" not in write_document(make_content(tmp_path))


def test_what_changed_between_two_versions_is_named(tmp_path: Path) -> None:
    old = make_content(tmp_path / "old")
    course = course_document(title="Judul baru")
    lessons = course["modules"][0]["lessons"]
    lessons.insert(0, copy.deepcopy(lessons[0]) | {"id": "m1-l0", "minutes": {}})
    lessons[1] |= {"title": "Pertama, lebih jelas", "file": "lessons/m1-l0.md"}
    lessons[2]["check"]["items"] = ["c-1", "c-2"]
    items = [it for it in item_documents() if it["id"] != "c-3"]
    items[6]["stem"] = "Pertanyaan c-1 yang lain?"
    folder = write_course(tmp_path / "new", course=course, items=items)
    (folder / "lessons" / "m1-l0.md").write_text("Pendek.", encoding="utf-8")

    changes = changes_between(old, read_course(folder, RATES))

    assert set(changes) == {
        "course_changed title",
        "course_changed order",
        "lesson_added m1-l0",
        "lesson_changed m1-l1",
        "lesson_changed m1-l2",
        "item_changed c-1",
        "item_removed c-3",
    }
