"""What stands on a certificate, in which fonts, and that the same snapshot gives the same file."""

import json
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
import segno
from PIL import Image, ImageFilter

from elearn.certs.facts import CertificateSnapshot, SnapshotModule
from elearn.certs.rendering import RenderFailed, render, render_isolated
from elearn.certs.signing.local import LocalSigner
from tests.pdf.snapshots import CODE, COMPETENCIES, ISSUED_AT, PRINTED_CODE, snapshot

Read = Callable[..., str]
OURS = {"Plus-Jakarta-Sans", "Source-Serif-4"}
COPIER = 200  # dots an inch
UNSIGNED = "Ditandatangani secara elektronik (tidak tersertifikasi)"


def font_names(pdf: bytes) -> set[str]:
    """The embedded fonts, without subset tag and weight."""
    with pikepdf.open(BytesIO(pdf)) as file:
        names = {str(one.BaseFont) for one in file.objects if isinstance(one, pikepdf.Dictionary) and "/BaseFont" in one}
    plain = {name.split("+")[-1] for name in names}
    return {next((ours for ours in OURS if name.startswith(ours)), name) for name in plain}


def page_count(pdf: bytes) -> int:
    with pikepdf.open(BytesIO(pdf)) as file:
        return len(file.pages)


@pytest.mark.parametrize(
    "words",
    [
        "Sertifikat",
        "Badan Kepegawaian Kota Lhokseumawe",
        "Nomor: 000123/800.2/BKPSDM/XI/2026",
        "Cut Nyak Rahmawati, S.STP., M.Si.",
        "NIP 19900101 201501 1 901",
        "Penata Muda Tingkat I (III/b)",
        "Analis Pelayanan Publik",
        "Dinas Kependudukan",
        "Pelayanan Publik Prima",
        "diselenggarakan oleh Pusat Pembelajaran Kota Lhokseumawe",
        "3–24 November 2026",
        "16 JP",
        "82,5",
        "Pelayanan Publik\nlevel 2 Menengah",
        "25 November 2029",
        "Lhokseumawe, 25 November 2026",
        "Kepala BKPSDM",
        "Drs. Teuku Ahmad Fauzi, M.M.",
        "NIP 19720304 199503 1 001",
        "Keputusan Nomor 800/123/2026",
        UNSIGNED,
        PRINTED_CODE,
    ],
)
def test_the_front_page_says_it(plain: bytes, text_of: Read, words: str) -> None:
    assert words in text_of(plain, 1)


def test_several_competencies_are_counted_on_the_front_and_named_in_the_annex(fonts_dir: Path, text_of: Read) -> None:
    both = tuple(replace(one, passed=True) for one in COMPETENCIES)

    pdf = render(snapshot(competencies=both), logo=None, fonts_dir=fonts_dir)

    assert "2 kompetensi\nlihat lampiran" in text_of(pdf, 1)
    assert all(one.name in text_of(pdf, 2) for one in both)


@pytest.mark.parametrize(
    "words",
    [
        "Menangani pengaduan dan SKM",
        "Pelayanan Publik",
        "MAN-PLP",
        "86",
        "2 Menengah",
        "67,33",
        "Belum lulus",
        "Tanpa pengawas",
        "25 November 2026 pukul 10.15 WIB",
        "PPP-01, versi 4",
        "Cara memeriksa keaslian",
        PRINTED_CODE,
    ],
)
def test_the_annex_says_it(plain: bytes, text_of: Read, words: str) -> None:
    assert words in text_of(plain, 2)


def test_a_competency_that_was_not_passed_has_no_level(plain: bytes, text_of: Read) -> None:
    assert "3 Mahir" not in text_of(plain)


@pytest.mark.parametrize(
    "name", ["W" * 200, ("Raden " + "Kusumadiningrat " * 20)[:199] + "Z"], ids=["no space", "many words"]
)
def test_a_name_of_200_letters_stands_whole_on_two_lines(name: str, fonts_dir: Path, text_of: Read) -> None:
    lines = text_of(render(snapshot(holder_name=name), logo=None, fonts_dir=fonts_dir), 1).splitlines()
    first = lines.index("diberikan kepada") + 1

    assert "".join("".join(lines[first : first + 2]).split()) == "".join(name.split())


def test_it_has_two_pages_in_landscape(plain: bytes) -> None:
    with pikepdf.open(BytesIO(plain)) as file:
        sizes = [[round(float(edge)) for edge in page.mediabox[2:]] for page in file.pages]

    assert sizes == [[842, 595], [842, 595]]


def test_many_modules_take_more_pages(fonts_dir: Path, text_of: Read) -> None:
    many = tuple(SnapshotModule(f"Mata pelatihan ke-{number}", 2) for number in range(1, 61))

    pdf = render(snapshot(modules=many), logo=None, fonts_dir=fonts_dir)

    assert page_count(pdf) > 2
    assert "Mata pelatihan ke-60" in text_of(pdf)


def test_only_our_fonts_are_embedded(plain: bytes) -> None:
    assert font_names(plain) == OURS


def test_the_check_of_fonts_sees_a_foreign_one(plain: bytes) -> None:
    ours_but_one = OURS - {sorted(OURS)[0]}

    assert not font_names(plain) <= ours_but_one


def test_the_same_snapshot_gives_the_same_bytes(plain: bytes, fonts_dir: Path) -> None:
    assert render(snapshot(), logo=None, fonts_dir=fonts_dir) == plain


def test_the_process_apart_gives_the_same_bytes(plain: bytes, fonts_dir: Path) -> None:
    assert render_isolated(snapshot(), logo=None, fonts_dir=fonts_dir) == plain


def test_another_snapshot_gives_other_bytes(plain: bytes, fonts_dir: Path) -> None:
    assert render(snapshot(holder_name="Orang Lain"), logo=None, fonts_dir=fonts_dir) != plain


def test_a_sample_says_so_on_every_page(fonts_dir: Path, text_of: Read) -> None:
    many = tuple(SnapshotModule(f"Mata pelatihan {number}", 2) for number in range(60))
    pdf = render(snapshot(sample=True, modules=many), logo=None, fonts_dir=fonts_dir)

    pages = [text_of(pdf, page).splitlines() for page in range(1, page_count(pdf) + 1)]

    assert len(pages) > 2
    assert all("CONTOH" in lines for lines in pages)
    assert "CONTOH: bukan sertifikat yang berlaku" in pages[0]


def test_a_real_one_says_nothing_of_a_sample(plain: bytes, text_of: Read) -> None:
    assert "CONTOH" not in text_of(plain)


def test_without_an_appointment_no_official_is_named(fonts_dir: Path, text_of: Read) -> None:
    text = text_of(render(snapshot(signer=None), logo=None, fonts_dir=fonts_dir), 1)

    assert UNSIGNED in text
    assert "Fauzi" not in text
    assert "Kepala" not in text


def test_without_an_end_it_is_valid_without_limit(fonts_dir: Path, text_of: Read) -> None:
    assert "Tanpa batas waktu" in text_of(render(snapshot(valid_until=None), logo=None, fonts_dir=fonts_dir), 1)


def test_a_supervised_sitting_is_called_so(fonts_dir: Path, text_of: Read) -> None:
    pdf = render(snapshot(supervision="supervised"), logo=None, fonts_dir=fonts_dir)

    assert "Diawasi" in text_of(pdf, 2)


def test_dates_over_two_years_name_both(fonts_dir: Path, text_of: Read) -> None:
    text = text_of(render(snapshot(started_on=date(2025, 12, 30)), logo=None, fonts_dir=fonts_dir), 1)

    assert "30 Desember 2025 –" in text
    assert "24 November 2026" in text


def test_the_snapshot_is_attached_as_data(plain: bytes) -> None:
    with pikepdf.open(BytesIO(plain)) as file:
        attached = file.attachments["credential.json"]
        content = attached.get_file().read_bytes().decode()
        relation = attached.obj.AFRelationship

    assert CertificateSnapshot.from_json(content) == snapshot()
    assert relation == "/Data"


def test_the_code_can_be_read_without_parsing(plain: bytes) -> None:
    assert plain.count(PRINTED_CODE.encode()) >= 2


def copied(pdf: bytes, folder: Path) -> Image.Image:
    """The front page as a poor office copier gives it: grey, soft, faded, then black or white alone."""
    (folder / "a.pdf").write_bytes(pdf)
    subprocess.run(["pdftoppm", "-r", str(COPIER), "-l", "1", "-gray", str(folder / "a.pdf"), str(folder / "a")], check=True)
    with Image.open(next(folder.glob("a*.pgm"))) as page:
        faded = page.filter(ImageFilter.GaussianBlur(0.8)).point(lambda shade: 40 + shade * 180 // 255)
    return faded.point(lambda shade: 255 * (shade > 150))


def test_a_photocopy_keeps_the_qr_code_and_the_words_and_loses_the_ornament(plain: bytes, tmp_path: Path) -> None:
    page = copied(plain, tmp_path)
    matrix = segno.make(snapshot().verify_url, error="m", micro=False).matrix
    side, points = len(matrix), COPIER / 72
    cell = 76 * points / side
    left, top = 92 * points, 459 * points

    wrong = sum(
        (page.getpixel((round(left + (x + 0.5) * cell), round(top + (y + 0.5) * cell))) == 0) != bool(matrix[y][x])
        for x in range(side)
        for y in range(side)
    )

    def black(*box: float) -> float:
        part = page.crop(tuple(round(edge * points) for edge in box))
        return part.histogram()[0] / (part.width * part.height)

    assert wrong == 0
    assert black(180, 236, 660, 268) > 0.10, "the name"
    assert black(600, 524, 740, 540) > 0.05, "the smallest print"
    assert black(60, 15, 780, 50) < 0.02, "the frame must not turn into a black bar"


def test_the_file_stays_small_with_emblem_and_signature(fonts_dir: Path, signer: LocalSigner) -> None:
    busy = Image.effect_noise((900, 900), 90).convert("RGB")
    out = BytesIO()
    busy.save(out, "PNG")

    pdf = render(snapshot(sample=True), logo=out.getvalue(), fonts_dir=fonts_dir)

    assert len(signer.sign(pdf, reason="Uji", at=ISSUED_AT)) <= 150 * 1024


def test_the_qr_code_leads_to_the_register(plain: bytes) -> None:
    wanted = segno.make(snapshot().verify_url, error="m", micro=False)
    with pikepdf.open(BytesIO(plain)) as file:
        found = file.pages[0].get_images().values()
        images = [pikepdf.PdfImage(one).as_pil_image() for one in found if isinstance(one, pikepdf.Stream)]
    modules = [[not cell for cell in row] for row in wanted.matrix]
    side = len(modules)

    drawn = [image.convert("1").resize((side, side)) for image in images if image.width == image.height]

    assert [[bool(image.getpixel((x, y))) for x in range(side)] for image in drawn[:1] for y in range(side)] == modules


def test_a_snapshot_survives_its_json() -> None:
    for one in (snapshot(), snapshot(signer=None, valid_until=None, holder_rank=None, modules=())):
        assert CertificateSnapshot.from_json(one.to_json()) == one


def test_json_is_canonical() -> None:
    text = snapshot().to_json()

    assert text == json.dumps(json.loads(text), sort_keys=True, separators=(",", ":"))
    assert replace(snapshot()).to_json() == text
    assert f'"code":"{CODE}"' in text


def test_without_fonts_it_fails_by_name(tmp_path: Path) -> None:
    for make in (render, render_isolated):
        with pytest.raises(RenderFailed):
            make(snapshot(), logo=None, fonts_dir=tmp_path)


def test_a_contract_employees_number_is_called_by_its_name(text_of: Read, fonts_dir: Path) -> None:
    one = snapshot(holder_identifier="199202022023211906", holder_identifier_type="ni_pppk")

    text = text_of(render(one, logo=None, fonts_dir=fonts_dir), 1)

    assert "NI PPPK 19920202 202321 1 906" in text
    assert "NIP 19920202" not in text


def test_a_snapshot_from_before_kinds_of_numbers_still_reads() -> None:
    values = json.loads(snapshot().to_json())
    del values["holder_identifier_type"]

    assert CertificateSnapshot.from_json(json.dumps(values)) == snapshot(holder_identifier_type=None)
