"""The answer canary: what tells a right answer reaches no learner before, during or after an exam."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from elearn.exams import queries
from elearn.exams.facts import Sitting
from tests.authorisation import table
from tests.factories.site import Site
from tests.factories.world import CANARY

EXAM = re.compile(rf"{CANARY} Alasan \w untuk (plp|kom)-")
CHECK = re.compile(rf"{CANARY} Alasan \w untuk c-")
TELLING = ("correct", "rationale", "weight", "difficulty", "item_id", "option_ids", "seed")
LINES = [line for line in table() if line.is_safe and line.face in ("learner", "api", "public", "door")]


def texts(site: Site, who: str, things: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Every page and document that somebody can get, with its headers; and the static scripts."""
    for line in LINES:
        for lesson in ("m1-l1", "m1-l2") if "lesson_id" in line.rule else ("",):
            path = site.seed.path(line.rule, **things, **({"lesson_id": lesson} if lesson else {}))
            for accept in ("text/html", "application/json"):
                answer = site.send(who, "GET", path, headers={"Accept": accept})
                yield f"{path} {answer.status_code}", answer.data.decode(errors="replace") + str(answer.headers)


def leaks(site: Site, who: str, things: dict[str, str], *patterns: re.Pattern[str]) -> list[str]:
    return [path for path, text in texts(site, who, things) if any(pattern.search(text) for pattern in patterns)]


def enrolment_of(site: Site, who: str) -> str:
    answer = site.send(who, "GET", "/api/v1/enrollments")
    assert answer.json is not None
    return str(answer.json["items"][0]["id"])


def things_of(site: Site, who: str, attempt: str | None = None) -> dict[str, str]:
    found = {"enrollment_id": enrolment_of(site, who)}
    return found | ({"attempt_id": attempt} if attempt else {})


def test_before_the_exam_nothing_tells_a_key(site: Site) -> None:
    """`officer` has enrolled and done nothing: not even the checks have told anything."""
    assert leaks(site, "officer", things_of(site, "officer"), EXAM, CHECK) == []


def test_during_the_exam_nothing_tells_a_key_of_it(site: Site) -> None:
    things = things_of(site, "other", site.seed.things["attempt_id"])

    assert leaks(site, "other", things, EXAM) == []
    paths = {path.rsplit(" ", 1)[0]: path for path, _text in texts(site, "other", things)}
    assert paths[f"/api/v1/attempts/{things['attempt_id']}"].endswith(" 200"), "the paper itself was looked at"


def test_after_the_exam_nothing_tells_a_key_of_it(site: Site) -> None:
    assert leaks(site, "learner", things_of(site, "learner", site.seed.things["passed_attempt"]), EXAM) == []


def test_a_check_explains_itself_only_after_it_was_tried(site: Site) -> None:
    """Positive control of the crawl: where feedback is allowed it is found."""
    assert leaks(site, "learner", things_of(site, "learner"), CHECK) != []


def test_starting_saving_taking_over_and_handing_in_tell_no_key(site: Site) -> None:
    attempt = site.seed.things["attempt_id"]
    base = f"/api/v1/attempts/{attempt}"
    answers = [
        site.send("signer", "POST", f"/api/v1/exams/{site.world.exam_id}/attempts"),
        site.send("other", "PUT", f"{base}/answers/1", json={"seq": 1, "value": ["A"]}),
        site.send("other", "PUT", f"{base}/answers/1", json={"seq": 1, "value": ["B"]}),
        site.send("other", "PUT", f"{base}/answers/1", json={"seq": 2, "value": ["Z"]}),
        site.send("other", "POST", f"{base}/lease"),
        site.send("other", "POST", f"{base}/submission"),
    ]

    assert [it.status_code for it in answers] == [201, 200, 409, 422, 200, 201]
    assert [it for it in answers if EXAM.search(it.get_data(as_text=True))] == []


def keys_within(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from keys_within(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from keys_within(inner)


def test_a_paper_has_no_field_that_could_tell(site: Site) -> None:
    answer = site.send("other", "GET", site.seed.path("/api/v1/attempts/<attempt_id>"))
    assert answer.json is not None

    assert {name for item in answer.json["paper"] for name in item} == {
        "slot",
        "type",
        "stem",
        "options",
        "answer",
        "seq",
        "in_doubt",
    }
    assert {name for item in answer.json["paper"] for option in item["options"] for name in option} == {"key", "text"}
    assert [name for name in keys_within(answer.json) if name in TELLING] == []


@pytest.mark.parametrize("tail", ["", "/paper", "/state"])
def test_the_room_carries_no_attribute_that_could_tell(site: Site, tail: str) -> None:
    text = site.send("other", "GET", site.seed.path("/learn/exams/attempts/<attempt_id>") + tail).get_data(as_text=True)

    assert ("Jawaban a" in text) is (tail == "/paper")
    assert EXAM.search(text) is None
    assert re.findall(r"data-(correct|right|key|weight|rationale|points)", text) == []
    assert re.findall(r"\b(plp|kom)-\d+-(a|b|c|d)\b", text) == []


def test_right_and_wrong_answers_are_acknowledged_alike(site: Site) -> None:
    path = site.seed.path("/api/v1/attempts/<attempt_id>/answers/1")
    answers = [site.send("other", "PUT", path, json={"seq": at, "value": [key]}) for at, key in enumerate("ABCD", 1)]

    assert {it.status_code for it in answers} == {200}
    assert len({len(it.data) for it in answers}) == 1


def leaking(original: Callable[..., Sitting]) -> Callable[..., Sitting]:
    """A paper whose stems carry an explanation."""

    def sitting(*args: Any, **rest: Any) -> Sitting:
        found = original(*args, **rest)
        paper = tuple(replace(it, stem=f"{it.stem}<!-- {CANARY} Alasan a untuk plp-1 -->") for it in found.paper)
        return replace(found, paper=paper)

    return sitting


def test_a_paper_that_leaks_is_caught(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control."""
    monkeypatch.setattr(queries, "sitting", leaking(queries.sitting))
    things = things_of(site, "other", site.seed.things["attempt_id"])

    found = leaks(site, "other", things, EXAM)

    assert any(path.startswith("/api/v1/attempts/") for path in found)
    assert any(path.startswith("/learn/exams/attempts/") for path in found)
