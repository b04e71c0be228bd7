"""PDF/A-3a and PDF/UA-1 in one file, judged by veraPDF; with a control that it must refuse."""

from pathlib import Path

import weasyprint

from elearn.certs.facts import SnapshotModule
from elearn.certs.rendering import render
from elearn.certs.signing.local import LocalSigner
from tests.pdf.conftest import Judge
from tests.pdf.snapshots import ISSUED_AT, snapshot
from tests.pdf.test_hostile_input import LOGOS, NAMES, changed_everywhere


def test_every_kind_of_certificate_conforms_signed_or_not(
    plain: bytes, signed: bytes, signer: LocalSigner, fonts_dir: Path, verapdf: Judge
) -> None:
    many = tuple(SnapshotModule(f"Mata pelatihan {number}", 2) for number in range(60))
    made = {
        "sample": snapshot(sample=True, signer=None, valid_until=None),
        "long": snapshot(sample=True, modules=many),
        "empty": snapshot(modules=(), competencies=(), holder_identifier=None, holder_rank=None, signer=None),
        "emoji": snapshot(**changed_everywhere(NAMES["emoji"])),
        "combining": snapshot(**changed_everywhere(NAMES["combining"])),
        "nothing": snapshot(**changed_everywhere("")),
    }
    files = {name: render(one, logo=None, fonts_dir=fonts_dir) for name, one in made.items()}
    for name in ("png", "transparent png", "cmyk jpeg", "one pixel"):
        files[name.replace(" ", "-")] = render(snapshot(), logo=LOGOS[name][0], fonts_dir=fonts_dir)
    again = {f"{name}-signed": signer.sign(pdf, reason="Uji", at=ISSUED_AT) for name, pdf in files.items()}

    verdicts = verapdf(files | again | {"plain": plain, "signed": signed})

    failing = {name: rules for name, rules in verdicts.items() if any(rules.values())}
    assert failing == {}
    assert len(verdicts) == 2 * len(made) + 8 + 2


def test_verapdf_refuses_an_ordinary_file(verapdf: Judge) -> None:
    ordinary = weasyprint.HTML(string="<p>Sertifikat</p>").write_pdf()

    verdict = verapdf({"ordinary": ordinary})["ordinary"]

    assert all(verdict.values())
