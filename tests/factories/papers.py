"""Files that people drop on the public check: certificates as published, what becomes of them, and what never was one."""

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from pathlib import Path

import pikepdf
from PIL import Image
from weasyprint import HTML

from elearn.certs.signing.local import LocalSigner
from tests.factories.courses import NOON
from tests.factories.pictures import drawn

UNKNOWN_CODE = "0000-0000-0000-0000-0"


@dataclass
class Papers:
    """What the files are made from: two signed certificates, one as a draft, and where a stranger keeps a key."""

    signed: bytes
    draft: bytes
    other: bytes
    strangers_keys: Path

    @cached_property
    def letter(self) -> bytes:
        """An ordinary letter of another office."""
        pdf: bytes = HTML(string="<p>Surat tugas nomor 1. Kepada yang bersangkutan.</p>").write_pdf()
        return pdf

    @cached_property
    def stranger(self) -> LocalSigner:
        """Another agency's signer."""
        return LocalSigner.open(self.strangers_keys, name="Badan Lain", at=NOON)

    @cached_property
    def foreign(self) -> bytes:
        """The letter, signed by the other agency."""
        return self.stranger.sign(self.letter, reason="Surat", at=NOON)


def packed(**parts: bytes) -> bytes:
    """A ZIP; double underscores in names are slashes."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, content in parts.items():
            file.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def office(part: str) -> bytes:
    """The head of a document of today's office programs."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        file.writestr(part, "<document/>")
    return out.getvalue()


def resaved(pdf: bytes, change: Callable[[pikepdf.Pdf], None] = lambda _: None, **saved: object) -> bytes:
    """The file as another program writes it."""
    out = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as file:
        change(file)
        file.save(out, **saved)
    return out.getvalue()


def printed(pdf: bytes) -> bytes:
    """As a print to PDF leaves it: the letters, without metadata, attachment and signature."""

    def strip(file: pikepdf.Pdf) -> None:
        for key in ("/Metadata", "/Names", "/AF", "/AcroForm", "/Perms"):
            if key in file.Root:
                del file.Root[key]
        del file.trailer["/Info"]

    return resaved(pdf, strip)


def merged(*pdfs: bytes) -> bytes:
    """All their pages in one file."""
    out = BytesIO()
    with pikepdf.new() as file:
        for pdf in pdfs:
            with pikepdf.open(BytesIO(pdf)) as part:
                file.add_pages_from(part)
        file.save(out)
    return out.getvalue()


def enclosing(pdf: bytes, letter: bytes) -> bytes:
    """A letter with the file attached to it."""

    def attach(file: pikepdf.Pdf) -> None:
        file.attachments["sertifikat.pdf"] = pdf

    return resaved(letter, attach)


def scanned() -> bytes:
    """A page that is one picture."""
    out = BytesIO()
    Image.effect_noise((600, 420), 60).convert("RGB").save(out, "PDF")
    return out.getvalue()


def blank() -> bytes:
    """A page with nothing on it."""
    out = BytesIO()
    with pikepdf.new() as file:
        file.add_blank_page()
        file.save(out)
    return out.getvalue()


def flipped(pdf: bytes) -> bytes:
    """One bit changed in the middle."""
    changed = bytearray(pdf)
    changed[len(changed) // 2] ^= 1
    return bytes(changed)


def locked(pdf: bytes, *, user: str = "rahasia") -> bytes:
    """The file behind a password; with none to open it, only printing and the like are locked."""
    return resaved(pdf, encryption=pikepdf.Encryption(owner="pemilik", user=user))


Case = tuple[Callable[[Papers], bytes], str, str]
STRANGE: dict[str, Case] = {
    "nothing": (lambda _: b"", "TIDAK DITEMUKAN", "empty"),
    "one letter": (lambda _: b"x", "TIDAK DITEMUKAN", "other"),
    "a note": (lambda _: b"catatan rapat Selasa", "TIDAK DITEMUKAN", "other"),
    "noise": (lambda _: bytes(range(256)) * 40, "TIDAK DITEMUKAN", "other"),
    "a mail": (lambda it: b"Subject: sertifikat\r\n\r\n" + it.draft[:40].hex().encode(), "TIDAK DITEMUKAN", "other"),
    "a bare signature": (lambda _: b"\x30\x82\x0a\x00\x06\x09" + bytes(300), "TIDAK DITEMUKAN", "other"),
    "the second half": (lambda it: it.signed[len(it.signed) // 2 :], "TIDAK DITEMUKAN", "other"),
    "a jpeg": (lambda _: drawn("JPEG"), "TIDAK DITEMUKAN", "picture"),
    "a png": (lambda _: drawn("PNG"), "TIDAK DITEMUKAN", "picture"),
    "a gif": (lambda _: drawn("GIF"), "TIDAK DITEMUKAN", "picture"),
    "a webp": (lambda _: drawn("WEBP"), "TIDAK DITEMUKAN", "picture"),
    "a tiff": (lambda _: drawn("TIFF"), "TIDAK DITEMUKAN", "picture"),
    "an iphone's photo": (lambda _: b"\0\0\0\x18ftypheic" + bytes(200), "TIDAK DITEMUKAN", "picture"),
    "a word document": (lambda _: office("word/document.xml"), "TIDAK DITEMUKAN", "office"),
    "a workbook": (lambda _: office("xl/workbook.xml"), "TIDAK DITEMUKAN", "office"),
    "an old document": (lambda _: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "TIDAK DITEMUKAN", "office"),
    "an open document": (
        lambda _: packed(mimetype=b"application/vnd.oasis.opendocument.text"), "TIDAK DITEMUKAN", "office"
    ),
    "a packed certificate": (lambda it: packed(sertifikat=it.signed), "TIDAK DITEMUKAN", "archive"),
    "a rar": (lambda _: b"Rar!\x1a\x07\x01\0" + bytes(99), "TIDAK DITEMUKAN", "archive"),
    "a web page": (lambda _: b"\xef\xbb\xbf\n<!DOCTYPE html><title>x</title>", "TIDAK DITEMUKAN", "page"),
    "a drawing": (lambda _: b"<svg xmlns='http://www.w3.org/2000/svg'/>", "TIDAK DITEMUKAN", "page"),
    "only a head": (lambda _: b"%PDF-1.7\n", "TIDAK DITEMUKAN", "damaged"),
    "a broken letter": (lambda it: b"%PDF-1.7\n" + it.letter[2000:2600], "TIDAK DITEMUKAN", "damaged"),
    "a scan": (lambda _: scanned(), "TIDAK DITEMUKAN", "scan"),
    "a blank page": (lambda _: blank(), "TIDAK DITEMUKAN", "scan"),
    "a letter": (lambda it: it.letter, "TIDAK DITEMUKAN", "plain"),
    "an invented code": (lambda it: it.letter + b"\n% " + UNKNOWN_CODE.encode(), "TIDAK DITEMUKAN", "unknown_code"),
    "another agency's": (lambda it: it.foreign, "BUKAN TERBITAN KAMI", "foreign"),
    "another agency's, changed": (lambda it: it.foreign + b"\n% x", "BUKAN TERBITAN KAMI", "foreign_changed"),
    "a locked certificate": (lambda it: locked(it.signed), "TIDAK DAPAT DIPERIKSA", "encrypted"),
    "a locked letter": (lambda it: locked(it.letter), "TIDAK DAPAT DIPERIKSA", "encrypted"),
    "an unsigned draft": (lambda it: it.draft, "BERKAS DIUBAH", "unsigned"),
    "a print to PDF": (lambda it: printed(it.draft), "BERKAS DIUBAH", "unsigned"),
    "a draft without printing": (lambda it: locked(it.draft, user=""), "BERKAS DIUBAH", "unsigned"),
    "attached to a letter": (lambda it: enclosing(it.signed, it.letter), "BERKAS DIUBAH", "unsigned"),
    "one bit changed": (lambda it: flipped(it.signed), "BERKAS DIUBAH", "changed"),
    "something appended": (lambda it: it.signed + b"\n% x", "BERKAS DIUBAH", "changed"),
    "saved anew": (lambda it: resaved(it.signed), "BERKAS DIUBAH", "changed"),
    "pages swapped": (lambda it: resaved(it.signed, lambda file: file.pages.reverse()), "BERKAS DIUBAH", "changed"),
    "our draft, signed by another": (
        lambda it: it.stranger.sign(it.draft, reason="Uji", at=NOON), "BERKAS DIUBAH", "resigned"
    ),
    "half downloaded": (lambda it: it.signed[: len(it.signed) * 9 // 10], "BERKAS DIUBAH", "cut"),
    "two in one": (lambda it: merged(it.signed, it.other), "BERKAS GABUNGAN", "several"),
    "two, one after the other": (lambda it: it.signed + it.other, "BERKAS GABUNGAN", "several"),
    "too large": (lambda it: it.signed + bytes(33 * 1024 * 1024), "TIDAK DAPAT DIPERIKSA", "too_large"),
    "60 MB": (lambda _: bytes(60 * 1024 * 1024), "TIDAK DAPAT DIPERIKSA", "too_large"),
}  # fmt: skip
"""Name → how it is made, the word of its verdict, and the reason given."""
