"""The checked-in table of who may do what by which route; the route that is not in it fails the suite."""

import csv
from dataclasses import dataclass
from pathlib import Path

TABLE = Path(__file__).parent / "architecture" / "authorisation.csv"


@dataclass(frozen=True, slots=True)
class Line:
    """One route: its face, whose the thing must be, who in reach may, what a stranger gets, and the act it writes."""

    endpoint: str
    method: str
    rule: str
    face: str
    ownership: str
    roles: str
    stranger: str
    audit: str

    @property
    def key(self) -> str:
        """How the route is called in reports."""
        return f"{self.method} {self.rule}"

    @property
    def is_safe(self) -> bool:
        """Whether it only reads."""
        return self.method == "GET"


def table() -> list[Line]:
    """Every line."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [Line(**row) for row in csv.DictReader(file)]
