"""Earned hours, marking, shown order, reading and its proof."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.courses import rules
from elearn.courses.proof import opening_token, proved_opening
from elearn.kernel.errors import Invalid
from elearn.kernel.ids import new_id

NOON = datetime(2026, 11, 25, 5, 0, tzinfo=UTC)
LIMITS = {"minutes_per_hour": 45, "words_per_minute": 180, "tolerance_bp": 1500}


@pytest.mark.parametrize(
    ("words", "minutes", "earns"),
    [
        (0, 38, False),
        (45, 38, True),  # 38.25 minutes: the lower edge itself
        (44, 38, False),
        (0, 45, True),
        (135, 51, True),  # 51.75 minutes: the upper edge itself
        (136, 51, False),
    ],
)
def test_hours_are_earned_within_fifteen_percent(words: int, minutes: int, earns: bool) -> None:
    assert rules.earns_hours(words, minutes, 1, **LIMITS) is earns


def test_words_hold_a_letter_or_a_digit() -> None:
    assert rules.word_count("Satu – dua, 3 * kata-ganda | ...") == 4


def test_reading_time_is_rounded_up() -> None:
    assert rules.reading_seconds(1, 180) == 1
    assert rules.reading_seconds(180, 180) == 60


@pytest.mark.parametrize(
    ("kind", "chosen", "earned"),
    [
        ("single", ["a"], 5),
        ("single", ["b"], 0),
        ("single", [], 0),
        ("multiple", ["a", "c"], 5),
        ("multiple", ["a"], 0),
        ("multiple", ["a", "b", "c"], 0),
        ("multiple", [], 0),
        ("weighted", ["b"], 3),
        ("weighted", [], 0),
    ],
)
def test_a_choice_earns_all_or_nothing_or_its_weight(kind: str, chosen: list[str], earned: int) -> None:
    correct = {"single": ["a"], "multiple": ["a", "c"], "weighted": []}[kind]
    weights = {"a": 5, "b": 3} if kind == "weighted" else {}

    assert rules.points(kind, chosen, correct, weights) == earned


def test_the_score_of_a_check_is_rounded_down() -> None:
    assert rules.check_score([5, 5, 0]) == 6666


@given(st.text(max_size=20))
def test_the_same_seed_shows_the_same_order(seed: str) -> None:
    assert rules.shown_order(seed, "abcd") == rules.shown_order(seed, "dcba")


def test_the_key_is_shown_in_every_place_about_as_often() -> None:
    places = Counter(rules.shown_order(f"{new_id()}/c-1", "abcd").index("a") for _ in range(4000))

    chi_square = sum((places[at] - 1000) ** 2 / 1000 for at in range(4))
    assert chi_square < 21.1  # p = 0.0001 at three degrees of freedom


@pytest.mark.parametrize(
    ("value", "kind", "code"),
    [
        ("A", "single", "value_not_a_list_of_keys"),
        ([1], "single", "value_not_a_list_of_keys"),
        (["E"], "single", "unknown_key"),
        (["A", "A"], "multiple", "unknown_key"),
        (["A", "B"], "single", "only_one_key"),
        (["A", "B"], "weighted", "only_one_key"),
    ],
)
def test_a_choice_that_the_item_does_not_have_is_refused(value: object, kind: str, code: str) -> None:
    with pytest.raises(Invalid, match=code):
        rules.read_choice(value, 4, kind, field="answers.1")


def test_a_lesson_that_is_only_read_stays_open_for_a_quarter_of_its_reading_time() -> None:
    assert not rules.has_dwelt(NOON, NOON + timedelta(seconds=149), 600)
    assert rules.has_dwelt(NOON, NOON + timedelta(seconds=150), 600)


def test_a_text_has_an_end() -> None:
    assert rules.task_text("  a\x00\ud800  ") == "a"
    with pytest.raises(Invalid, match="task_too_long"):
        rules.task_text("a" * (rules.MAX_TASK_CHARACTERS + 1))


ENROLLMENT = UUID("0193f4b2-7c00-7000-8000-000000000001")


def opening_read(token: str, *, secret: str = "s", lesson: str = "m1-l1", now: datetime = NOON) -> datetime | None:
    return proved_opening(secret, token, ENROLLMENT, lesson, now=now)


def test_the_page_proves_when_it_was_opened() -> None:
    token = opening_token("s", ENROLLMENT, "m1-l1", now=NOON)

    assert opening_read(token, now=NOON + timedelta(hours=1)) == NOON


def test_a_proof_counts_for_its_own_lesson_and_secret_and_past_only() -> None:
    token = opening_token("s", ENROLLMENT, "m1-l1", now=NOON)

    assert opening_read(token, lesson="m1-l2") is None
    assert opening_read(token, secret="another") is None
    assert opening_read(token, now=NOON - timedelta(seconds=1)) is None
    assert opening_read(token[:-1]) is None
    assert opening_read("") is None
