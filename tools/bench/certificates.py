"""What a certificate costs beside warm WeasyPrint on the same template plus its signature, in one process."""

import os
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from elearn.certs import rendering
from elearn.certs.drawing.press import press
from elearn.certs.signing.local import LocalSigner
from elearn.kernel import clock
from tests.conftest import ROOT
from tests.pdf.snapshots import snapshot
from tools.bench.goals import PRESS_RATIO
from tools.bench.meters import PROC, tree

FONTS = ROOT / "elearn" / "web" / "static" / "built" / "fonts"


def report(rounds: int) -> list[str]:
    """Print both figures; returns what missed its goal."""
    with tempfile.TemporaryDirectory() as folder:
        key = LocalSigner.open(Path(folder), name="elearn", at=clock.now())

        def floor(number: int) -> bytes:
            one = replace(snapshot(), number=f"{number:06}/800.2/UKUR/XI/2026")
            return key.sign(press(one, logo=None, fonts_dir=FONTS), reason="ukur", at=one.issued_at)

        def ours(number: int) -> bytes:
            one = replace(snapshot(), number=f"{number:06}/800.2/UKUR/XI/2026")
            pdf = rendering.render_isolated(one, logo=None, fonts_dir=FONTS)
            return key.sign(pdf, reason="ukur", at=one.issued_at)

        low, high = _each(floor, rounds), _each(ours, rounds)
    ratio = high / low
    print(f"\ncertificate: warm WeasyPrint with signature {low:.1f} ms, ours {high:.1f} ms CPU")
    print(f"ratio {ratio:.2f} (goal {PRESS_RATIO})")
    return [] if ratio <= PRESS_RATIO else [f"certificate {ratio:.2f} > {PRESS_RATIO}"]


def _each(draw: Callable[[int], bytes], rounds: int) -> float:
    for number in range(3):
        draw(number)
    before = _used()
    for number in range(rounds):
        draw(number + 10)
    return (_used() - before) / rounds


def _used() -> float:
    """What this process, those below it and those they have waited for have used, in milliseconds."""
    ticks = 0
    for pid in tree(os.getpid()):
        ticks += sum(map(int, (PROC / str(pid) / "stat").read_text().rsplit(")", 1)[1].split()[11:15]))
    return ticks * 1000 / os.sysconf("SC_CLK_TCK")
