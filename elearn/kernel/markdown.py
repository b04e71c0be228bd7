"""Renders authored Markdown (no HTML in it) to safe HTML; who wrote it and where it is shown is not known here."""

import re
from collections.abc import Sequence
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from elearn.kernel.errors import Invalid

MAX_BYTES = 100 * 1024
MAX_LINES = 10_000
MAX_BRACKETS = 4_000
MAX_MARKS = 20_000

_INLINE_TAGS = {"br", "strong", "em", "s", "code", "a"}
_TABLE_TAGS = {"table", "thead", "tbody", "tr", "th", "td"}
_BLOCKS = _TABLE_TAGS | {"p", "hr", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote", "ul", "ol", "li"}
_TAGS = _INLINE_TAGS | _BLOCKS
_ATTRIBUTES = {tag: {"id", "class"} if tag in _BLOCKS else set[str]() for tag in _TAGS}
_ATTRIBUTES["a"] = {"href", "title"}
_ATTRIBUTES["ol"] = {"id", "class", "start"}
_SCHEMES = {"http", "https", "mailto", "tel"}
_OWN_ID = re.compile(r"b-[0-9]{1,5}")
_OWN_CLASS = re.compile(r"text-(end|center|start)|callout callout--[a-z-]{1,40}")
_ALIGN = {"text-align:right": "text-end", "text-align:center": "text-center", "text-align:left": "text-start"}

_parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")


def render_markdown(text: str, *, anchors: bool = False) -> str:
    """Safe HTML of a text of at most 100 KB; raises Invalid markdown_too_long or markdown_too_intricate.

    The limits on lines and marks keep the parser's worst inputs under a third of a second.

    With `anchors` every top-level block carries `id="b-<n>"`, counted from 0, so that a place can be kept.
    A quotation that begins with a bold word becomes a callout of that name.
    """
    _require_short(text)
    return _render(text, anchors)


def render_inline(text: str) -> str:
    """Safe HTML of one line, without block elements; raises Invalid markdown_too_long."""
    _require_short(text)
    return _render_inline(text)


def plain_text(html: str) -> str:
    """The words of rendered HTML alone."""
    spaced = re.sub(r"</(?:p|li|h[2-6]|t[dhr]|pre)>|<[bh]r>", lambda tag: tag[0] + " ", html)
    return nh3.clean(spaced, tags=set()).replace("&nbsp;", " ").replace("&amp;", "&")


def _require_short(text: str) -> None:
    if len(text.encode()) > MAX_BYTES:
        raise Invalid("markdown_too_long", maximum_bytes=MAX_BYTES)
    brackets = text.count("[") + text.count("]")
    marks = sum(map(text.count, "*_`<&!|"))
    if text.count("\n") > MAX_LINES or brackets > MAX_BRACKETS or marks > MAX_MARKS:
        raise Invalid("markdown_too_intricate")


@lru_cache(maxsize=1024)
def _render(text: str, anchors: bool) -> str:
    tokens = _parser.parse(text)
    _mark_blocks(tokens, anchors)
    return _clean(_parser.renderer.render(tokens, _parser.options, {}), _TAGS)


@lru_cache(maxsize=4096)
def _render_inline(text: str) -> str:
    return _clean(str(_parser.renderInline(text)), _INLINE_TAGS)


def _clean(html: str, tags: set[str]) -> str:
    return nh3.clean(
        html,
        tags=tags,
        attributes={tag: names for tag, names in _ATTRIBUTES.items() if tag in tags},
        attribute_filter=_keep_own,
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer",
    ).strip()


def _keep_own(_tag: str, name: str, value: str) -> str | None:
    """Ids and classes are only ever those that this module gives."""
    own = {"id": _OWN_ID, "class": _OWN_CLASS}.get(name)
    return value if own is None or own.fullmatch(value) else None


def _mark_blocks(tokens: Sequence[Token], anchors: bool) -> None:
    count = 0
    for at, token in enumerate(tokens):
        if token.type in ("th_open", "td_open"):
            aligned = _ALIGN.get(str(token.attrs.pop("style", "")))
            if aligned:
                token.attrSet("class", aligned)
        if token.type == "blockquote_open":
            name = _callout_name(tokens[at + 1 : at + 3])
            if name:
                token.attrSet("class", f"callout callout--{name}")
        if anchors and token.level == 0 and token.nesting >= 0:
            token.attrSet("id", f"b-{count}")
            count += 1


def _callout_name(following: Sequence[Token]) -> str:
    inline = following[-1].children if following else None
    if not inline or len(inline) < 3:
        return ""
    words = [token for token in inline[:3] if token.type != "text" or token.content]
    if words[0].type != "strong_open":
        return ""
    name = "".join(token.content for token in inline[1:3] if token.type == "text")
    return re.sub(r"[^a-z]+", "-", name.lower()).strip("-")[:40]
