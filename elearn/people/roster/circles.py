"""Who would be above themselves: circles of supervision that a staff file would close; pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from elearn.people.roster.known import Known

Key = UUID | str | int
"""Somebody: the id of whom the register knows, the number of who is new, the row of who is new without one."""


@dataclass(frozen=True, slots=True)
class Above:
    """What a row says: the number of the supervisor, or None where it says nothing; `is_lost` where a move ends it."""

    row: int
    key: Key
    number: str | None
    is_lost: bool


def closing(rows: list[Above], known: Known) -> Iterator[tuple[int, str]]:
    """The rows, with the number they name, that say something new and lie on a circle."""
    above: dict[Key, Key] = {of: boss for of, boss in known.supervisors.items()}  # noqa: C416 - widens the type
    fresh: dict[Key, Above] = {}
    for it in rows:
        if it.number is not None:
            boss: Key = known.numbers.get(it.number, it.number)
            if above.get(it.key) != boss:
                fresh[it.key] = it
            above[it.key] = boss
        elif it.is_lost:
            above.pop(it.key, None)
    for key in _on_circles(above):
        if key in fresh:
            yield fresh[key].row, fresh[key].number or ""


def _on_circles(above: dict[Key, Key]) -> Iterator[Key]:
    """Everybody who is above themselves; each is walked over once."""
    walked: dict[Key, int] = {}
    for walk, start in enumerate(list(above)):
        way: list[Key] = []
        key: Key | None = start
        while key is not None and key not in walked:
            walked[key] = walk
            way.append(key)
            key = above.get(key)
        if key is not None and walked[key] == walk:
            yield from way[way.index(key) :]
