"""Where files lie, by their SHA-256: the port every package uses; here a local directory, elsewhere an object store."""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from elearn.kernel.installation import installation

_NAME = re.compile(r"[0-9a-f]{64}")


def put(content: bytes) -> str:
    """Store a file durably and return its SHA-256 in hex; what is there already is never written again."""
    sha256 = hashlib.sha256(content).hexdigest()
    path = _path(sha256)
    if path.exists():
        return sha256
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        return sha256
    finally:
        Path(draft).unlink()
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return sha256


def get(sha256: str) -> bytes:
    """The file; raises FileNotFoundError, also for what can be no name of a file."""
    return _path(sha256).read_bytes()


def holds(sha256: str) -> bool:
    """Whether the file is there."""
    return is_name(sha256) and _path(sha256).is_file()


def every() -> Iterator[str]:
    """The SHA-256 of every file, in order."""
    for path in sorted(installation().files_dir.rglob("*.bin")):
        if is_name(path.stem):
            yield path.stem


def is_name(text: str) -> bool:
    """Whether this can be the name of a file: 64 hexadecimal digits and nothing else."""
    return _NAME.fullmatch(text) is not None


def _path(sha256: str) -> Path:
    if not is_name(sha256):
        raise FileNotFoundError("a file's name is its SHA-256 in hexadecimal")
    return installation().files_dir / sha256[:2] / f"{sha256}.bin"
