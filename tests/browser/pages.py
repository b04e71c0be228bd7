"""The pages as people use them: what one can do on each, by the words that stand on it; no expectations."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from playwright.sync_api import Locator, Page

from tests.browser.house import Person


@dataclass(frozen=True, slots=True)
class Screen:
    """One window, looked at as one kind of page."""

    page: Page

    @property
    def title(self) -> Locator:
        """The heading of the page."""
        return self.page.get_by_role("heading", level=1)

    def press(self, name: str) -> None:
        """Press a button by its exact words."""
        self.page.get_by_role("button", name=name, exact=True).first.click()

    def follow(self, name: str) -> None:
        """Follow a link of the page's content by its exact words."""
        self.page.get_by_role("main").get_by_role("link", name=name, exact=True).first.click()

    def agree(self) -> None:
        """Say yes to the question that the page asks."""
        self.page.locator("dialog[open] [value=yes]").click()

    def sign_out(self) -> None:
        """By the menu with one's own name."""
        self.page.locator(".topbar summary").click()
        self.press("Keluar")

    def path_id(self, before: str) -> UUID:
        """The id in the address behind a word, such as `attempts`."""
        found = re.search(rf"/{before}/([0-9a-f-]{{36}})", self.page.url)
        assert found is not None, self.page.url
        return UUID(found[1])


@dataclass(frozen=True, slots=True)
class SignIn(Screen):
    """Where one signs in."""

    def open(self) -> None:
        """Go there."""
        self.page.goto("/sign-in")

    def sign_in(self, person: Person) -> None:
        """Type and send."""
        self.page.get_by_label("NIP atau alamat surel").fill(person.login)
        self.page.get_by_label("Kata sandi", exact=True).fill(person.password)
        self.press("Masuk")


@dataclass(frozen=True, slots=True)
class Lesson(Screen):
    """A lesson with its check and its task."""

    def open(self, enrollment_id: UUID, lesson_id: str) -> None:
        """Go there."""
        self.page.goto(f"/learn/courses/enrollments/{enrollment_id}/lessons/{lesson_id}")

    @property
    def id(self) -> str:
        """Which lesson this is."""
        return self.page.url.rpartition("/lessons/")[2].partition("#")[0].partition("/")[0]

    @property
    def has_check(self) -> bool:
        """Whether it ends with a check."""
        return self.page.locator("input[name^='answer-']").count() > 0

    def read_to_the_end(self) -> None:
        """Scroll down, as a reader does."""
        self.page.locator(".lesson").evaluate("it => it.scrollIntoView({block: 'end'})")

    def answer(self, keys: Mapping[str, Sequence[str]]) -> None:
        """Choose options of the check."""
        for slot, chosen in keys.items():
            for key in chosen:
                self.page.locator(f"#answer-{slot}-{key}").check()

    def write(self, text: str) -> None:
        """The text of the task, if there is one."""
        field = self.page.locator("#task-text")
        if field.count():
            field.fill(text)

    def complete(self) -> None:
        """Say that it is read, or hand in."""
        self.page.locator(".lesson-end button[type=submit]").click()

    def go_on(self) -> None:
        """To the next lesson."""
        self.follow("Pelajaran berikutnya")


@dataclass(frozen=True, slots=True)
class Room(Screen):
    """The exam itself: one item a view, the navigator, the review."""

    def open(self, attempt_id: UUID, *, started_here: bool = True) -> None:
        """Go there, as the device that started or as another; where it holds the attempt, wait for its first item."""
        self.page.goto(f"/learn/exams/attempts/{attempt_id}{'#started' if started_here else ''}")
        if started_here:
            self.settle()

    def settle(self) -> None:
        """Wait until an item is shown."""
        self.page.locator("[data-item] fieldset").wait_for()

    @property
    def attempt_id(self) -> UUID:
        """Whose paper this is."""
        return self.path_id("attempts")

    @property
    def state(self) -> Locator:
        """The words that say whether answers are stored."""
        return self.page.locator("[data-state-text]")

    @property
    def banner(self) -> Locator:
        """What is said across the page."""
        return self.page.locator("[data-banner]")

    def cell(self, slot: int) -> Locator:
        """An item's place in the navigator."""
        return self.page.locator(f"[data-cell='{slot}']")

    def go(self, slot: int) -> None:
        """Show one item."""
        self.cell(slot).click()
        self.page.locator(f"[data-item] fieldset[data-slot='{slot}']").wait_for()

    def choose(self, slot: int, keys: Sequence[str]) -> None:
        """Choose options of one item."""
        self.go(slot)
        for box in self.page.locator("[data-item] input[type='checkbox']:checked").all():
            if box.get_attribute("value") not in keys:
                box.uncheck()
        for key in keys:
            self.page.locator(f"#option-{slot}-{key}").check()

    def doubt(self, slot: int) -> None:
        """Mark an item as in doubt, or no longer."""
        self.go(slot)
        self.page.locator("[data-doubt]").click()

    def chosen(self) -> dict[int, list[str]]:
        """What the page shows as chosen, by item, looking at each that has an answer."""
        found: dict[int, list[str]] = {}
        marked = self.page.locator("[data-cell].is-saved, [data-cell].is-unsent")
        for slot in sorted(int(it) for it in marked.evaluate_all("cells => cells.map((it) => it.dataset.cell)")):
            self.go(slot)
            script = "boxes => boxes.filter((it) => it.checked).map((it) => it.value).sort()"
            found[slot] = self.page.locator("[data-item] input").evaluate_all(script)
        return found

    def review(self) -> None:
        """To the last look before handing in."""
        self.page.locator("[data-nav] [data-go='review']").click()

    def hand_in(self, *, sure: bool = False) -> None:
        """From the last look; `sure` answers the question that is asked where something is empty or in doubt."""
        self.page.locator("[data-hand-in]").click()
        if sure:
            self.press("Ya, kirim sekarang")
        self.page.wait_for_url("**/result")


@dataclass(frozen=True, slots=True)
class CertificatePage(Screen):
    """A certificate of one's own."""

    def open(self, certificate_id: UUID) -> None:
        """Go there."""
        self.page.goto(f"/learn/certs/{certificate_id}")

    def download(self, *, tries: int = 60) -> Path:
        """Look again until the file is there, then take it."""
        link = self.page.get_by_role("link", name="Unduh PDF")
        for _ in range(tries):
            if link.count():
                break
            self.page.wait_for_timeout(250)
            self.follow("Lihat lagi")
        with self.page.expect_download() as download:
            link.click()
        return Path(download.value.path())


@dataclass(frozen=True, slots=True)
class Verify(Screen):
    """The public check."""

    def open(self) -> None:
        """Go there."""
        self.page.goto("/verify")

    def by_code(self, code: str) -> None:
        """Type a code."""
        self.page.get_by_label("Kode di bawah kode QR").fill(code)
        self.press("Periksa kode")

    def by_file(self, content: bytes, name: str = "sertifikat.pdf") -> None:
        """Choose a file and have it checked; with scripts, its hash is asked for first."""
        self.choose(content, name)
        self.press("Periksa berkas")

    def choose(self, content: bytes, name: str = "sertifikat.pdf") -> None:
        """Choose a file."""
        self.page.locator("#file").set_input_files({"name": name, "mimeType": "application/pdf", "buffer": content})

    @property
    def word(self) -> Locator:
        """The verdict in one word."""
        return self.page.locator(".verdict__word")


@dataclass(frozen=True, slots=True)
class Standing(Screen):
    """A competency profile, one's own or, for HR, somebody's."""

    def row(self, competency: str) -> list[str]:
        """The cells of a competency: required, achieved, confirmed, gap, standing."""
        row = self.page.get_by_role("row").filter(has=self.page.locator(f"a[href='#{competency}']"))
        return [it.strip() for it in row.get_by_role("cell").all_inner_texts()]

    def levels(self, competency: str) -> list[str]:
        """On one's own profile: the required, the achieved and the confirmed level of a competency."""
        return [it.strip() for it in self.reasons(competency).locator(".level__facts dd").all_inner_texts()]

    def reasons(self, competency: str) -> Locator:
        """The evidence of a competency."""
        return self.page.locator(f"article[id='{competency}']")

    def decide(self, competency: str, button: str, *, reason: str = "") -> None:
        """For HR: press a button beneath the newest proposal, with a reason."""
        form = self.reasons(competency).locator("form").filter(has=self.page.get_by_role("button", name=button)).first
        form.get_by_label("Alasan").fill(reason)
        form.get_by_role("button", name=button).click()


@dataclass(frozen=True, slots=True)
class People(Screen):
    """HR's list of people."""

    def open(self) -> None:
        """Go there."""
        self.page.goto("/hr/people")

    def search(self, words: str) -> None:
        """By a part of the name."""
        self.page.locator("#q").fill(words)
        self.press("Tampilkan")
