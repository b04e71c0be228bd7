"""Pictures of a course folder: only plain files with fit names, only where a lesson shows them, never without words."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from elearn.courses.content import read_course
from elearn.courses.document import changes_between, read_document, with_media_kept, write_document
from elearn.courses.media import MAX_COURSE_BYTES
from elearn.courses.pictures import MAX_BYTES
from elearn.kernel.errors import Invalid
from tests.factories.courses import RATES, course_document, item_documents, put_picture, write_course
from tests.factories.pictures import bomb, drawn


def with_lesson(folder: Path, text: str) -> Path:
    with (folder / "lessons" / "m1-l1.md").open("a", encoding="utf-8") as lesson:
        lesson.write(f"\n{text}\n")
    return folder


def problems(folder: Path) -> list[tuple[str, str, str]]:
    with pytest.raises(Invalid, match="content_invalid") as refusal:
        read_course(folder, RATES)
    found = refusal.value.details["problems"]
    assert isinstance(found, list)
    return [(it["file"], it["place"], it["reason"]) for it in found]


def reason(folder: Path, file: str) -> str:
    return "; ".join(reason for name, _place, reason in problems(folder) if name == file)


def test_a_picture_is_shown_with_its_words_and_its_size(tmp_path: Path) -> None:
    content = read_course(write_course(tmp_path, pictures={"alur.png": drawn()}), RATES)

    assert (
        '<img src="media/alur.png" alt="Alur pengaduan dari loket sampai jawaban" width="40" height="24" loading="lazy">'
        in content.lessons[0].html
    )
    assert [(it.name, it.type, it.width, it.height) for it in content.media] == [("alur.png", "image/png", 40, 24)]
    assert len(content.files) == 1
    assert content.warnings == ()


def test_words_of_a_picture_are_not_reading_time(tmp_path: Path) -> None:
    plain = read_course(write_course(tmp_path / "1"), RATES)
    shown = read_course(write_course(tmp_path / "2", pictures={"alur.png": drawn()}), RATES)

    assert shown.lessons[0].words == plain.lessons[0].words


def test_a_picture_that_nobody_shows_is_warned_of_and_not_published(tmp_path: Path) -> None:
    folder = write_course(tmp_path, pictures={"alur.png": drawn()})
    (folder / "media" / "lama.webp").write_bytes(drawn("WEBP"))

    content = read_course(folder, RATES)

    assert content.warnings == ("media/lama.webp: no lesson shows this picture; it is not published",)
    assert [it.name for it in content.media] == ["alur.png"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("![](media/alur.png)", "no words for who cannot see it"),
        ("![ ](media/alur.png)", "no words for who cannot see it"),
        ("![alur.png](media/alur.png)", "no words for who cannot see it"),
        ("![Alur](media/tiada.png)", "does not exist"),
        ("![Alur](media/Alur.png)", "is no picture of this course"),
        ("![Alur](../media/alur.png)", "is no picture of this course"),
        ("![Alur](media/../course.yaml)", "is no picture of this course"),
        ("![Alur](media/..%2falur.png)", "is no picture of this course"),
        ("![Alur](media/alur.png%00.svg)", "is no picture of this course"),
        ("![Alur](media/alur\0.png)", "is no picture of this course"),
        ("![Alur](/etc/passwd)", "is no picture of this course"),
        ("![Alur](alur.png)", "is no picture of this course"),
        ("![Alur](media/alur.png?x=1)", "is no picture of this course"),
        ("![Alur](https://lain.example/a.png)", "pictures from elsewhere"),
        ("![Alur](data:image/png;base64,AAAA)", "pictures from elsewhere"),
        ("![Alur](javascript:alert(1))", "shown as letters"),
        ("![Alur](media/alur baru.png)", "shown as letters"),
        ("![Alur][tiada]", "shown as letters"),
        ("<img src='media/alur.png'>", "shown as letters"),
        ('![Alur](media/alur.png "judul")', "title"),
        ("![" + "a" * 1001 + "](media/alur.png)", "longer than 1000"),
    ],
)
def test_what_cannot_be_shown_is_refused_with_file_line_and_reason(tmp_path: Path, text: str, told: str) -> None:
    folder = write_course(tmp_path, pictures={"alur.png": drawn()})
    lines = (folder / "lessons" / "m1-l1.md").read_text(encoding="utf-8").count("\n")

    found = problems(with_lesson(folder, f"Baris pertama\nbaris kedua {text}."))

    assert [(file, place) for file, place, _reason in found] == [("lessons/m1-l1.md", f"line {lines + 3}")]
    assert told in found[0][2]


def test_a_picture_in_code_is_only_spoken_of(tmp_path: Path) -> None:
    folder = with_lesson(write_course(tmp_path), "Tulis `![alur](media/alur.png)`.\n\n```\n![](media/x.png)\n```")

    assert read_course(folder, RATES).media == ()


def test_questions_and_tasks_show_no_pictures(tmp_path: Path) -> None:
    course, items = course_document(), item_documents()
    course["modules"][0]["lessons"][1]["task"]["prompt"] = "Lihat ![alur](media/alur.png)."
    items[0]["stem"] = "Apa ini? ![alur](media/alur.png)"
    items[1]["options"][0]["rationale"] = "Lihat ![alur](media/alur.png)"

    found = problems(write_course(tmp_path, course=course, items=items, pictures={"alur.png": drawn()}))

    assert [place for _file, place, reason in found if "in lessons only" in reason] == [
        "items/0",
        "items/1",
        "task of m1-l2",
    ]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("alur.svg", b"<svg/>", "SVG can carry scripts"),
        ("alur.SVG", b"<svg/>", "SVG can carry scripts"),
        ("a.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG can carry scripts"),
        ("a.png", b"<!doctype html><script>alert(1)</script>", "web page"),
        ("a.png", b"", "empty"),
        ("a.png", drawn()[:-30], "damaged or cut short"),
        ("a.png", bomb(30_000, 30_000), "pixels"),
        ("a.png", bytes(2 * 1024 * 1024 + 5), "no PNG"),
        ("a.png", drawn() + bytes(2 * 1024 * 1024), "larger than 2048 KB"),
        ("a.jpg", drawn(), "this is image/png under another name"),
        ("a.png", drawn("GIF"), "save it as PNG"),
        ("A.png", drawn(), "a name has small letters"),
        ("a b.png", drawn(), "a name has small letters"),
        (".a.png", drawn(), "a name has small letters"),
        ("-a.png", drawn(), "a name has small letters"),
        ("a.png.html", drawn(), "a name has small letters"),
        ("a\x1b[2J.png", drawn(), "a name has small letters"),
        ("a" * 64 + ".png", drawn(), "a name has small letters"),
        ("Thumbs.db", b"x", "a name has small letters"),
    ],
)
def test_an_unfit_file_is_refused_and_named(tmp_path: Path, name: str, content: bytes, told: str) -> None:
    folder = write_course(tmp_path)
    (folder / "media").mkdir()
    (folder / "media" / name).write_bytes(content)

    assert told in reason(folder, f"media/{ascii(name)[1:-1]}")


def test_neither_links_nor_folders_nor_pipes_are_read(tmp_path: Path) -> None:
    folder = write_course(tmp_path)
    media = folder / "media"
    media.mkdir()
    outside = tmp_path / "luar.png"
    outside.write_bytes(drawn())
    (media / "luar.png").symlink_to(outside)
    (media / "dalam.png").symlink_to(media / "luar.png")
    (media / "folder.png").mkdir()
    os.mkfifo(media / "pipa.png")

    found = {file: reason for file, _place, reason in problems(folder)}

    assert {it for it in found if "only plain files" in found[it]} == {
        "media/luar.png",
        "media/dalam.png",
        "media/folder.png",
        "media/pipa.png",
    }


def test_the_folder_itself_is_no_link(tmp_path: Path) -> None:
    folder = write_course(tmp_path)
    (tmp_path / "luar").mkdir()
    (folder / "media").symlink_to(tmp_path / "luar")

    assert "not a link" in reason(folder, "media")


def test_too_many_pictures_are_refused(tmp_path: Path) -> None:
    folder = write_course(tmp_path)
    (folder / "media").mkdir()
    for number in range(101):
        (folder / "media" / f"{number}.png").write_bytes(b"")

    assert problems(folder) == [("media", "", "101 files lie here; at most 100 are taken")]


def test_pictures_that_are_too_large_together_are_refused(tmp_path: Path) -> None:
    full = MAX_COURSE_BYTES // MAX_BYTES
    largest = drawn() + bytes(MAX_BYTES - len(drawn()))
    folder = write_course(tmp_path, pictures={f"{number:02}.png": largest for number in range(full)})
    assert len(read_course(folder, RATES).media) == full, "as much as fits is taken"

    put_picture(folder, "lebih.png", drawn())

    assert "in all" in reason(folder, "media/lebih.png")


def test_a_document_keeps_the_pictures_but_not_their_bytes(tmp_path: Path) -> None:
    content = read_course(write_course(tmp_path, pictures={"alur.png": drawn()}), RATES)

    back = read_document(write_document(content))

    assert back.media == content.media
    assert back.files == ()


def test_a_document_without_pictures_is_as_it_was_before_there_were_any(tmp_path: Path) -> None:
    document = write_document(read_course(write_course(tmp_path), RATES))

    assert not any(f'"{name}":' in document for name in ("media", "files", "warnings"))
    assert read_document(document).media == ()


def test_what_changed_names_pictures(tmp_path: Path) -> None:
    old = read_course(write_course(tmp_path / "1", pictures={"alur.png": drawn(), "lama.png": drawn()}), RATES)
    folder = write_course(tmp_path / "2", pictures={"alur.png": drawn(mode="L"), "baru.webp": drawn("WEBP")})

    changes = changes_between(old, read_course(folder, RATES))

    assert changes == ("lesson_changed m1-l1", "media_added baru.webp", "media_removed lama.png", "media_changed alur.png")


def test_another_encoder_alone_changes_nothing(tmp_path: Path) -> None:
    old = read_course(write_course(tmp_path, pictures={"alur.png": drawn()}), RATES)
    written_otherwise = replace(old, media=(replace(old.media[0], sha256="0" * 64),))
    redrawn = replace(old, media=(replace(old.media[0], sha256="0" * 64, source_sha256="1" * 64),))

    assert write_document(with_media_kept(written_otherwise, old)) == write_document(old)
    assert write_document(with_media_kept(redrawn, old)) != write_document(old)


def test_a_picture_in_a_list_or_a_table_is_found(tmp_path: Path) -> None:
    folder = write_course(tmp_path)
    (folder / "media").mkdir()
    for name in ("a.png", "b.png"):
        (folder / "media" / name).write_bytes(drawn())
    with_lesson(folder, "- satu\n- ![Satu](media/a.png)\n\n| Alur |\n|---|\n| ![Dua](media/b.png) |")

    assert [it.name for it in read_course(folder, RATES).media] == ["a.png", "b.png"]


def test_put_picture_is_what_the_loader_takes(tmp_path: Path) -> None:
    """Negative control of the refusals: the same folder with a fit file is read."""
    folder = write_course(tmp_path)
    put_picture(folder, "alur.png", drawn())

    assert len(read_course(folder, RATES).media) == 1
