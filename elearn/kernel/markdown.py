"""Renders authored Markdown (no HTML in it) to safe HTML; who wrote it and where it is shown is not known here."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from elearn.kernel.errors import Invalid

MAX_BYTES = 100 * 1024
MAX_LINES = 10_000
MAX_BRACKETS = 4_000
MAX_MARKS = 20_000

PICTURES = "media/"

_INLINE_TAGS = {"br", "strong", "em", "s", "code", "a"}
_TABLE_TAGS = {"table", "thead", "tbody", "tr", "th", "td"}
_BLOCKS = _TABLE_TAGS | {"p", "hr", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote", "ul", "ol", "li"}
_TAGS = _INLINE_TAGS | _BLOCKS | {"img"}
_ATTRIBUTES = {tag: {"id", "class"} if tag in _BLOCKS else set[str]() for tag in _TAGS}
_ATTRIBUTES["img"] = {"src", "alt", "width", "height", "loading"}
_ATTRIBUTES["a"] = {"href", "title"}
_ATTRIBUTES["ol"] = {"id", "class", "start"}
_SCHEMES = {"http", "https", "mailto", "tel"}
_OWN_ID = re.compile(r"b-[0-9]{1,5}")
_OWN_CLASS = re.compile(r"text-(end|center|start)|callout callout--[a-z-]{1,40}")
_OWN_PICTURE = re.compile(r"media/[a-z0-9-]+\.[a-z]+")
_SHOWN_PICTURE = f'<img src="{PICTURES}'
_MEANT_AS_PICTURE = re.compile(r"!\[[^\[\]\n]*\][(\[]|<img\b", re.IGNORECASE)
_ALIGN = {"text-align:right": "text-end", "text-align:center": "text-center", "text-align:left": "text-start"}

_parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
_illustrated = MarkdownIt("commonmark", {"html": False}).enable("table")
_as_text = RendererHTML()


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that a text may show, by its address in the text; width and height in pixels."""

    address: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class PictureUse:
    """Where a text shows a picture, or means to: an unreadable one has no address. Lines count from 1."""

    line: int
    address: str
    alt: str
    title: str


def render_markdown(text: str, *, anchors: bool = False, pictures: frozenset[Picture] | None = None) -> str:
    """Safe HTML of a text of at most 100 KB; raises Invalid markdown_too_long or markdown_too_intricate.

    The limits on lines and marks keep the parser's worst inputs under a third of a second.

    With `anchors` every top-level block carries `id="b-<n>"`, counted from 0, so that a place can be kept.
    A quotation that begins with a bold word becomes a callout of that name.
    Only where `pictures` are given are pictures shown, and only these; `with_pictures_at` says where they lie.
    """
    _require_short(text)
    return _render(text, anchors, pictures)


def render_inline(text: str) -> str:
    """Safe HTML of one line, without block elements; raises Invalid markdown_too_long."""
    _require_short(text)
    return _render_inline(text)


def picture_uses(text: str) -> tuple[PictureUse, ...]:
    """Every picture of a text, and what seems meant as one; raises Invalid like `render_markdown`."""
    _require_short(text)
    uses: list[PictureUse] = []
    for token in _illustrated.parse(text):
        if token.type == "inline":
            uses += _uses_in(token.children or [], token.map[0] + 1 if token.map else 1)
    return tuple(uses)


def with_pictures_at(html: str, address: str) -> str:
    """Rendered HTML with its pictures below this address: `media/x.png` becomes `<address>x.png`."""
    return html.replace(_SHOWN_PICTURE, f'<img src="{address}')


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


def _uses_in(children: Sequence[Token], line: int) -> Iterator[PictureUse]:
    for child in children:
        if child.type == "image":
            address, title = str(child.attrs["src"]), str(child.attrs.get("title", ""))
            yield PictureUse(line, address, _words(child.children or []), title)
        elif child.type == "text" and _MEANT_AS_PICTURE.search(child.content):
            yield PictureUse(line, "", child.content, "")
        line += child.type in ("softbreak", "hardbreak")
        line += child.content.count("\n")


def _words(children: Sequence[Token]) -> str:
    return " ".join(_as_text.renderInlineAsText(children, _illustrated.options, {}).split())


@lru_cache(maxsize=1024)
def _render(text: str, anchors: bool, pictures: frozenset[Picture] | None) -> str:
    parser = _parser if pictures is None else _illustrated
    tokens = parser.parse(text)
    _mark_blocks(tokens, anchors)
    _fit_pictures(tokens, {it.address: it for it in pictures or ()})
    return _clean(parser.renderer.render(tokens, parser.options, {}), _TAGS)


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
    """Ids, classes and addresses of pictures are only ever those that this module gives."""
    own = {"id": _OWN_ID, "class": _OWN_CLASS, "src": _OWN_PICTURE}.get(name)
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


def _fit_pictures(tokens: Sequence[Token], known: dict[str, Picture]) -> None:
    """Give every picture its size, so that nothing moves when it arrives; leave out what is not known."""
    for token in tokens:
        if token.type != "inline":
            continue
        token.children = [it for it in token.children or [] if it.type != "image" or it.attrs["src"] in known]
        for child in token.children:
            if child.type == "image":
                picture = known[str(child.attrs["src"])]
                child.attrs = {
                    "src": picture.address,
                    "alt": "",
                    "width": picture.width,
                    "height": picture.height,
                    "loading": "lazy",
                }


def _callout_name(following: Sequence[Token]) -> str:
    inline = following[-1].children if following else None
    if not inline or len(inline) < 3:
        return ""
    words = [token for token in inline[:3] if token.type != "text" or token.content]
    if words[0].type != "strong_open":
        return ""
    name = "".join(token.content for token in inline[1:3] if token.type == "text")
    return re.sub(r"[^a-z]+", "-", name.lower()).strip("-")[:40]
