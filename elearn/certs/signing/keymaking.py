"""The signing key of an installation of its own: P-256, made at its first start, with a certificate it gives itself.

Apart from local.py so that a start makes the key without loading the tools of signing.
"""

import os
import stat
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any

import structlog
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import NameOID

from elearn.certs.signing import keyring

KEY_FILE = "signer.pem"
LIFETIME = timedelta(days=3653 * 2)
MARK = "tidak tersertifikasi"

log = structlog.get_logger(__name__)


class UnsafeKey(RuntimeError):
    """The key's file is open to others than its owner: whoever may read it may sign in our name."""


def prepare(keys_dir: Path, *, name: str, at: datetime) -> bool:
    """Make the key at the installation's first start; False, with a warning, where there can be none now.

    So the key is older than whatever it signs, and what others signed reads as theirs from the start.
    """
    try:
        open_key(keys_dir, name=name, at=at)
    except (OSError, ValueError, UnsafeKey) as error:
        log.warning("no_signing_key", error=str(error))
        return False
    return True


def open_key(keys_dir: Path, *, name: str, at: datetime) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    """The key in `keys_dir` and its certificate, made there first if there is none; `name` is the installation's.

    Raises UnsafeKey where others may read the key. Several processes may open at once: one key wins.
    """
    keys_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = keys_dir / KEY_FILE
    if not path.exists():
        _make(path, name=name, at=at)
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise UnsafeKey(f"{path.name} must be readable by its owner alone (mode 0600)")
    pem = path.read_bytes()
    key, certificate = load_pem_private_key(pem, None), x509.load_pem_x509_certificate(pem)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise UnsafeKey(f"{path.name} holds no elliptic-curve key")
    keyring.remember(keys_dir, certificate)
    return key, certificate


def _make(path: Path, *, name: str, at: datetime) -> None:
    """Make key and certificate in one file that appears whole, or not at all where another process was first."""
    key = ec.generate_private_key(ec.SECP256R1())
    content = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    content += _certificate(key, name=name, at=at).public_bytes(Encoding.PEM)
    draft = path.with_name(f".{path.name}.{token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # the other process's key is the key
    finally:
        draft.unlink()


def _certificate(key: ec.EllipticCurvePrivateKey, *, name: str, at: datetime) -> x509.Certificate:
    """A certificate that the key gives itself, for signing documents only; it says that it is not certified."""
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, f"{_at_most(name, 64 - len(MARK) - 3)} ({MARK})"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, _at_most(name, 64)),
            x509.NameAttribute(NameOID.COUNTRY_NAME, "ID"),
        ]
    )
    usage: dict[str, Any] = dict.fromkeys(
        ("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign",
         "encipher_only", "decipher_only"), False,
    )  # fmt: skip
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + LIFETIME)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(digital_signature=True, content_commitment=True, **usage), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


def _at_most(name: str, size: int) -> str:
    """As much of a name as a certificate's field holds (X.520 counts; we count its bytes, the stricter way)."""
    return name.encode(errors="ignore")[:size].decode(errors="ignore").strip() or "elearn"
