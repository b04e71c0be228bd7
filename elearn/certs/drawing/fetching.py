"""The closed door of the renderer: images inside the page, and the font files of print; nothing else, ever."""

from pathlib import Path
from typing import Any

from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

IMAGES = ("data:image/png;base64,", "data:image/jpeg;base64,")


class PackagedOnly(URLFetcher):  # type: ignore[misc]  # WeasyPrint ships no types
    """Opens data: images and the .ttf files of one directory; any other address ends the rendering."""

    def __init__(self, fonts_dir: Path) -> None:
        super().__init__(allowed_protocols={"data"}, allow_redirects=False, fail_on_errors=True)
        self._fonts = {path.as_uri(): path for path in fonts_dir.resolve().glob("*.ttf")}

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """The resource at an allowed address; raises FatalURLFetchingError (a BaseException) for all others."""
        if font := self._fonts.get(url):
            return URLFetcherResponse(url, font.read_bytes(), {"Content-Type": "font/ttf"})
        if url.startswith(IMAGES):
            return super().fetch(url, headers)
        raise FatalURLFetchingError(f"refused {url[:80]}")
