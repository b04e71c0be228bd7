"""Four-word Indonesian passphrases, made to be offered; what any password must be is said by rules.py.

`words.txt` holds common, harmless words of four to eight letters, each told from all others by its first four. Four of
them, drawn evenly by the system's own generator, are 4 · log2(number of words) bits: a little over 44 with the 2,100
or so of the list (`entropy_bits` says exactly). That is what somebody must guess who knows the list and the method.
Against guessing at the sign-in, which locks, it is beyond reach; of a stolen database, where each guess costs an Argon2
hash, it withstands for long but not for ever.
"""

import secrets
from functools import cache
from math import log2
from pathlib import Path

from elearn.kernel.errors import Invalid
from elearn.people.rules import check_password

COUNT = 4
_FILE = Path(__file__).parent / "words.txt"


@cache
def words() -> tuple[str, ...]:
    """The list, in alphabetical order."""
    return tuple(_FILE.read_text(encoding="ascii").split())


def entropy_bits() -> float:
    """How many bits an offered passphrase has at most; those that read as common passwords are never offered."""
    return COUNT * log2(len(words()))


def offer(*, min_length: int) -> str:
    """Four words with spaces, which a password's own rules accept; the same word may come twice, or it were less."""
    while True:
        phrase = " ".join(secrets.choice(words()) for _ in range(COUNT))
        if _is_accepted(phrase, min_length):
            return phrase


def is_of_ours(phrase: str) -> bool:
    """Whether it may have been offered: four words of the list."""
    parts = phrase.split(" ")
    return len(parts) == COUNT and all(it in words() for it in parts)


def _is_accepted(phrase: str, min_length: int) -> bool:
    try:
        check_password(phrase, min_length=min_length)
    except Invalid:
        return False
    return True
