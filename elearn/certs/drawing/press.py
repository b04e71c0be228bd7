"""WeasyPrint at work: style sheet and fonts read once per process, one document at a time; words come from sheet.py."""

from datetime import UTC
from functools import cache
from pathlib import Path

from weasyprint import CSS, HTML, Attachment
from weasyprint.text.fonts import FontConfiguration

from elearn.certs.drawing import archive, sheet, words
from elearn.certs.drawing.fetching import PackagedOnly
from elearn.certs.drawing.fonts import SANS, SERIF, WEIGHTS
from elearn.certs.facts import CertificateSnapshot

ATTACHMENT = "credential.json"
FAMILIES = {SANS: "Plus Jakarta Sans", SERIF: "Source Serif 4"}


def press(snapshot: CertificateSnapshot, *, logo: bytes | None, fonts_dir: Path) -> bytes:
    """The unsigned file. Raises FatalURLFetchingError (a BaseException) where the page asks for anything outside."""
    title, author = sheet.heading(snapshot, fonts_dir)
    html = sheet.document(snapshot, logo=logo, fonts_dir=fonts_dir)
    return write(
        html,
        fonts_dir,
        attachment=_credential(snapshot),
        finisher=archive.finisher(
            title=title, author=author, code=words.grouped_code(snapshot.code), moment=snapshot.issued_at
        ),
    )


def write(html: str, fonts_dir: Path, *, attachment: Attachment, finisher: archive.Finisher) -> bytes:
    """Lay the document out behind the closed door and write it."""
    fetcher, configuration, style = _plant(fonts_dir)
    written: bytes = HTML(string=html, url_fetcher=fetcher).write_pdf(
        stylesheets=[style],
        font_config=configuration,
        finisher=finisher,
        attachments=[attachment],
        pdf_variant="pdf/a-3a",
    )
    return written


@cache
def _plant(fonts_dir: Path) -> tuple[PackagedOnly, FontConfiguration, CSS]:
    """What is made once per process: a font configuration and a parsed style sheet cost more than a page."""
    fetcher, configuration = PackagedOnly(fonts_dir), FontConfiguration()
    faces = "".join(
        f"@font-face {{ font-family: '{FAMILIES[family]}'; font-weight: {weight};"
        f" src: url('{(fonts_dir.resolve() / f'{family}-{weight}.ttf').as_uri()}') }}"
        for family in FAMILIES
        for weight in WEIGHTS
    )
    style = (sheet.TEMPLATES / "certificate.css").read_text(encoding="utf-8")
    return fetcher, configuration, CSS(string=faces + style, font_config=configuration, url_fetcher=fetcher)


def _credential(snapshot: CertificateSnapshot) -> Attachment:
    """The snapshot itself, for machines."""
    moment = snapshot.issued_at.astimezone(UTC)
    return Attachment(
        string=snapshot.to_json(),
        name=ATTACHMENT,
        description="Isi sertifikat untuk dibaca mesin",
        created=moment,
        modified=moment,
        relationship="Data",
    )
