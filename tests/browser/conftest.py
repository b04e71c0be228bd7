"""For browser/: the served product with demo data, Chromium, and windows that are watched."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, ViewportSize, expect, sync_playwright

from elearn.kernel.db import db
from tests.browser.gallery import Gallery, hang
from tests.browser.house import Diploma, House, Person, furnish
from tests.browser.watching import Watch
from tests.conftest import ROOT, copied, lacking, new_app
from tests.database import administer
from tests.factories.site import COOKIE
from tests.served import Served

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--no-sandbox",
    "--headless",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
PHONE = ViewportSize(width=360, height=740)
DESK = ViewportSize(width=1280, height=800)
PATIENCE_MS = 15_000
_diplomas: dict[str, Diploma] = {}
_galleries: dict[str, Gallery] = {}


class OpenWindow(Protocol):
    """Opens a page of a browser of its own."""

    def __call__(self, who: Person | None = None, size: ViewportSize = PHONE, **options: Any) -> Page: ...


@pytest.fixture
def backend() -> str:
    """Journeys run on SQLite; one that runs on both is parametrised by itself."""
    return "sqlite"


@contextmanager
def _served(url: str, folder: Path) -> Iterator[Served]:
    """Demo data loaded, web server and worker started; both ended by their process ids."""
    app = furnish(url, folder / "var")
    with app.app_context():
        db.engine.dispose()
    served = Served(url, folder / "var")
    try:
        served.start(worker=True)
        yield served
    finally:
        served.stop()


@pytest.fixture(scope="session")
def served_on_sqlite(
    template_of: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Served]:
    """The product on a file, once for the whole run."""
    folder = tmp_path_factory.mktemp("house-sqlite")
    url = copied("sqlite", template_of("sqlite"), folder / "own.db", "", request)
    with _served(url, folder) as served:
        yield served


@pytest.fixture(scope="session")
def served_on_postgresql(
    postgresql: str,
    template_of: Callable[[str], str],
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> Iterator[Served]:
    """The product on PostgreSQL, once for the whole run."""
    name = f"h_{uuid4().hex}"
    url = copied("postgresql", template_of("postgresql"), Path(), name, request)
    with _served(url, tmp_path_factory.mktemp("house-postgresql")) as served:
        yield served
    administer(postgresql, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def house(backend: str, request: pytest.FixtureRequest) -> Iterator[House]:
    """The product with demo data, started once for each backend; a test brings people of its own."""
    if not (ROOT / "elearn" / "web" / "static" / "built" / "manifest.json").exists():
        lacking("the built styles and scripts (./run or ./test builds them)")
    served: Served = request.getfixturevalue(f"served_on_{backend}")
    app = new_app(served.url, served.var)
    yield House(served, app)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """Drives browsers; ends with each module, for its loop would forbid other tests of this process their own."""
    if _chromium() is None:
        lacking("Chromium is not installed (apt-get install chromium)")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="module")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """The machine's own Chromium."""
    browser = playwright.chromium.launch(executable_path=_chromium(), args=list(ARGUMENTS))
    yield browser
    browser.close()


@pytest.fixture
def chromium_that_remembers(playwright: Playwright) -> Iterator[Browser]:
    """Chromium as people have it: pages that were left are kept alive for the back button."""
    forgetful = ["--disable-back-forward-cache"]
    browser = playwright.chromium.launch(executable_path=_chromium(), args=list(ARGUMENTS), ignore_default_args=forgetful)
    yield browser
    browser.close()


def _chromium() -> str | None:
    return next((path for name in CHROMIUM if (path := shutil.which(name))), None)


@pytest.fixture
def watch(house: House) -> Iterator[Watch]:
    """Looks on at every window of the test; at its end nothing may have been found."""
    watching = Watch(house.address)
    yield watching
    watching.require_clean()


def _refusal(status: int) -> Any:
    @pytest.fixture(name=f"watch_{status}")
    def expected(watch: Watch) -> None:
        """The browser notes each refused page; this test brings about such refusals itself."""
        watch.allow(rf"status of {status} ")

    return expected


watch_403, watch_404, watch_422 = _refusal(403), _refusal(404), _refusal(422)


@pytest.fixture
def diploma(house: House) -> Diploma:
    """A certificate with its file, earned once for the whole run."""
    if house.address not in _diplomas:
        learner = house.learner("Rahmat Peraga")
        house.pass_exam(learner)
        _diplomas[house.address] = house.diploma(learner)
    return _diplomas[house.address]


@pytest.fixture
def gallery(house: House) -> Gallery:
    """Something on every page, hung once for the whole run."""
    if house.address not in _galleries:
        _galleries[house.address] = hang(house)
    return _galleries[house.address]


@pytest.fixture
def window(chromium: Browser, house: House, watch: Watch) -> Iterator[OpenWindow]:
    """Opens windows, each a browser of its own, signed in as somebody or as nobody."""
    with windows(chromium, house, watch) as open_window:
        yield open_window


@contextmanager
def windows(browser: Browser, house: House, watch: Watch) -> Iterator[OpenWindow]:
    """Windows of one browser, closed at the end."""
    opened: list[BrowserContext] = []

    def open_window(who: Person | None = None, size: ViewportSize = PHONE, **options: Any) -> Page:
        is_phone = size["width"] < 600
        context = browser.new_context(
            base_url=house.address,
            viewport=size,
            locale="id-ID",
            has_touch=is_phone,
            is_mobile=is_phone,
            reduced_motion="reduce",
            **options,
        )
        context.set_default_timeout(PATIENCE_MS)
        watch.over(context)
        opened.append(context)
        if who is not None:
            cookie = who.cookie or house.cookie(who)
            context.add_cookies([{"name": COOKIE, "value": cookie, "url": house.address}])
        return context.new_page()

    try:
        yield open_window
    finally:
        for context in opened:
            context.close()
