"""A unit's slips as one PDF, drawn in a process apart and never kept; whose slips they are is services/slips.py's."""

import ctypes
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from urllib.parse import urlsplit

from babel.dates import format_date

from elearn.kernel.apart import Apart, NoAnswer
from elearn.kernel.clock import local_date
from elearn.kernel.errors import Conflict
from elearn.people.facts.accounts import Slip

MODULE = "elearn.people.slip_press"
PATIENCE = 50.0
LIBRARIES = ("libpangoft2-1.0.so.0", "libharfbuzz.so.0", "libharfbuzz-subset.so.0")


def require_press() -> None:
    """Raise Conflict slips_not_drawn where this machine cannot draw: asked before codes are made."""
    try:
        for library in LIBRARIES:
            ctypes.CDLL(library)
    except OSError:
        raise Conflict("slips_not_drawn") from None


def press(slips: Sequence[Slip], *, fonts_dir: Path) -> bytes:
    """The file, eight slips a page; raises Conflict slips_not_drawn.

    The process apart is started for it and ended: slips are printed now and then, and it would hold much memory.
    """
    order = {"slips": [_printed(it) for it in slips]}
    apart = Apart(MODULE, slots=1, patience=PATIENCE)
    try:
        return apart.ask(json.dumps(order).encode(), str(fonts_dir.resolve()))
    except NoAnswer as error:
        raise Conflict("slips_not_drawn") from error
    finally:
        apart.close()


def _printed(slip: Slip) -> dict[str, str]:
    """What stands on one slip, as plain words."""
    parts = urlsplit(slip.address)
    values = {key: value for key, value in asdict(slip).items() if isinstance(value, str)}
    return values | {
        "code": slip.issued.code,
        "home": parts.netloc,
        "door": f"{parts.netloc}{parts.path}",
        "login": "NIP" if slip.has_number else "alamat surel",
        "until": format_date(local_date(slip.issued.expires_at, slip.zone), "d MMMM y", locale="id"),
    }
