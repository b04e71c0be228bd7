"""A certificate's snapshot as a PDF/A-3a and PDF/UA-1 file, unsigned; signing is in signing/, storing is the kernel's."""

import ctypes
from pathlib import Path

from elearn.certs.drawing.workshop import press_apart
from elearn.certs.facts import CertificateSnapshot
from elearn.kernel.apart import NoAnswer

LIBRARIES = ("libpangoft2-1.0.so.0", "libharfbuzz.so.0", "libharfbuzz-subset.so.0")


class RenderFailed(RuntimeError):
    """No file could be made of this snapshot: it asks for something outside, is too large, or Pango is not here."""


def render(snapshot: CertificateSnapshot, *, logo: bytes | None, fonts_dir: Path) -> bytes:
    """The unsigned file, made in this process; the same snapshot, logo and fonts give the same bytes.

    Raises RenderFailed. WeasyPrint is met here and not on import: a machine without Pango must still start.
    """
    try:
        from weasyprint.urls import FatalURLFetchingError

        from elearn.certs.drawing.press import press
    except OSError as error:
        raise RenderFailed(f"WeasyPrint does not start: {error}") from error
    try:
        return press(snapshot, logo=logo, fonts_dir=fonts_dir.resolve())
    except FatalURLFetchingError as error:  # a BaseException: unmet, it would end a worker's thread
        raise RenderFailed(str(error)) from error
    except (ArithmeticError, LookupError, OSError, RecursionError, ValueError) as error:
        raise RenderFailed(f"{type(error).__name__}: {error}") from error


def render_isolated(snapshot: CertificateSnapshot, *, logo: bytes | None, fonts_dir: Path) -> bytes:
    """The same file, made in a process apart with limits of memory and time; for the worker. Raises RenderFailed."""
    try:
        return press_apart(snapshot, logo=logo, fonts_dir=fonts_dir.resolve())
    except NoAnswer as error:
        raise RenderFailed(str(error)) from error


def is_possible() -> bool:
    """Whether this machine has the libraries that WeasyPrint loads."""
    try:
        for library in LIBRARIES:
            ctypes.CDLL(library)
    except OSError:
        return False
    return True
