"""A paper is drawn by blueprint, seeded and reproducible, and its order tells nothing of the key."""

from collections import Counter

import pytest

from elearn.exams import paper
from elearn.exams.specs import PaperSlot
from elearn.kernel.errors import Invalid
from tests.factories.exams import KOM, PLP, make_bank, make_spec

BANK = make_bank()
SPEC = make_spec()
ITEMS = {item.id: item for item in BANK}


def draw(seed: str) -> tuple[PaperSlot, ...]:
    return paper.draw(SPEC, BANK, seed)


def test_the_blueprint_is_met() -> None:
    drawn = draw("satu")

    assert Counter(ITEMS[it.item_id].competency for it in drawn) == {PLP: 8, KOM: 2}
    assert len({it.item_id for it in drawn}) == 10
    assert [it.slot for it in drawn] == list(range(1, 11))


def test_the_same_seed_draws_the_same_paper_whatever_the_order_of_the_bank() -> None:
    assert draw("satu") == paper.draw(SPEC, reversed(BANK), "satu")


def test_the_draw_is_the_same_in_every_release() -> None:
    """A paper that was drawn must be drawn alike when it is marked again in years to come."""
    first = [(it.item_id, "".join(it.option_ids)) for it in draw("benih")[:3]]

    assert first == [("kom-5", "abcd"), ("plp-8", "dcba"), ("plp-17", "cbda")]


def test_other_seeds_draw_other_papers() -> None:
    papers = {tuple(it.item_id for it in draw(str(seed))) for seed in range(200)}

    assert len(papers) == 200


def test_every_item_is_drawn_about_as_often() -> None:
    seen = Counter(it.item_id for seed in range(600) for it in draw(str(seed)) if it.item_id.startswith("plp"))

    assert len(seen) == 24
    assert all(140 <= count <= 260 for count in seen.values()), seen


def test_options_keep_their_places_for_themselves() -> None:
    """Where the key stands is uniform (chi-squared, three degrees of freedom, p > 0.001)."""
    places = [0, 0, 0, 0]
    for seed in range(500):
        for it in draw(str(seed)):
            key = next(option.id for option in ITEMS[it.item_id].options if option.correct)
            places[it.option_ids.index(key)] += 1
    mean = sum(places) / 4

    assert sum((count - mean) ** 2 / mean for count in places) < 16.27, places


def test_an_order_that_tells_the_key_is_caught() -> None:
    """Negative control: unshuffled options fail the same measure."""
    places = [0, 0, 0, 0]
    for _ in range(500):
        places["abcd".index("a")] += 1
    mean = sum(places) / 4

    assert sum((count - mean) ** 2 / mean for count in places) > 16.27


def test_a_bank_that_is_too_small_is_refused() -> None:
    with pytest.raises(Invalid, match="bank_too_small"):
        paper.draw(SPEC, make_bank(plp=7), "satu")
