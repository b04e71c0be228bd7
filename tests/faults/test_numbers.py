"""Twenty issuers of fifty certificates each, with rollbacks: numbers 1…1000 without a gap and without a double."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from elearn.exams.models.attempts import Attempt, ClosedBy
from elearn.exams.models.bank import ExamVersion
from tests.conftest import ROOT, copied
from tests.factories.site import copy_keys
from tests.faults.product import Crowd

PROCESSES, ISSUERS, EACH = 2, 20, 50
OPENED = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)


def passed_attempts(engine: sa.Engine, crowd: Crowd, count: int) -> list[str]:
    """Attempts to issue for, written at once."""
    with engine.begin() as connection:
        version = connection.scalar(sa.select(ExamVersion.id))
        rows = [
            {
                "id": uuid4(),
                "exam_id": crowd.world.exam_id,
                "exam_version_id": version,
                "course_id": crowd.world.course_id,
                "employee_id": crowd.world.people["learner"],
                "number": number,
                "seed": "uji",
                "title": "Ujian",
                "supervision": "unsupervised",
                "opened_at": OPENED,
                "closes_at": OPENED + timedelta(minutes=20),
                "late_until": OPENED + timedelta(minutes=25),
                "lease": "uji",
                "submitted_at": OPENED,
                "closed_by": ClosedBy.PERSON,
                "score_bp": 10_000,
                "pass_bp": 7000,
                "passed": True,
                "result": {"points": [], "competencies": []},
                "time_percent": 100,
            }
            for number in range(1, count + 1)
        ]
        connection.execute(sa.insert(Attempt.__table__), rows)  # type: ignore[arg-type]
    return [str(row["id"]) for row in rows]


Issue = Callable[..., list[int]]


@pytest.fixture
def issue(backend: str, gathered: tuple[str, Crowd, Path], tmp_path: Path, request: pytest.FixtureRequest) -> Issue:
    """Let them issue, in several processes; gives the numbers in their order."""
    source, crowd, var = gathered
    copy_keys(var, tmp_path / "var")
    url = copied(backend, source, tmp_path / "own.db", f"t_{uuid4().hex}", request)
    engine = sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))

    def run(issuers: int, each: int, *, broken: str = "") -> list[int]:
        attempts = passed_attempts(engine, crowd, issuers * each)
        portions = [attempts[at : at + each] for at in range(0, len(attempts), each)]
        told: dict[str, Any] = {
            "employee_id": str(crowd.world.people["learner"]),
            "course_id": str(crowd.world.course_id),
            "agency_id": str(crowd.world.agency_id),
        }
        environment = os.environ | {
            "ELEARN_VAR": str(tmp_path / "var"),
            "ELEARN_DATABASE_URL": url,
            "ELEARN_DEMO": "1",
            "ELEARN_BREAK": broken,
            "PYTHONPATH": str(ROOT),
        }
        processes = []
        for number in range(min(PROCESSES, issuers)):
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.issuer"],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
            assert process.stdin is not None
            process.stdin.write(json.dumps(told | {"issuers": portions[number::PROCESSES]}))
            process.stdin.close()
            processes.append(process)
        assert {process.wait(timeout=120) for process in processes} == {0}
        with engine.connect() as connection:
            numbers = [row.sequence for row in connection.execute(sa.text("SELECT sequence FROM certificates"))]
        engine.dispose()
        return sorted(numbers)

    return run


@pytest.mark.slow
def test_a_thousand_numbers_without_gap_or_double(issue: Issue) -> None:
    assert issue(ISSUERS, EACH) == list(range(1, ISSUERS * EACH + 1))


@pytest.mark.slow
def test_numbers_that_a_rollback_does_not_give_back_are_caught(issue: Issue) -> None:
    """Negative control: a counter outside the transaction leaves gaps; one process, so that it gives no doubles."""
    assert issue(1, 20, broken="numbers") != list(range(1, 21))
