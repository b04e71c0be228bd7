"""The process apart that renders: our fonts alone, WeasyPrint warm, one order in each fork; asked by workshop only."""

import json
import os
import shutil
import sys
import tempfile
from base64 import b64decode
from contextlib import suppress
from pathlib import Path
from xml.sax.saxutils import escape

from elearn.certs.drawing.specimen import SPECIMEN
from elearn.certs.drawing.workshop import PATIENCE
from elearn.certs.facts import CertificateSnapshot
from elearn.certs.rendering import RenderFailed, render
from elearn.kernel.apart import Limits, NoAnswer, serve

LIMITS = Limits(memory=768 * 1024 * 1024, processor=20, patience=PATIENCE)
FONTS_CONF = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir></fontconfig>"""


def main() -> None:
    """Serve until standard input ends."""
    fonts_dir = Path(sys.argv[1])
    scratch = Path(tempfile.mkdtemp(prefix="elearn-press-"))
    try:
        _settle(scratch, fonts_dir)
        with suppress(RenderFailed):  # without Pango, or without fonts, each order is told so itself
            render(SPECIMEN, logo=None, fonts_dir=fonts_dir)
        serve(lambda order: answer(order, fonts_dir), LIMITS)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def answer(order: bytes, fonts_dir: Path) -> bytes:
    """From snapshot and logo to the file; raises NoAnswer with the reason."""
    values = json.loads(order)
    logo = b64decode(values["logo"]) if values["logo"] else None
    try:
        return render(CertificateSnapshot.from_json(values["snapshot"]), logo=logo, fonts_dir=fonts_dir)
    except RenderFailed as error:
        raise NoAnswer(str(error)) from error


def _settle(scratch: Path, fonts_dir: Path) -> None:
    """Only our own fonts exist here, whatever the machine has: the same sheet everywhere, and no fallback unseen."""
    conf = scratch / "fonts.conf"
    conf.write_text(FONTS_CONF.format(fonts=escape(str(fonts_dir)), cache=escape(str(scratch / "cache"))))
    os.environ["FONTCONFIG_FILE"] = str(conf)
    tempfile.tempdir = str(scratch)


if __name__ == "__main__":
    main()
