"""Compresses pages and JSON on their way out; built files are compressed when they are built, certificates already are."""

import gzip

from flask import Flask, Response, request

KINDS = frozenset({"text/html", "application/json", "application/problem+json"})
SMALLEST = 1024
LEVEL = 6


def init_app(app: Flask) -> None:
    """Compress what is worth it, for those who can read it."""

    @app.after_request
    def compress(response: Response) -> Response:
        if response.mimetype not in KINDS or response.is_streamed or response.direct_passthrough:
            return response
        response.vary.add("Accept-Encoding")
        if request.accept_encodings.quality("gzip") and not _mirrors() and "Content-Encoding" not in response.headers:
            plain = response.get_data()
            if len(plain) >= SMALLEST:
                response.set_data(gzip.compress(plain, LEVEL, mtime=0))
                response.headers["Content-Encoding"] = "gzip"
        return response


def _mirrors() -> bool:
    """Whether a stranger's link may have put words of its own beside a person's: their size must not tell (BREACH)."""
    return bool(request.query_string)
