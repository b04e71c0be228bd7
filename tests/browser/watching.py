"""Looks on while a journey runs: whatever a page says to the console, asks of another host or lets hang out is found."""

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, WebError

LOOKOUT = """
document.addEventListener("securitypolicyviolation", (event) => {
  console.error(`policy: ${event.violatedDirective} blocked ${event.blockedURI}`);
});
addEventListener("load", () => {
  const page = document.documentElement;
  if (page.scrollWidth > page.clientWidth) {
    const wide = [...document.body.querySelectorAll("*")].find((it) => it.getBoundingClientRect().right > page.clientWidth);
    console.error(`too wide: ${page.scrollWidth} px in ${page.clientWidth} px, ${wide?.outerHTML.slice(0, 120)}`);
  }
});
"""
"""Runs in each page before its own scripts; says to the console what the page itself would not."""

LEFT_BEHIND = "net::ERR_ABORTED"
"""A page that is left ends its requests, and a download is no page; neither is a fault."""


@dataclass  # no slots: Playwright marks the objects whose methods listen
class Watch:
    """What was found on the pages of some contexts, and what a test says it expects."""

    address: str
    found: list[str] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        """Watch every page of a context."""
        context.add_init_script(LOOKOUT)
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("request", self._request)
        context.on("requestfailed", self._failed)

    def allow(self, *patterns: str) -> None:
        """What a test brings about itself, such as a lost connection, is no finding from now on or before."""
        self.allowed += patterns

    def findings(self) -> list[str]:
        """What nobody expected."""
        return [it for it in self.found if not any(re.search(pattern, it) for pattern in self.allowed)]

    def require_clean(self) -> None:
        """Fail with what was found."""
        found = self.findings()
        assert not found, "\n".join(["found while browsing:", *found])

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.found.append(f"console: {message.text} ({urlsplit(message.location.get('url', '')).path})")

    def _error(self, error: WebError) -> None:
        self.found.append(f"script: {error.error}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.address + "/", "data:", "blob:")):
            self.found.append(f"foreign: {request.url}")
        elif request.is_navigation_request():
            self.pages.append(urlsplit(request.url).path)

    def _failed(self, request: Request) -> None:
        if request.failure != LEFT_BEHIND:
            self.found.append(f"failed: {request.method} {request.url}: {request.failure}")
