"""The words from which passphrases are offered: many, short, told apart, and harmless."""

import re

from elearn.people import passphrase
from elearn.people.rules import check_password

UNWANTED = (
    *("anjing", "babi", "bajingan", "bangsat", "bodoh", "brengsek", "goblok", "kafir", "kampret", "keparat", "kontol"),
    *("lonte", "memek", "monyet", "ngentot", "pelacur", "perek", "setan", "sialan", "tai", "tolol", "zina", "iblis"),
    *("mati", "mayat", "bunuh", "darah", "cacat", "buta", "tuli", "bisu", "gila", "janda", "cina", "pribumi", "kutu"),
    *("rokok", "tuak", "togel", "judi", "hina", "jelek", "gemuk", "botak", "miskin", "maling", "korupsi", "suap", "sogok"),
)


def test_there_are_2048_words_or_more_of_four_to_eight_letters() -> None:
    words = passphrase.words()

    assert len(words) >= 2048
    assert all(re.fullmatch(r"[a-z]{4,8}", it) for it in words)
    assert passphrase.entropy_bits() >= 44


def test_each_word_is_told_from_all_others_by_its_first_four_letters() -> None:
    words = passphrase.words()

    assert len({it[:4] for it in words}) == len(words)
    assert list(words) == sorted(words)


def test_no_word_offends_and_one_that_would_is_caught() -> None:
    words = set(passphrase.words())

    assert words & set(UNWANTED) == set()
    assert {"rokok"} & set(UNWANTED) == {"rokok"}


def test_what_is_offered_is_four_words_that_are_accepted_and_never_the_same() -> None:
    offers = {passphrase.offer(min_length=15) for _ in range(200)}

    assert len(offers) == 200
    assert all(passphrase.is_of_ours(it) for it in offers)
    for it in offers:
        check_password(it, min_length=15)
    assert not passphrase.is_of_ours("kata yang bukan kita punya")
