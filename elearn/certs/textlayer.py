"""Where a certificate's code can still be read in a PDF: metadata, attachment, text; whether it is ours is not asked.

Only as much of text extraction as that needs: strings in drawing order, decoded by each font's ToUnicode map.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress

from pikepdf import Array, Dictionary, Name, Object, Page, Pdf, PdfError, Stream, String, parse_content_stream

MOST_PAGES = 40
LARGEST_STREAM = 16 * 1024 * 1024
OPERATORS = "Tf Tj TJ ' \" Do"
MOST_CODES = 8
ONE = "[0-9A-HJKMNP-TV-Z]"
GROUPED = re.compile(f"(?:{ONE}{{4}}-){{4}}{ONE}(?![0-9A-Z])")
LINKED = re.compile(f"/verify/({ONE}{{17}})")
STATED = re.compile(f'"code":"({ONE}{{17}})"')
DASHES = str.maketrans({"\u2010": "-", "\u2011": "-", "\u2013": "-", "\u00ad": "-"})
BLOCK = re.compile(rb"begin(bfchar|bfrange)(.*?)endbf", re.S)
TOKEN = re.compile(rb"<([0-9A-Fa-f\s]*)>|(\[)|(\])")

Decoder = Callable[[bytes], str]


def codes_in(pdf: Pdf) -> list[str]:
    """The codes that can be read, at most eight; parts of the file that are damaged are passed over."""
    found: list[str] = []
    for part in (_metadata, _attachments, _texts):
        with suppress(PdfError, ValueError, TypeError, KeyError, AttributeError, IndexError):
            for text in part(pdf):
                found += _codes(text)
                if len(found) >= MOST_CODES:
                    return found[:MOST_CODES]
    return found


def has_text(pdf: Pdf) -> bool:
    """Whether any page shows a letter or digit; a scan, a photo or a blank page shows none."""
    return any(character.isalnum() for text in _texts(pdf) for character in text)


def _codes(text: str) -> list[str]:
    """Codes as they are printed, linked or stated in a text, spaces and line breaks ignored."""
    dense = "".join(text.translate(DASHES).split())
    return [*STATED.findall(dense), *GROUPED.findall(dense.upper()), *LINKED.findall(dense)][:MOST_CODES]


def _metadata(pdf: Pdf) -> Iterator[str]:
    for value in pdf.docinfo.values():
        yield str(value)
    metadata = pdf.Root.get(Name.Metadata)
    if isinstance(metadata, Stream):
        yield _read(metadata).decode(errors="replace")


def _attachments(pdf: Pdf) -> Iterator[str]:
    for name in list(pdf.attachments)[:10]:
        file = pdf.attachments[name].get_file()
        yield _read(file.obj).decode(errors="replace")


def _texts(pdf: Pdf) -> Iterator[str]:
    """The text of each page; a form that is shown again says nothing new."""
    seen: set[tuple[int, int]] = set()
    for position, page in enumerate(pdf.pages):
        if position == MOST_PAGES:
            return
        with suppress(PdfError, ValueError, TypeError, KeyError, AttributeError, IndexError):
            yield "".join(_shown(page, page.obj.get(Name.Resources), seen))


def _shown(content: Page | Object, resources: Object | None, seen: set[tuple[int, int]]) -> Iterator[str]:
    """Every string that a page or a form shows, decoded."""
    decode: Decoder = _latin
    for instruction in parse_content_stream(content, OPERATORS):
        operands, operator = instruction.operands, str(instruction.operator)
        if operator == "Tf":
            decode = _decoder(_resource(resources, Name.Font, operands[0]))
        elif operator == "Do":
            form = _resource(resources, Name.XObject, operands[0])
            if isinstance(form, Stream) and form.get(Name.Subtype) == Name.Form and form.objgen not in seen:
                seen.add(form.objgen)
                yield from _shown(form, form.get(Name.Resources, resources), seen)
        else:
            shown = operands[-1] if isinstance(operands[-1], Array) else [operands[-1]]
            yield from (decode(bytes(one)) for one in shown if isinstance(one, String))


def _resource(resources: Object | None, kind: Name, name: Object) -> Object | None:
    group = resources.get(kind) if isinstance(resources, Dictionary) else None
    return group.get(str(name)) if isinstance(group, Dictionary) else None


def _latin(text: bytes) -> str:
    return text.decode("latin-1")


def _decoder(font: Object | None) -> Decoder:
    """How a font's strings become text: by its ToUnicode map, else byte for byte."""
    mapping = font.get(Name.ToUnicode) if isinstance(font, Dictionary) else None
    if not isinstance(mapping, Stream) or font is None:
        return _latin
    known = _unicode_map(_read(mapping))
    width = 2 if font.get(Name.Subtype) == Name.Type0 else 1

    def decode(text: bytes) -> str:
        places = range(0, len(text), width)
        return "".join(known.get(int.from_bytes(text[place : place + width], "big"), "") for place in places)

    return decode


def _unicode_map(cmap: bytes) -> dict[int, str]:
    """The bfchar and bfrange blocks of a ToUnicode map."""
    known: dict[int, str] = {}
    for kind, body in BLOCK.findall(cmap):
        tokens = [_token(match) for match in TOKEN.finditer(body)]
        if kind == b"bfchar":
            pairs = zip(tokens[0::2], tokens[1::2], strict=False)
            known |= {int.from_bytes(code, "big"): _utf16(text) for code, text in pairs}
        else:
            known |= dict(_ranges(tokens))
    return known


def _ranges(tokens: list[bytes]) -> Iterator[tuple[int, str]]:
    """Ranges: first, last, and either the first text or a bracketed list of texts."""
    place = 0
    while place + 2 < len(tokens):
        first, last = (int.from_bytes(token, "big") for token in tokens[place : place + 2])
        count = min(last - first + 1, 65536)
        if tokens[place + 2] == b"[":
            texts = tokens[place + 3 : place + 3 + count]
            yield from ((first + step, _utf16(text)) for step, text in enumerate(texts))
            place += 4 + len(texts)
        else:
            start = int.from_bytes(tokens[place + 2], "big")
            size = max(2, len(tokens[place + 2]))
            yield from ((first + step, _utf16((start + step).to_bytes(size, "big"))) for step in range(count))
            place += 3


def _token(match: re.Match[bytes]) -> bytes:
    """The bytes of a hexadecimal string, or the bracket itself."""
    digits, opening, closing = match.groups()
    if digits is None:
        return bytes(opening or closing)
    return bytes.fromhex(digits.decode())


def _utf16(text: bytes) -> str:
    return text.decode("utf-16-be", errors="ignore")


def _read(stream: Object) -> bytes:
    """A stream's content up to a limit; the process apart has its own limits for what swells on the way."""
    return stream.read_bytes()[:LARGEST_STREAM]
