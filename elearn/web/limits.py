"""Rate limits for public pages; they live outside the database: in the process, or in Redis at scale."""

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(get_remote_address, headers_enabled=False, strategy="moving-window", key_prefix="elearn")


def init_app(app: Flask, queue_url: str) -> None:
    """Count in Redis where the queue is there too, else in this process."""
    at_scale = queue_url.startswith(("redis://", "rediss://"))
    app.config.setdefault("RATELIMIT_STORAGE_URI", queue_url if at_scale else "memory://")
    app.config.setdefault("RATELIMIT_SWALLOW_ERRORS", True)
    if at_scale:  # where Redis is away, each process counts for itself, and nobody waits for it
        app.config.setdefault("RATELIMIT_STORAGE_OPTIONS", {"socket_connect_timeout": 0.5, "socket_timeout": 0.5})
        app.config.setdefault("RATELIMIT_IN_MEMORY_FALLBACK_ENABLED", True)
    limiter.init_app(app)
