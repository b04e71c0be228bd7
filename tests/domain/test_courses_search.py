"""The search of the catalogue forgives slips, puts the best first, and passes nothing that a filter excludes."""

from uuid import UUID

import pytest

from elearn.courses.search import Entry, Index, Wanted, distance, words_of
from elearn.kernel.ids import new_id


def entry(title: str, *, summary: str = "", longest: int = 20, **taught: int) -> Entry:
    levels = {name.replace("_", "-"): level for name, level in taught.items()}
    return Entry(new_id(), title, ((title, 3), (summary, 1)), levels, longest)


SERVICE = entry("Pelayanan Publik Prima", summary="Menyapa warga di loket", MAN_PLP=2)
TIME = entry("Manajemen Waktu dan Produktivitas", summary="Rapat, surel, pelayanan", MAN_OPH=2, MAN_PDO=1, longest=45)
CAFÉ = entry("Résumé kebijakan", MAN_PLP=3)
INDEX = Index.of([TIME, SERVICE, CAFÉ])


def found(**wanted: object) -> tuple[UUID, ...]:
    return INDEX.find(Wanted(**wanted)).ids  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "words", ["pelayanan publik", "PELAYANAN PRIMA", "pelayana prima", "pelaynaan primm", "publk", "prima pelay"]
)
def test_a_course_is_found_by_slips_parts_and_any_case(words: str) -> None:
    assert found(words=words) == (SERVICE.id,)


def test_the_title_weighs_more_than_the_summary() -> None:
    assert found(words="pelayanan") == (SERVICE.id, TIME.id)


def test_accents_are_put_aside() -> None:
    assert found(words="resume") == (CAFÉ.id,)


def test_every_word_must_fit_and_short_words_forgive_nothing() -> None:
    assert found(words="pelayanan angkasa") == ()
    assert found(words="wxktu") == (TIME.id,)
    assert found(words="xyz") == ()


def test_it_says_whether_a_word_was_only_alike() -> None:
    assert INDEX.find(Wanted("pelaynaan")).is_alike
    assert not INDEX.find(Wanted("pelayanan")).is_alike
    assert not INDEX.find(Wanted("qqqqqqqq")).is_alike


def test_filters_exclude_what_does_not_fit() -> None:
    assert found() == (TIME.id, SERVICE.id, CAFÉ.id)
    assert found(competency="MAN-PLP") == (SERVICE.id, CAFÉ.id)
    assert found(competency="MAN-PLP", level=3) == (CAFÉ.id,)
    assert found(level=1) == (TIME.id,)
    assert found(longest=30) == (SERVICE.id, CAFÉ.id)
    assert found(words="pelayanan", longest=30) == (SERVICE.id,)


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [("waktu", "waktu", 0), ("wakut", "waktu", 1), ("wktu", "waktu", 1), ("waktuu", "waktu", 1), ("pagi", "sore", 3)],
)
def test_slips_are_counted_and_a_swap_is_one(one: str, other: str, slips: int) -> None:
    assert distance(one, other, 2) == slips


def test_words_are_folded_and_come_once() -> None:
    assert words_of("Loket, LOKET & e-mail_kantor") == ("loket", "e", "mail", "kantor")
