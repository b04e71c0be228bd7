"""Pictures made in memory: plain ones, and hostile files that only look like one."""

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image

SCRIPT = b"<script>alert(1)</script>"


def drawn(kind: str = "PNG", *, mode: str = "RGB", size: tuple[int, int] = (40, 24), **saved: Any) -> bytes:
    """A picture with a darker lower half."""
    image = Image.new("RGB", size, (240, 240, 235))
    image.paste((20, 60, 120), (0, size[1] // 2, *size))
    target = BytesIO()
    image.convert(mode).save(target, kind, **saved)
    return target.getvalue()


def moving(kind: str) -> bytes:
    """Two frames."""
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    target = BytesIO()
    frames[0].save(target, kind, save_all=True, append_images=frames[1:])
    return target.getvalue()


def chunk(name: bytes, content: bytes) -> bytes:
    """One chunk of a PNG, with its check sum."""
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def bomb(width: int, height: int) -> bytes:
    """A small PNG that says it is very large, and would be."""
    row = zlib.compress(bytes(1 + width // 8 + 1) * 2000, 9)
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", row) + chunk(b"IEND", b"")


def with_text(picture: bytes, text: bytes) -> bytes:
    """A PNG that carries a text, before its end and after it."""
    end = picture.rindex(b"IEND") - 4
    return picture[:end] + chunk(b"tEXt", b"Comment\0" + text) + picture[end:] + text


def photographed(*, turned: bool = False, note: bytes = b"LOKASI-RUMAH") -> bytes:
    """A JPEG with what cameras write: maker, place, a comment, perhaps that it was held upright."""
    exif = Image.Exif()
    exif[0x010E] = note.decode("latin-1")
    exif[0x0110] = "KAMERA-SAYA"
    exif[0x0112] = 6 if turned else 1
    exif.get_ifd(0x8825)[2] = (5.0, 11.0, 12.0)
    return drawn("JPEG", exif=exif, comment=b"KOMENTAR-SAYA")
