"""No text of ours takes its reader long: each parser is fed sixty pumps at n, 2n and 4n, and must grow in proportion.

Work is counted in CPU time, the best of three where it looks like too much. Below the floor nothing is compared: nothing
can be told from so little.
"""

import ast
import os
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from re import _parser as sre  # type: ignore[attr-defined]
from typing import Any

import pytest

from elearn.certs import inspection, textlayer
from elearn.certs.rules import check_pattern, may_coincide
from elearn.certs.rules import read_code as read_certificate_code
from elearn.courses import content, search
from elearn.courses.rules import word_count
from elearn.kernel import logs
from elearn.kernel.errors import Invalid
from elearn.kernel.markdown import picture_uses, plain_text, render_inline, render_markdown
from elearn.people import logins, rules, totp, trail
from elearn.people.roster import plain, reading
from elearn.web import filters

ROOT = Path(__file__).parents[2]
LARGEST = 100 * 1024
SIZES = [LARGEST // it for it in ((4, 2, 1) if os.environ.get("EVERY_PUMP") else (64, 32, 16))]
"""A sixteenth of the largest text in an ordinary run; up to the largest where EVERY_PUMP=1 is set."""

CALLS = {f"re.{it}" for it in ("compile", "sub", "match", "search", "fullmatch", "split", "findall", "finditer")}
FLOOR_S = 0.004
RATIO = 2.5
LONGEST_S = 0.3
TODAY = date(2026, 11, 25)
PUMPS = (
    "`a ",
    "``",
    "`",
    *("[", "]", "(", ")", "![", "[](", "[a](", "[a][", "![x](media/a.png", "*", "**", "***a", "*a_ ", "_", "__a"),
    "\n",
    "a\n",
    *("<", "<a", "<!--", "<a href='", "</", ">", "> ", ">>", "&", "&#", "&amp", "\\", "\\!", "!", "|", "|a", "|-|\n"),
    "a.",
    "a@",
    "@",
    *("- ", "- a\n  ", "1. ", "#", "# ", "=\n", "==\n", "~~~\n", "```\n", "    ", "\t", " ", "  \n", "\"", "'", "'\""),
    "a;b\n",
    ",",
    *(".", "-", "0", "1 ", "{", "{nomor}", "{tahun}/", "%", "/", "/a", "a", "ab ", "é", "\u0301", "\u200b", "🙂", ";"),
    *("http://a.", "[x]: /a\n", "aA1-", "12345678901234567", "A-", "00000-"),
)  # fmt: skip
TERMS = reading.Terms({}, {}, TODAY)
HEADER = "nip;nama;status;kode_unit;kode_jabatan\n"
INDEX = search.Index.of([search.Entry(rules.EmploymentType, word, ((word, 1),), {}, 9) for word in ("pelayanan", "etika")])  # type: ignore[arg-type]


def read_staff(text: str) -> object:
    """A staff file that is text, from its bytes to its entries."""
    return reading.read(plain.rows_of(text.encode("utf-8", "replace")), TERMS)


def bytes_of(read: Callable[[bytes], object]) -> Callable[[str], object]:
    return lambda text: read(text.encode())


PARSERS: dict[str, Callable[[str], object]] = {
    "markdown": lambda text: render_markdown(text, anchors=True),
    "inline markdown": render_inline,
    "pictures of markdown": picture_uses,
    "sanitiser": plain_text,
    "words": word_count,
    "top headings": lambda text: content._has_top_heading(text),
    "pictures": content._IMAGE.search,
    "search": lambda text: INDEX.find(search.Wanted(text)),
    "nip": lambda text: rules.read_nip(text, on=TODAY),
    "e-mail": rules.tidy_email,
    "name": rules.tidy_name,
    "login": logins.has_login,
    "one-time code": rules.read_code,
    "app code": totp.read,
    "password": lambda text: rules.check_password(text, min_length=8),
    "own password": lambda text: rules.check_password_is_not_own(text[:64], name=text, email=text, identifier=text),
    "certificate's code": read_certificate_code,
    "number pattern": check_pattern,
    "two patterns": lambda text: may_coincide(text[:80], text[:80]),
    "staff file": lambda text: read_staff(HEADER + text),
    "staff header": lambda text: read_staff(text),
    "codes in a file": bytes_of(inspection.PRINTED.findall),
    "codes in a text": textlayer._codes,
    "letters of a font": bytes_of(textlayer._unicode_map),
    "paths in a log": lambda text: logs._PATH.sub("", text),
    "audit trail": trail._UNTOLD.search,
    "initials": filters.initials,
}


def cpu(read: Callable[[str], object], pump: str, size: int, tries: int) -> float:
    """The least CPU time of so many readings, in seconds; a refusal is an answer."""
    least = 9.9
    for number in range(tries):
        text = (pump * (size // len(pump.encode()) + 1))[: size - 8] + f"\x01{number}{tries}"  # unlike, for some are kept
        began = time.process_time()
        with suppress(Invalid):
            read(text)
        least = min(least, time.process_time() - began)
    return least


def slow(read: Callable[[str], object], pumps: Sequence[str] = PUMPS) -> list[str]:
    """Which pumps take out of proportion, or too long; small texts first, so that the worst is told and not waited for."""
    found = []
    for pump in pumps:
        before: float | None = None
        for size in SIZES:
            now = cpu(read, pump, size, 1)
            if now > most(before):
                before = before and max(before, cpu(read, pump, size // 2, 1))
                now = cpu(read, pump, size, 3)
            if now > most(before):
                found.append(f"{pump!r} x {size}: {now * 1000:.0f} ms after {(before or 0) * 1000:.0f} ms")
                break
            before = now
    return found


def most(before: float | None) -> float:
    """What a text may take where half of it took so long."""
    return LONGEST_S if before is None else min(LONGEST_S, RATIO * max(before, FLOOR_S))


@pytest.mark.parametrize("name", PARSERS)
def test_time_grows_with_the_text_and_no_faster(name: str) -> None:
    assert len(PUMPS) >= 60
    assert slow(PARSERS[name]) == []


@pytest.mark.parametrize(("pattern", "pump"), [(r"a+\x02", "a"), (r"^(`{3,}|~{3,}).*?^\1", "`"), (r"!\[[^\]\n]*\]\(", "![")])
def test_what_grows_faster_is_noticed(pattern: str, pump: str) -> None:
    """Negative control: patterns as they are written without care, two of them once our own."""
    careless = re.compile(pattern, re.MULTILINE | re.DOTALL)

    assert slow(careless.search, [pump]) != []


def patterns() -> Iterator[tuple[str, str]]:
    """Every pattern in our source, with its file."""
    for file in sorted((ROOT / "elearn").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in CALLS and node.args:
                text = node.args[0]
                yield file.name, text.value if isinstance(text, ast.Constant) else ""


def nested(pattern: str | bytes) -> bool:
    """Whether something repeated without end holds something repeated without end whose pieces could be cut anywhere."""
    return any(_holds_repeat(body) for body in _repeats(sre.parse(pattern)))


def _repeats(tree: Any) -> Iterator[Any]:
    for op, value in tree:
        if str(op) in ("MAX_REPEAT", "MIN_REPEAT") and value[1] == sre.MAXREPEAT:
            yield value[2]
        for part in _parts(value):
            yield from _repeats(part)


def _parts(value: Any) -> Iterator[Any]:
    if isinstance(value, sre.SubPattern):
        yield value
    elif isinstance(value, tuple | list):
        for it in value:
            yield from _parts(it)


def _holds_repeat(body: Any) -> bool:
    """A body that begins or ends with a fixed sign can be cut in one way only."""
    ops = [str(op) for op, _ in body]
    if len(ops) == 1 and ops[0] == "SUBPATTERN":
        return _holds_repeat(body[0][1][-1])
    return "LITERAL" not in (ops[:1] + ops[-1:]) and "IN" not in ops[:1] and any(True for _ in _repeats(body))


def test_no_pattern_repeats_what_repeats() -> None:
    found = list(patterns())

    assert len(found) >= 30
    assert [it for it in found if it[1] and nested(it[1])] == []
    assert all(nested(it) for it in ("(a+)+", "(?:(?:x|a+)*)*", "([a-z]+)*$")), "negative control"
