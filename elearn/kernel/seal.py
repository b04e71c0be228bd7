"""Keyed seals (HMAC-SHA-256) over what is our own, and secrets we must read again (AES-256-GCM); one key, kept apart."""

import hashlib
import hmac
import os
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import lru_cache
from pathlib import Path

import structlog
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from elearn.kernel.audit import canonical_json
from elearn.kernel.installation import installation

KEY_FILE = "seal.key"
NONCE_BYTES = 12

log = structlog.get_logger(__name__)


class NoSealKey(RuntimeError):
    """The key that seals are made and checked with cannot be read: nothing can be proved now."""


class NotConcealed(ValueError):
    """This was not concealed by our key for this purpose and these values, or it was changed since."""


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


def conceal(text: str, purpose: str, *parts: object) -> str:
    """Encrypt a text so that only we read it again, for the same purpose and values; URL-safe; raises NoSealKey."""
    nonce = os.urandom(NONCE_BYTES)
    sealed = AESGCM(_concealing_key(purpose)).encrypt(nonce, text.encode(), canonical_json(parts).encode())
    return urlsafe_b64encode(nonce + sealed).decode()


def reveal(concealed: str, purpose: str, *parts: object) -> str:
    """What was concealed; raises NotConcealed where it is not ours, and NoSealKey."""
    key = _concealing_key(purpose)
    try:
        sealed = urlsafe_b64decode(concealed.encode())
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], canonical_json(parts).encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise NotConcealed(purpose) from error


def _concealing_key(purpose: str) -> bytes:
    """Each purpose has a key of its own, apart from the one that seals."""
    label = f"elearn conceal {purpose}".encode()
    return HKDF(SHA256(), 32, salt=None, info=label).derive(_key(installation().keys_dir))


def _key(keys_dir: Path) -> bytes:
    path = keys_dir / KEY_FILE
    try:
        return _read(path, path.stat().st_mtime_ns)
    except (OSError, ValueError) as error:
        raise NoSealKey(str(error)) from error


@lru_cache(maxsize=4)
def _read(path: Path, _stamp: int) -> bytes:
    return bytes.fromhex(path.read_text().strip())
