"""Many at once: one attempt, one certificate, one set of evidence; nothing acknowledged is left out of the marking."""

import threading
from collections import Counter
from typing import Any

import pytest

from tests.faults.conftest import Starter
from tests.faults.product import API, Product, Reply, at_once

MANY = 50
ROUNDS = 12
STARTS = 6
SAVERS = 4
CROSSING = 6


def begin(product: Product, who: str) -> str:
    reply = product.insist("POST", f"{API}/exams/{product.crowd.world.exam_id}/attempts", who=who)
    assert reply.status in (200, 201), reply
    return str(reply.body["id"])


def enter(product: Product, who: str) -> None:
    """Let the token be noted as used: the first who write with it wait for one another in any case."""
    body = {"course": product.crowd.world.slug}
    assert product.insist("POST", f"{API}/enrollments", body, who=who).status == 200


def started_at_once(product: Product) -> list[str]:
    """Start many times at once, for several people: two that start within the same millisecond are rare."""
    path = f"{API}/exams/{product.crowd.world.exam_id}/attempts"
    starters = product.crowd.racers[-STARTS:]
    problems = []
    for who in starters:
        enter(product, who)
        replies: list[Reply] = at_once(MANY, lambda _number, who=who: product.insist("POST", path, who=who))
        statuses = Counter(it.status for it in replies)
        if statuses != {201: 1, 200: MANY - 1}:
            problems.append(f"statuses {statuses}")
        if len({(it.body.get("id"), it.body.get("lease")) for it in replies}) != 1:
            problems.append("different attempts")
    if (count := len(product.rows("SELECT id FROM attempts"))) != len(starters):
        problems.append(f"{count} attempts of {len(starters)} people")
    return problems


def test_fifty_parallel_starts_give_one_attempt(start: Starter) -> None:
    assert started_at_once(start()) == []


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_starts_that_nothing_keeps_apart_are_caught(start: Starter) -> None:
    """Negative control; on SQLite a writing transaction locks everything by itself, so there is nothing to break."""
    assert started_at_once(start(broken="start")) != []


def all_right(product: Product, who: str, attempt: str) -> None:
    """In this course the right option is the one whose text says that it is a."""
    paper = product.insist("GET", f"{API}/attempts/{attempt}", who=who).body["paper"]
    for item in paper:
        value = [it["key"] for it in item["options"] if it["text"].startswith("Jawaban a ")]
        body = {"seq": item["seq"] + 1, "value": value}
        assert product.insist("PUT", f"{API}/attempts/{attempt}/answers/{item['slot']}", body, who=who).status == 200


def submitted_at_once(product: Product, who: str) -> list[str]:
    """Hand one attempt in many times at once; everything that is not as it must be."""
    attempt = begin(product, who)
    all_right(product, who, attempt)
    path = f"{API}/attempts/{attempt}/submission"
    replies: list[Reply] = at_once(MANY, lambda _number: product.ask("POST", path, who=who))
    problems = []
    if Counter(it.status for it in replies) != {201: 1, 200: MANY - 1}:
        problems.append(f"statuses {Counter(it.status for it in replies)}")
    if len({str(it.body) for it in replies}) != 1:
        problems.append("different answers")
    for table, wanted in (
        ("certificates", 1),
        ("evidence", 2),
        ("development_activities", 1),
        ("audit_entries WHERE act = 'attempt.submit'", 1),
        ("jobs WHERE kind = 'certs.render_pdf'", 1),
    ):
        count = product.rows(f"SELECT count(*) AS n FROM {table}")[0].n
        if count != wanted:
            problems.append(f"{table}: {count}")
    if [row.sequence for row in product.rows("SELECT sequence FROM certificates ORDER BY sequence")] != [1]:
        problems.append("numbers")
    return problems


def test_fifty_parallel_submissions_give_one_certificate(start: Starter) -> None:
    assert submitted_at_once(start(), "racer2") == []


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_submissions_that_do_not_lock_are_caught(start: Starter) -> None:
    """Negative control; on SQLite a writing transaction locks everything by itself, so there is nothing to break."""
    assert submitted_at_once(start(broken="submit"), "racer2") != []


def crossed(product: Product, who: str) -> list[str]:
    """Save many numbers to one place at once, each twice over; every way in which an answer was not the truth."""
    attempt = begin(product, who)
    path = f"{API}/attempts/{attempt}/answers/1"
    order = [number // 2 + 1 for number in range(CROSSING * 2)]

    def act(number: int) -> tuple[int, list[str], Reply]:
        seq = order[(number * 7) % len(order)]
        value = ["ABCD"[seq % 4]]
        return seq, value, product.insist("PUT", path, {"seq": seq, "value": value}, who=who)

    told = at_once(len(order), act)
    stored = next(it for it in product.insist("GET", f"{API}/attempts/{attempt}", who=who).body["paper"] if it["slot"] == 1)
    acknowledged = [(seq, value) for seq, value, reply in told if reply.status == 200]
    problems = [f"seq {seq}: {reply.status} {reply.body}" for seq, _value, reply in told if not settled(reply)]
    if (stored["seq"], stored["answer"]) != max(acknowledged):
        problems.append(f"acknowledged {max(acknowledged)}, stored {stored['seq']} {stored['answer']}")
    for seq, _value in acknowledged:
        receipts = {reply.body["receipt"] for number, _v, reply in told if number == seq and reply.status == 200}
        if len(receipts) != 1:
            problems.append(f"seq {seq} has {len(receipts)} receipts")
    return problems


def settled(reply: Reply) -> bool:
    """Stored, or told what is current."""
    return reply.status == 200 or (reply.status == 409 and reply.body["code"] == "stale_seq" and "seq" in reply.body)


@pytest.mark.slow
def test_saves_that_cross_at_one_place_leave_the_highest_acknowledged(start: Starter) -> None:
    product = start()

    assert [problem for number in range(ROUNDS) for problem in crossed(product, f"racer{number}")] == []


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_a_save_that_locks_the_attempt_alone_is_caught(start: Starter) -> None:
    """Negative control: PostgreSQL then decides by the place as it was before the wait."""
    product = start(broken="place")

    assert [problem for number in range(ROUNDS) for problem in crossed(product, f"racer{number}")] != []


def save_until_refused(product: Product, attempt: str, slot: int, who: str) -> list[tuple[int, list[str]]]:
    """Save again and again to one place; what was acknowledged as counting."""
    told = []
    for seq in range(1, 200):
        value = ["ABCD"[seq % 4]]
        reply = product.ask("PUT", f"{API}/attempts/{attempt}/answers/{slot}", {"seq": seq, "value": value}, who=who)
        if reply.status == 200 and not reply.body["late"]:
            told.append((seq, value))
        elif reply.status == 409:
            break
    return told


def raced(product: Product, who: str) -> list[str]:
    """Save to some places while the attempt is handed in; everything acknowledged that the marking left out."""
    attempt = begin(product, who)
    told: dict[int, list[tuple[int, list[str]]]] = {}
    started = threading.Event()

    def save(slot: int) -> None:
        started.set()
        told[slot] = save_until_refused(product, attempt, slot, who)

    def act(number: int) -> Any:
        if number:
            return save(number)
        started.wait(5)
        threading.Event().wait(0.08)
        return product.insist("POST", f"{API}/attempts/{attempt}/submission", who=who)

    result = at_once(SAVERS + 1, act)[0]
    assert result.status == 201, result
    paper = {it["slot"]: it for it in product.insist("GET", f"{API}/attempts/{attempt}", who=who).body["paper"]}
    problems = []
    for slot, events in told.items():
        if events and (paper[slot]["seq"], paper[slot]["answer"]) != events[-1]:
            problems.append(f"place {slot}: acknowledged {events[-1]}, stored {paper[slot]['seq']}")
    right = sum(
        any(it["key"] in item["answer"] and it["text"].startswith("Jawaban a ") for it in item["options"])
        for item in paper.values()
    )
    if result.body["score_bp"] != right * 10_000 // len(paper):
        problems.append(f"marked {result.body['score_bp']}, stored {right} right of {len(paper)}")
    return problems


@pytest.mark.slow
def test_nothing_acknowledged_is_left_out_of_the_marking(start: Starter) -> None:
    product = start()

    found = [problem for number in range(ROUNDS) for problem in raced(product, f"racer{number + 3}")]

    assert found == []


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_saves_that_do_not_lock_are_caught(start: Starter) -> None:
    """Negative control, on PostgreSQL: an unlocked save is acknowledged after the marking."""
    product = start(broken="save")

    found = [problem for number in range(ROUNDS) for problem in raced(product, f"racer{number + 3}")]

    assert found != []
