"""What every signer can do; which signer an installation has is decided where the application is put together."""

from datetime import datetime
from typing import Protocol


class SigningFailed(RuntimeError):
    """The file was not signed; the job that asked for it may try again or is parked."""


class Signer(Protocol):
    """Signs finished files as the very last step, so that no later change goes unseen."""

    @property
    def key_id(self) -> str:
        """Which key signs: the name of its certificate in the keyring."""
        ...

    def sign(self, pdf: bytes, *, reason: str, at: datetime) -> bytes:
        """The file with a certifying signature dated `at` that allows no change; raises SigningFailed."""
        ...
