"""Keyed seals (HMAC-SHA-256) over values we must recognise as our own; the key lies with the signing keys."""

import hashlib
import hmac
import os
import secrets
from functools import lru_cache
from pathlib import Path

import structlog

from elearn.kernel.audit import canonical_json
from elearn.kernel.installation import installation

KEY_FILE = "seal.key"

log = structlog.get_logger(__name__)


class NoSealKey(RuntimeError):
    """The key that seals are made and checked with cannot be read: nothing can be proved now."""


def make_key(keys_dir: Path) -> None:
    """Make the installation's seal key at its first start, readable by its own user alone.

    Where its directory cannot be written to, the start goes on with a warning, and nothing is sealed or proved.
    """
    path = keys_dir / KEY_FILE
    try:
        if not path.exists():
            keys_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
            _make(path)
    except OSError as error:
        log.warning("no_seal_key", error=str(error))


def _make(path: Path) -> None:
    draft = path.with_name(f"{KEY_FILE}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(32))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def seal(purpose: str, *parts: object) -> str:
    """The seal of some values for one purpose, 64 hex digits; raises NoSealKey."""
    message = canonical_json([purpose, *parts]).encode()
    return hmac.new(_key(installation().keys_dir), message, hashlib.sha256).hexdigest()


def is_sealed(expected: str, purpose: str, *parts: object) -> bool:
    """Whether a seal is ours for these values; constant time; raises NoSealKey."""
    return hmac.compare_digest(expected, seal(purpose, *parts))


def _key(keys_dir: Path) -> bytes:
    path = keys_dir / KEY_FILE
    try:
        return _read(path, path.stat().st_mtime_ns)
    except (OSError, ValueError) as error:
        raise NoSealKey(str(error)) from error


@lru_cache(maxsize=4)
def _read(path: Path, _stamp: int) -> bytes:
    return bytes.fromhex(path.read_text().strip())
