"""A PostgreSQL that may lose what it acknowledged: the product refuses to start on it."""

from pathlib import Path

import pytest
from sqlalchemy import text

from elearn.kernel.db import UnsafeServer, db
from tests.conftest import new_app


def address(server: str, options: str) -> str:
    """The server's own database with settings of the session."""
    return f"{server.format(name='postgres')}&options={options}"


def test_the_product_refuses_to_start_where_commits_may_be_lost(postgresql: str, tmp_path: Path) -> None:
    with pytest.raises(UnsafeServer, match="synchronous_commit=off"):
        new_app(address(postgresql, "-c%20synchronous_commit%3Doff"), tmp_path)


def test_it_starts_where_they_may_not(postgresql: str, tmp_path: Path) -> None:
    app = new_app(address(postgresql, "-c%20synchronous_commit%3Don"), tmp_path)

    with app.app_context():
        assert db.session.scalar(text("SELECT 1")) == 1
        db.session.remove()
        db.engine.dispose()


def test_a_server_that_is_away_does_not_end_the_start(tmp_path: Path) -> None:
    app = new_app(f"postgresql://nobody@/none?host={tmp_path}", tmp_path / "var")

    reply = app.test_client().get("/readyz")

    assert reply.status_code == 503
