"""The process apart that opens foreign PDFs: signatures by pyHanko, codes by pikepdf; asked by inspection.py only."""

import json
import unicodedata
from base64 import b64decode
from io import BytesIO

import pikepdf
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.generic_cms import validate_sig_integrity
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from elearn.certs import textlayer
from elearn.kernel.apart import Limits, serve

LIMITS = Limits(memory=512 * 1024 * 1024, processor=10, patience=13.0)
MOST_SIGNATURES = 20
CONTENT_TYPE = "data"
LONGEST_NAME = 80


def main() -> None:
    """Serve until standard input ends."""
    serve(answer, LIMITS)


def answer(order: bytes) -> bytes:
    """From the known certificates, whether codes are sought, and a file to what the file is, as JSON."""
    size = int.from_bytes(order[:4], "big")
    asked = json.loads(order[4 : 4 + size])
    known = frozenset(b64decode(one) for one in asked["known"])
    pdf = order[4 + size :]
    signature, by_us, signer = judge_signatures(pdf, known)
    kind, codes, has_text = read_codes(pdf) if asked["codes"] else ("pdf", [], True)
    found = {"kind": kind, "signature": signature, "signed_by_us": by_us, "codes": codes}
    return json.dumps(found | {"signer": "" if by_us else signer, "has_text": has_text}).encode()


def judge_signatures(pdf: bytes, known: frozenset[bytes]) -> tuple[str, bool, str]:
    """How the file's signatures stand, whether one of them is by a key of ours, and whom the last one names."""
    try:
        signatures = PdfFileReader(BytesIO(pdf), strict=False).embedded_regular_signatures
        if not signatures:
            return ("failed" if b"/ByteRange" in pdf else "absent"), False, ""
        if len(signatures) > MOST_SIGNATURES:
            return "unchecked", False, ""
        judged = [_judge(one, known) for one in signatures]
        whole = signatures[-1].evaluate_signature_coverage() is SignatureCoverageLevel.ENTIRE_FILE
        signer = _name_in(signatures[-1])
    except (MemoryError, RecursionError):
        return "unchecked", False, ""
    except Exception:  # noqa: BLE001  # damaged files raise at least 14 kinds; none of them is a proof
        return ("failed" if b"/ByteRange" in pdf else "absent"), False, ""
    by_us = any(ours for _, ours in judged)
    proved = whole and all(sound for sound, _ in judged) and not (by_us and len(judged) > 1)
    return ("proved" if proved else "failed"), by_us, signer


def _name_in(signature: EmbeddedPdfSignature) -> str:
    """The name in the signer's own certificate, as plain letters; anybody can write any name there."""
    try:
        subject = signature.signer_cert.subject.native
    except (MemoryError, RecursionError):
        raise
    except Exception:  # noqa: BLE001  # as above: a certificate that cannot be read names nobody
        return ""
    name = str(subject.get("common_name") or subject.get("organization_name") or "")
    shown = "".join(one if unicodedata.category(one)[0] in "LMNPSZ" else " " for one in name)
    return " ".join(shown.split())[:LONGEST_NAME]


def _judge(signature: EmbeddedPdfSignature, known: frozenset[bytes]) -> tuple[bool, bool]:
    """Whether one signature is sound, and whether a key of ours made it (over whatever it then was)."""
    try:
        digest = signature.compute_digest()
        certificate = signature.signer_cert
        intact, valid = validate_sig_integrity(signature.signer_info, certificate, CONTENT_TYPE, digest)
    except (MemoryError, RecursionError):
        raise
    except Exception:  # noqa: BLE001  # as above: a signature that cannot be read is not sound
        return False, False
    return intact and valid, valid and certificate.dump() in known


def read_codes(pdf: bytes) -> tuple[str, list[str], bool]:
    """Whether this opens as a PDF, the codes in its metadata, attachment and text in this order, and whether it has text."""
    try:
        with pikepdf.open(BytesIO(pdf)) as file:
            codes = textlayer.codes_in(file)
            return "pdf", codes, bool(codes) or textlayer.has_text(file)
    except pikepdf.PasswordError:
        return "encrypted", [], False
    except Exception:  # noqa: BLE001  # a file that does not open has no text; the raw bytes were searched already
        return "unreadable", [], False


if __name__ == "__main__":
    main()
