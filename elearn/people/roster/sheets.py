"""Watching the XML of workbooks as it passes: how far a sheet reaches, which formulas left no value; nothing is kept."""

import re
from typing import Any

from elearn.people.roster.shape import MAX_COLUMNS, MAX_ROWS

MOST_CELLS = 1_500_000
MOST_ELEMENTS = 2_500_000
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


class TooLong(Exception):
    """A sheet reaches farther than any staff file does."""


class Watch:
    """Watches a part of which only its being XML matters; `count` tells the kinds below how much there was."""

    def __init__(self) -> None:
        self._elements = 0

    def attach(self, parser: Any) -> None:
        """Be told of what begins and ends."""

    def _count_element(self) -> None:
        self._elements += 1
        if self._elements > MOST_ELEMENTS:
            raise TooLong


class Names(Watch):
    """Watches the parts of an .xlsx file that say which sheet lies where."""

    def __init__(self) -> None:
        super().__init__()
        self.sheets: dict[str, str] = {}
        self.targets: dict[str, str] = {}

    def attach(self, parser: Any) -> None:
        """Be told of what begins."""
        parser.StartElementHandler = self._begin

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        self._count_element()
        local = name.rpartition(":")[2]
        if local == "sheet":
            key = next((value for it, value in attributes.items() if it.endswith(":id")), "")
            self.sheets[attributes.get("name", "")] = key
        elif local == "Relationship":
            self.targets[attributes.get("Id", "")] = attributes.get("Target", "")


class SheetPart(Watch):
    """Watches one sheet of an .xlsx file."""

    def __init__(self) -> None:
        super().__init__()
        self.broken: list[tuple[int, int]] = []
        self._count = 0
        self._at = (0, -1)
        self._type = ""
        self._has_formula = self._has_value = self._is_in_value = False

    def attach(self, parser: Any) -> None:
        """Be told of cells and of what stands in them."""
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        self._count_element()
        local = name.rpartition(":")[2] if ":" in name else name
        if local == "c":
            self._open(attributes)
        elif local in ("v", "t"):
            self._is_in_value = True
            self._has_value = self._has_value or self._type == "str"
        elif local == "f":
            self._has_formula = True
        elif local == "row":
            self._at = (_whole(attributes.get("r")) - 1 if "r" in attributes else self._at[0] + 1, -1)

    def _open(self, attributes: dict[str, str]) -> None:
        self._count += 1
        place = _PLACE.fullmatch(attributes.get("r", "").upper())
        self._at = (int(place[2]) - 1, _column(place[1])) if place else (self._at[0], self._at[1] + 1)
        self._type = attributes.get("t", "")
        self._has_formula = self._has_value = False
        if self._count > MOST_CELLS:
            raise TooLong

    def _text(self, text: str) -> None:
        if self._is_in_value and text:
            self._has_value = True

    def _end(self, name: str) -> None:
        local = name.rpartition(":")[2] if ":" in name else name
        if local in ("v", "t"):
            self._is_in_value = False
        elif local == "c" and (self._has_value or self._has_formula):
            self._close()

    def _close(self) -> None:
        row, column = self._at
        if row > MAX_ROWS or column >= MAX_COLUMNS:
            raise TooLong
        if self._type == "e" or not self._has_value:
            self.broken.append((row, column))


class OpenDocument(Watch):
    """Watches all sheets of an .ods file, whose rows and cells say how often they are repeated."""

    def __init__(self) -> None:
        super().__init__()
        self.broken: dict[str, list[tuple[int, int]]] = {}
        self._sheet = ""
        self._row = self._column = self._count = 0
        self._rows = 1

    def attach(self, parser: Any) -> None:
        """Be told of what begins."""
        parser.StartElementHandler = self._begin

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        self._count_element()
        local = name.rpartition(":")[2]
        if local == "table":
            self._sheet, self._row, self._rows = attributes.get("table:name", ""), 0, 0
        elif local == "table-row":
            self._row, self._column = self._row + self._rows, 0
            self._rows = max(1, _whole(attributes.get("table:number-rows-repeated", "1")))
        elif local in ("table-cell", "covered-table-cell"):
            self._cell(attributes)

    def _cell(self, attributes: dict[str, str]) -> None:
        times = max(1, _whole(attributes.get("table:number-columns-repeated", "1")))
        is_filled = any(it.endswith(":value-type") for it in attributes)
        has_formula = "table:formula" in attributes
        if is_filled or has_formula:
            self._count += times * self._rows
            is_far = self._row + self._rows > MAX_ROWS + 1 or self._column + times > MAX_COLUMNS
            if is_far or self._count > MOST_CELLS:
                raise TooLong
            if not is_filled or attributes.get("calcext:value-type") == "error":
                self.broken.setdefault(self._sheet, []).append((self._row, self._column))
        self._column += times


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else 10**9


def _column(letters: str) -> int:
    number = 0
    for it in letters:
        number = number * 26 + ord(it) - 64
    return number - 1
