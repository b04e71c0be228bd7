"""What a page says once about what was just done; the words are the views'."""

from flask import flash

UNDO = "undo:"


def undoable(words: str, address: str) -> None:
    """Say what was done on the next page, with a button that posts to the address to undo it."""
    flash(words, UNDO + address)
