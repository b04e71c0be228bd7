"""What codes are called on pages; the words themselves stand in each package's wording.py."""

from collections.abc import Callable, Mapping


def called(words: Mapping[str, object]) -> Callable[[str], str]:
    """A function that says what a code is called, in the language of the page; one without words stands for itself."""

    def say(code: str) -> str:
        return str(words.get(code, code))

    return say
