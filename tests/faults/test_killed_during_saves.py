"""SIGKILL of web and job workers at random while answers are saved: what was acknowledged is what is stored."""

import random
import threading
import time
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.factories.world import KOM_ITEMS, PLP_ITEMS
from tests.faults.conftest import Starter
from tests.faults.product import API, Product

SAVES = 500
CLIENTS = 5
KILLS = 6
SLOTS = PLP_ITEMS + KOM_ITEMS


@dataclass(slots=True)
class Journal:
    """What one client was told, in its own words: place → (seq, value) of the newest acknowledgement."""

    acknowledged: dict[int, tuple[int, list[str]]] = field(default_factory=dict)
    told: list[tuple[int, int, list[str]]] = field(default_factory=list)
    refused: list[Any] = field(default_factory=list)


def save_all(product: Product, attempt: str, slots: list[int], count: int, journal: Journal, pause: float) -> None:
    """Save rising numbers in turn to one's own places; each is sent until it is answered."""
    chance = random.Random(slots[0])
    for at in range(count):
        slot, seq = slots[at % len(slots)], at // len(slots) + 1
        value = ["ABCD"[(seq + slot) % 4]]
        body = {"seq": seq, "value": value}
        time.sleep(chance.uniform(0, 2 * pause))
        reply = product.insist("PUT", f"{API}/attempts/{attempt}/answers/{slot}", body, who="racer0")
        if reply.status == 200:
            journal.acknowledged[slot] = (seq, value)
            journal.told.append((slot, seq, value))
        else:
            journal.refused.append((slot, seq, reply))


def lost(product: Product, attempt: str, journals: list[Journal]) -> list[str]:
    """Everything acknowledged that is not stored; empty where the promise holds."""
    paper = product.insist("GET", f"{API}/attempts/{attempt}", who="racer0").body["paper"]
    stored = {item["slot"]: (item["seq"], item["answer"]) for item in paper}
    found = [
        f"place {slot}: acknowledged {promised}, stored {stored[slot]}"
        for journal in journals
        for slot, promised in journal.acknowledged.items()
        if stored[slot] != promised
    ]
    events = product.rows("SELECT slot, seq FROM answers")
    known = {(row.slot, row.seq) for row in events}
    found += [f"event {it[:2]} is missing" for journal in journals for it in journal.told if it[:2] not in known]
    if len(known) != len(events):
        found.append("an event is there twice")
    return found


def race(product: Product, *, killing: bool) -> tuple[str, list[Journal], int]:
    """Save with several clients while processes die; gives the attempt, the journals and the number of kills."""
    exam = product.crowd.world.exam_id
    attempt = product.insist("POST", f"{API}/exams/{exam}/attempts", who="racer0").body["id"]
    journals = [Journal() for _ in range(CLIENTS)]
    places = [list(range(1, SLOTS + 1))[number::CLIENTS] for number in range(CLIENTS)]
    saves = SAVES if killing else SAVES // 5
    pause = 0.04 if killing else 0.0
    clients = [
        threading.Thread(target=save_all, args=(product, attempt, places[at], saves // CLIENTS, journals[at], pause))
        for at in range(CLIENTS)
    ]
    for client in clients:
        client.start()
    kills, chance = 0, random.Random(7)
    while killing and kills < KILLS and any(client.is_alive() for client in clients):
        time.sleep(chance.uniform(0.0, 0.5))
        for _ in range(chance.choice((1, 1, 1, 2))):
            kills += product.kill_a_web_worker(chance.choice)
        if chance.random() < 0.2:
            product.replace_worker()
        product.insist("GET", "/healthz")
    for client in clients:
        client.join(timeout=60)
    return attempt, journals, kills


@pytest.mark.slow
def test_every_acknowledged_answer_is_the_stored_one(start: Starter) -> None:
    product = start(worker=True)

    attempt, journals, kills = race(product, killing=True)

    assert sum(len(journal.told) for journal in journals) == SAVES
    assert [journal.refused for journal in journals if journal.refused] == []
    assert kills >= 3
    assert lost(product, attempt, journals) == []


@pytest.mark.slow
def test_a_server_that_acknowledges_what_it_does_not_store_is_caught(start: Starter) -> None:
    """Negative control: the same check on a product whose every fifth save is never committed."""
    product = start(broken="acknowledge")

    attempt, journals, _kills = race(product, killing=False)

    assert lost(product, attempt, journals) != []
