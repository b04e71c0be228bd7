"""Words on paper: cleaning, Indonesian forms, and the fitting of lines."""

from datetime import date
from pathlib import Path

import pytest

from elearn.certs.drawing import fonts, words

LATIN = frozenset(range(0x20, 0x17F))


@pytest.mark.parametrize(
    ("basis_points", "text"), [(8250, "82,5"), (7000, "70"), (6733, "67,33"), (10000, "100"), (5, "0,05"), (0, "0")]
)
def test_scores_are_written_with_a_comma(basis_points: int, text: str) -> None:
    assert words.score(basis_points) == text


def test_dates_are_written_in_indonesian() -> None:
    assert words.long_date(date(2026, 8, 5)) == "5 Agustus 2026"


@pytest.mark.parametrize(
    ("first", "last", "lines"),
    [
        (date(2026, 11, 3), date(2026, 11, 3), ["3 November 2026"]),
        (date(2026, 11, 3), date(2026, 11, 25), ["3–25 November 2026"]),
        (date(2026, 10, 30), date(2026, 11, 2), ["30 Oktober –", "2 November 2026"]),
        (date(2025, 12, 30), date(2026, 1, 2), ["30 Desember 2025 –", "2 Januari 2026"]),
    ],
)
def test_a_span_repeats_nothing(first: date, last: date, lines: list[str]) -> None:
    assert words.span(first, last) == lines


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("Siti\x00 Aminah", "Siti Aminah"),
        ("Siti\u202e Aminah\u202c", "Siti Aminah"),
        ("Si\u200bti", "Siti"),
        ("  Siti \n\t Aminah ", "Siti Aminah"),
        ("Ame\u0301lie", "Amélie"),
        ("Siti 😀", "Siti ?"),
        ("ﬁlm", "film"),
        ("李", "?"),
        (None, ""),
    ],
)
def test_only_what_our_fonts_draw_is_left(raw: str | None, shown: str) -> None:
    assert words.clean(raw, LATIN) == shown


def test_endless_text_is_cut() -> None:
    assert len(words.clean("x" * 100_000, LATIN)) == words.LONGEST


def test_a_nip_is_grouped_and_anything_else_left() -> None:
    assert words.grouped_identifier("199001012015011901") == "19900101 201501 1 901"
    assert words.grouped_identifier("X-1") == "X-1"


def test_a_short_name_is_large_and_a_long_one_smaller(fonts_dir: Path) -> None:
    face = fonts.face(fonts_dir, fonts.SERIF, 600)
    sizes = (30, 27, 24, 21, 18)

    short = fonts.fit("Siti Aminah", face, sizes, width=600, lines=2)
    long = fonts.fit("Siti Aminah binti Abdurrahman " * 3, face, sizes, width=600, lines=2)

    assert (short.size, len(short.rows)) == (30, 1)
    assert (long.size, len(long.rows)) == (24, 2)


def test_two_lines_share_their_words_evenly(fonts_dir: Path) -> None:
    face = fonts.face(fonts_dir, fonts.SANS, 600)
    text = "Badan Kepegawaian dan Pengembangan Sumber Daya Manusia Kabupaten Biaro"

    rows = fonts.fit(text, face, (12,), width=face.width(text, 12) - 10, lines=2).rows

    assert " ".join(rows) == text
    assert abs(face.width(rows[0], 12) - face.width(rows[1], 12)) < face.width("Pengembangan", 12)


def test_what_fits_at_no_size_is_cut_with_an_ellipsis(fonts_dir: Path) -> None:
    face = fonts.face(fonts_dir, fonts.SERIF, 600)

    fitted = fonts.fit("x" * 400, face, (30, 18), width=600, lines=2)

    assert fitted.text.endswith("…")
    assert face.width(fitted.text, 18) <= 1200
