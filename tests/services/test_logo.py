"""The logo on certificates: only what decodes as one whole picture, and made durable with no transaction open."""

import pytest
from PIL import ImageFile

from elearn.certs.emblem import MAX_BYTES
from elearn.kernel import storage
from elearn.kernel.db import db
from elearn.kernel.errors import Forbidden, Invalid
from elearn.people import agencies
from elearn.workflows import administration
from tests.factories import pictures
from tests.factories.courses import NOON
from tests.factories.world import World


def keep(world: World, content: bytes, who: str = "admin") -> str:
    return administration.keep_logo(world.agency_id, content, by=world.actor(who), now=NOON)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x89PNG\r\n\x1a\n" + bytes(40),
        b"\xff\xd8\xff" + bytes(400),
        pictures.SCRIPT,
        pictures.drawn("WEBP"),
        pictures.drawn("GIF", mode="P"),
        pictures.drawn()[:-40],
        pictures.drawn("JPEG", size=(400, 300))[:2000],
        pictures.moving("PNG"),
        pictures.bomb(30_000, 30_000),
        pictures.drawn(size=(4097, 10)),
        pictures.drawn() + bytes(MAX_BYTES),
    ],
    ids=[
        "empty", "png-start", "jpeg-start", "script", "webp", "gif",
        "cut-png", "cut-jpeg", "moving", "bomb", "wide", "large",
    ],
)  # fmt: skip
def test_what_is_no_whole_picture_of_sane_size_is_refused_and_not_kept(
    world: World, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where WeasyPrint was met in this process."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    before = list(storage.every())

    with pytest.raises(Invalid, match="logo"):
        keep(world, content)

    assert list(storage.every()) == before


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_picture_is_kept_and_set(world: World, kind: str) -> None:
    sha256 = keep(world, pictures.drawn(kind))
    administration.change_logo(world.agency_id, sha256, by=world.actor("admin"), now=NOON)
    db.session.flush()

    assert agencies.agency(world.agency_id, now=NOON).logo == sha256


def test_only_administrators_keep_or_set_one_and_only_what_is_kept(world: World) -> None:
    for who in ("learner", "hr"):
        with pytest.raises(Forbidden):
            keep(world, pictures.drawn(), who)
        with pytest.raises(Forbidden):
            administration.change_logo(world.agency_id, storage.put(b"x"), by=world.actor(who), now=NOON)
    with pytest.raises(Invalid, match="logo"):
        administration.change_logo(world.agency_id, "0" * 64, by=world.actor("admin"), now=NOON)


def test_no_transaction_is_open_while_a_logo_is_made_durable(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a disk takes its time for must hold up nobody else who writes."""
    seen: list[bool] = []
    put = storage.put
    monkeypatch.setattr(storage, "put", lambda content: (seen.append(db.session().in_transaction()), put(content))[1])

    keep(world, pictures.drawn())

    assert seen == [False]
