"""Words for what statistics say of an item, and an item as its trainer reads it; finds and decides nothing."""

from dataclasses import dataclass

from babel.numbers import format_decimal
from flask_babel import get_locale
from flask_babel import gettext as _

from elearn.exams.analysis import Flag
from elearn.exams.items.points import FULL_POINTS
from elearn.exams.specs import ItemSpec, OptionSpec
from elearn.kernel.markdown import render_inline, render_markdown


@dataclass(frozen=True, slots=True)
class ShownOption:
    """An option as safe HTML; `is_right` is None for those who may not know."""

    id: str
    html: str
    is_right: bool | None
    weight: int | None


@dataclass(frozen=True, slots=True)
class ShownItem:
    """An item as safe HTML."""

    stem: str
    options: tuple[ShownOption, ...]


def shown_item(item: ItemSpec, *, with_key: bool) -> ShownItem:
    """An item for its trainer, with its key or without."""
    return ShownItem(render_markdown(item.stem), tuple(_option(it, with_key) for it in item.options))


def _option(it: OptionSpec, with_key: bool) -> ShownOption:
    html = render_inline(it.text)
    if not with_key:
        return ShownOption(it.id, html, None, None)
    return ShownOption(it.id, html, it.correct or it.weight == FULL_POINTS, it.weight)


def flag(code: Flag) -> tuple[str, str]:
    """Kind of chip and words for what a reviewer should look at."""
    return {
        Flag.TOO_HARD: ("warn", str(_("Very hard"))),
        Flag.TOO_EASY: ("info", str(_("Very easy"))),
        Flag.WEAK: ("warn", str(_("Tells little apart"))),
        Flag.KEY_DOUBTFUL: ("bad", str(_("Is the key right?"))),
    }[code]


def sort(name: str) -> str:
    """What a list of items is ordered by."""
    return {
        "facility": str(_("Hardest first")),
        "discrimination": str(_("Least telling first")),
        "omitted": str(_("Most left blank first")),
        "item": str(_("By item")),
    }[name]


def percent(part: float, whole: float = 1) -> str:
    """A share in whole percent; nothing rounds to all or to nothing unless it is."""
    if not whole or part <= 0:
        return "0%"
    rounded = round(100 * part / whole)
    return f"{min(max(rounded, 1), 100 if part >= whole else 99)}%"


def coefficient(value: float | None) -> str:
    """A correlation with two decimals."""
    return "–" if value is None else str(format_decimal(round(value, 2) + 0.0, "0.00", locale=get_locale()))


def plain(markdown: str, most: int = 90) -> str:
    """The first words of a stem, without its marks."""
    text = " ".join(markdown.replace("*", "").replace("#", "").replace("_", " ").split())
    return text if len(text) <= most else f"{text[:most].rsplit(' ', 1)[0]}…"
