"""A picture is what its bytes are, written anew: nothing hidden in it is kept, nothing that is not one gets through."""

import time
from io import BytesIO

import pytest
from PIL import Image

from elearn.courses.pictures import MAX_SIDE, Picture, Unfit, picture, reason_of_another_kind
from tests.factories.pictures import SCRIPT, bomb, drawn, moving, photographed, with_text

SECRETS = (b"LOKASI", b"KAMERA", b"KOMENTAR", b"Exif", b"script", b"RAHASIA")


def noted(words: str) -> Image.Exif:
    exif = Image.Exif()
    exif[0x010E] = words
    return exif


def opened(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content))
    image.load()
    return image


@pytest.mark.parametrize(("kind", "type_"), [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("WEBP", "image/webp")])
def test_a_picture_keeps_its_format_its_size_and_what_is_seen(kind: str, type_: str) -> None:
    made = picture(drawn(kind))

    assert (made.type, made.width, made.height) == (type_, 40, 24)
    image = opened(made.content).convert("RGB")
    assert image.format is None or image.format == kind
    dark = image.getpixel((20, 20))
    assert isinstance(dark, tuple)
    assert all(abs(seen - meant) < 12 for seen, meant in zip(dark, (20, 60, 120), strict=True))


def test_the_same_file_gives_the_same_bytes() -> None:
    assert picture(drawn("WEBP")).content == picture(drawn("WEBP")).content


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBA", "LA"])
def test_every_usual_kind_of_pixels_is_taken(mode: str) -> None:
    assert picture(drawn(mode=mode)).width == 40


def test_what_is_see_through_stays_so() -> None:
    image = Image.new("P", (4, 4), 0)
    image.putpalette([255, 0, 0, 0, 0, 255])
    image.putpixel((0, 0), 1)
    target = BytesIO()
    image.save(target, "PNG", transparency=0)

    kept = opened(picture(target.getvalue()).content).convert("RGBA")

    assert kept.getpixel((3, 3)) == (255, 0, 0, 0)
    assert kept.getpixel((0, 0)) == (0, 0, 255, 255)


def test_a_jpeg_for_print_is_turned_into_one_for_screens() -> None:
    assert opened(picture(drawn("JPEG", mode="CMYK")).content).mode == "RGB"


@pytest.mark.parametrize(
    "content",
    [
        photographed(),
        photographed(note=b"LOKASI" * 9000),
        with_text(drawn(), SCRIPT + b"RAHASIA"),
        drawn("JPEG", comment=SCRIPT) + SCRIPT,
        drawn("WEBP", exif=noted("RAHASIA"), xmp=SCRIPT) + SCRIPT,
        drawn(icc_profile=b"RAHASIA" * 100, exif=noted("RAHASIA")),
    ],
    ids=["camera", "large exif", "png and html", "jpeg and html", "webp and html", "colour profile"],
)
def test_nothing_but_the_picture_is_kept(content: bytes) -> None:
    assert any(secret in content for secret in SECRETS)

    made = picture(content)

    assert not any(secret in made.content for secret in SECRETS)
    assert opened(made.content).info.keys() <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive"} | {
        "progression",
        "loop",
        "background",
        "timestamp",
        "duration",
    }


def test_a_picture_that_is_handed_on_as_it_came_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: without writing anew, what cameras write would be served."""
    content = photographed()
    monkeypatch.setattr(
        "elearn.courses.pictures._written_anew", lambda found, lossless: Picture("image/jpeg", *found.size, content)
    )

    assert any(secret in picture(content).content for secret in SECRETS)


def test_a_photo_stands_as_its_camera_was_held() -> None:
    made = picture(photographed(turned=True))

    assert (made.width, made.height) == (24, 40)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_moving_pictures_are_refused(kind: str) -> None:
    with pytest.raises(Unfit, match="moving pictures"):
        picture(moving(kind))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (bomb(30_000, 30_000), "more than 8,000,000 pixels"),
        (bomb(10_000, 10_000), "more than 8,000,000 pixels|10000 × 10000"),
        (bomb(4000, 4000), "4000 × 4000"),
        (bomb(MAX_SIDE + 1, 1), f"{MAX_SIDE + 1} × 1"),
    ],
    ids=["refused by the decoder", "warned of", "too many pixels", "too long a side"],
)
def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded(content: bytes, reason: str) -> None:
    began = time.monotonic()

    with pytest.raises(Unfit, match=reason):
        picture(content)

    assert time.monotonic() - began < 0.5


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9])
def test_a_picture_cut_short_is_refused(kind: str, share: float) -> None:
    whole = drawn(kind, size=(400, 300))

    with pytest.raises(Unfit, match="damaged or cut short"):
        picture(whole[: int(len(whole) * share)])


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_damage_is_refused_or_harmless_but_never_breaks_anything(kind: str) -> None:
    whole = bytearray(photographed() if kind == "JPEG" else drawn(kind))
    for at in range(len(whole)):
        harmed = bytearray(whole)
        harmed[at] ^= 0xFF
        try:
            made = picture(bytes(harmed))
        except Unfit:
            continue
        assert opened(made.content).size == (made.width, made.height)


def test_an_empty_file_and_a_large_one_are_refused() -> None:
    with pytest.raises(Unfit, match="empty"):
        picture(b"")
    with pytest.raises(Unfit, match="larger than 2048 KB"):
        picture(bytes(2 * 1024 * 1024 + 1))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'<?xml version="1.0"?><svg onload="alert(1)"/>', "SVG can carry scripts"),
        (b"<!DOCTYPE html><script>", "web page"),
        (b"GIF89a" + bytes(20), "save it as PNG"),
        (b"%PDF-1.7", "PDF"),
        (bytes(4) + b"ftypheic", "save it as JPEG"),
        (bytes(30), "no PNG, JPEG or WebP"),
        (SCRIPT + drawn(), "no PNG, JPEG or WebP"),
    ],
)
def test_another_kind_of_file_is_named_with_what_to_do(content: bytes, reason: str) -> None:
    assert reason in str(reason_of_another_kind(content))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_pictures_are_no_other_kind(kind: str) -> None:
    assert reason_of_another_kind(drawn(kind)) is None
