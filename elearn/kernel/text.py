"""Text as every database takes it and codes as people read them; no words and no markup."""

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def storable(text: str) -> str:
    """The text without what a database refuses: the null character and halves of surrogate pairs."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode()


def readable_code(digest: str, length: int) -> str:
    """The head of a hexadecimal digest as people read it out: `length` signs of Crockford's base 32, in groups of four."""
    number = int(digest, 16) >> (4 * len(digest) - 5 * length)
    signs = "".join(CROCKFORD[number >> (5 * place) & 31] for place in reversed(range(length)))
    return "-".join(signs[at : at + 4] for at in range(0, length, 4))
