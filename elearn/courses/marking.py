"""A check as shown to one learner, and a try of it as marked and explained; stores nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from elearn.courses import rules
from elearn.courses.facts.content import CheckContent, ItemContent, ItemType
from elearn.courses.shown import CheckResult, ItemFeedback, OptionFeedback, ShownItem, ShownOption
from elearn.kernel.errors import Invalid
from elearn.kernel.markdown import render_inline, render_markdown


@dataclass(frozen=True, slots=True)
class Slot:
    """One place of a check: its item, and the option id behind each key shown to this learner."""

    number: int
    item: ItemContent
    keys: Mapping[str, str]

    def keys_of(self, option_ids: Iterable[str]) -> tuple[str, ...]:
        """The keys that stand for these options."""
        wanted = set(option_ids)
        return tuple(key for key, option_id in self.keys.items() if option_id in wanted)


def slots_of(check: CheckContent, enrollment_id: UUID) -> tuple[Slot, ...]:
    """The places of a check, with options shuffled once for an enrolment."""
    slots = []
    for number, item in enumerate(check.items, start=1):
        order = rules.shown_order(f"{enrollment_id}/{item.id}", [it.id for it in item.options])
        slots.append(Slot(number, item, dict(zip(rules.KEYS, order, strict=False))))
    return tuple(slots)


def shown(slots: Iterable[Slot]) -> tuple[ShownItem, ...]:
    """What the learner sees before a try: no key, weight or rationale."""
    return tuple(
        ShownItem(
            slot=slot.number,
            type=slot.item.type,
            stem=render_markdown(slot.item.stem),
            options=tuple(
                ShownOption(key, render_inline(slot.item.option(option_id).text)) for key, option_id in slot.keys.items()
            ),
        )
        for slot in slots
    )


def read_answers(slots: Iterable[Slot], given: Mapping[str, object]) -> dict[str, list[str]]:
    """The chosen option ids by item id, blank where nothing is given; raises Invalid for what the check lacks."""
    by_number = {str(slot.number): slot for slot in slots}
    for number in given:
        if number not in by_number:
            raise Invalid("unknown_slot", field=f"answers.{number}")
    return {
        slot.item.id: [
            slot.keys[key]
            for key in rules.read_choice(given.get(number, ()), len(slot.keys), slot.item.type, field=f"answers.{number}")
        ]
        for number, slot in by_number.items()
    }


def score(check: CheckContent, answers: Mapping[str, Iterable[str]]) -> int:
    """The score of a try in basis points."""
    return rules.check_score([_points(item, answers.get(item.id, ())) for item in check.items])


def explained(
    check: CheckContent,
    slots: Iterable[Slot],
    answers: Mapping[str, list[str]],
    *,
    number: int,
    score_bp: int,
) -> CheckResult:
    """A try with feedback: the chosen options explained, and all options of every item once it is passed."""
    passed = score_bp >= check.pass_bp
    items = tuple(_feedback(slot, answers.get(slot.item.id, []), everything=passed) for slot in slots)
    return CheckResult(number, score_bp, check.pass_bp, passed, items)


def _feedback(slot: Slot, chosen: list[str], *, everything: bool) -> ItemFeedback:
    item = slot.item
    best = [it.id for it in item.options if it.correct or it.weight == rules.FULL_POINTS]
    explained_ids = [option_id for option_id in slot.keys.values() if everything or option_id in chosen]
    points = _points(item, chosen)
    return ItemFeedback(
        slot=slot.number,
        correct=points == rules.FULL_POINTS,
        points=points if item.type is ItemType.WEIGHTED else None,
        chosen=slot.keys_of(chosen),
        correct_keys=slot.keys_of(best) if everything else (),
        options=tuple(_option(slot, option_id) for option_id in explained_ids),
    )


def _option(slot: Slot, option_id: str) -> OptionFeedback:
    option = slot.item.option(option_id)
    key = slot.keys_of([option_id])[0]
    return OptionFeedback(key, render_inline(option.text), render_inline(option.rationale))


def _points(item: ItemContent, chosen: Iterable[str]) -> int:
    correct = [it.id for it in item.options if it.correct]
    weights = {it.id: it.weight for it in item.options if it.weight is not None}
    return rules.points(item.type, list(chosen), correct, weights)
