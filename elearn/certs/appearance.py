"""What a file that is no PDF seems to be, by its first bytes; nothing is opened here."""

from enum import StrEnum

HEAD = 64 * 1024
PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n", b"GIF8", b"BM", b"II*\0", b"MM\0*")
PICTURE_BRANDS = (b"heic", b"heix", b"mif1", b"msf1", b"avif")
ARCHIVES = (b"7z\xbc\xaf", b"Rar!", b"\x1f\x8b")
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OFFICE_PARTS = (b"[Content_Types].xml", b"application/vnd.oasis.opendocument")
PAGES = (b"<!doctype html", b"<html", b"<head", b"<body", b"<?xml", b"<svg")


class Appearance(StrEnum):
    """What kind of file somebody chose instead of a PDF."""

    EMPTY = "empty"
    PICTURE = "picture"
    OFFICE = "office"
    ARCHIVE = "archive"
    PAGE = "page"
    OTHER = "other"


def appearance(content: bytes) -> Appearance:
    """The kind; whatever is not recognised is OTHER."""
    head = content[:HEAD]
    if not content:
        return Appearance.EMPTY
    if head.startswith(PICTURES) or head[4:12] in {b"ftyp" + one for one in PICTURE_BRANDS}:
        return Appearance.PICTURE
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Appearance.PICTURE
    if head.startswith(OLD_OFFICE) or (head.startswith(b"PK") and any(part in head for part in OFFICE_PARTS)):
        return Appearance.OFFICE
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", *ARCHIVES)):
        return Appearance.ARCHIVE
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:16].lower().startswith(PAGES):
        return Appearance.PAGE
    return Appearance.OTHER
