"""Text as every database takes it; no words and no markup."""


def storable(text: str) -> str:
    """The text without what a database refuses: the null character and halves of surrogate pairs."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode()
