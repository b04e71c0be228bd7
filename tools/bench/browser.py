"""A browser as a server sees it: one kept connection, a cookie, and the token of the page's forms."""

import http.client
import json
import re
from typing import Any
from urllib.parse import urlencode

TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"|name="csrf_token"[^>]*value="([^"]+)"')


class Browser:
    """Somebody's browser on this machine; the proxy before the product says each time that another address asks.

    Otherwise the limits of public pages would be measured, not the pages.
    """

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self._cookies: dict[str, str] = {}
        self.token = ""
        self._count = 0

    def send(
        self, method: str, path: str, *, form: dict[str, str] | None = None, body: Any = None, expect: int = 200
    ) -> tuple[bytes, str]:
        """One request that must end as expected: (what came back, where it leads)."""
        self._count += 1
        headers = {
            "X-Forwarded-For": f"10.{self._count >> 16 & 255}.{self._count >> 8 & 255}.{self._count & 255}",
            "Accept": "application/json" if body is not None else "text/html",
            "Accept-Encoding": "identity",
        }
        if self._cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        content = None
        if method != "GET":
            headers["X-CSRFToken"] = self.token
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            content = urlencode(form)
        elif body is not None:
            headers["Content-Type"] = "application/json"
            content = json.dumps(body)
        try:
            self._connection.request(method, path, content, headers)
            answer = self._connection.getresponse()
        except ConnectionError:  # an idle connection was closed, as browsers know
            self._connection.close()
            self._connection.request(method, path, content, headers)
            answer = self._connection.getresponse()
        read = answer.read()
        if answer.status != expect:
            raise SystemExit(f"{method} {path}: {answer.status} instead of {expect}: {read[:400]!r}")
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _equals, rest = cookie.partition("=")
            self._cookies[name] = rest.split(";", 1)[0]
        return read, answer.headers.get("Location", "")

    def read_token(self, path: str) -> bytes:
        """Open a page and keep the token of its forms."""
        page, _where = self.send("GET", path)
        found = TOKEN.search(page.decode())
        if found is None:
            raise SystemExit(f"{path} has no token")
        self.token = found[1] or found[2]
        return page

    def sign_in(self, login: str, password: str) -> None:
        """By the page, as people do."""
        self.read_token("/sign-in")
        self.send("POST", "/sign-in", form={"login": login, "password": password, "csrf_token": self.token}, expect=302)
        self.read_token("/learn/account")
