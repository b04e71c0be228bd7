"""The four refusals a use-case may raise; what they look like outside is said in web/errors.py."""

from typing import Any


class Refusal(Exception):
    """A use-case said no. `code` is stable and machine-readable; `details` are plain JSON values."""

    def __init__(self, code: str, /, *, field: str | None = None, **details: object) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.details = details


class NotFound(Refusal):
    """There is no such thing for this actor (404)."""

    def __init__(self, code: str = "not_found", /, **details: Any) -> None:
        super().__init__(code, **details)


class Forbidden(Refusal):
    """The thing exists, the act is not this actor's (403)."""

    def __init__(self, code: str = "forbidden", /, **details: Any) -> None:
        super().__init__(code, **details)


class Conflict(Refusal):
    """The act does not fit the present state (409)."""


class Invalid(Refusal):
    """The input cannot be accepted as it is (422)."""
