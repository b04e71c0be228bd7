"""The Indonesian catalogue is complete: what the pages say in English, they say in Indonesian too."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
PO = ROOT / "elearn" / "translations" / "id" / "LC_MESSAGES" / "messages.po"
KEYWORDS = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
PLACE = re.compile(r"%\((\w+)\)[sd]|%%")


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with PO.open("rb") as file:
        return read_po(file, locale="id")


@pytest.fixture(scope="module")
def said() -> set[str]:
    """Every text that code and templates want translated."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(ROOT, methods, options, keywords=KEYWORDS)
    return {it[2][0] if isinstance(it[2], tuple) else it[2] for it in found}


def messages(catalogue: Catalog) -> dict[str, Message]:
    return {it.id[0] if isinstance(it.id, tuple) else it.id: it for it in catalogue if it.id}


def test_everything_that_is_said_is_in_the_catalogue(catalogue: Catalog, said: set[str]) -> None:
    assert len(said) > 100
    assert sorted(said - messages(catalogue).keys()) == []


def test_nothing_is_translated_that_nobody_says(catalogue: Catalog, said: set[str]) -> None:
    assert sorted(messages(catalogue).keys() - said) == []


def test_every_text_is_translated_and_none_is_a_guess(catalogue: Catalog) -> None:
    found = messages(catalogue)
    empty = [key for key, it in found.items() if not all(it.string if isinstance(it.string, tuple) else (it.string,))]

    assert empty == []
    assert [key for key, it in found.items() if it.fuzzy] == []


def test_translations_fill_the_same_places(catalogue: Catalog) -> None:
    different = []
    for key, it in messages(catalogue).items():
        for text in it.string if isinstance(it.string, tuple) else (it.string,):
            if set(PLACE.findall(text)) - {""} != set(PLACE.findall(key)) - {""}:
                different.append(key)

    assert different == []
