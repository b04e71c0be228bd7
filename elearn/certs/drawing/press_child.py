"""The process apart: warms WeasyPrint once, then forks a limited child for each sheet; asked by workshop.py only."""

import gc
import json
import os
import resource
import select
import shutil
import signal
import sys
import tempfile
from base64 import b64decode
from contextlib import suppress
from pathlib import Path
from time import monotonic
from xml.sax.saxutils import escape

from elearn.certs.drawing.specimen import SPECIMEN
from elearn.certs.drawing.workshop import DONE, PATIENCE
from elearn.certs.facts import CertificateSnapshot
from elearn.certs.rendering import RenderFailed, render

MEMORY = 768 * 1024 * 1024
PROCESSOR_SECONDS = 20
LARGEST_FILE = 32 * 1024 * 1024
FAILED = b"-"
FONTS_CONF = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir></fontconfig>"""


def main() -> None:
    """Serve until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the worker, which ends us by closing the pipe
    fonts_dir = Path(sys.argv[1])
    answers = os.dup(1)
    os.dup2(2, 1)  # whatever a library prints must not look like an answer
    scratch = Path(tempfile.mkdtemp(prefix="elearn-press-"))
    try:
        _settle(scratch, fonts_dir)
        _warm(fonts_dir)
        _serve(answers, fonts_dir)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _settle(scratch: Path, fonts_dir: Path) -> None:
    """Only our own fonts exist here, whatever the machine has: the same sheet everywhere, and none without glyphs."""
    conf = scratch / "fonts.conf"
    conf.write_text(FONTS_CONF.format(fonts=escape(str(fonts_dir)), cache=escape(str(scratch / "cache"))))
    os.environ["FONTCONFIG_FILE"] = str(conf)
    tempfile.tempdir = str(scratch)


def _serve(answers: int, fonts_dir: Path) -> None:
    source = sys.stdin.buffer
    while len(head := source.read(4)) == 4:
        order = source.read(int.from_bytes(head, "big"))
        answer = _in_child(order, fonts_dir)
        with os.fdopen(os.dup(answers), "wb") as out:
            out.write(len(answer).to_bytes(4, "big") + answer)


def _in_child(order: bytes, fonts_dir: Path) -> bytes:
    """Fork, let the child render within its limits, and take what it says before time is up."""
    mine, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(mine)
        _render_and_leave(order, fonts_dir, theirs)
    os.close(theirs)
    answer, in_time = _listen(mine, monotonic() + PATIENCE)
    if not in_time:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if not in_time:
        return FAILED + b"it took too long"
    if status or not answer:
        return FAILED + f"it died ({os.waitstatus_to_exitcode(status)})".encode()
    return answer


def _warm(fonts_dir: Path) -> None:
    """Set the specimen once, so that each child starts with all that is read, parsed and measured on the way."""
    with suppress(RenderFailed):  # without Pango, or without fonts, each child says so itself
        render(SPECIMEN, logo=None, fonts_dir=fonts_dir)
    gc.collect()
    gc.freeze()


def _render_and_leave(order: bytes, fonts_dir: Path, out: int) -> None:
    """In the child: limits, sheet, answer, gone; no clean-up runs here, it would be the parent's."""
    try:
        for limit, value in (
            (resource.RLIMIT_AS, MEMORY),
            (resource.RLIMIT_CPU, PROCESSOR_SECONDS),
            (resource.RLIMIT_FSIZE, LARGEST_FILE),
            (resource.RLIMIT_CORE, 0),
        ):
            resource.setrlimit(limit, (value, value))
        with os.fdopen(out, "wb") as answer:
            answer.write(_answer(order, fonts_dir))
        os._exit(0)
    except BaseException:  # noqa: BLE001  # a forked child must never return into its parent's loop
        os._exit(1)


def _answer(order: bytes, fonts_dir: Path) -> bytes:
    values = json.loads(order)
    logo = b64decode(values["logo"]) if values["logo"] else None
    try:
        return DONE + render(CertificateSnapshot.from_json(values["snapshot"]), logo=logo, fonts_dir=fonts_dir)
    except RenderFailed as error:
        return FAILED + str(error).encode(errors="replace")


def _listen(descriptor: int, until: float) -> tuple[bytes, bool]:
    """All that is written until the other side closes; False where that did not come in time."""
    heard = bytearray()
    with os.fdopen(descriptor, "rb", buffering=0) as source:
        while select.select([source], [], [], max(0.0, until - monotonic()))[0]:
            part = source.read(1 << 20)
            if not part:
                return bytes(heard), True
            heard += part
    return bytes(heard), False


if __name__ == "__main__":
    main()
