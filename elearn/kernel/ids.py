"""Makes identifiers and secrets; nothing else draws randomness for them."""

import hashlib
import os
import secrets
import time
from base64 import b32encode
from uuid import UUID


def new_id() -> UUID:
    """A UUID version 7 (RFC 9562 §5.7): 48 bits of Unix milliseconds, then 74 random bits. Never a secret."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & 0xFFFF_FFFF_FFFF) << 80 | int.from_bytes(os.urandom(10))
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)


def new_secret() -> str:
    """A random 256-bit secret, safe in URLs and headers."""
    return secrets.token_urlsafe(32)


def new_seed() -> str:
    """The random 160 bits that a person's app and we make codes from, in base 32 (RFC 4226 §4)."""
    return b32encode(secrets.token_bytes(20)).decode()


def fingerprint(secret: str) -> str:
    """The SHA-256 of a secret, in hex: what is stored in its place."""
    return hashlib.sha256(secret.encode()).hexdigest()
