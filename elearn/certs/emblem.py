"""What a file must be to stand on certificates as an agency's emblem: a PNG or JPEG that decodes whole, within limits."""

import struct
import warnings
import zlib
from io import BytesIO

from elearn.kernel.errors import Invalid

MAX_BYTES = 512 * 1024
MAX_SIDE = 4096
MAX_PIXELS = 8_000_000
_DAMAGED = (OSError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, struct.error, zlib.error)


def require_emblem(content: bytes) -> None:
    """Raise Invalid logo for anything but one still PNG or JPEG picture of at most 512 KB, whole and of sane size."""
    if not content or len(content) > MAX_BYTES or not _decodes(content):
        raise Invalid("logo", field="logo")


def _decodes(content: bytes) -> bool:
    """A picture of too many pixels is refused by its header alone, before it is unpacked.

    WeasyPrint, where it was met in this process, lets Pillow take pictures that are cut short; here none is taken.
    """
    from PIL import Image, ImageFile

    ImageFile.LOAD_TRUNCATED_IMAGES = False
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(BytesIO(content), formats=("PNG", "JPEG")) as picture:
                if max(picture.size) > MAX_SIDE or picture.width * picture.height > MAX_PIXELS:
                    return False
                if getattr(picture, "n_frames", 1) > 1 and picture.format == "PNG":
                    return False
                picture.load()
                picture.convert("RGBA")
        except (Image.DecompressionBombError, Image.DecompressionBombWarning, *_DAMAGED):
            return False
    return True
