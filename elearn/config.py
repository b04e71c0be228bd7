"""The frozen configuration, read from the environment once; refuses to start if it is wrong."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

ADDRESS_FILE = "public-url"


class ConfigError(RuntimeError):
    """A variable of the environment has a value that cannot be worked with."""


@dataclass(frozen=True, slots=True)
class Config:
    """Where things lie and how the installation is reached."""

    var: Path
    database_url: str
    queue_url: str
    public_url: str | None
    listen_url: str
    secret_key: str
    demo: bool
    pdf: bool
    trusted_proxies: int
    static_built: Path
    styleguide: bool = False
    is_address_given: bool = False
    mail_url: str | None = None
    metrics: tuple[str, int] | None = None

    @classmethod
    def from_environment(cls, env: Mapping[str, str] | None = None) -> Self:
        """Read ELEARN_* variables; raises ConfigError with what to change."""
        env = os.environ if env is None else env
        root = Path(__file__).resolve().parent.parent
        var = Path(env.get("ELEARN_VAR") or root / "var").resolve()
        var.mkdir(parents=True, exist_ok=True)
        return cls(
            var=var,
            database_url=read_database_url(env.get("ELEARN_DATABASE_URL") or f"sqlite:///{var / 'elearn.db'}"),
            queue_url=env.get("ELEARN_QUEUE_URL") or f"sqlite:///{var / 'queue.db'}",
            public_url=_public_url(env.get("ELEARN_PUBLIC_URL") or kept_address(var)),
            mail_url=_mail_url(env.get("ELEARN_MAIL_URL")),
            metrics=_listener(env.get("ELEARN_METRICS")),
            is_address_given=bool(env.get("ELEARN_PUBLIC_URL")),
            listen_url=env.get("ELEARN_LISTEN_URL") or "http://127.0.0.1:8000",
            secret_key=env.get("ELEARN_SECRET_KEY") or _kept_secret(var / "secret.key"),
            demo=env.get("ELEARN_DEMO", "0") == "1",
            pdf=env.get("ELEARN_PDF", "on") != "off",
            trusted_proxies=_count(env.get("ELEARN_TRUSTED_PROXIES", "0")),
            styleguide=env.get("ELEARN_STYLEGUIDE", "0") == "1",
            static_built=Path(__file__).resolve().parent / "web" / "static" / "built",
        )

    @property
    def address(self) -> str:
        """The one source of addresses in QR codes, mail and PDF; in a demo without one, where it listens."""
        return self.public_url or self.listen_url

    @property
    def is_https(self) -> bool:
        """Whether people reach the installation by https."""
        return self.address.startswith("https://")

    @property
    def keys_dir(self) -> Path:
        """Where signing keys lie, apart from data."""
        return self.var / "keys"

    @property
    def metrics_dir(self) -> Path:
        """Where web processes count for /metrics."""
        return self.var / "metrics"

    @property
    def files_dir(self) -> Path:
        """Where issued files lie."""
        return self.var / "files"


def read_database_url(url: str, *, of: str = "ELEARN_DATABASE_URL") -> str:
    """The address of a database as SQLAlchemy wants it; raises ConfigError, which says nothing of what was given."""
    scheme = url.split(":", 1)[0].split("+")[0]
    if scheme in ("postgres", "postgresql"):
        return "postgresql+psycopg:" + url.split(":", 1)[1]
    if scheme == "sqlite":
        return url
    raise ConfigError(f"{of}: expected an address that begins with sqlite: or postgresql:")


def _public_url(url: str | None) -> str | None:
    if not url:
        return None
    said = "ELEARN_PUBLIC_URL: expected something like https://belajar.kota.example"
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError as error:
        raise ConfigError(f"{said}; this is no address") from error
    if parts.scheme not in ("http", "https") or not host or not url.isprintable() or " " in url:
        raise ConfigError(f"{said}; this is no address of a web server")
    if "@" in parts.netloc:
        raise ConfigError(f"{said}; it is printed in every QR code and must hold no user and no password")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ConfigError(f"{said}, without a path: elearn answers at the root of its address")
    return f"{parts.scheme}://{parts.netloc}"


def _mail_url(url: str | None) -> str | None:
    """Only its shape is looked at here; what is wrong is said without it, for it holds a password."""
    if not url:
        return None
    parts = urlsplit(url)
    sender = parts.query.partition("from=")[2] or (parts.username or "").replace("%40", "@")
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or "@" not in sender.replace("%40", "@"):
        raise ConfigError("ELEARN_MAIL_URL: expected smtp://user:password@host:port?from=belajar@kota.example")
    return url


def _listener(address: str | None) -> tuple[str, int] | None:
    """A host of this machine and a port; a bare port would be open to everybody, so it is refused."""
    if not address:
        return None
    host, _colon, port = address.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65536:
        raise ConfigError("ELEARN_METRICS: expected host:port, such as 127.0.0.1:9100")
    return host.strip("[]"), int(port)


def kept_address(var: Path) -> str | None:
    """The public address that was typed when the installation was set up; the environment's comes before it."""
    file = var / ADDRESS_FILE
    return file.read_text(encoding="utf-8").strip() if file.exists() else None


def read_address(url: str) -> str:
    """A public address as it is kept; raises ConfigError with what to change."""
    return _public_url(url.strip()) or ""


def keep_address(var: Path, url: str) -> None:
    """Keep a public address beside the data, whole or not at all; ./run then starts the product anew with it."""
    draft = var / f"{ADDRESS_FILE}.{os.getpid()}"
    draft.write_text(url + "\n", encoding="utf-8")
    draft.replace(var / ADDRESS_FILE)


def _count(text: str) -> int:
    if not text.isdigit():
        raise ConfigError("ELEARN_TRUSTED_PROXIES: expected a number of proxies, such as 1")
    return int(text)


def _kept_secret(path: Path) -> str:
    """The installation's own secret, made once; two processes that start together agree on one."""
    if not path.exists():
        draft = path.with_suffix(f".{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()
