"""What an uploaded file is, found out in a process apart; what follows from it is said in verification.py."""

import atexit
import json
import re
from base64 import b64encode
from contextlib import suppress
from dataclasses import dataclass

from elearn.certs.appearance import Appearance, appearance
from elearn.certs.rules import CODE_LENGTH, read_code
from elearn.kernel.apart import Apart, NoAnswer

MODULE = "elearn.certs.inspection_child"
SLOTS = 2
PATIENCE = 15.0
MOST_CODES = 8
LARGEST = 32 * 1024 * 1024
EDGE = 512 * 1024  # our files hold the code unpacked, and are smaller than this
PRINTED = re.compile(rb"(?<![0-9A-Z])(?:[0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z](?![0-9A-Z])")

_inspectors = Apart(MODULE, slots=SLOTS, patience=PATIENCE)
atexit.register(_inspectors.close)


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was found. `kind`: pdf, not_pdf, encrypted, unreadable. `signature`: proved, failed, absent, unchecked.

    `signature` is proved where every signature is intact and the last covers the whole file, whoever made it;
    `signed_by_us` where a key of ours made one of them, even if the file was changed after that. `codes` are the
    certificate codes (with a right check character) that can still be read in the file, likeliest first. `signer` is
    the name that somebody else's signature claims, unproved. `has_text` says whether a page shows any letter.
    """

    kind: str
    signature: str
    signed_by_us: bool
    codes: tuple[str, ...]
    signer: str = ""
    has_text: bool = True


def warm() -> None:
    """Have an inspector ready: whoever opens the page of the check is about to choose a file."""
    with suppress(OSError):  # the page comes also where no process can be started now
        _inspectors.warm()


def inspect(pdf: bytes, *, known_certificates: list[bytes], seek_codes: bool = True) -> Inspection:
    """What the file is; `known_certificates` are ours in DER form. Never raises for any content: it fails closed.

    Of a file that the register knows only the signature is asked, which takes a quarter of the time (`seek_codes`).
    """
    if b"%PDF-" not in pdf[:1024] or appearance(pdf) is Appearance.ARCHIVE:
        return Inspection("not_pdf", "absent", False, ())
    codes = [match.decode() for match in PRINTED.findall(pdf[:EDGE] + b"\n" + pdf[EDGE:][-EDGE:])[:MOST_CODES]]
    known = [b64encode(one).decode() for one in known_certificates]
    order = json.dumps({"known": known, "codes": seek_codes}).encode()
    try:
        if len(pdf) > LARGEST:
            raise NoAnswer("the file is too large")
        found = json.loads(_inspectors.ask(len(order).to_bytes(4, "big") + order + pdf))
        found["codes"] = _sound_codes([*codes, *found["codes"]])
        return Inspection(**found)
    except (NoAnswer, ValueError, TypeError, KeyError):
        return Inspection("unreadable", "unchecked", False, _sound_codes(codes))


def _sound_codes(texts: list[str]) -> tuple[str, ...]:
    """Those with a right check character, each once, in the order found, at most eight."""
    sound = (read_code(text) for text in texts if len(text) <= CODE_LENGTH + 8)
    return tuple(dict.fromkeys(code for code in sound if code))[:MOST_CODES]
