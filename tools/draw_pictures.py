"""Draws the pictures of our own courses into content/courses/*/media/, from the fonts that tools/build_assets.py makes.

Run it after a change here, look at the pictures, and keep them with the change. They are drawn 720 wide and shown at
half of that on a phone, so nothing is set smaller than 30; each brings its own paper, for dark screens too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageColor, ImageDraw, ImageFont

ROOT = Path(__file__).resolve().parent.parent
FONTS = ROOT / "elearn" / "web" / "static" / "built" / "fonts"
WIDTH, MARGIN, LEADING = 720, 28, 1.28
SMALL, HEAD = 30, 38
PAPER, INK, SOFT_INK, LINE = "#ffffff", "#14212b", "#3d4c55", "#7c8a90"
GREEN, GREEN_SOFT = "#0a5c56", "#e3f0ee"
GOLD, GOLD_SOFT = "#8a5a00", "#fdf3df"
RED, RED_SOFT = "#b3261e", "#fbe9e7"
GREY_SOFT = "#eceff1"
GROUNDS = (PAPER, GREEN_SOFT, GOLD_SOFT, RED_SOFT, GREY_SOFT)
INKS = (INK, SOFT_INK, GREEN, GOLD, RED)
EDGE_STEPS = 3
SHOWN_WIDTH = 640


def font(size: int, weight: int = 400) -> ImageFont.FreeTypeFont:
    """Plus Jakarta Sans, as in the product."""
    return ImageFont.truetype(str(FONTS / f"PlusJakartaSans-{weight}.ttf"), size)


def wrapped(text: str, face: ImageFont.FreeTypeFont, width: float) -> list[str]:
    """The lines of a text in a column; a newline always breaks."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            longer = f"{line} {word}".strip()
            if line and face.getlength(longer) > width:
                lines.append(line)
                longer = word
            line = longer
        lines.append(line)
    return lines


class Sheet:
    """A picture in the making; drawn larger and then made small, so that letters stand evenly and edges are smooth."""

    SCALE = 3

    def __init__(self, height: int) -> None:
        self.image = Image.new("RGB", (WIDTH * self.SCALE, height * self.SCALE), PAPER)
        self.draw = ImageDraw.Draw(self.image)

    def box(self, box: tuple[int, int, int, int], fill: str, edge: str) -> None:
        """A rounded field."""
        large = [it * self.SCALE for it in box]
        self.draw.rounded_rectangle(large, radius=16 * self.SCALE, fill=fill, outline=edge, width=3 * self.SCALE)

    def disc(self, centre: tuple[int, int], radius: int, fill: str) -> None:
        """A round field."""
        x, y = (it * self.SCALE for it in centre)
        self.draw.circle((x, y), radius * self.SCALE, fill=fill)

    def write(
        self, text: str, at: tuple[float, float], width: float, size: int, colour: str = INK, weight: int = 400
    ) -> float:
        """A text in a column; gives where the next one may begin."""
        face = font(size * self.SCALE, weight)
        x, y = at
        for line in wrapped(text, face, width * self.SCALE):
            self.draw.text((x * self.SCALE, y * self.SCALE), line, font=face, fill=colour)
            y += size * LEADING
        return y

    def middle(self, text: str, centre: tuple[float, float], size: int, colour: str = INK) -> None:
        """A bold text around a point."""
        x, y = (it * self.SCALE for it in centre)
        self.draw.text((x, y), text, font=font(size * self.SCALE, 700), fill=colour, anchor="mm")

    def upright(self, text: str, centre: tuple[int, int], size: int, colour: str) -> None:
        """A bold text around a point, to be read from below."""
        face = font(size * self.SCALE, 700)
        strip = Image.new("RGB", (int(face.getlength(text)) + 12, size * self.SCALE * 3 // 2), PAPER)
        ImageDraw.Draw(strip).text((strip.width / 2, strip.height / 2), text, font=face, fill=colour, anchor="mm")
        turned = strip.rotate(90, expand=True)
        x, y = (it * self.SCALE for it in centre)
        self.image.paste(turned, (x - turned.width // 2, y - turned.height // 2))

    def arrow(self, points: Sequence[tuple[int, int]], colour: str) -> None:
        """A line with corners whose last piece, level or upright, ends in a head."""
        large = [(x * self.SCALE, y * self.SCALE) for x, y in points]
        (x0, y0), (x, y) = large[-2:]
        dx, dy = (x > x0) - (x < x0), (y > y0) - (y < y0)
        side = 14 * self.SCALE
        self.draw.line([*large[:-1], (x - dx * side, y - dy * side)], fill=colour, width=6 * self.SCALE, joint="curve")
        base = (x - dx * side, y - dy * side)
        wings = [(base[0] + dy * side, base[1] + dx * side), (base[0] - dy * side, base[1] - dx * side)]
        self.draw.polygon([(x, y), *wings], fill=colour)

    def save(self, course: str, name: str, height: float) -> Path:
        """The part down to a height, into the course's media/, in few colours so that it is small."""
        target = ROOT / "content" / "courses" / course / "media" / name
        target.parent.mkdir(exist_ok=True)
        whole = self.image.crop((0, 0, self.image.width, int(height) * self.SCALE))
        small = whole.resize((SHOWN_WIDTH, int(height) * SHOWN_WIDTH // WIDTH), Image.Resampling.LANCZOS)
        few = small.quantize(palette=_few_colours(), dither=Image.Dither.NONE).convert("RGB")
        few.save(target, lossless=True, quality=100, method=6)
        return target


def _few_colours() -> Image.Image:
    """Our colours and a few steps between each ink and each ground: letters stay smooth and files small."""
    colours = {_rgb(it) for it in (*GROUNDS, *INKS)}
    for ground in map(_rgb, GROUNDS):
        for ink in map(_rgb, INKS):
            for step in range(1, EDGE_STEPS):
                red, green, blue = (one + (other - one) * step // EDGE_STEPS for one, other in zip(ground, ink, strict=True))
                colours.add((red, green, blue))
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for colour in sorted(colours) for part in colour])
    return palette


def _rgb(colour: str) -> tuple[int, int, int]:
    red, green, blue = ImageColor.getrgb(colour)[:3]
    return red, green, blue


@dataclass(frozen=True, slots=True)
class Step:
    """One of the five T, what is done in it and by when at the latest."""

    name: str
    act: str
    limit: str


GIFTS = (
    Step("Tolak", "Langsung, sopan, sebut aturannya.", ""),
    Step("Amankan", "Bila tidak dapat ditolak: simpan apa adanya, jangan dipakai, jangan dibagi.", ""),
    Step("Catat", "Siapa, kapan, apa, urusan apa, siapa yang melihat.", ""),
    Step(
        "Laporkan",
        "Kepada KPK, langsung atau lewat UPG.",
        "Paling lambat 30 hari kerja sejak diterima (Pasal 12C); lewat UPG lebih cepat lagi",
    ),
    Step(
        "Tunggu penetapan",
        "Milik penerima atau milik negara? KPK yang menetapkan.",
        "Paling lambat 30 hari kerja sejak laporan diterima (Pasal 12C)",
    ),
)


def gift_steps() -> Path:
    """What to do with something that was given: five steps downwards."""
    sheet = Sheet(1600)
    sheet.write("Ada pemberian di depan Anda", (MARGIN, 22), WIDTH, HEAD, GREEN, 700)
    bottom, _ = _ladder(sheet, GIFTS, WIDTH - MARGIN)
    return sheet.save("etika-integritas-asn", "lima-langkah-pemberian.webp", bottom + MARGIN)


STEPS = (
    Step("Terima", "Dengarkan, tanpa menilai benar atau salah.", ""),
    Step("Tanda terima", "Catat, beri nomor, serahkan buktinya.", "Wajib diberikan (Pasal 43)"),
    Step("Telaah", "Komponen standar apa? Lengkapkah? Siapa yang berwenang?", ""),
    Step("Tanggapi", "Kabari pengadu sebelum ia bertanya.", "Paling lambat 14 hari sejak diterima (Pasal 44)"),
    Step(
        "Tuntaskan",
        "Putuskan, sampaikan, perbaiki sebabnya, lalu tutup.",
        "Putusan paling lambat 60 hari sejak berkas lengkap; disampaikan paling lambat 14 hari sejak diputuskan (Pasal 50)",
    ),
)


def five_steps() -> Path:
    """The way of one complaint: five steps downwards, and the way back where something is missing."""
    sheet = Sheet(1600)
    sheet.write("Jalur satu keluhan: Lima T", (MARGIN, 22), WIDTH, HEAD, GREEN, 700)
    left, right = MARGIN, WIDTH - 92
    bottom, tops = _ladder(sheet, STEPS, right)
    top = bottom + 36
    (again, _), (asked, asked_end) = tops[2], tops[3]
    lane, from_y, to_y = WIDTH - 44, (asked + asked_end) // 2, again + 60
    sheet.arrow([(right, from_y), (lane, from_y), (lane, to_y), (right + 8, to_y)], GOLD)
    sheet.box((left, top, WIDTH - MARGIN, top + 150), GOLD_SOFT, GOLD)
    words = "Panah kembali: materi kurang. Pengadu melengkapi paling lambat 30 hari sejak menerima tanggapan (Pasal 44)."
    sheet.write(words, (left + 20, top + 12), WIDTH - 2 * MARGIN - 36, SMALL)
    return sheet.save("pelayanan-publik-prima", "lima-t.webp", top + 150 + MARGIN)


def _ladder(sheet: Sheet, steps: Sequence[Step], right: int) -> tuple[int, list[tuple[int, int]]]:
    """Steps below one another; gives where the last one ends, and where each begins and ends."""
    left, top = MARGIN, 96
    tops: list[tuple[int, int]] = []
    for number, step in enumerate(steps, 1):
        bottom = _step(sheet, number, step, (left, top, right))
        tops.append((top, bottom))
        if number < len(steps):
            sheet.arrow([(left + 62, bottom), (left + 62, bottom + 28)], GREEN)
        top = bottom + 36
    return tops[-1][1], tops


def _step(sheet: Sheet, number: int, step: Step, place: tuple[int, int, int]) -> int:
    left, top, right = place
    column = right - left - 148
    lines = len(wrapped(step.act, font(SMALL), column))
    lines += len(wrapped(step.limit, font(SMALL, 600), column)) if step.limit else 0
    bottom = top + int(34 + HEAD * LEADING + lines * SMALL * LEADING)
    sheet.box((left, top, right, bottom), GREEN_SOFT, GREEN)
    sheet.disc((left + 62, top + 60), 36, GREEN)
    sheet.middle(str(number), (left + 62, top + 60), HEAD, PAPER)
    y = sheet.write(step.name, (left + 124, top + 14), column, HEAD, GREEN, 700)
    y = sheet.write(step.act, (left + 124, y), column, SMALL)
    if step.limit:
        sheet.write(step.limit, (left + 124, y), column, SMALL, GOLD, 600)
    return bottom


@dataclass(frozen=True, slots=True)
class Quarter:
    """One field of the matrix: what to do, the question that puts a task there, and its colours."""

    title: str
    words: str
    fill: str
    edge: str


QUARTERS = (
    Quarter("1  Kerjakan\nsekarang", "Tenggat nyata hari ini dan ada akibatnya.", RED_SOFT, RED),
    Quarter("2  Jadwalkan", "Beri blok waktu di kalender. Di sini kinerja tumbuh.", GREEN_SOFT, GREEN),
    Quarter("3  Batasi atau\nserahkan", "Jawab singkat, atau alihkan kepada yang berwenang.", GOLD_SOFT, GOLD),
    Quarter("4  Hentikan", "Usulkan berhenti: tidak ada yang memakai hasilnya.", GREY_SOFT, SOFT_INK),
)


def matrix() -> Path:
    """Urgent and important: four fields, and how what is not scheduled becomes urgent."""
    sheet = Sheet(1100)
    sheet.write("Penting atau mendesak?", (MARGIN, 22), WIDTH, HEAD, GREEN, 700)
    left, gap, top, height, half = 84, 16, 140, 316, 296
    sheet.middle("MENDESAK", (left + half / 2, 112), SMALL, SOFT_INK)
    sheet.middle("TIDAK MENDESAK", (left + half + gap + half / 2, 112), SMALL, SOFT_INK)
    for row, label in enumerate(("PENTING", "TIDAK PENTING")):
        sheet.upright(label, (48, top + row * (height + gap) + height // 2), SMALL, SOFT_INK)
    for at, quarter in enumerate(QUARTERS):
        x, y = left + at % 2 * (half + gap), top + at // 2 * (height + gap)
        sheet.box((x, y, x + half, y + height), quarter.fill, quarter.edge)
        below = sheet.write(quarter.title, (x + 20, y + 14), half - 32, HEAD - 2, quarter.edge, 700)
        sheet.write(quarter.words, (x + 20, below + 8), half - 36, SMALL)
    y = top + height - 44
    sheet.arrow([(left + half + gap + 60, y), (left + half - 50, y)], RED)
    foot = top + 2 * height + gap + 22
    sheet.arrow([(left + 58, foot + 22), (left, foot + 22)], RED)
    words = "Yang penting tetapi tidak dijadwalkan lama-lama menjadi mendesak."
    bottom = sheet.write(words, (left + 80, foot), WIDTH - left - 80 - MARGIN, SMALL)
    return sheet.save("manajemen-waktu-kerja", "matriks-penting-mendesak.webp", bottom + MARGIN)


if __name__ == "__main__":
    for drawn in (five_steps(), gift_steps(), matrix()):
        print(f"{drawn.relative_to(ROOT)}: {drawn.stat().st_size} bytes")
