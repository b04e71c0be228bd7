"""Argon2id for passwords (OWASP: 19 MiB, two passes, one lane); slow on purpose: never in a write transaction."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from elearn.kernel.ids import new_secret
from elearn.people.rules import PASSWORD_MAX_LENGTH, normal_password

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def hash_password(password: str) -> str:
    """The hash to be stored."""
    return _hasher.hash(normal_password(password))


def verify(stored: str | None, password: str) -> bool:
    """Whether the password is the stored one; without a stored one it takes as long and says no."""
    spelled = normal_password(password[: 4 * PASSWORD_MAX_LENGTH])
    try:
        return _hasher.verify(stored or _nobodys_hash(), spelled) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def prepare() -> None:
    """Make what an unknown account is checked against, so that the first such check takes no longer than others."""
    _nobodys_hash()


def is_dated(stored: str) -> bool:
    """Whether the hash was made at another cost than today's."""
    return _hasher.check_needs_rehash(stored)


@cache
def _nobodys_hash() -> str:
    return _hasher.hash(new_secret())
