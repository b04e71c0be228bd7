"""The media/ folder of a course: which files are pictures, and how lessons may refer to them; decoding is pictures.py's."""

import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from elearn.courses import pictures
from elearn.courses.authored import Findings
from elearn.courses.facts.content import MediaContent
from elearn.courses.pictures import Unfit
from elearn.kernel.markdown import PICTURES, PictureUse, picture_uses

MAX_FILES = 100
MAX_COURSE_BYTES = 20 * 1024 * 1024
MAX_ALT = 1000

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}\.(?P<suffix>png|jpe?g|webp)")
_HOW = "write ![what it shows](media/name.png)"


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A picture of a course and its bytes as they will be served."""

    facts: MediaContent
    content: bytes


def read_media(folder: Path, findings: Findings) -> dict[str, MediaFile]:
    """The pictures of a course folder by name; what is unfit is noted. No link is followed, no folder below is read."""
    place = folder / "media"
    if place.is_symlink() or (place.exists() and not place.is_dir()):
        findings.add("media", "", "media must be a folder of its own, not a link or a file")
        return {}
    paths = sorted(place.iterdir()) if place.exists() else []
    if len(paths) > MAX_FILES:
        findings.add("media", "", f"{len(paths)} files lie here; at most {MAX_FILES} are taken")
        return {}
    found: dict[str, MediaFile] = {}
    read = 0
    for path in paths:
        try:
            content = _plain_bytes(path)
            read += len(content)
            _require_room(read)
            found[path.name] = _media_file(path.name, content)
        except Unfit as unfit:
            findings.add(f"{PICTURES}{ascii(path.name)[1:-1]}", "", str(unfit))
    return found


def _require_room(read: int) -> None:
    if read > MAX_COURSE_BYTES:
        raise Unfit(f"the pictures of a course may have {MAX_COURSE_BYTES // 1024 // 1024} MB in all; make them smaller")


def _plain_bytes(path: Path) -> bytes:
    """The bytes of a plain file under a fit name; opened so that a link or a pipe put in its place is not followed."""
    if path.suffix.lower() == ".svg":
        raise Unfit(pictures.SVG)
    if not _NAME.fullmatch(path.name):
        raise Unfit("a name has small letters, digits and hyphens, and ends in .png, .jpg, .jpeg or .webp")
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise Unfit("only plain files can lie here; put the picture itself here, not a link") from error
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise Unfit("only plain files can lie here, no folders")
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            return file.read(pictures.MAX_BYTES + 1)
    finally:
        os.close(descriptor)


def _media_file(name: str, content: bytes) -> MediaFile:
    other = pictures.reason_of_another_kind(content) if content else None
    if other:
        raise Unfit(other)
    shown = pictures.picture(content)
    if pictures.TYPES[name.rpartition(".")[2]] != shown.type:
        raise Unfit(f"this is {shown.type} under another name; let the name end in .{shown.type.partition('/')[2]}")
    facts = MediaContent(
        name=name,
        sha256=sha256(shown.content).hexdigest(),
        source_sha256=sha256(content).hexdigest(),
        type=shown.type,
        width=shown.width,
        height=shown.height,
    )
    return MediaFile(facts, shown.content)


def names_shown(text: str, file: str, known: Mapping[str, MediaFile], findings: Findings) -> set[str]:
    """The pictures that a lesson shows; notes those that cannot be shown or say nothing to who cannot see them."""
    shown = set()
    for use in picture_uses(text):
        name = use.address.removeprefix(PICTURES)
        reason = _problem_of(use, name, known)
        if reason:
            findings.add(file, f"line {use.line}", reason)
        shown.add(name)
    return shown


def _problem_of(use: PictureUse, name: str, known: Mapping[str, MediaFile]) -> str | None:
    if not use.address:
        return f"this is shown as letters, not as a picture; {_HOW}, with no blank in the name"
    if "://" in use.address or use.address.startswith("data:"):
        return f"pictures from elsewhere are not shown; put the file into media/ and {_HOW}"
    if not use.address.startswith(PICTURES) or not _NAME.fullmatch(name):
        return f"{use.address} is no picture of this course; {_HOW}"
    if name not in known:
        return f"{use.address} does not exist or is unfit; in media/ there is: {', '.join(sorted(known)) or 'nothing'}"
    if not use.alt or use.alt in (name, use.address):
        return f"{use.address} has no words for who cannot see it; {_HOW} and say what is to be learned from it"
    if len(use.alt) > MAX_ALT:
        return f"the words for {use.address} are longer than {MAX_ALT} characters; say the rest in the lesson"
    if use.title:
        return f"{use.address} has a title that touch screens never show; say it in the lesson"
    return None
