"""Multiple choice: all or nothing."""

from collections.abc import Collection

from elearn.exams.items.points import FULL_POINTS
from elearn.exams.specs import ItemSpec


def mark(item: ItemSpec, chosen: Collection[str]) -> int:
    """Points for the chosen option ids: all of the correct ones and none of the others."""
    correct = {option.id for option in item.options if option.correct}
    return FULL_POINTS if chosen and set(chosen) == correct else 0


def key_is_possible(item: ItemSpec) -> bool:
    """Whether at least one option is correct and at least one is wrong."""
    return {option.correct for option in item.options} == {True, False}
