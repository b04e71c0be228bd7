"""Takes one picture of each face for the README into docs/pictures/, from a demo that is running.

    ./run                                   # in another window
    .venv/bin/python tools/take_pictures.py --address http://127.0.0.1:8000 --var var

It signs in with the passwords of the demo, changes nothing but a practice sitting, and keeps each picture below 60 KB.
"""

import argparse
import json
import shutil
import sys
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright
from playwright.sync_api import TimeoutError as NotThere

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
MOST_BYTES = 60 * 1024
PHONE = ViewportSize(width=360, height=720)
DESK = ViewportSize(width=1280, height=800)
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
RESULTS = (
    "main a[href*='/train/'][href*='result'], main a[href*='/train/'][href*='exam'], main a[href*='/train/'][href*='item']"
)
START_PRACTICE = """async () => {
    const body = new URLSearchParams({csrf_token: document.querySelector("meta[name=csrf-token]").content});
    await fetch("/learn/exams/simulation", {method: "POST", body});
}"""


def learner_home(page: Page) -> None:
    """What is next, and what is due."""
    page.goto("/learn/")


def exam_room(page: Page) -> None:
    """The room, in a practice sitting with one answer stored."""
    page.goto("/learn/account")
    page.evaluate(START_PRACTICE)
    page.goto("/learn/exams/simulation#started")
    page.locator("[data-item] fieldset .option").first.click()
    page.locator("[data-state][data-now=saved]").wait_for()


def trainer_results(page: Page) -> None:
    """How each item did: the first such page that the trainer's home leads to."""
    page.goto("/train/")
    link = page.locator(RESULTS).first
    with suppress(NotThere):
        link.click(timeout=2_000)
        page.wait_for_load_state("networkidle")


def hr_home(page: Page) -> None:
    """The units and what waits."""
    page.goto("/hr/")


def verify(page: Page) -> None:
    """The verdict on the newest certificate in reach; without one, the question."""
    page.goto("/hr/certs")
    with suppress(NotThere):
        page.locator("main tbody a").first.click(timeout=2_000)
        page.locator("main a[href^='/verify/']").first.click(timeout=2_000)
        page.locator(".verdict").wait_for()
        return
    page.goto("/verify")


FACES: dict[str, tuple[str, ViewportSize, Callable[[Page], None]]] = {
    "learner-home": ("learner", PHONE, learner_home),
    "exam-room": ("learner", PHONE, exam_room),
    "trainer-results": ("trainer", DESK, trainer_results),
    "hr-home": ("hr", DESK, hr_home),
    "verify": ("hr", PHONE, verify),
}
"""Each picture: as whom, on which screen, and the way there."""


def main() -> int:
    """Take them all, or the ones that are named."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--address", default="http://127.0.0.1:8000")
    asked.add_argument("--var", type=Path, default=ROOT / "var")
    asked.add_argument("--dark", action="store_true")
    asked.add_argument("names", nargs="*", choices=[[], *FACES], default=[])
    given = asked.parse_args()
    passwords: dict[str, str] = json.loads((given.var / "demo-passwords.json").read_text(encoding="utf-8"))
    chromium = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        for name in given.names or FACES:
            content = _taken(browser, given.address, name, passwords, is_dark=given.dark)
            path = PICTURES / f"{name}{'-dark' if given.dark else ''}.webp"
            path.write_bytes(content)
            print(f"{path.relative_to(ROOT)}: {len(content) / 1024:.0f} KB", file=sys.stderr)
        browser.close()
    return 0


def _taken(browser: Browser, address: str, name: str, passwords: dict[str, str], *, is_dark: bool) -> bytes:
    who, size, go = FACES[name]
    context = browser.new_context(
        base_url=address,
        viewport=size,
        device_scale_factor=2 if size is PHONE else 1,
        locale="id-ID",
        color_scheme="dark" if is_dark else "light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    login = f"{who}@elearn.example"
    page.goto("/sign-in")
    page.locator("[name=login]").fill(login)
    page.locator("[name=password]").fill(passwords[login])
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
    go(page)
    page.wait_for_load_state("networkidle")
    page.mouse.move(0, 0)
    picture = Image.open(BytesIO(page.screenshot())).convert("RGB")
    context.close()
    return _small(picture)


def _small(picture: Image.Image) -> bytes:
    """As WebP, as good as its weight allows; raises ValueError where no quality is light enough."""
    for quality in (90, 80, 70, 60, 45, 30):
        written = BytesIO()
        picture.save(written, "WEBP", quality=quality, method=6)
        if written.tell() <= MOST_BYTES:
            return written.getvalue()
    raise ValueError("this picture weighs more than 60 KB at any quality")


if __name__ == "__main__":
    sys.exit(main())
