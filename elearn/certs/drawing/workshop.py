"""Where certificates are rendered for the worker: the process apart that is press_child, and what is said to it."""

import atexit
import json
from base64 import b64encode
from pathlib import Path

from elearn.certs.facts import CertificateSnapshot
from elearn.kernel.apart import Apart, NoAnswer

MODULE = "elearn.certs.drawing.press_child"
SLOTS = 2
PATIENCE = 30.0
LARGEST_LOGO = 4_000_000

_presses = Apart(MODULE, slots=SLOTS, patience=PATIENCE)
atexit.register(_presses.close)


def press_apart(snapshot: CertificateSnapshot, *, logo: bytes | None, fonts_dir: Path) -> bytes:
    """The unsigned file; raises NoAnswer where the process apart refused, died, or did not answer in time."""
    if logo and len(logo) > LARGEST_LOGO:
        raise NoAnswer("the logo is too large")
    order = {"snapshot": snapshot.to_json(), "logo": b64encode(logo).decode() if logo else None}
    return _presses.ask(json.dumps(order).encode(), str(fonts_dir))
