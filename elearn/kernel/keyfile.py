"""The installation's keys in one file sealed by a passphrase, so that they can lie beside a backup; rows are backup.py's."""

import io
import os
import secrets
import tarfile
import tempfile
from base64 import urlsafe_b64encode
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from elearn.kernel.errors import Invalid
from elearn.kernel.installation import installation

PASSPHRASE_FILE = "backup.passphrase"  # noqa: S105 - the name of a file


def kept_passphrase() -> str | None:
    """The passphrase kept beside the keys, if one was made."""
    path = installation().keys_dir / PASSPHRASE_FILE
    return path.read_text().strip() if path.exists() else None


def make_passphrase() -> tuple[str, bool]:
    """The kept passphrase, made if there is none: (passphrase, whether it was made now)."""
    if known := kept_passphrase():
        return known, False
    phrase = secrets.token_urlsafe(24)
    _write_private(installation().keys_dir / PASSPHRASE_FILE, phrase.encode())
    return phrase, True


def write(target: Path, passphrase: str) -> None:
    """Seal every key of the installation into `target`."""
    buffer = io.BytesIO()
    root = installation().keys_dir
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for path in sorted(root.rglob("*")):
            if path.is_file() and path.name != PASSPHRASE_FILE:
                info = tarfile.TarInfo(str(path.relative_to(root)))
                content = path.read_bytes()
                info.size, info.mode = len(content), 0o600
                tar.addfile(info, io.BytesIO(content))
    salt = os.urandom(16)
    _write_private(target, salt + Fernet(_key(passphrase, salt)).encrypt(buffer.getvalue()))


def read(source: Path, passphrase: str) -> dict[Path, bytes]:
    """The keys in a sealed file, by the place each belongs at here; raises Invalid and writes nothing."""
    try:
        sealed = source.read_bytes()
        content = Fernet(_key(passphrase, sealed[:16])).decrypt(sealed[16:])
    except OSError as error:
        raise Invalid("keys_unreadable", reason=str(error)) from error
    except InvalidToken as error:
        raise Invalid("wrong_passphrase") from error
    with tarfile.open(fileobj=io.BytesIO(content), mode="r") as tar:
        files = [(member.name, tar.extractfile(member)) for member in tar.getmembers() if member.isfile()]
        return {_place(name): file.read() for name, file in files if file is not None}


def restore(keys: dict[Path, bytes]) -> None:
    """Write the keys where they belong, over those of an installation that has sealed nothing; harmless twice."""
    for path, content in keys.items():
        _write_private(path, content)


def _place(name: str) -> Path:
    root = installation().keys_dir.resolve()
    target = (root / name).resolve()
    if not target.is_relative_to(root):
        raise Invalid("backup_unreadable", reason=name)
    return target


def _write_private(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


def _key(passphrase: str, salt: bytes) -> bytes:
    return urlsafe_b64encode(Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(passphrase.encode()))
