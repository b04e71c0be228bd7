"""Slips of people and agencies with long names: all of it is on the paper, nothing over another, the code in one piece."""

import re
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path
from uuid import UUID

from elearn.people import slip_sheet
from elearn.people.facts.accounts import IssuedCode, Slip
from elearn.people.rules import CodePurpose

CODE = "WKM4W-XQW2M"
AGENCY = "Badan Kepegawaian dan Pengembangan Sumber Daya Manusia Kabupaten Kepulauan Siau"
NAME = (
    "Prof. Dr. Raden Ajeng Siti Nurhalizah Kusumawardhani Prawirodirdjo-Djojohadikusumo Sastrowardoyo, "
    "S.Sos., M.Si., M.A.P., CGCAE"
)
UNIT = "Bidang Pelayanan Administrasi Kependudukan dan Pencatatan Sipil pada Dinas Kependudukan dan Pencatatan Sipil"
HOST = "https://belajar-asn.bkpsdm.kepulauansiautagulandangbiaro.example"
WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]*)</word>')
SLIP_WIDTH, SLIP_HEIGHT, LEFT, TOP = (mm * 72 / 25.4 for mm in (96, 70, 9, 8))

Box = tuple[float, float, float, float, str]


def slip(name: str = "Siti Aminah, S.Sos.", unit: str = "Bidang Pelayanan", host: str = "https://kota.example") -> Slip:
    issued = IssuedCode(UUID(int=1), CODE, CodePurpose.ACTIVATION, datetime(2026, 12, 25, tzinfo=UTC))
    address = f"{host}/activate?slip={UUID(int=1).hex}&code={CODE.replace('-', '')}"
    return Slip(name, unit, AGENCY, issued, address, "Asia/Jakarta", has_number=True)


def words_of(pdf: bytes, folder: Path) -> list[Box]:
    """Every word with the box it stands in, in points from the upper left."""
    file = folder / "slips.pdf"
    file.write_bytes(pdf)
    told = subprocess.run(["pdftotext", "-bbox", str(file), "-"], capture_output=True, check=True).stdout.decode()
    return [(float(it[1]), float(it[2]), float(it[3]), float(it[4]), it[5]) for it in WORD.finditer(told)]


def overlap(one: Box, other: Box) -> bool:
    """Lines may be set tight; a third of a letter's height is too much."""
    lap = 0.34 * min(one[3] - one[1], other[3] - other[1])
    return one[0] < other[2] and other[0] < one[2] and one[1] + lap < other[3] and other[1] + lap < one[3]


def test_long_names_stand_whole_on_a_slip(fonts_dir: Path, text_of: Callable[..., str], tmp_path: Path) -> None:
    pdf = slip_sheet.press([slip(), slip(NAME, UNIT, HOST)], fonts_dir=fonts_dir)

    told, words = text_of(pdf), words_of(pdf, tmp_path)

    assert told.count(CODE) == 2
    for text in (NAME, UNIT, AGENCY):
        assert re.sub(r"\s", "", text) in re.sub(r"\s", "", told)
    for column in (0, 1):
        left = LEFT + column * SLIP_WIDTH
        here = [it for it in words if left <= it[0] < left + SLIP_WIDTH]
        assert max(it[2] for it in here) < left + SLIP_WIDTH
        assert max(it[3] for it in here) < TOP + SLIP_HEIGHT
        assert [(one[4], other[4]) for one, other in combinations(here, 2) if overlap(one, other)] == []
