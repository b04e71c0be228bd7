"""What a file must be to be shown as a picture: decoded whole, then written anew as pixels alone; reads no files."""

import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from PIL import Image, ImageFile, ImageOps

MAX_BYTES = 2 * 1024 * 1024
MAX_SIDE = 4096
MAX_PIXELS = 8_000_000

TYPES = {"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "webp": "image/webp"}
_FORMATS = {"PNG": "image/png", "JPEG": "image/jpeg", "MPO": "image/jpeg", "WEBP": "image/webp"}
_MODES = {"1", "L", "LA", "P", "PA", "RGB", "RGBA", "CMYK", "YCbCr"}
_DAMAGED = (OSError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, struct.error, zlib.error)
SVG = "SVG can carry scripts and is not taken; export it as PNG or WebP, twice as wide as it is shown"
_OTHERS = (
    (b"<svg", SVG),
    (b"<!doctype html", "this is a web page, not a picture"),
    (b"<html", "this is a web page, not a picture"),
    (b"gif8", "GIF is not taken; save it as PNG"),
    (b"%pdf", "this is a PDF; export the page as PNG"),
    (b"ftyphei", "HEIC is not taken; save it as JPEG"),
    (b"ftypavif", "AVIF is not taken; save it as WebP or PNG"),
)


class Unfit(ValueError):
    """This is no picture that we show; the words are for authors and say what to do."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture written anew: nothing of the authored file is left but what is seen."""

    type: str
    width: int
    height: int
    content: bytes


def picture(content: bytes) -> Picture:
    """The picture in a file, free of place, camera, comments and whatever hung behind it; raises Unfit.

    What it is follows from the bytes, never from a name. A picture keeps its format and is turned as its camera meant.
    """
    if not content:
        raise Unfit("this file is empty")
    if len(content) > MAX_BYTES:
        raise Unfit(f"this file is larger than {MAX_BYTES // 1024} KB; make the picture smaller")
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint, where this process met it, lets cut pictures pass
    with _guarded(), Image.open(BytesIO(content), formats=("PNG", "JPEG", "WEBP")) as found:
        _require_sane(found)
        found.load()
        return _written_anew(found, lossless=b"VP8L" in content[:4096])


@contextmanager
def _guarded() -> Iterator[None]:
    """A picture of too many pixels is refused by its header alone; what cannot be decoded is damaged."""
    too_many = Unfit(f"this picture has more than {MAX_PIXELS:,} pixels; make it smaller")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            yield
        except Unfit:
            raise
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise too_many from error
        except _DAMAGED as error:
            raise Unfit("this picture is damaged or cut short; export it again") from error


def reason_of_another_kind(content: bytes) -> str | None:
    """What a file is that is neither PNG, JPEG nor WebP, and what to do; None where it is one of these."""
    if content.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")) or (content[:4], content[8:12]) == (b"RIFF", b"WEBP"):
        return None
    start = content[:1024].lower()
    return next((reason for sign, reason in _OTHERS if sign in start), "this is no PNG, JPEG or WebP picture")


def _require_sane(found: Image.Image) -> None:
    width, height = found.size
    if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
        raise Unfit(f"this picture is {width} × {height}; at most {MAX_SIDE} a side and {MAX_PIXELS:,} pixels are taken")
    if found.format != "MPO" and getattr(found, "n_frames", 1) > 1:
        raise Unfit("moving pictures are not taken; save the one that matters")
    if found.mode not in _MODES:
        raise Unfit(f"pixels of the kind {found.mode} are not taken; save it with 8 bits a colour")


def _written_anew(found: Image.Image, *, lossless: bool) -> Picture:
    kind = _FORMATS[str(found.format)]
    turned = ImageOps.exif_transpose(found)
    pixels = _in_colours(turned, kind)
    options: dict[str, dict[str, Any]] = {
        "image/png": {"format": "PNG", "optimize": True},
        "image/jpeg": {"format": "JPEG", "quality": 90, "optimize": True, "progressive": True},
        "image/webp": {"format": "WEBP", "quality": 90, "method": 6, "lossless": lossless},
    }
    kept = {"transparency": pixels.info["transparency"]} if pixels.mode == "P" and "transparency" in pixels.info else {}
    pixels.info = {}
    target = BytesIO()
    pixels.save(target, **options[kind], **kept)
    return Picture(kind, pixels.width, pixels.height, target.getvalue())


def _in_colours(found: Image.Image, kind: str) -> Image.Image:
    """The pixels in a way that every browser shows; palettes of PNG stay, they keep charts small."""
    if kind == "image/jpeg":
        return found if found.mode in ("L", "RGB") else found.convert("RGB")
    if kind == "image/png" and found.mode in ("P", "L"):
        return found.convert("RGBA") if found.mode == "L" and found.has_transparency_data else found
    return found.convert("RGBA" if found.has_transparency_data else "RGB")
