"""The signer of an installation of its own, by the key that keymaking.py makes on this machine; not a certified CA.

Basis for the name it bears: PP 71/2019 art. 60(2), a signature without a certificate of an Indonesian provider
is *tidak tersertifikasi*.
"""

import asyncio
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Self

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign import signers
from pyhanko.sign.ades.api import CAdESSignedAttrSpec
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko_certvalidator.registry import SimpleCertificateStore

from elearn.certs.signing import keymaking, keyring
from elearn.certs.signing.port import SigningFailed

FIELD = "elearn"
RESERVED = 4096


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
        """The signer whose key lies in `keys_dir`, made there first if there is none; raises UnsafeKey."""
        return cls(*keymaking.open_key(keys_dir, name=name, at=at))

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
