"""What no request may carry: NUL and halves of characters are refused before any use-case sees them."""

import json
import re
from collections.abc import Iterable
from typing import Any

from flask import Flask, Request, request
from werkzeug.exceptions import BadRequest
from werkzeug.routing import IntegerConverter

REMARKS = frozenset({"client_at"})
"""Fields of JSON that are a client's own remark: whoever stores one cleans it, and no answer is lost by it."""

SUSPECT = (b"\\u", b"\xed", b"\x00")
"""Without one of these in its bytes, JSON holds neither; most requests are looked at no further."""

ENDLESS = re.compile(rb"[0-9]{4300}")
"""A number of so many digits cannot be read at all; a text of them can."""

DEEPEST = 50
"""How deep JSON may be nested: what is deeper breaks those who read it."""

LARGEST = 2**63 - 1


class CleanRequest(Request):
    """A request whose form is refused where it holds what no database stores, whoever reads it first."""

    def _load_form_data(self) -> None:
        super()._load_form_data()
        for pairs in (self.form, {name: [it.filename or "" for it in found] for name, found in self.files.lists()}):
            lists = pairs.lists() if hasattr(pairs, "lists") else pairs.items()
            _require_clean(text for name, values in lists for text in (name, *values))


class StorableInteger(IntegerConverter):
    """A number in an address; one that no row can have is the address of nothing."""

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **{"max": LARGEST, **rest})


def init_app(app: Flask) -> None:
    """Look at address and JSON before anything else does."""
    app.request_class = CleanRequest
    app.url_map.converters["int"] = StorableInteger
    app.before_request(_refuse_unclean)


def clean(text: str | None) -> str | None:
    """A remark without what cannot be stored."""
    return None if text is None else "".join("\ufffd" if _is_bad(it) else it for it in text)


def _refuse_unclean() -> None:
    lists = request.args.lists()
    _require_clean((request.path, *(text for name, values in lists for text in (name, *values))))
    if request.is_json:
        raw = request.get_data(cache=True)
        if raw.count(b"[") + raw.count(b"{") > DEEPEST or any(sign in raw for sign in SUSPECT) or ENDLESS.search(raw):
            _require_clean(_texts(_loaded(raw)))


def _loaded(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise BadRequest("unreadable") from error


def _texts(value: Any) -> Iterable[str]:
    """Every text in a JSON value, keys included."""
    waiting = [(value, 0)]
    while waiting:
        found, depth = waiting.pop()
        if depth > DEEPEST:
            raise BadRequest("too_deep")
        if isinstance(found, str):
            yield found
        elif isinstance(found, list):
            waiting += [(it, depth + 1) for it in found]
        elif isinstance(found, dict):
            yield from found
            waiting += [(it, depth + 1) for name, it in found.items() if name not in REMARKS]


def _require_clean(texts: Iterable[str]) -> None:
    if any(_is_bad(it) for text in texts for it in text):
        raise BadRequest("unstorable")


def _is_bad(character: str) -> bool:
    return character == "\x00" or "\ud800" <= character <= "\udfff"
