"""The local signer: its key, its signature as poppler and pikepdf see it, and the ring of known certificates."""

import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from elearn.certs.signing import keyring
from elearn.certs.signing.keymaking import KEY_FILE, UnsafeKey
from elearn.certs.signing.local import LocalSigner
from elearn.certs.signing.port import Signer, SigningFailed
from tests.pdf.snapshots import ISSUED_AT


def test_poppler_finds_the_signature_valid_over_the_whole_file(signed: bytes, pdfsig: Callable[[bytes], str]) -> None:
    said = pdfsig(signed)

    assert "Signature is Valid." in said
    assert "Total document signed" in said
    assert "ETSI.CAdES.detached" in said
    assert "tidak tersertifikasi" in said
    assert "Nov 25 2026" in said


def test_poppler_sees_a_changed_byte(signed: bytes, pdfsig: Callable[[bytes], str]) -> None:
    changed = bytearray(signed)
    changed[3000] ^= 1

    assert "Signature is Valid." not in pdfsig(bytes(changed))


def test_it_certifies_and_allows_no_change(signed: bytes) -> None:
    with pikepdf.open(BytesIO(signed)) as file:
        signature = file.Root.Perms.DocMDP
        parameters = signature.Reference[0].TransformParams
        field = file.Root.AcroForm.Fields[0]

        assert parameters.P == 1
        assert signature.SubFilter == "/ETSI.CAdES.detached"
        assert [float(edge) for edge in field.Rect] == [0, 0, 0, 0]


def test_signing_leaves_what_was_drawn_in_place(plain: bytes, signed: bytes) -> None:
    assert signed.startswith(plain)


def test_signing_leaves_the_metadata_alone(plain: bytes, signed: bytes) -> None:
    with pikepdf.open(BytesIO(plain)) as before, pikepdf.open(BytesIO(signed)) as after:
        assert dict(before.docinfo.items()) == dict(after.docinfo.items())
        assert before.Root.Metadata.read_bytes() == after.Root.Metadata.read_bytes()


def test_the_key_is_its_owners_alone(signer: LocalSigner, keys_dir: Path) -> None:
    assert stat.S_IMODE((keys_dir / KEY_FILE).stat().st_mode) == 0o600
    assert stat.S_IMODE(keys_dir.stat().st_mode) == 0o700


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    LocalSigner.open(tmp_path / "keys", name="Badan", at=ISSUED_AT)
    (tmp_path / "keys" / KEY_FILE).chmod(0o640)

    with pytest.raises(UnsafeKey):
        LocalSigner.open(tmp_path / "keys", name="Badan", at=ISSUED_AT)


def test_a_second_start_finds_the_same_key(tmp_path: Path) -> None:
    first = LocalSigner.open(tmp_path, name="Badan", at=ISSUED_AT)
    second = LocalSigner.open(tmp_path, name="Nama lain", at=ISSUED_AT + timedelta(days=400))

    assert first.key_id == second.key_id


def test_many_starts_at_once_agree_on_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        opened = list(pool.map(lambda _: LocalSigner.open(tmp_path, name="Badan", at=ISSUED_AT), range(16)))

    assert len({one.key_id for one in opened}) == 1
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_the_key_is_on_the_curve_p_256(signer: LocalSigner, keys_dir: Path) -> None:
    certificate = x509.load_der_x509_certificate(keyring.known_certificates(keys_dir)[signer.key_id])
    key = certificate.public_key()

    assert isinstance(key, ec.EllipticCurvePublicKey)
    assert isinstance(key.curve, ec.SECP256R1)


def test_a_retired_key_stays_known(tmp_path: Path) -> None:
    first = LocalSigner.open(tmp_path, name="Badan", at=ISSUED_AT)
    (tmp_path / KEY_FILE).unlink()
    second = LocalSigner.open(tmp_path, name="Badan", at=ISSUED_AT)

    assert first.key_id != second.key_id
    assert keyring.known_certificates(tmp_path).keys() == {first.key_id, second.key_id}


def test_an_empty_ring_knows_nothing(tmp_path: Path) -> None:
    assert keyring.known_certificates(tmp_path) == {}


def test_a_damaged_ring_is_said_to_be_so(tmp_path: Path) -> None:
    (tmp_path / keyring.FOLDER).mkdir()
    (tmp_path / keyring.FOLDER / "x.pem").write_text("junk")

    with pytest.raises(ValueError, match="PEM"):
        keyring.known_certificates(tmp_path)


def test_what_is_no_pdf_is_not_signed(signer: LocalSigner) -> None:
    with pytest.raises(SigningFailed):
        signer.sign(b"junk", reason="Uji", at=ISSUED_AT)


def test_a_signed_file_is_not_signed_again(signer: LocalSigner, signed: bytes) -> None:
    with pytest.raises(SigningFailed):
        signer.sign(signed, reason="Uji", at=ISSUED_AT)


def test_a_long_name_of_an_agency_is_no_obstacle(tmp_path: Path, plain: bytes) -> None:
    signer: Signer = LocalSigner.open(tmp_path, name="Ä" * 300, at=ISSUED_AT)

    assert signer.sign(plain, reason="x" * 2000, at=ISSUED_AT)
