"""Whether anything is left to prepare: what this release holds, against what the database says was prepared from it.

Asked at every start, before anything heavy is imported: the standard library, and psycopg where the database wants it.
"""

import hashlib
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from elearn.config import Config

MARK = "prepared"
ROOT = Path(__file__).resolve().parent.parent
_QUESTION = "SELECT marks.value, alembic_version.version_num FROM marks, alembic_version WHERE marks.name = 'prepared'"
_ADMINISTERED = (
    "SELECT 1 FROM role_grants JOIN employees ON employees.id = role_grants.employee_id"
    " WHERE role_grants.role = 'administrator' AND role_grants.revoked_at IS NULL"
    " AND employees.left_on IS NULL AND NOT employees.is_demo LIMIT 1"
)


def is_prepared(config: Config, *, with_demo: bool) -> bool:
    """Whether this database was prepared from this very release, with these wishes, and still stands there.

    A database that is new, away, or at another revision was not: then preparing says what is wrong, if anything.
    """
    try:
        found = _ask(config.database_url, _QUESTION)
    except Exception:  # noqa: BLE001 - whatever the reason, it is not known to be prepared
        return False
    return found is not None and found[0] == note(config, str(found[1]), with_demo=with_demo)


def is_founded(config: Config) -> bool:
    """Whether somebody administers the installation, or it cannot be told: then no set-up link is offered."""
    try:
        return _ask(config.database_url, _ADMINISTERED) is not None
    except Exception:  # noqa: BLE001 - the database is away; whoever starts elearn learns that otherwise
        return True


def note(config: Config, revision: str | None, *, with_demo: bool) -> str:
    """What is marked after preparing: a fingerprint of the release and of the wishes, and the database's revision."""
    wishes = [config.public_url, config.demo, with_demo]
    digest = hashlib.sha256(json.dumps(wishes).encode())
    for path in _sources():
        digest.update(f"{path.relative_to(ROOT)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return f"{digest.hexdigest()} {revision}"


def _sources() -> list[Path]:
    """Courses, reference data, migrations, and the code that reads them."""
    folders = (ROOT / "content").rglob("*"), (ROOT / "migrations").rglob("*.py"), (ROOT / "elearn").rglob("*.py")
    return sorted(path for found in folders for path in found if path.is_file())


def _ask(url: str, question: str) -> tuple[Any, ...] | None:
    if url.startswith("sqlite"):
        file = Path(url.partition(":///")[2].partition("?")[0])
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=rw", uri=True, timeout=1)) as database:
            found: tuple[Any, ...] | None = database.execute(question).fetchone()
            return found
    import psycopg

    with psycopg.connect("postgresql:" + url.partition(":")[2], connect_timeout=3) as connection:
        return connection.execute(question).fetchone()
