"""What each operation may cost: CPU as a ratio to the floor of the same run, statements, and bytes of HTML."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Goal:
    """`ratio` to the floor, `statements` with the one that finds the actor (BEGIN and COMMIT not counted)."""

    ratio: float
    statements: int | None = None


GOALS = {
    "save": Goal(2.0, 4),
    "start": Goal(5.0, 7),
    "submit": Goal(8.0, 15),
    "result": Goal(2.5),
    "lesson": Goal(4.0, 7),
    "verify": Goal(2.0),
}
PRESS_RATIO = 1.1
RESIDENT_MB = 180
SAVES_A_SECOND, SAVING_SECONDS, SAVE_P95_MS = 300, 30, 100
