"""What the clock, the sequence and policy say to a save and to a new attempt."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.exams import rules
from elearn.exams.rules import Door, PassStanding, PastAttempt, SittingPolicy, Stored
from elearn.exams.specs import ItemType
from elearn.kernel.errors import Conflict, Invalid

NOON = datetime(2026, 11, 25, 5, 0, tzinfo=UTC)
END = NOON + timedelta(minutes=20)
LATE_UNTIL = END + timedelta(minutes=5)
DAY = timedelta(days=1)


def door(now: datetime, *, submitted: bool = False, by_clock: bool = False) -> Door:
    return rules.door(
        closes_at=END,
        late_until=LATE_UNTIL,
        submitted_at=END if submitted else None,
        closed_by_clock=by_clock,
        now=now,
    )


@pytest.mark.parametrize(("seconds", "verdict"), [(-1, Door.IN_TIME), (0, Door.IN_TIME), (1, Door.LATE), (300, Door.LATE)])
def test_the_deadline_itself_is_in_time_and_five_minutes_are_late(seconds: int, verdict: Door) -> None:
    assert door(END + timedelta(seconds=seconds)) is verdict


def test_after_the_grace_the_door_is_closed() -> None:
    with pytest.raises(Conflict, match="attempt_closed"):
        door(LATE_UNTIL + timedelta(seconds=1))


def test_what_the_clock_closed_still_takes_late_answers_and_never_timely_ones() -> None:
    assert door(END + timedelta(minutes=3), submitted=True, by_clock=True) is Door.LATE
    assert door(NOON, submitted=True, by_clock=True) is Door.LATE


@pytest.mark.parametrize("now", [NOON, END, END + timedelta(minutes=1)])
def test_what_its_owner_handed_in_takes_nothing_more(now: datetime) -> None:
    with pytest.raises(Conflict, match="attempt_closed"):
        door(now, submitted=True)


def stored(seq: int, value: tuple[str, ...], late_seq: int = 0, late_value: tuple[str, ...] = ()) -> Stored:
    return Stored(seq, value, NOON if seq else None, late_seq, late_value, NOON if late_seq else None)


def test_a_higher_number_is_new_and_the_same_again_is_a_repeat() -> None:
    assert not rules.is_repeat(stored(3, ("A",)), 4, ("B",))
    assert rules.is_repeat(stored(3, ("A",)), 3, ("A",))
    assert rules.is_repeat(stored(3, ("A",), 5, ("C",)), 5, ("C",))


@pytest.mark.parametrize(("seq", "value"), [(2, ("A",)), (3, ("B",)), (1, ("C",)), (4, ("C",))])
def test_what_is_overtaken_is_refused_with_what_is_current(seq: int, value: tuple[str, ...]) -> None:
    with pytest.raises(Conflict, match="stale_seq") as refused:
        rules.is_repeat(stored(3, ("A",), 5, ("C",)), seq, value)

    assert refused.value.details == {"seq": 5, "value": ["C"], "in_doubt": False}


@given(st.lists(st.tuples(st.integers(1, 6), st.sampled_from("ABCD")), max_size=30))
def test_in_any_order_the_highest_number_wins_and_nothing_acknowledged_is_another_value(
    sent: list[tuple[int, str]],
) -> None:
    """A model of the store: replies are 'stored', 'again' or 'refused'."""
    now = stored(0, ())
    for seq, key in sent:
        try:
            repeat = rules.is_repeat(now, seq, (key,))
        except Conflict:
            assert seq < now.seq or (seq == now.seq and now.value != (key,))
            continue
        if not repeat:
            assert seq > now.seq
            now = stored(seq, (key,))
        assert (now.seq, now.value) == (seq, (key,))


@pytest.mark.parametrize("value", [["E"], ["a"], "A", None, 1, [1], ["A", "A"], [""], [["A"]], {"A": 1}])
def test_only_keys_of_the_place_are_read(value: Any) -> None:
    with pytest.raises(Invalid):
        rules.read_choice(value, 4, ItemType.MULTIPLE)


def test_a_choice_is_kept_in_order_and_only_multiple_takes_several() -> None:
    assert rules.read_choice(["C", "A"], 4, ItemType.MULTIPLE) == ("A", "C")
    assert rules.read_choice([], 4, ItemType.SINGLE) == ()
    for kind in (ItemType.SINGLE, ItemType.WEIGHTED):
        with pytest.raises(Invalid, match="only_one_key"):
            rules.read_choice(["A", "B"], 4, kind)


def past(days: int, *, passed: bool = False, is_open: bool = False) -> PastAttempt:
    moment = NOON + days * DAY
    return PastAttempt(None if is_open else moment, moment, passed)


POLICY = SittingPolicy(attempts=3, cooldown=DAY, remedial_attempts=2, remedial_after=14 * DAY)


def allowed(*attempts: PastAttempt, now: datetime = NOON) -> tuple[str, ...]:
    return rules.allowance(attempts, POLICY, now=now).reasons


def test_policy_allows_three_attempts_a_day_apart() -> None:
    assert allowed() == ()
    assert allowed(past(0)) == ("cooling_down",)
    assert allowed(past(-1)) == ()
    assert allowed(past(-9), past(-8)) == ()
    assert allowed(past(-9), past(-8), past(-7)) == ("remedial_later",)


def test_a_pass_ends_it_and_an_open_attempt_comes_first() -> None:
    assert allowed(past(-9, passed=True)) == ("already_passed",)
    assert allowed(past(-9), past(0, is_open=True)) == ("attempt_open",)


def test_the_cool_down_says_when_it_ends() -> None:
    assert rules.allowance([past(0)], POLICY, now=NOON).next_at == NOON + DAY


def test_a_remedial_round_opens_some_days_after_the_last_attempt_and_once() -> None:
    three = [past(-22), past(-21), past(-20)]
    before = rules.allowance(three, POLICY, now=NOON - 7 * DAY)
    assert (before.reasons, before.next_at) == (("remedial_later",), NOON - 6 * DAY)

    opened = rules.allowance(three, POLICY, now=NOON - 6 * DAY)
    assert (opened.reasons, opened.used, opened.maximum, opened.is_remedial) == ((), 3, 5, True)
    assert allowed(*three, past(0)) == ("cooling_down",)
    assert allowed(*three, past(-5)) == ()
    assert allowed(*three, past(-5), past(-4)) == ("attempts_exhausted",)
    assert rules.allowance(three, replace(POLICY, remedial_attempts=0), now=NOON).reasons == ("attempts_exhausted",)


def test_only_a_pass_that_counts_blocks_until_it_may_be_renewed() -> None:
    passed = [past(-99), past(-90, passed=True)]

    def say(attempts: list[PastAttempt], standing: PassStanding) -> tuple[Any, ...]:
        found = rules.allowance(attempts, POLICY, standing=standing, now=NOON)
        return found.reasons, found.next_at, found.used, found.maximum

    assert say(passed, PassStanding(True)) == (("already_passed",), None, 2, 3)
    assert say(passed, PassStanding(True, NOON + DAY)) == (("already_passed",), NOON + DAY, 2, 3)
    assert say(passed, PassStanding(True, NOON)) == ((), None, 0, 3)
    assert say(passed, PassStanding(False)) == ((), None, 0, 3)
    assert say([*passed, past(0)], PassStanding(False)) == (("cooling_down",), NOON + DAY, 1, 3)
    assert say([*passed, past(0, passed=True)], PassStanding(True)) == (("already_passed",), None, 1, 3)
