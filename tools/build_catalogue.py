"""Compiles the translations: every messages.po under elearn/translations/ gets its messages.mo, which Git does not keep.

Needs Babel (of the virtual environment) to compile, the standard library alone to say what is current.
How the texts are gathered from the code is in CONTRIBUTING.md.
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TRANSLATIONS = ROOT / "elearn" / "translations"


def is_current() -> bool:
    """Whether every catalogue was compiled after its last change."""
    return not _stale(TRANSLATIONS)


def build(translations: Path) -> list[Path]:
    """Compile what is older than its source; returns what was written."""
    return [_compile(source) for source in _stale(translations)]


def _stale(translations: Path) -> list[Path]:
    return [source for source in sorted(translations.glob("*/LC_MESSAGES/*.po")) if _is_older(source)]


def _is_older(source: Path) -> bool:
    compiled = source.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime_ns < source.stat().st_mtime_ns


def _compile(source: Path) -> Path:
    """Beside the old file, then in its place at once: a running product never reads half a catalogue."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = source.with_suffix(".mo")
    draft = compiled.with_name(f".{compiled.name}.{os.getpid()}")
    with source.open("rb") as text, draft.open("wb") as body:
        write_mo(body, read_po(text, locale=source.parent.parent.name, abort_invalid=True))
    draft.chmod(0o644)
    draft.replace(compiled)
    return compiled


def main() -> None:
    """Compile; say on standard error what was written."""
    for compiled in build(TRANSLATIONS):
        print(f"Compiled {compiled.relative_to(ROOT)}", file=sys.stderr)


if __name__ == "__main__":
    main()
