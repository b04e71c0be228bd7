"""Nothing that people write is ever run: every payload through every way of showing it, and every page full of them.

The ways of showing are looked at with the policy (CSP) off: escaping and cleaning alone must do. Each page of the product
is looked at as it is served; forty payloads a field in an ordinary run, all of them where EVERY_PAYLOAD=1 is set.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from flask import render_template_string
from playwright.sync_api import Browser, BrowserContext, Page, Route
from werkzeug.test import TestResponse

from elearn.app import ElearnFlask
from elearn.kernel import markdown
from elearn.kernel.db import db
from elearn.kernel.markdown import render_inline, render_markdown
from elearn.portals import naming
from tests.browser.gallery import Shown, every_page
from tests.browser.watching import LOOKOUT
from tests.factories.courses import NOON
from tests.factories.hostile import ACT, as_markdown, packs, payloads, poison
from tests.factories.site import COOKIE, Site, fill, sign_everybody_in

ADDRESS = "http://localhost"
IN_A_FIELD = 40
EVERY = bool(os.environ.get("EVERY_PAYLOAD"))
CHARTS = '{% import "web/macros/charts.html" as charts %}{% import "web/macros/ui.html" as ui %}'
SINKS = {
    "text": "{% for it in all %}<p>{{ it }}</p>{% endfor %}",
    "name": "{% for it in all %}<p>{{ it|bdi }} {{ it|initials }} {{ it|nip_masked }}</p>{% endfor %}",
    "attribute": '{% for it in all %}<p title="{{ it }}" aria-label="{{ it }}" data-confirm="{{ it }}">x</p>{% endfor %}',
    "field": '{% for it in all %}<input value="{{ it }}"><textarea>{{ it }}</textarea>{% endfor %}',
    "title": "<title>{{ all|join(' ') }}</title>",
    "choice": '<select>{% for it in all %}<option value="{{ it }}">{{ it }}</option>{% endfor %}</select>',
    "chart": CHARTS + "{% for it in all[::3] %}{{ charts.ring(1, 2, it, it) }}{{ charts.bar(20, it) }}{% endfor %}",
    "drawing": CHARTS + "{% for it in all[::9] %}{{ charts.bullet(1, 2, 1, it) }}{{ charts.radar(axes(it), it) }}"
    "{{ charts.certificate(it, it, it, it, it) }}{% endfor %}",
    "pieces": CHARTS + "{% for it in all[::9] %}{{ ui.chip('ok', it) }}{{ ui.stat(it, it, it) }}"
    "{{ ui.person(it, it, '/x') }}{{ ui.page_head(it, it, [(it, '/x')]) }}{{ ui.empty(it, it) }}"
    "{{ ui.toast(it) }}{% endfor %}",
    "path": '{% for it in all %}<a href="{{ url_for("courses_learner.courses", q=it) }}">x</a>'
    '<a href="{{ url_for("certs_public.verify_code", code=it) }}">x</a>{% endfor %}',
}  # fmt: skip

LOOK = """() => {
  const wrong = [];
  for (const it of document.querySelectorAll("*")) {
    for (const { name, value } of it.attributes) {
      if (name.startsWith("on") || name === "style" || name === "srcdoc") wrong.push(`${it.tagName} ${name}=${value}`);
    }
    for (const address of [it.href, it.src, it.action, it.formAction, it.data]) {
      const text = String(address?.baseVal ?? address ?? "").replace(/[\\x00-\\x20]/g, "");
      if (/^(javascript|vbscript|data:text)/i.test(text)) wrong.push(`${it.tagName} ${text}`);
    }
  }
  return [...new Set(wrong)].slice(0, 5).concat(window.__xss === undefined ? [] : ["the hook was set"]);
}"""
"""What a payload could have left in a page, whether or not it ran."""

PROVOKE = """() => {
  const events = ["click", "mouseover", "mouseenter", "focus", "toggle", "load", "error", "submit"];
  for (const name of ["submit", "click"]) addEventListener(name, (event) => event.preventDefault(), true);
  for (const it of document.querySelectorAll("body *")) {
    for (const name of events) it.dispatchEvent(new Event(name, { cancelable: true }));
  }
}"""
"""Every event on every element of a page that has no scripts of its own."""


@pytest.fixture(autouse=True)
def _at_noon(at: Callable[[datetime], None]) -> None:
    at(NOON)


@pytest.fixture
def hostile(app: ElearnFlask, tmp_path: Path) -> Iterator[Site]:
    """A filled installation, everybody signed in; it is not poisoned yet."""
    with app.app_context():
        seed = fill(tmp_path)
        db.session.remove()
    sign_everybody_in(app, seed)
    yield Site(app, seed, tmp_path / "var")
    naming.forget()


@dataclass
class Visit:
    """A browser whose every request is answered by the application in this process, and what its pages said."""

    app: ElearnFlask
    context: BrowserContext
    said: list[str] = field(default_factory=list)
    last: TestResponse | None = None
    scripts: dict[str, TestResponse] = field(default_factory=dict)

    def begin(self) -> None:
        """Answer and listen."""
        self.context.add_init_script(LOOKOUT.split('addEventListener("load"')[0])
        self.context.on("console", lambda it: self.said.append(it.text) if "policy" in it.text.lower() else None)
        self.context.route("**/*", self._answer)

    def _answer(self, route: Route) -> None:
        request = route.request
        address = urlsplit(request.url)
        if f"{address.scheme}://{address.netloc}" != ADDRESS:
            self.said.append(f"asked of another host: {request.url}")
            route.abort()
        elif address.path.endswith((".css", ".woff2", ".webmanifest")):
            route.fulfill(body="", content_type="text/css")
        else:
            self._from_application(route, address.path + (f"?{address.query}" if address.query else ""))

    def _from_application(self, route: Route, path: str) -> None:
        sent = {name: value for name, value in route.request.headers.items() if name in ("accept", "cookie")}
        client = self.app.test_client(use_cookies=False)
        if path.startswith("/static/"):
            answer = self.scripts.get(path) or self.scripts.setdefault(path, client.get(path))
        else:
            answer = client.open(path, method=route.request.method, headers=sent, data=route.request.post_data_buffer)
        while answer.status_code == 302:  # the browser would follow by itself, past the application
            answer = client.get(answer.headers["Location"], headers=sent)
        if route.request.is_navigation_request():
            self.last = answer
        headers = {name: value for name, value in answer.headers.items() if name != "Set-Cookie"}
        route.fulfill(status=answer.status_code, headers=headers, body=answer.get_data())


@pytest.fixture
def visit(chromium: Browser, app: ElearnFlask) -> Iterator[Visit]:
    context = chromium.new_context(base_url=ADDRESS, reduced_motion="reduce")
    made = Visit(app, context)
    made.begin()
    yield made
    context.close()


def shown_in(page: Page, html: str) -> list[str]:
    """What happens where this is a page without any policy."""
    page.goto("about:blank")
    assert len(payloads()) >= 1500
    page.set_content(html, wait_until="load")
    page.evaluate(PROVOKE)
    return list(page.evaluate(LOOK))


def through(app: ElearnFlask, sink: str, every: Sequence[str] = payloads()) -> str:
    """A page of every payload, shown by one way of showing."""

    def axes(text: str) -> list[tuple[str, int, int]]:
        return [(text, 2, 1)] * 3

    with app.test_request_context("/"):
        return "<!doctype html>" + render_template_string(SINKS[sink], all=every, axes=axes)


def rendered() -> str:
    """Every payload in every form of Markdown, on blocks of its own and in one line."""
    texts = payloads()
    shifted = texts[1:] + texts[:1]
    blocks = [render_markdown(it, anchors=True) for group in (texts, shifted) for it in as_markdown(group)]
    return "".join([*blocks, *(f"<p>{render_inline(it)}</p>" for it in texts)])


@pytest.mark.parametrize("sink", SINKS)
def test_no_way_of_showing_a_text_runs_it_even_without_the_policy(sink: str, app: ElearnFlask, visit: Visit) -> None:
    html = through(app, sink)

    assert len(html) > sum(map(len, payloads()))
    assert shown_in(visit.context.new_page(), html) == []


def test_no_markdown_runs_even_without_the_policy(visit: Visit) -> None:
    html = rendered()

    assert len(html) > 3 * sum(map(len, payloads()))
    assert shown_in(visit.context.new_page(), html) == []


def test_what_is_not_escaped_or_cleaned_runs(app: ElearnFlask, visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: the same pages without escaping, and without the cleaning of Markdown."""
    monkeypatch.setattr(markdown, "_clean", lambda html, _tags: html)
    monkeypatch.setattr(markdown, "_parser", markdown.MarkdownIt("commonmark", {"html": True}))
    few = payloads()[::40]
    unclean = "".join(markdown._render.__wrapped__(it, False, None) for it in as_markdown(few))
    page = visit.context.new_page()

    assert "the hook was set" in shown_in(page, unclean)
    for sink in ("text", "attribute", "title", "choice"):
        unescaped = through(app, sink, few).replace("&lt;", "<").replace("&gt;", ">").replace("&#34;", '"')
        assert "the hook was set" in shown_in(page, unescaped.replace("&#39;", "'").replace("&amp;", "&")), sink


def pages(site: Site, pack: str) -> list[tuple[str | None, str]]:
    """Every page as whoever may see it, and every field of a search, address and form."""
    full = [it for it in every_page() if it.who != "setup" and it.rule not in SILENT]
    found = [(reader_of(it), site.seed.path(it.rule, **things_of(site, it))) for it in full]
    asked = quote(pack[:1500])
    room = site.seed.path("/learn/exams/attempts/<attempt_id>#started")
    return [*found, ("other", room), *((who, f"{path}{asked}") for who, path in SEARCHES)]


SEARCHES = (
    *((None, "/verify?code="), (None, "/verify/"), (None, "/sign-in?next="), (None, "/sign-in?login="), (None, "/")),
    *((None, "/activate?login="), (None, "/activate?code="), ("learner", "/learn/courses?q="), ("hr", "/hr/people?q=")),
    ("admin", "/hr/audit?person="),
    *(("hr", "/hr/certs?q="), ("hr", "/hr/gaps?q="), ("hr", "/hr/evidence?competency=")),
    *(("admin", "/hr/audit?act="), ("learner", "/learn/courses/"), ("admin", "/hr/people?sort=")),
)  # fmt: skip
SILENT = (
    "/tidak-ada",
    *("/activate", "/forgot", "/learn/exams/room", "/learn/exams/simulation", "/setup/<token>", "/sign-in"),
    "/verify?code=0O1",
    *("/sign-in/code", "/styleguide", "/verify", "/verify/ZZZZ-ZZZZ-ZZZZ-ZZZZ-Z", "/verify/file/<sha256>"),
    "/setup/<token>/<step>",
    *("/verify/file/unknown", "/activate?slip=0123456789abcdef0123456789abcdef&code=ABCDEFGHJK"),
)  # fmt: skip
"""Pages that show nothing that anybody wrote."""


def reader_of(shown: Shown) -> str | None:
    """Who may see the page in this installation."""
    if "/enrollments/<" in shown.rule or shown.who == "newcomer":
        return "officer"
    return {"public": None, "sitter": "other"}.get(shown.who, shown.who)


def things_of(site: Site, shown: Shown) -> dict[str, str]:
    return {"attempt_id": site.seed.things["passed_attempt"]} if shown.rule.endswith("/result") else {}


def test_no_page_runs_what_people_wrote_or_even_tries_to(hostile: Site, visit: Visit) -> None:
    page, speaking = visit.context.new_page(), set()
    wrong: dict[str, list[str]] = {}
    statuses: dict[str, int] = {}
    for pack in packs(400) if EVERY else [next(packs(IN_A_FIELD))]:
        with hostile.app.app_context(), db.engine.begin() as connection:
            poison(connection, pack)
        naming.forget()
        for who, path in pages(hostile, pack):
            visit.context.clear_cookies()
            if who is not None:
                visit.context.add_cookies([{"name": COOKIE, "value": hostile.seed.cookies[who], "url": ADDRESS}])
            visit.said.clear()
            page.goto(path, wait_until="domcontentloaded")
            if path.endswith("#started"):  # the room fetches its paper
                page.get_by_text(ACT).first.wait_for(state="attached")
            found = page.evaluate(LOOK) + visit.said
            statuses[path] = visit.last.status_code if visit.last else 0
            if visit.last and ACT in visit.last.text:
                speaking.add(path)
            if found:
                wrong[f"{who} {path[:80]}"] = found
    assert wrong == {}
    assert {path: it for path, it in statuses.items() if it >= 500} == {}
    assert len(speaking) >= 70, "pages that showed something of it"


def test_a_page_that_tries_is_noticed(app: ElearnFlask, visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: without escaping the policy still stops it, and says so."""
    monkeypatch.setitem(app.view_functions, "certs_public.start", lambda: "<p>" + next(packs(IN_A_FIELD)))
    page = visit.context.new_page()

    page.goto("/verify", wait_until="load")

    assert any(it.startswith("policy:") for it in visit.said)
    assert "the hook was set" not in page.evaluate(LOOK)
