"""Single choice: the one correct option earns everything, anything else nothing."""

from collections.abc import Collection

from elearn.exams.items.points import FULL_POINTS
from elearn.exams.specs import ItemSpec


def mark(item: ItemSpec, chosen: Collection[str]) -> int:
    """Points for the chosen option ids; blank earns nothing, whatever the key."""
    correct = {option.id for option in item.options if option.correct}
    return FULL_POINTS if chosen and set(chosen) == correct else 0


def key_is_possible(item: ItemSpec) -> bool:
    """Whether exactly one option is correct."""
    return [option.correct for option in item.options].count(True) == 1
