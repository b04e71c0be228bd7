"""What the installation's operator does: load the reference, issue tokens and codes on the command line."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from elearn.kernel.actor import Role
from elearn.kernel.errors import Forbidden, Invalid
from elearn.people import accounts
from elearn.people.services import reference
from tests.factories.people import (
    NOON,
    SYSTEM,
    Town,
    actor_of,
    hire,
    make_town,
    officer,
    with_factor,
    with_password,
)

EMAIL = "siti@kota.example"
FRESH = "perahu kecil di laut biru"
REFERENCE = Path(__file__).parents[2] / "content" / "reference"


@pytest.fixture
def town(session: Any) -> Town:
    return make_town()


@pytest.fixture
def siti(town: Town) -> UUID:
    return hire(town, town.a, email=EMAIL)


def test_the_reference_of_levels_and_ranks_loads_once(session: Any) -> None:
    """The suite's database holds it already."""
    again = reference.load_reference(REFERENCE, by=SYSTEM, now=NOON)

    assert not again.has_changes
    assert again.unchanged_count == 14 + 34


def test_a_changed_and_a_new_rank_are_named(session: Any, tmp_path: Path) -> None:
    levels = (REFERENCE / "position_levels.yaml").read_text(encoding="utf-8")
    ranks = (REFERENCE / "ranks.yaml").read_text(encoding="utf-8")
    (tmp_path / "position_levels.yaml").write_text(levels, encoding="utf-8")
    changed = (
        ranks.replace('"Juru Muda",', '"Juru Muda Baru",') + '  - {code: "46", grade: "IV/f", name: "X", scheme: pns}\n'
    )
    (tmp_path / "ranks.yaml").write_text(changed, encoding="utf-8")

    report = reference.load_reference(tmp_path, by=SYSTEM, now=NOON)

    assert (report.added, report.changed) == (("ranks 46",), ("ranks 11: name",))


@pytest.mark.parametrize("text", ["ranks: 3", "- [", "ranks:\n  - {code: a}\n", ""])
def test_a_bad_file_is_refused_whole(session: Any, tmp_path: Path, text: str) -> None:
    (tmp_path / "position_levels.yaml").write_text((REFERENCE / "position_levels.yaml").read_text(encoding="utf-8"))
    (tmp_path / "ranks.yaml").write_text(text)

    with pytest.raises(Invalid, match="reference_"):
        reference.load_reference(tmp_path, by=SYSTEM, now=NOON)


def test_only_those_who_reach_everything_load_the_reference(town: Town) -> None:
    with pytest.raises(Forbidden):
        reference.load_reference(REFERENCE, by=officer(town, Role.ADMINISTRATOR, town.agency_id), now=NOON)
    with pytest.raises(Forbidden):
        reference.load_reference(REFERENCE, by=actor_of(hire(town, town.a)), now=NOON)


def test_the_operator_gets_a_token_and_a_code_alone_on_standard_output(session: Any, shared_app: Any, siti: UUID) -> None:
    session.commit()
    runner = shared_app.test_cli_runner()

    token = runner.invoke(args=["tokens", "issue", EMAIL, "--scope", "read", "--days", "7"])
    code = runner.invoke(args=["people", "code", EMAIL])
    nobody = runner.invoke(args=["tokens", "issue", "nobody@kota.example"])
    unknown = runner.invoke(args=["tokens", "issue", EMAIL, "--scope", "root"])

    assert (token.exit_code, token.stdout.count("\n")) == (0, 1)
    assert token.stdout.startswith("elearn_")
    assert (code.exit_code, len(code.stdout)) == (0, 12)
    assert (nobody.exit_code, nobody.stdout) == (1, "")
    assert (unknown.exit_code, unknown.stdout) == (1, "")


def test_the_operator_resets_the_factor_of_a_lost_phone(session: Any, shared_app: Any, siti: UUID) -> None:
    runner = shared_app.test_cli_runner()
    session.commit()

    assert runner.invoke(args=["people", "reset-factor", EMAIL]).exit_code == 1
    with_factor(with_password(siti))
    done = runner.invoke(args=["people", "reset-factor", EMAIL])

    assert (done.exit_code, len(done.stdout)) == (0, 12)
    assert not accounts.factor_state(siti).is_on
