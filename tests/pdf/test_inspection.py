"""What an uploaded file is found to be: ours, changed, another's, damaged, hostile; no error and no false proof."""

import hashlib
import random
import time
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from pyhanko.pdf_utils.generic import NameObject, TextStringObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from elearn.certs import inspection
from elearn.certs.inspection import Inspection
from elearn.certs.rendering import render
from elearn.certs.rules import new_code
from elearn.certs.signing import keyring
from elearn.certs.signing.keymaking import KEY_FILE
from elearn.certs.signing.local import LocalSigner
from elearn.kernel.apart import Apart
from tests.pdf.snapshots import CODE, ISSUED_AT, snapshot

FLIPS = 150


def resaved(pdf: bytes, change: Callable[[pikepdf.Pdf], None] = lambda _: None) -> bytes:
    """The file as another program writes it."""
    out = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as file:
        change(file)
        file.save(out)
    return out.getvalue()


def updated(pdf: bytes) -> bytes:
    """The file with an incremental update behind the signature."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    writer.root[NameObject("/Note")] = TextStringObject("changed")
    writer.update_root()  # type: ignore[no-untyped-call]
    out = BytesIO()
    writer.write(out)  # type: ignore[no-untyped-call]
    return out.getvalue()


def without_traces(file: pikepdf.Pdf) -> None:
    """Take away metadata and attachment, as a print-out to PDF does; the text remains."""
    for key in ("/Metadata", "/Names", "/AF"):
        del file.Root[key]
    del file.trailer["/Info"]


def test_our_file_is_proved_to_be_ours(signed: bytes, known: list[bytes]) -> None:
    assert inspection.inspect(signed, known_certificates=known) == Inspection("pdf", "proved", True, (CODE,))


def test_an_unsigned_file_has_no_signature_but_a_code(plain: bytes, known: list[bytes]) -> None:
    assert inspection.inspect(plain, known_certificates=known) == Inspection("pdf", "absent", False, (CODE,))


def test_another_partys_sound_file_is_not_ours(plain: bytes, known: list[bytes], tmp_path: Path) -> None:
    stranger = LocalSigner.open(tmp_path, name="Badan Contoh", at=ISSUED_AT)
    pdf = stranger.sign(plain, reason="Penerbitan sertifikat", at=ISSUED_AT)

    found = inspection.inspect(pdf, known_certificates=known)

    assert (found.signature, found.signed_by_us) == ("proved", False)


def test_without_known_certificates_nothing_is_ours(signed: bytes) -> None:
    found = inspection.inspect(signed, known_certificates=[])

    assert (found.signature, found.signed_by_us) == ("proved", False)


def test_a_file_signed_with_a_retired_key_is_still_ours(plain: bytes, tmp_path: Path) -> None:
    pdf = LocalSigner.open(tmp_path, name="Badan", at=ISSUED_AT).sign(plain, reason="Uji", at=ISSUED_AT)
    (tmp_path / KEY_FILE).unlink()
    LocalSigner.open(tmp_path, name="Badan", at=ISSUED_AT)
    ring = list(keyring.known_certificates(tmp_path).values())

    assert len(ring) == 2
    assert inspection.inspect(pdf, known_certificates=ring) == Inspection("pdf", "proved", True, (CODE,))


@pytest.mark.parametrize(
    "change",
    [
        lambda pdf: pdf + b"\n% more",
        lambda pdf: pdf + b"\0",
        updated,
        resaved,
        lambda pdf: resaved(pdf, lambda file: file.pages.reverse()),
        lambda pdf: resaved(pdf, lambda file: file.pages.append(file.pages[0])),
        lambda pdf: resaved(pdf, without_traces),
        lambda pdf: pdf.replace(b"7K3M-9QXW", b"7K3M-9QXV"),
        lambda pdf: pdf[:3000] + b"x" + pdf[3001:],
    ],
    ids=["more", "a null", "update", "resaved", "pages swapped", "page added", "traces gone", "code", "byte"],
)
def test_a_changed_file_is_not_proved_but_still_says_whose_it_was(
    change: Callable[[bytes], bytes], signed: bytes, known: list[bytes]
) -> None:
    found = inspection.inspect(change(signed), known_certificates=known)

    assert found.signature == "failed"
    assert CODE in found.codes


def test_our_signature_on_another_file_proves_nothing(
    signed: bytes, signer: LocalSigner, known: list[bytes], fonts_dir: Path
) -> None:
    other = render(snapshot(holder_name="Orang Lain", code="0" * 17), logo=None, fonts_dir=fonts_dir)
    other_signed = signer.sign(other, reason="Uji", at=ISSUED_AT)
    taken = signed[signed.rindex(b"/Contents <") :]
    contents = taken[: taken.index(b">")]
    place = other_signed.rindex(b"/Contents <")
    transplanted = other_signed[:place] + contents + other_signed[other_signed.index(b">", place) :]

    assert len(transplanted) > len(other)
    assert inspection.inspect(transplanted, known_certificates=known).signature == "failed"


@pytest.mark.parametrize("length", [0, 5, 100, 1000, 20_000, -1, -100, -2000])
def test_a_cut_file_is_no_proof(length: int, signed: bytes, known: list[bytes]) -> None:
    found = inspection.inspect(signed[:length] if length else b"", known_certificates=known)

    assert found.signature in ("failed", "absent", "unchecked")


def test_flipped_bits_are_never_an_error_and_never_pass_both_checks(signed: bytes, known: list[bytes]) -> None:
    chance = random.Random(20261125)
    registered = hashlib.sha256(signed).hexdigest()
    survivors = 0

    for place in chance.sample(range(len(signed)), FLIPS):
        changed = bytearray(signed)
        changed[place] ^= 1 << chance.randrange(8)
        found = inspection.inspect(bytes(changed), known_certificates=known)
        survivors += found.signature == "proved"
        assert found.kind in ("pdf", "unreadable", "not_pdf")
        assert hashlib.sha256(changed).hexdigest() != registered

    gap = signed.rindex(b">") - signed.rindex(b"/Contents <")
    assert survivors <= FLIPS * gap / len(signed) * 2, "only flips in the unsigned gap may survive the signature alone"


def test_any_flipped_byte_changes_the_files_hash(signed: bytes) -> None:
    registered = hashlib.sha256(signed).digest()
    changed = bytearray(signed)

    for place in range(0, len(signed), 7):
        changed[place] ^= 0xFF
        assert hashlib.sha256(changed).digest() != registered
        changed[place] ^= 0xFF


@pytest.fixture(scope="module")
def bomb() -> bytes:
    """A page whose content swells to 600 megabytes, more than an inspection may take."""
    packer = zlib.compressobj(9)
    content = b"".join(packer.compress(bytes(1_000_000)) for _ in range(600)) + packer.flush()
    twice = zlib.compress(content, 9)
    head = b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    page = b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>endobj\n"
    stream = b"4 0 obj<</Filter[/FlateDecode/FlateDecode]/Length %d>>stream\n" % len(twice)
    return head + page + stream + twice + b"\nendstream endobj\ntrailer<</Root 1 0 R/Size 5>>\n%%EOF"


def encrypted(pdf: bytes) -> bytes:
    out = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as file:
        file.save(out, encryption=pikepdf.Encryption(owner="o", user="u"))
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        b"%PDF-1.7",
        b"%PDF-1.7\n" + b"[" * 200_000,
        b"%PDF-1.7\n" + b"<<" * 100_000 + b"\ntrailer<</Root 1 0 R>>\n%%EOF",
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 1 0 R/Kids[1 0 R]/Count 1>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF",
        b"%PDF-1.7\nstartxref\n0\n%%EOF",
        b"%PDF-1.7\nxref\n0 99999999\ntrailer<</Size 99999999/Prev 9/Root 1 0 R>>\nstartxref\n9\n%%EOF",
        b"%PDF-1.7\n" + bytes(range(256)) * 2000,
        b"%PDF-" + b"9" * 1_000_000,
        b"%PDF-1.7 /ByteRange [0 1 2 3] /Contents <00>",
    ],
    ids=["empty", "words", "head", "brackets", "dictionaries", "loop", "no table", "huge table", "noise", "digits", "fake"],
)
def test_hostile_files_get_an_answer_and_no_proof(content: bytes, known: list[bytes]) -> None:
    found = inspection.inspect(content, known_certificates=known)

    assert found.signature != "proved"
    assert not found.signed_by_us


def test_a_bomb_ends_in_time_and_the_next_file_is_judged(bomb: bytes, signed: bytes, known: list[bytes]) -> None:
    begun = time.monotonic()
    found = inspection.inspect(bomb, known_certificates=known)
    took = time.monotonic() - begun

    assert found.signature in ("absent", "unchecked")
    assert took < inspection.PATIENCE
    assert inspection.inspect(signed, known_certificates=known).signature == "proved"


def test_an_encrypted_file_cannot_be_read(signed: bytes, known: list[bytes]) -> None:
    found = inspection.inspect(encrypted(signed), known_certificates=known)

    assert (found.kind, found.signed_by_us) == ("encrypted", False)
    assert found.signature != "proved"


def test_where_the_process_apart_does_not_start_nothing_is_checked(
    signed: bytes, known: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inspection, "_inspectors", Apart("elearn.certs.no_such_module", slots=1, patience=5.0))

    found = inspection.inspect(signed, known_certificates=known)

    assert found == Inspection("unreadable", "unchecked", False, (CODE,))


def test_a_file_that_is_too_large_is_not_opened(signed: bytes, known: list[bytes]) -> None:
    found = inspection.inspect(signed + bytes(inspection.LARGEST), known_certificates=known)

    assert found == Inspection("unreadable", "unchecked", False, (CODE,))


def test_codes_with_a_wrong_check_character_are_left_out(known: list[bytes]) -> None:
    found = inspection.inspect(b"%PDF-1.7 AAAA-AAAA-AAAA-AAAA-B 0000-0000-0000-0000-0", known_certificates=known)

    assert found.codes == ("0" * 17,)


def test_of_many_codes_only_some_are_looked_up(known: list[bytes]) -> None:
    codes = [new_code() for _ in range(100)]
    text = " ".join("-".join(code[place : place + 4] for place in range(0, 17, 4)) for code in codes)

    assert len(inspection.inspect(b"%PDF-1.7 " + text.encode(), known_certificates=known).codes) == inspection.MOST_CODES


def test_a_warm_inspection_is_quick(signed: bytes, known: list[bytes]) -> None:
    inspection.inspect(signed, known_certificates=known)
    begun = time.monotonic()
    for _ in range(5):
        inspection.inspect(signed, known_certificates=known)

    assert (time.monotonic() - begun) / 5 < 1.0
