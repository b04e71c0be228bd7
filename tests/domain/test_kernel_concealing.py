"""What is concealed is read again by us only, for the same purpose and the same thing, and not if it was changed."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from elearn.kernel import installation as places
from elearn.kernel.installation import Installation
from elearn.kernel.seal import NoSealKey, NotConcealed, conceal, make_key, reveal, seal

TEXT = "rahasia yang dibaca lagi"


@pytest.fixture
def keys(tmp_path: Path) -> Iterator[Path]:
    """An installation with a key of its own; the one before comes back."""
    before = list(places._current)
    make_key(tmp_path)
    places.use(Installation("http://localhost", None, True, False, tmp_path, tmp_path, tmp_path))
    yield tmp_path
    places._current[:] = before


def test_what_is_concealed_can_be_read_again_and_looks_different_each_time(keys: Path) -> None:
    first, second = conceal(TEXT, "seed", "siti"), conceal(TEXT, "seed", "siti")

    assert first != second
    assert TEXT not in first
    assert reveal(first, "seed", "siti") == reveal(second, "seed", "siti") == TEXT


@pytest.mark.parametrize(("purpose", "thing"), [("seed", "budi"), ("offer", "siti"), ("seed", "")])
def test_it_opens_for_its_own_purpose_and_thing_only(keys: Path, purpose: str, thing: str) -> None:
    concealed = conceal(TEXT, "seed", "siti")

    with pytest.raises(NotConcealed):
        reveal(concealed, purpose, thing)


def test_no_changed_bit_goes_unnoticed(keys: Path) -> None:
    raw = urlsafe_b64decode(conceal(TEXT, "seed"))

    for at in range(len(raw)):
        changed = raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]
        with pytest.raises(NotConcealed):
            reveal(urlsafe_b64encode(changed).decode(), "seed")


@pytest.mark.parametrize("text", ["", "A", "AAAA", "bukan milik kami", "é" * 40, "AAAA" * 500, "=" * 8])
def test_what_was_never_concealed_is_refused_alike(keys: Path, text: str) -> None:
    with pytest.raises(NotConcealed):
        reveal(text, "seed")


def test_another_installation_reads_nothing(keys: Path, tmp_path: Path) -> None:
    concealed = conceal(TEXT, "seed")
    other = tmp_path / "other"
    make_key(other)
    places.use(replace(places.installation(), keys_dir=other))

    with pytest.raises(NotConcealed):
        reveal(concealed, "seed")


def test_without_the_key_nothing_is_concealed_or_read(keys: Path) -> None:
    concealed = conceal(TEXT, "seed")
    (keys / "seal.key").unlink()

    with pytest.raises(NoSealKey):
        reveal(concealed, "seed")
    with pytest.raises(NoSealKey):
        conceal(TEXT, "seed")


def test_the_key_that_conceals_is_not_the_one_that_seals(keys: Path) -> None:
    """A seal is published; what it is made with must not follow from what is concealed, nor the other way."""
    from elearn.kernel.seal import _concealing_key

    raw = bytes.fromhex((keys / "seal.key").read_text())

    assert _concealing_key("seed") != raw
    assert _concealing_key("seed") != _concealing_key("offer")
    assert _concealing_key("seed").hex() != seal("seed")
