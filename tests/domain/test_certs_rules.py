"""The verdict of a verification over its whole table, codes and numbers."""

import itertools
from collections.abc import Callable, Mapping
from datetime import date

import pytest

from elearn.certs import rules
from elearn.certs.rules import ALPHABET, DECLARED_BY_CODE, DECLARED_BY_FILE, Outcome, Proof, Standing, Status
from elearn.kernel.errors import Invalid

ON = date(2026, 11, 25)
GOOD = {Status.VALID, Status.SAMPLE}
LOOKS_GOOD = GOOD | {Status.EXPIRED, Status.SUPERSEDED, Status.REVOKED}
STANDINGS = [
    None,
    *(
        Standing(sample=sample, revoked=revoked, superseded=superseded, valid_until=until)
        for sample, revoked, superseded, until in itertools.product(
            (False, True), (False, True), (False, True), (None, date(2026, 11, 24), ON)
        )
    ),
]
TABLE = [
    (standing, dict(zip(Proof, outcomes, strict=True)), declared)
    for standing in STANDINGS
    for outcomes in itertools.product(Outcome, repeat=4)
    for declared in (DECLARED_BY_CODE, DECLARED_BY_FILE)
]
Verdict = Callable[..., Status]


def breaches(verdict: Verdict) -> list[tuple[object, ...]]:
    """Every row of the table in which a verdict looks better than its proofs allow."""
    found: list[tuple[object, ...]] = []
    for standing, proofs, declared in TABLE:
        status = verdict(standing, proofs, declared, on=ON)
        proved = all(proofs[proof] is Outcome.PROVED for proof in declared)
        clean = standing is not None and not (standing.revoked or standing.superseded)
        if status in GOOD and not (proved and clean):
            found.append((standing, proofs, status))
        if Outcome.FAILED in proofs.values() and status in LOOKS_GOOD:
            found.append((standing, proofs, status))
    return found


def test_nothing_looks_good_unless_every_declared_proof_is_proved() -> None:
    assert len(TABLE) == 25 * 256 * 2
    assert breaches(rules.verdict) == []


def test_a_default_of_true_would_be_caught() -> None:
    def believing(
        standing: Standing | None, proofs: Mapping[Proof, Outcome], declared: frozenset[Proof], *, on: date
    ) -> Status:
        trusted = {proof: Outcome.PROVED if it is Outcome.UNCHECKED else it for proof, it in proofs.items()}
        return rules.verdict(standing, trusted, declared, on=on)

    assert breaches(believing)


@pytest.mark.parametrize(
    ("standing", "status"),
    [
        (Standing(False, False, False, None), Status.VALID),
        (Standing(True, False, False, None), Status.SAMPLE),
        (Standing(False, False, False, ON), Status.VALID),
        (Standing(False, False, False, date(2026, 11, 24)), Status.EXPIRED),
        (Standing(False, True, True, None), Status.REVOKED),
        (Standing(False, False, True, None), Status.SUPERSEDED),
    ],
)
def test_with_every_proof_the_register_decides(standing: Standing, status: Status) -> None:
    proofs = dict.fromkeys(Proof, Outcome.PROVED)

    assert rules.verdict(standing, proofs, DECLARED_BY_FILE, on=ON) is status


def test_what_is_not_in_the_register_is_not_found_only_if_the_register_was_asked() -> None:
    asked = {Proof.REGISTER: Outcome.ABSENT, Proof.SEAL: Outcome.ABSENT}
    cut = {Proof.REGISTER: Outcome.UNCHECKED, Proof.SEAL: Outcome.UNCHECKED}

    assert rules.verdict(None, asked, DECLARED_BY_CODE, on=ON) is Status.NOT_FOUND
    assert rules.verdict(None, cut, DECLARED_BY_CODE, on=ON) is Status.UNCHECKED


def test_codes_are_read_as_people_type_them() -> None:
    code = rules.new_code()
    typed = "-".join(code[at : at + 4] for at in range(0, 17, 4)).lower().replace("0", "o").replace("1", "l")

    assert rules.read_code(f"  {typed} ") == code


def test_every_single_wrong_character_is_noticed() -> None:
    code = rules.new_code()
    for at, wrong in itertools.product(range(17), ALPHABET):
        if wrong != code[at]:
            assert rules.read_code(code[:at] + wrong + code[at + 1 :]) is None


@pytest.mark.parametrize("text", ["", "A", "A" * 17 + "U", "000123/800.2/BKPSDM/XI/2026", "é" * 17, "\x00" * 17])
def test_other_texts_are_no_codes(text: str) -> None:
    assert rules.read_code(text) is None


def test_codes_do_not_repeat() -> None:
    assert len({rules.new_code() for _ in range(10_000)}) == 10_000


def test_a_number_follows_its_pattern() -> None:
    assert rules.number("{nomor}/800.2/BKPSDM/{bulan}/{tahun}", 123, ON) == "000123/800.2/BKPSDM/XI/2026"


@pytest.mark.parametrize("pattern", ["{nomor}/X", "{tahun}/X", "x" * 90, ""])
def test_a_pattern_whose_numbers_could_repeat_is_refused(pattern: str) -> None:
    with pytest.raises(Invalid):
        rules.check_pattern(pattern)
