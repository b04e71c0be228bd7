"""The public certificates that we signed with, the retired ones too, by key id; private keys are not here."""

from hashlib import sha256
from pathlib import Path
from secrets import token_hex

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

FOLDER = "known"


def key_id_of(certificate: x509.Certificate) -> str:
    """A certificate's name in the ring: the first 32 hexadecimal digits of the SHA-256 of its DER form."""
    return sha256(certificate.public_bytes(Encoding.DER)).hexdigest()[:32]


def remember(keys_dir: Path, certificate: x509.Certificate) -> None:
    """Put a certificate into the ring for good; putting it twice changes nothing."""
    folder = keys_dir / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = folder / f"{key_id_of(certificate)}.pem"
    if target.exists():
        return
    draft = folder / f".{target.name}.{token_hex(8)}"
    draft.write_bytes(certificate.public_bytes(Encoding.PEM))
    draft.replace(target)


def known_certificates(keys_dir: Path) -> dict[str, bytes]:
    """Every certificate of the ring in DER form, by key id; raises OSError or ValueError where the ring is damaged."""
    found = (x509.load_pem_x509_certificate(path.read_bytes()) for path in sorted((keys_dir / FOLDER).glob("*.pem")))
    return {key_id_of(one): one.public_bytes(Encoding.DER) for one in found}
