"""Work in a process apart: whatever happens there, the asker gets an answer or NoAnswer, and the next one is served."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from elearn.kernel.apart import Apart, NoAnswer


@pytest.fixture
def apart() -> Iterator[Apart]:
    made = Apart("tests.pdf.odd_child", slots=2, patience=10.0)
    yield made
    made.close()


def test_an_order_is_answered(apart: Apart) -> None:
    assert apart.ask(b"hello", "1") == b"hello"


@pytest.mark.parametrize("order", [b"crash", b"hang", b"swell"])
def test_after_a_death_the_next_order_is_answered(apart: Apart, order: bytes) -> None:
    with pytest.raises(NoAnswer):
        apart.ask(order, "1")

    assert apart.ask(b"next", "1") == b"next"


def test_a_refusal_carries_its_reason(apart: Apart) -> None:
    with pytest.raises(NoAnswer, match="not this"):
        apart.ask(b"refuse", "1")


def test_what_a_library_prints_is_no_answer(apart: Apart) -> None:
    assert apart.ask(b"print", "1") == b"print"


def test_a_large_order_passes_whole(apart: Apart) -> None:
    order = bytes(range(256)) * 20_000

    assert apart.ask(order, "1") == order


def test_secrets_of_the_environment_stay_outside(apart: Apart, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "hidden")

    assert apart.ask(b"secret", "1") == b""


def test_threads_share_it(apart: Apart) -> None:
    orders = [f"order {number}".encode() for number in range(30)]

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda order: apart.ask(order, "1"), orders)) == orders


def test_a_server_that_was_killed_is_replaced(apart: Apart) -> None:
    apart.ask(b"first", "1")
    apart._idle[0]._process.kill()

    assert apart.ask(b"second", "1") == b"second"


def test_a_warm_server_is_started_once_answers_first_and_leaves_at_once_where_nobody_asked(apart: Apart) -> None:
    apart.warm("1")
    apart.warm("1")
    (server,) = apart._idle
    assert apart.ask(b"hello", "1") == b"hello"
    assert apart._idle == [server]
    begun = time.monotonic()
    apart.warm("another")
    apart.close()

    assert time.monotonic() - begun < 2
