"""Weighted options 1…5, as in the situational part of the national computer-assisted test."""

from collections.abc import Collection

from elearn.exams.items.points import FULL_POINTS
from elearn.exams.specs import ItemSpec


def mark(item: ItemSpec, chosen: Collection[str]) -> int:
    """The weight of the one chosen option; blank earns nothing."""
    if len(chosen) != 1:
        return 0
    return item.option(next(iter(chosen))).weight or 0


def key_is_possible(item: ItemSpec) -> bool:
    """Whether every option weighs 1…5 and the best one earns everything."""
    weights = [option.weight or 0 for option in item.options]
    return all(1 <= weight <= FULL_POINTS for weight in weights) and FULL_POINTS in weights
