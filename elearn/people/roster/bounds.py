"""Whether a workbook is safe to open: its archive's true size, its XML without declarations, its sheets' extent."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from xml.parsers import expat

from elearn.people.roster.sheets import Names, OpenDocument, SheetPart, TooLong, Watch

MOST_PARTS = 2_000
MOST_BYTES = 100 * 1024 * 1024
FREE_BYTES = 8 * 1024 * 1024
MOST_TIMES = 100
PORTION = 256 * 1024
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)


class Unsafe(Exception):
    """The workbook is refused; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(slots=True)
class Workbook:
    """Where formulas left no value: cells by the part they lie in, and the part of each sheet by its name."""

    broken: dict[str, list[tuple[int, int]]]
    parts: dict[str, str] = field(default_factory=dict)

    def broken_in(self, sheet: str) -> list[tuple[int, int]]:
        """The cells (row and column from 0) of a sheet whose formula left no value."""
        return self.broken.get(self.parts.get(sheet, sheet), [])


def inspect(content: bytes) -> Workbook:
    """Read all of the archive once, counting what comes out; raises Unsafe: file_unsafe, file_unreadable, file_too_long."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, UnicodeError, RuntimeError):
        raise Unsafe("file_unreadable") from None
    _check_members(members, len(content))
    names = {it.filename for it in members}
    if "xl/workbook.xml" not in names and "content.xml" not in names:
        raise Unsafe("file_unreadable")
    budget, found, named = _Budget(), Workbook({}), Names()
    for member in members:
        watch = _watch_of(member.filename, named)
        _scan(_unpacked(content, member, budget), watch)
        if isinstance(watch, OpenDocument):
            found.broken.update(watch.broken)
        elif isinstance(watch, SheetPart):
            found.broken[member.filename] = watch.broken
    found.parts = {name: _full(named.targets.get(key, "")) for name, key in named.sheets.items()}
    return found


def _full(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _check_members(members: list[zipfile.ZipInfo], size: int) -> None:
    """Few parts, each once, none encrypted or packed by a strange method, none lying over another."""
    names = [it.filename.casefold() for it in members]
    if len(members) > MOST_PARTS or len(set(names)) != len(names):
        raise Unsafe("file_unsafe")
    if any(it.flag_bits & 0x1 for it in members):
        raise Unsafe("file_protected")
    if any(it.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for it in members):
        raise Unsafe("file_unreadable")
    if sum(it.compress_size + 30 for it in members) > size or any(it.file_size > MOST_BYTES for it in members):
        raise Unsafe("file_unsafe")


@dataclass(slots=True)
class _Budget:
    """How much came out of the archive so far; the sizes that it claims are not believed."""

    spent: int = 0

    def spend(self, size: int, packed: int, out: int) -> None:
        self.spent += size
        if self.spent > MOST_BYTES or (out > FREE_BYTES and out > packed * MOST_TIMES):
            raise Unsafe("file_unsafe")


def _unpacked(content: bytes, member: zipfile.ZipInfo, budget: _Budget) -> Iterator[bytes]:
    """A part in portions; raises Unsafe where more or less comes out than it claims."""
    at = member.header_offset
    start = (
        at + 30 + int.from_bytes(content[at + 26 : at + 28], "little") + int.from_bytes(content[at + 28 : at + 30], "little")
    )
    packed = content[start : start + member.compress_size]
    if content[at : at + 4] != b"PK\x03\x04" or len(packed) != member.compress_size:
        raise Unsafe("file_unreadable")
    out = 0
    for portion in _portions(packed, member.compress_type):
        out += len(portion)
        budget.spend(len(portion), member.compress_size, out)
        yield portion
    if out != member.file_size:
        raise Unsafe("file_unsafe")


def _portions(packed: bytes, method: int) -> Iterator[bytes]:
    if method == zipfile.ZIP_STORED:
        yield from (packed[at : at + PORTION] for at in range(0, len(packed), PORTION))
        return
    unpacker = zlib.decompressobj(-15)
    rest = packed
    try:
        while rest and not unpacker.eof:
            portion = unpacker.decompress(rest, PORTION)
            rest = unpacker.unconsumed_tail
            if not portion and not rest:
                break
            yield portion
        yield unpacker.flush()
    except zlib.error:
        raise Unsafe("file_unreadable") from None


def _watch_of(name: str, named: Names) -> Watch | None:
    """What a part is watched for; None for what is not XML."""
    if _SHEET.fullmatch(name):
        return SheetPart()
    if name == "content.xml":
        return OpenDocument()
    if name in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels"):
        return named
    return Watch() if name.lower().endswith((".xml", ".rels", ".vml")) else None


def _scan(portions: Iterator[bytes], watch: Watch | None) -> None:
    """Parse a part without keeping it; a declaration of a type or an entity ends it before anything is expanded."""
    if watch is None:
        for _portion in portions:
            pass
        return
    parser = expat.ParserCreate()
    parser.buffer_text = True
    watch.attach(parser)
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    try:
        for portion in portions:
            parser.Parse(portion, False)
        parser.Parse(b"", True)
    except expat.ExpatError:
        raise Unsafe("file_unreadable") from None
    except TooLong:
        raise Unsafe("file_too_long") from None


def _refuse(*_arguments: object) -> None:
    raise Unsafe("file_unsafe")
