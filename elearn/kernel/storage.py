"""Where files lie, by their SHA-256: the port every package uses; here a local directory, elsewhere an object store."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from elearn.kernel.installation import installation


def put(content: bytes) -> str:
    """Store a file durably and return its SHA-256 in hex; storing it again changes nothing."""
    sha256 = hashlib.sha256(content).hexdigest()
    path = _path(sha256)
    if path.exists():
        return sha256
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}.part")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return sha256


def get(sha256: str) -> bytes:
    """The file; raises FileNotFoundError."""
    return _path(sha256).read_bytes()


def holds(sha256: str) -> bool:
    """Whether the file is there."""
    return _path(sha256).is_file()


def every() -> Iterator[str]:
    """The SHA-256 of every file, in order."""
    for path in sorted(installation().files_dir.rglob("*.bin")):
        yield path.stem


def _path(sha256: str) -> Path:
    return installation().files_dir / sha256[:2] / f"{sha256}.bin"
