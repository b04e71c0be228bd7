"""The process apart that draws slips: our fonts alone, no address but pictures within the page; asked by slip_sheet only."""

import json
import os
import shutil
import sys
import tempfile
from base64 import b64encode
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from elearn.kernel.apart import Limits, NoAnswer, serve
from elearn.people.slip_sheet import PATIENCE

TEMPLATES = Path(__file__).parent / "templates" / "people" / "pdf"
LIMITS = Limits(memory=1024 * 1024 * 1024, processor=45, patience=PATIENCE)
FONTS_CONF = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir></fontconfig>"""


def main() -> None:
    """Serve until standard input ends."""
    scratch = Path(tempfile.mkdtemp(prefix="elearn-slips-"))
    try:
        conf = scratch / "fonts.conf"
        conf.write_text(FONTS_CONF.format(fonts=escape(sys.argv[1]), cache=escape(str(scratch / "cache"))))
        os.environ["FONTCONFIG_FILE"] = str(conf)
        tempfile.tempdir = str(scratch)
        serve(answer, LIMITS)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def answer(order: bytes) -> bytes:
    """From the words of the slips to the file; raises NoAnswer with the reason."""
    slips = [it | {"qr": qr(it["address"])} for it in json.loads(order)["slips"]]
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    html = environment.get_template("slips.html").render(slips=slips)
    try:
        return _written(html)
    except (ArithmeticError, LookupError, OSError, RecursionError, ValueError) as error:
        raise NoAnswer(f"{type(error).__name__}: {error}") from error


def _written(html: str) -> bytes:
    """Lay it out; WeasyPrint is met here and not on import, for without Pango it does not start."""
    from weasyprint import CSS, HTML
    from weasyprint.urls import FatalURLFetchingError, URLFetcher

    fetcher: Any = URLFetcher(allowed_protocols={"data"}, allow_redirects=False, fail_on_errors=True)
    style = CSS(string=(TEMPLATES / "slips.css").read_text(encoding="utf-8"))
    try:
        written: bytes = HTML(string=html, url_fetcher=fetcher).write_pdf(stylesheets=[style])
    except FatalURLFetchingError as error:  # a BaseException
        raise NoAnswer(str(error)) from error
    return written


def qr(address: str) -> str:
    """An address as a QR code, a PNG data URI."""
    out = BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="png", scale=6, border=0)
    return f"data:image/png;base64,{b64encode(out.getvalue()).decode()}"


if __name__ == "__main__":
    main()
