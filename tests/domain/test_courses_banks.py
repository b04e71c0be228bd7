"""The banks of our own courses: balanced, covered, readable, not to be guessed; each rule finds a bank that breaks it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from elearn.courses.content import read_course
from elearn.courses.facts.content import BlueprintContent, CourseContent, ItemContent, ItemType, OptionContent
from tests import banks
from tests.banks import Bank
from tests.domain.test_courses_shipped import COURSES, rates

Rule = Callable[[Bank], Iterator[str]]
PLAIN = (
    "Mencatat kejadian itu lalu memberi tahu atasan",
    "Menunggu sampai rapat bulanan membahas soal ini",
    "Meminta rekan lain menjawab pertanyaan warganya",
    "Menutup loket dan meminta warga kembali besok",
    "Mengumumkan kejadian itu kepada semua petugas",
)


@cache
def bank_of(folder: Any) -> Bank:
    return Bank.of(read_course(folder, rates()))


def item(name: str, *texts: str, kind: ItemType = ItemType.SINGLE, best: int = 0, **rest: Any) -> ItemContent:
    """An item that only says what the test is about; the best option stands at `best`."""
    texts = texts or (PLAIN[:4] if kind is not ItemType.WEIGHTED else PLAIN)
    options = tuple(
        OptionContent(
            id="abcdefgh"[at],
            text=text,
            correct=kind is not ItemType.WEIGHTED and at == best,
            weight=(at - best) % 5 or 5 if kind is ItemType.WEIGHTED else None,
            rationale=f"Sebab {text.lower()} begitu",
        )
        for at, text in enumerate(texts)
    )
    values: dict[str, Any] = {"competency": "MAN-PLP", "topic": "standar", "level": 2, "difficulty": "medium"}
    return ItemContent(id=name, type=kind, options=options, **{"stem": f"Apa yang {name} lakukan?"} | values | rest)


def made(*items: ItemContent, **course: Any) -> Bank:
    """A bank of these items alone, in the first of our courses."""
    content: CourseContent = bank_of(COURSES[0]).course
    return Bank(replace(content, exam_items=items, **course), items)


def spread(count: int, *texts: str, **rest: Any) -> list[ItemContent]:
    """So many items whose keys go round."""
    return [item(f"butir {at}", *texts, best=at % 4, **rest) for at in range(count)]


def told(rule: Rule, bank: Bank) -> str:
    return "\n".join(rule(bank))


@pytest.mark.parametrize("rule", banks.RULES, ids=lambda it: str(it.__name__))
@pytest.mark.parametrize("folder", COURSES, ids=lambda path: str(path.name))
def test_a_bank_of_ours_keeps_to(rule: Rule, folder: Any) -> None:
    assert not list(rule(bank_of(folder)))


def test_a_key_that_stands_mostly_first_is_found() -> None:
    assert "chi-square" in told(banks.key_places, made(*[item(f"butir {at}") for at in range(8)]))
    assert "in a row" in told(banks.key_places, made(*[item(f"b{at}", best=at // 5) for at in range(20)]))
    assert not told(banks.key_places, made(*spread(8)))


def test_a_best_option_that_stands_mostly_first_is_found_among_weighted_ones() -> None:
    assert "chi-square" in told(banks.key_places, made(*[item(f"b{at}", kind=ItemType.WEIGHTED) for at in range(6)]))


def test_keys_that_are_longest_are_found() -> None:
    long = ("Mencatat kejadian itu lalu memberi tahu atasan dan menghubungi warga yang dirugikan hari itu", *PLAIN[1:4])

    assert "longest in 8 of 8" in told(banks.key_lengths, made(*[item(f"b{at}", *long) for at in range(8)]))
    assert "times as long as" in told(banks.key_lengths, made(*[item(f"b{at}", *long) for at in range(8)]))
    assert "twice" in told(banks.key_lengths, made(item("b", long[0], "Diam", "Pergi", "Menunggu")))


def test_keys_that_are_shortest_are_found() -> None:
    assert "shortest in 8 of 8" in told(
        banks.key_lengths, made(*[item(f"b{at}", "Mencatat", *PLAIN[1:4]) for at in range(8)])
    )


def test_weights_that_are_left_out_or_seen_by_length_are_found() -> None:
    growing = [text[: 12 + 8 * at] for at, text in enumerate(PLAIN, 1)]
    twice = item("dua", kind=ItemType.WEIGHTED)
    twice = replace(twice, options=tuple(replace(it, weight=max(it.weight or 0, 2)) for it in twice.options))

    assert "dua: the weights" in told(banks.weights, made(twice))
    assert "weight 5 are 0.58" in told(
        banks.weights, made(*[item(f"b{at}", *growing, kind=ItemType.WEIGHTED) for at in range(20)])
    )


def test_multiple_choices_that_give_themselves_away_are_found() -> None:
    short = [item(f"b{at}", "Ya", *PLAIN[1:4], kind=ItemType.MULTIPLE) for at in range(5)]

    assert "times as long as wrong" in told(banks.multiples, made(*short))
    assert "as many right" in told(banks.multiples, made(*short))


@pytest.mark.parametrize(
    "text",
    [
        "Semua jawaban benar",
        "Tidak ada yang benar",
        "A dan B benar",
        "Semua benar",
        "Keduanya salah",
        "Pilihan c",
        "Seluruhnya tepat",
    ],
)
def test_an_option_about_other_options_is_found(text: str) -> None:
    assert "about other options" in told(banks.phrases, made(item("b", *PLAIN[:3], text)))


def test_absolute_words_in_wrong_options_alone_are_found() -> None:
    absolute = ("Hanya pimpinan", "Selalu petugas loket", "Warga dan petugas")

    assert "absolute words" in told(banks.phrases, made(item("b", PLAIN[0], *absolute)))
    assert not told(banks.phrases, made(item("b", PLAIN[0], *absolute, best=1)))


def test_a_build_of_sentence_that_tells_the_worth_is_found() -> None:
    told_by = (PLAIN[0], PLAIN[1], "Menutup loket karena antrean itu sudah habis", PLAIN[3], PLAIN[4])
    weighted = [item(f"b{at}", *told_by, kind=ItemType.WEIGHTED, best=3) for at in range(15)]
    listed = [item(f"b{at}", "Mencatat, menyapa, lalu memberi tahu atasan", *PLAIN[1:4]) for at in range(15)]

    assert "15 of 15 options with 'because' are worth 4" in told(banks.markers, made(*weighted))
    assert "15 of 15 options with 'a list of three' are worth 5" in told(banks.markers, made(*listed))
    assert not told(banks.markers, made(*weighted[:14]))


def test_items_that_ask_the_same_are_found() -> None:
    stem = "Warga datang ke loket lima menit sebelum tutup membawa berkas yang kurang satu lembar. Apa yang Anda lakukan?"
    other = stem.replace("lima menit", "sepuluh menit").replace("Apa", "Maka apa")
    texts = ("Menerima berkasnya", "Menolak berkasnya", "Menyimpan berkasnya", "Membaca berkasnya dahulu")

    assert "same stem" in told(banks.twins, made(item("satu", stem=stem), item("dua", *texts, stem=other)))
    assert "same item" in told(banks.twins, made(item("satu"), item("dua")))


def test_an_option_without_a_reason_is_found() -> None:
    lazy = item("b")
    lazy = replace(lazy, options=(replace(lazy.options[0], rationale="Benar."), *lazy.options[1:]))

    assert told(banks.rationales, made(lazy)) == "b a: no rationale"


def test_what_the_blueprint_lacks_is_found() -> None:
    ours = bank_of(COURSES[0]).course
    exam = replace(ours.exam, blueprint=(BlueprintContent("standar", "MAN-PLP", 2, 2),))
    found = told(banks.coverage, made(*spread(5), item("lain", topic="asing"), exam=exam))

    assert "5 items for 2 places" in found
    assert "no paper ever draws these 1" in found
    assert f"topic {ours.topics[0].id} is not examined" in found
    assert "not every difficulty" in found
    assert "taught or examined alone" in told(banks.coverage, made(*spread(6), competencies=()))
    assert "is in no check" in told(banks.coverage, made(*spread(6), modules=()))


def test_an_option_too_few_and_a_hidden_not_are_found() -> None:
    assert "3 options" in told(banks.shapes, made(item("b", *PLAIN[:3])))
    assert "in bold" in told(banks.shapes, made(item("b", stem="Pagi ini sepi. Manakah yang bukan komponen standar?")))
    assert not told(banks.shapes, made(item("b", stem="Pagi ini sepi. Manakah yang **bukan** komponen standar?")))


def test_what_is_hard_to_read_is_found() -> None:
    lesson = bank_of(COURSES[0]).course.lessons[0]
    long = "Petugas yang menerima berkas dari warga pagi itu mencatat dan menyimpan serta meneruskan berkasnya ke rekan"
    hard = "mempertanggungjawabkan penyelenggaraan pelayanan ini."
    modules = bank_of(COURSES[0]).course.modules
    module = replace(modules[0], lessons=(replace(lesson, html=f"<p>{long} {long}. {hard}</p>"),))
    bank = made(item("b", stem=f"{long} {long}?"), item("c", f"{long} {long}", *PLAIN[1:4]), modules=(module,))
    found = told(banks.reading, bank)

    assert "b: " in found
    assert "c a: an option of" in found
    assert f"{lesson.id}: " in found
    assert "of the words are long" in found
