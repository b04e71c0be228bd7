"""The headers of every response, errors and static files included; data needs fewer than pages."""

from flask import Flask, Response, request

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "font-src 'self'",
        "manifest-src 'self'",
        "media-src 'self'",
        "object-src 'none'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"
FILE_POLICY = "default-src 'none'; sandbox"
"""What people or the product stored as a file runs nothing and belongs to no origin, wherever it is opened."""

BY_HTTPS = "max-age=31536000; includeSubDomains"


def init_app(app: Flask, *, https: bool) -> None:
    """Add the headers to whatever leaves the application."""

    @app.after_request
    def add(response: Response) -> Response:
        headers = response.headers
        if response.status_code == 204:  # nothing to read or to sniff, and an exam fetches more than a thousand of them
            headers.pop("Content-Type", None)
            headers.setdefault("Cache-Control", "no-store")
            return response
        headers.setdefault("X-Content-Type-Options", "nosniff")
        if response.is_json:
            headers.setdefault("Content-Security-Policy", DATA_POLICY)
        else:
            headers.setdefault("Content-Security-Policy", POLICY)
            headers.setdefault("Referrer-Policy", "same-origin")
            headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
            headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        if https:
            headers.setdefault("Strict-Transport-Security", BY_HTTPS)
        if not request.path.startswith("/static/"):
            headers.setdefault("Cache-Control", "no-store")
        return response
