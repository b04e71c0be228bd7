"""Typed builders of items, exam specifications and answered papers; a test states only what it is about."""

from collections.abc import Iterable
from typing import Any

from elearn.exams.rules import Answered
from elearn.exams.specs import BlueprintRow, CompetencyRule, ExamSpec, ItemSpec, ItemType, OptionSpec

PLP, KOM = "MAN-PLP", "MAN-KOM"


def make_item(
    name: str = "butir",
    kind: ItemType = ItemType.SINGLE,
    *,
    right: str = "a",
    weights: tuple[int | None, ...] | None = None,
    **rest: Any,
) -> ItemSpec:
    """An item of four options; `right` names the ids that are the key (weights fall from 5 for weighted ones)."""
    falling = (5, 4, 3, 2) if kind is ItemType.WEIGHTED else (None,) * 4
    options = tuple(
        OptionSpec(
            id=each,
            text=f"{each} untuk {name}",
            correct=each in right,
            weight=weight,
            rationale="karena",
        )
        for each, weight in zip("abcd", weights or falling, strict=True)
    )
    values: dict[str, Any] = {
        "competency": PLP,
        "topic": "standar",
        "level": 2,
        "difficulty": "medium",
        "stem": f"Pertanyaan {name}?",
    }
    return ItemSpec(id=name, type=kind, options=options, **values | rest)


def make_bank(plp: int = 24, kom: int = 6) -> list[ItemSpec]:
    """Items of two competencies; the key goes round the options."""
    rows = [("plp", PLP, "standar", plp), ("kom", KOM, "komunikasi", kom)]
    return [
        make_item(f"{short}-{at}", right="abcd"[at % 4], competency=competency, topic=topic)
        for short, competency, topic, count in rows
        for at in range(count)
    ]


def make_spec(*, plp: int = 8, kom: int = 2, **rest: Any) -> ExamSpec:
    """An exam of ten items over two competencies, 70 % in all and in each."""
    values: dict[str, Any] = {
        "title": "Ujian",
        "minutes": 20,
        "pass_bp": 7000,
        "competencies": (CompetencyRule(PLP, 2, 7000, 5), CompetencyRule(KOM, 2, 7000, 2)),
        "blueprint": (BlueprintRow("standar", PLP, 2, plp), BlueprintRow("komunikasi", KOM, 2, kom)),
    }
    return ExamSpec(**values | rest)


def answered(item: ItemSpec, chosen: Iterable[str] = ()) -> Answered:
    """An item with what was chosen."""
    return Answered(item, frozenset(chosen))


def paper(right: int, wrong: int, competency: str = PLP) -> list[Answered]:
    """So many right and wrong answers in one competency."""
    return [answered(make_item(f"r{at}", competency=competency), "a") for at in range(right)] + [
        answered(make_item(f"w{at}", competency=competency), "b") for at in range(wrong)
    ]
