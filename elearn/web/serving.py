"""What stands around the application: proxies that are trusted, and static files; pages and their headers are inside."""

from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from elearn.web import headers

STATIC = Path(__file__).parent / "static"


def init_app(app: Flask, *, trusted_proxies: int, https: bool) -> None:
    """Believe as many proxies as are named, and answer for static files before the application is asked."""
    if trusted_proxies:
        count = trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    noise = WhiteNoise(
        app.wsgi_app,
        root=str(STATIC),
        prefix="static/",
        autorefresh=app.debug,
        immutable_file_test=lambda _path, url: "/built/" in url,
        add_headers_function=_static_headers_by_https if https else _static_headers,
    )
    app.wsgi_app = noise  # type: ignore[method-assign]


def _static_headers(written: Any, _path: str, _url: str) -> None:
    written["Content-Security-Policy"] = headers.POLICY
    written["X-Content-Type-Options"] = "nosniff"
    written["Referrer-Policy"] = "same-origin"
    written["Cross-Origin-Opener-Policy"] = "same-origin"


def _static_headers_by_https(written: Any, path: str, url: str) -> None:
    _static_headers(written, path, url)
    written["Strict-Transport-Security"] = headers.BY_HTTPS
