"""The signer of an installation of its own: a P-256 key on this machine, made at its first start; not a certified CA.

Basis for the name it bears: PP 71/2019 art. 60(2), a signature without a certificate of an Indonesian provider
is *tidak tersertifikasi*.
"""

import asyncio
import os
import stat
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from secrets import token_hex
from typing import Any, Self

import structlog
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign import signers
from pyhanko.sign.ades.api import CAdESSignedAttrSpec
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko_certvalidator.registry import SimpleCertificateStore

from elearn.certs.signing import keyring
from elearn.certs.signing.port import SigningFailed

KEY_FILE = "signer.pem"
FIELD = "elearn"
LIFETIME = timedelta(days=3653 * 2)
RESERVED = 4096
MARK = "tidak tersertifikasi"

log = structlog.get_logger(__name__)


class UnsafeKey(RuntimeError):
    """The key's file is open to others than its owner: whoever may read it may sign in our name."""


class LocalSigner:
    """Holds one loaded key; threads may share it."""

    def __init__(self, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> None:
        self._key_id = keyring.key_id_of(certificate)
        self._signer = signers.SimpleSigner(
            signing_cert=asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER)),
            signing_key=asn1_keys.PrivateKeyInfo.load(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())),
            cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call]
        )

    @classmethod
    def open(cls, keys_dir: Path, *, name: str, at: datetime) -> Self:
        """The signer whose key lies in `keys_dir`, made there first if there is none; `name` is the installation's.

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
        return cls(key, certificate)

    @classmethod
    def prepare(cls, keys_dir: Path, *, name: str, at: datetime) -> bool:
        """Make the key at the installation's first start; False, with a warning, where there can be none now.

        So the key is older than whatever it signs, and what others signed reads as theirs from the start.
        """
        try:
            cls.open(keys_dir, name=name, at=at)
        except (OSError, ValueError, UnsafeKey) as error:
            log.warning("no_signing_key", error=str(error))
            return False
        return True

    @property
    def key_id(self) -> str:
        """Which key signs: the name of its certificate in the keyring."""
        return self._key_id

    def sign(self, pdf: bytes, *, reason: str, at: datetime) -> bytes:
        """PAdES B-B, certifying, no changes allowed, in an invisible field; raises SigningFailed."""
        try:
            return asyncio.run(self._sign(pdf, reason=reason, at=at))
        except (PdfError, SigningError, ValueError, LookupError, OSError) as error:
            raise SigningFailed(f"{type(error).__name__}: {error}") from error

    async def _sign(self, pdf: bytes, *, reason: str, at: datetime) -> bytes:
        wanted = signers.PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm="sha256",
            subfilter=SigSeedSubFilter.PADES,
            certify=True,
            docmdp_permissions=MDPPerm.NO_CHANGES,
            cades_signed_attr_spec=CAdESSignedAttrSpec(),
            reason=reason,
        )
        work = signers.PdfSigner(wanted, self._signer, new_field_spec=SigFieldSpec(FIELD))
        session = work.init_signing_session(_Untouched(BytesIO(pdf)))
        session.system_time = at
        prepared = session.prepare_tbs_document(validation_info=None, bytes_reserved=2 * RESERVED)
        digest, out = prepared.digest_tbs_document()
        attributes = PdfCMSSignedAttributes(signing_time=at, cades_signed_attrs=wanted.cades_signed_attr_spec)
        await prepared.perform_signature(digest.document_digest, attributes)
        out.seek(0)
        signed: bytes = out.read()
        return signed


class _Untouched(IncrementalPdfFileWriter):
    """Adds the signature alone: the file's metadata stay as they were drawn, with no clock read behind our back."""

    def _update_meta(self) -> None:
        """Leave Info and XMP alone."""


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
