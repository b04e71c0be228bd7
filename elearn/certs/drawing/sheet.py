"""From a snapshot to the HTML of its certificate: primitives in, autoescaped text out; a user's text is no template."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from PIL import Image

from elearn.certs.drawing import fonts, words
from elearn.certs.facts import CertificateSnapshot, SnapshotCompetency
from elearn.kernel.clock import local_time

TEMPLATES = Path(__file__).parent.parent / "templates" / "certs" / "pdf"
SUPERVISION = {"unsupervised": "Tanpa pengawas", "supervised": "Diawasi"}
ZONES = {"Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
PAPER = (255, 253, 248)
LOGO_FORMS = ((480, 93), (480, 82), (360, 80), (240, 75), (160, 70))  # pixels a side and JPEG quality, falling
LOGO_ROOM = 40_000  # the file must stay below 150 KB
LOGO_LIMIT = 24_000_000
SIDE_BY_SIDE_ROWS = 12
MIDDLE, MIDDLE_FIXED = 196.0, 67.3  # the height of the middle block, and what its labels and gaps take (pt)
NO_VALUE = "–"
# The smallest sizes take 200 letters of any kind; only what no name is gets cut.
NAME_ON_TWO = (24.0, 21.0, 18.0, 16.0, 14.0, 12.5, 11.0, 10.0, 9.0, 8.0, 7.0, 6.2)

Sizes = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """One cell of a row of facts."""

    label: str
    lines: Sequence[str]
    note: str = ""
    size: float = 9.5


@dataclass(frozen=True, slots=True)
class Pen:
    """Cleans and fits words for one set of font files."""

    fonts_dir: Path

    def line(self, text: str | None) -> str:
        """A text as our fonts can draw it."""
        return words.clean(text, fonts.drawable(self.fonts_dir))

    def fitted(self, text: str | None, style: tuple[str, int], sizes: Sizes, **place: Any) -> fonts.Fitted:
        """A text and the size at which it fits; `place` is width (pt) and lines."""
        return fonts.fit(self.line(text), fonts.face(self.fonts_dir, *style), sizes, **place)

    def titled(self, text: str | None, style: tuple[str, int], one: Sizes, two: Sizes, *, width: float) -> fonts.Fitted:
        """A text on one line where a size of `one` allows it, else on two lines in one of `two`."""
        fitted = self.fitted(text, style, one, width=width, lines=1)
        return fitted if fitted.text == self.line(text) else self.fitted(text, style, two, width=width, lines=2)


def document(snapshot: CertificateSnapshot, *, logo: bytes | None, fonts_dir: Path) -> str:
    """The whole HTML document, without its style sheet."""
    pen = Pen(fonts_dir)
    values = _front(snapshot, pen) | _foot(snapshot, pen) | _annex(snapshot, pen)
    return _environment().get_template("certificate.html").render(values, logo=logo_source(logo))


def heading(snapshot: CertificateSnapshot, fonts_dir: Path) -> tuple[str, str]:
    """Title and author as the file's metadata say them."""
    pen = Pen(fonts_dir)
    return f"Sertifikat {pen.line(snapshot.number)}", pen.line(snapshot.agency_name) or NO_VALUE


@cache
def _environment() -> Environment:
    """A Jinja of its own: no application, no globals of ours, everything escaped."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


def _front(snapshot: CertificateSnapshot, pen: Pen) -> dict[str, Any]:
    holder = pen.titled(snapshot.holder_name, (fonts.SERIF, 600), (30, 27, 24), NAME_ON_TWO, width=640)
    who, where = (pen.fitted(line, (fonts.SANS, 400), (10, 9, 8), width=570, lines=1) for line in _particulars(snapshot))
    course = pen.titled(snapshot.course_title, (fonts.SERIF, 600), (21, 19, 17), (17, 15, 13, 11, 9), width=600)
    taken = MIDDLE_FIXED + sum(
        one.height(leading) for one, leading in ((holder, 1.15), (who, 1.4), (where, 1.4), (course, 1.2))
    )
    return {
        "sample": snapshot.sample,
        "number": pen.fitted(snapshot.number, (fonts.SANS, 600), (10.5, 9, 7.5), width=520, lines=1),
        "agency": pen.titled(snapshot.agency_name, (fonts.SANS, 600), (12.5, 11.5, 10.5), (10.5, 9), width=600),
        "middle_top": round(max(0.0, MIDDLE - taken) / 2, 2),
        "holder": holder,
        "particulars": [line for line in (who, where) if line.text],
        "course": course,
        "provider": pen.fitted(snapshot.provider, (fonts.SANS, 400), (9.5, 8.5), width=520, lines=1),
        "facts": _grid(snapshot, pen),
    }


def _particulars(snapshot: CertificateSnapshot) -> tuple[str, str]:
    """Two lines, as far as they are known: identifier and rank; position and unit."""
    identifier = words.grouped_identifier(snapshot.holder_identifier)
    kind = words.identifier_kind(snapshot.holder_identifier_type)
    who = (f"{kind} {identifier}" if identifier else "", snapshot.holder_rank)
    where = (snapshot.holder_position, snapshot.holder_unit)
    return " · ".join(one for one in who if one), " · ".join(one for one in where if one)


def _grid(snapshot: CertificateSnapshot, pen: Pen) -> list[Fact]:
    """The five facts under the course's title."""
    valid = words.long_date(snapshot.valid_until) if snapshot.valid_until else "Tanpa batas waktu"
    return [
        Fact("Pelaksanaan", words.span(snapshot.started_on, snapshot.finished_on)),
        Fact("Jumlah jam pelajaran", [f"{snapshot.lesson_hours} JP"]),
        Fact("Nilai akhir", [words.score(snapshot.score_bp)], f"batas lulus {words.score(snapshot.pass_bp)}"),
        _level([one for one in snapshot.competencies if one.passed], pen),
        Fact("Berlaku sampai", [valid]),
    ]


def _level(passed: list[SnapshotCompetency], pen: Pen) -> Fact:
    """The competency passed and its level; more than one are only counted, the annex has them all."""
    label = "Kompetensi dan level"
    if not passed:
        return Fact(label, [NO_VALUE])
    if len(passed) > 1:
        return Fact(label, [f"{len(passed)} kompetensi"], "lihat lampiran")
    name = pen.fitted(passed[0].name, (fonts.SANS, 600), (9.5, 8.5, 7.5, 6.5), width=117, lines=2)
    return Fact(label, name.rows, pen.line(f"level {passed[0].level} {passed[0].level_name}"), name.size)


def _foot(snapshot: CertificateSnapshot, pen: Pen) -> dict[str, Any]:
    signer = snapshot.signer
    place = pen.line(snapshot.place)
    return {
        "code": words.grouped_code(snapshot.code),
        "verify_url": pen.line(snapshot.verify_url),
        "qr": _qr(snapshot.verify_url),
        "issued": ", ".join(part for part in (place, words.long_date(snapshot.issued_on)) if part),
        "signer": signer and {
            "title": pen.fitted(signer.title, (fonts.SANS, 400), (9.5, 8.5, 7.5), width=230, lines=2),
            "name": pen.fitted(signer.name, (fonts.SERIF, 600), (13, 11.5, 10), width=230, lines=2),
            "identifier": pen.line(words.grouped_identifier(signer.identifier)),
            "basis": pen.fitted(signer.legal_basis, (fonts.SANS, 400), (7, 6.5), width=230, lines=2),
        },
    }  # fmt: skip


def _annex(snapshot: CertificateSnapshot, pen: Pen) -> dict[str, Any]:
    issued = local_time(snapshot.issued_at, snapshot.zone)
    zone = ZONES.get(snapshot.zone) or issued.strftime("UTC%z")
    rows = max(len(snapshot.modules), len(snapshot.competencies) + 2)
    return {
        "holder_name": pen.line(snapshot.holder_name),
        "course_line": pen.line(f"{snapshot.course_code} {snapshot.course_title}"),
        "particular_facts": [
            Fact("Kode dan versi pelatihan", [pen.line(f"{snapshot.course_code}, versi {snapshot.course_version}")]),
            Fact("Jenis pelatihan", [pen.line(snapshot.form) or NO_VALUE]),
            Fact("Cara ujian", [SUPERVISION.get(snapshot.supervision, NO_VALUE)]),
            Fact("Diterbitkan", [f"{words.long_date(issued.date())} pukul {issued:%H.%M} {zone}"]),
        ],
        "modules": [(pen.line(one.title), one.lesson_hours) for one in snapshot.modules],
        "module_hours": sum(one.lesson_hours for one in snapshot.modules),
        "competencies": [_competency(one, pen) for one in snapshot.competencies],
        "score": words.score(snapshot.score_bp),
        "pass_score": words.score(snapshot.pass_bp),
        "side_by_side": rows <= SIDE_BY_SIDE_ROWS,
    }


def _competency(one: SnapshotCompetency, pen: Pen) -> dict[str, str]:
    level = f"{one.level} {one.level_name}" if one.level_name else str(one.level)
    return {
        "code": pen.line(one.code),
        "name": pen.line(one.name),
        "score": words.score(one.score_bp),
        "level": pen.line(level) if one.passed else NO_VALUE,
        "outcome": "Lulus" if one.passed else "Belum lulus",
    }


def _qr(url: str) -> str:
    """The address as a QR code, a PNG data URI."""
    out = BytesIO()
    segno.make(url, error="m", micro=False).save(out, kind="png", scale=8, border=0)
    return _source("png", out.getvalue())


def logo_source(logo: bytes | None) -> str | None:
    """The emblem as a JPEG on our paper, as fine as there is room for; what is no PNG or JPEG picture is left out."""
    if not logo:
        return None
    try:
        with Image.open(BytesIO(logo), formats=("PNG", "JPEG")) as picture:
            if picture.width * picture.height > LOGO_LIMIT:
                return None
            picture.thumbnail((LOGO_FORMS[0][0], LOGO_FORMS[0][0]))
            drawn = picture.convert("RGBA")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return None
    flat = Image.new("RGB", drawn.size, PAPER)
    flat.paste(drawn, mask=drawn)
    for side, quality in LOGO_FORMS:
        flat.thumbnail((side, side))
        out = BytesIO()
        flat.save(out, format="JPEG", quality=quality, subsampling=0)
        if out.tell() <= LOGO_ROOM:
            break
    return _source("jpeg", out.getvalue())


def _source(kind: str, content: bytes) -> str:
    return f"data:image/{kind};base64,{b64encode(content).decode()}"
