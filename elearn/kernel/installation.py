"""Where this installation is reached and where its files and keys lie, set once when the application is made."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Installation:
    """`public_url` is the only source of addresses outside a demo; `address` falls back to where it listens."""

    address: str
    public_url: str | None
    demo: bool
    pdf: bool
    files_dir: Path
    keys_dir: Path
    fonts_dir: Path
    mail_url: str | None = None

    @property
    def name(self) -> str:
        """What the installation is called where no agency speaks: the host it is reached at."""
        return urlsplit(self.address).hostname or "elearn"


class NotSetUp(RuntimeError):
    """The application was not made yet."""


_current: list[Installation] = []


def use(installation: Installation) -> None:
    """Say which installation this process serves."""
    _current[:] = [installation]


def installation() -> Installation:
    """The installation this process serves; raises NotSetUp."""
    if not _current:
        raise NotSetUp("create_app() was not called")
    return _current[0]
