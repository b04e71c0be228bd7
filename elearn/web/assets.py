"""Finds built front-end files by their logical names, and draws icons; building them is tools/build_assets.py."""

import json
from functools import lru_cache
from pathlib import Path

from flask import Flask, current_app, g
from markupsafe import Markup


@lru_cache(maxsize=4)
def _manifest(path: Path, _stamp: float) -> dict[str, str]:
    entries = json.loads(path.read_text(encoding="utf-8"))
    return {name: entry["file"] if isinstance(entry, dict) else entry for name, entry in entries.items()}


def address(name: str) -> str:
    """The hashed address of a built file by its logical name."""
    if "manifest" not in g:  # looked at once a request: a page names thirty files and icons
        file: Path = current_app.extensions["elearn_built"] / "manifest.json"
        g.manifest = _manifest(file, file.stat().st_mtime) if file.exists() else {}
    return f"/static/built/{g.manifest.get(name, name)}"


def icon(name: str) -> Markup:
    """A picture of the one file of icons; it says nothing to those who listen."""
    return _icon(address("icons.svg"), name)


@lru_cache(maxsize=512)
def _icon(file: str, name: str) -> Markup:
    return Markup(
        '<svg class="icon" width="20" height="20" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>'
    ).format(file, name)


def init_app(app: Flask, built: Path) -> None:
    """Give templates `asset("app.css")` and `ui_icon("people")`."""
    app.extensions["elearn_built"] = built
    app.jinja_env.globals.update(asset=address, ui_icon=icon)
