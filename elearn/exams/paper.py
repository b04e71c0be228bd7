"""Draws a paper from the bank by blueprint; pure and seeded, so that the same seed draws the same paper."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from elearn.exams.specs import ExamSpec, ItemSpec, PaperSlot
from elearn.kernel.errors import Invalid

T = TypeVar("T")


def draw(spec: ExamSpec, bank: Iterable[ItemSpec], seed: str) -> tuple[PaperSlot, ...]:
    """So many items per topic, competency and level; items and options in an order that the seed decides.

    Raises Invalid where the bank is too small for a row.
    """
    items = list(bank)
    chosen: list[ItemSpec] = []
    for row in spec.blueprint:
        fitting = [
            item for item in items if (item.topic, item.competency, item.level) == (row.topic, row.competency, row.level)
        ]
        if len(fitting) < row.count:
            raise Invalid("bank_too_small", topic=row.topic, competency=row.competency, have=len(fitting))
        chosen += _shuffled(fitting, seed, "row", row.topic, row.competency, row.level, key=_item_key)[: row.count]
    ordered = _shuffled(chosen, seed, "order", key=_item_key)
    return tuple(
        PaperSlot(
            slot=slot,
            item_id=item.id,
            option_ids=tuple(_shuffled([option.id for option in item.options], seed, "options", item.id, key=str)),
        )
        for slot, item in enumerate(ordered, start=1)
    )


def _item_key(item: ItemSpec) -> str:
    return item.id


def _shuffled(things: Sequence[T], seed: str, *label: object, key: Callable[[T], str]) -> list[T]:
    """Order by a keyed hash: stable on every machine and release, unlike a library's random generator."""
    prefix = "\x1f".join([seed, *map(str, label)])
    return sorted(things, key=lambda it: hashlib.sha256(f"{prefix}\x1f{key(it)}".encode()).digest())
