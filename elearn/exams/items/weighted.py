"""Weighted options 1…5, as in the situational part of the national computer-assisted test."""

from collections.abc import Collection

from elearn.exams.specs import ItemSpec


def mark(item: ItemSpec, chosen: Collection[str]) -> int:
    """The weight of the one chosen option; blank earns nothing."""
    if len(chosen) != 1:
        return 0
    return item.option(next(iter(chosen))).weight or 0
