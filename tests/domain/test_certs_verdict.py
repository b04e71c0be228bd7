"""The verdict of a verification over its whole table; it fails closed, and an oracle of its own says so."""

from collections.abc import Callable, Mapping
from datetime import date
from itertools import product

import pytest

from elearn.certs import rules
from elearn.certs.rules import DECLARED_BY_CODE, DECLARED_BY_FILE, Outcome, Proof, Standing, Status

TODAY = date(2026, 11, 25)
GOOD = {Status.VALID, Status.SAMPLE}
FINE = GOOD | {Status.EXPIRED, Status.SUPERSEDED, Status.REVOKED}
STANDINGS = [None] + [
    Standing(sample, revoked, superseded, valid_until)
    for sample, revoked, superseded in product((False, True), repeat=3)
    for valid_until in (None, date(2026, 11, 24), TODAY, date(2030, 1, 1))
]
DECLARED = [DECLARED_BY_CODE, DECLARED_BY_FILE, frozenset[Proof](), frozenset({Proof.REGISTER})]
WAYS = [*Outcome, None]

Verdict = Callable[[Standing | None, Mapping[Proof, Outcome], frozenset[Proof]], Status]


def judged(standing: Standing | None, proofs: Mapping[Proof, Outcome], declared: frozenset[Proof]) -> Status:
    return rules.verdict(standing, proofs, declared, on=TODAY)


def faults(verdict: Verdict) -> list[str]:
    """Every row of the table in which a verdict says more than was proved; written without looking at the law."""
    found = []
    for standing, declared in product(STANDINGS, DECLARED):
        for ways in product(WAYS, repeat=len(Proof)):
            proofs = {proof: way for proof, way in zip(Proof, ways, strict=True) if way is not None}
            said = verdict(standing, proofs, declared)
            lacking = [it for it in declared if proofs.get(it) != Outcome.PROVED]
            broken = Outcome.FAILED in proofs.values()
            if said in GOOD and (not declared or lacking or broken or standing is None):
                found.append(f"{said} without proof: {proofs}")
            if said in GOOD and standing and (standing.revoked or standing.superseded):
                found.append(f"{said} though withdrawn")
            if said in GOOD and standing and standing.valid_until and standing.valid_until < TODAY:
                found.append(f"{said} though expired")
            if said is Status.VALID and standing and standing.sample:
                found.append("a sample reads as valid")
            if said in FINE and broken:
                found.append(f"{said} though something failed: {proofs}")
            if said in FINE and standing is None:
                found.append(f"{said} of nothing")
    return found


def test_no_row_of_the_whole_table_says_more_than_was_proved() -> None:
    assert faults(judged) == []


def default_of_true(standing: Standing | None, proofs: Mapping[Proof, Outcome], declared: frozenset[Proof]) -> Status:
    """A verifier that takes a proof that is not there for proved."""
    full = {proof: proofs.get(proof, Outcome.PROVED) for proof in Proof}
    return judged(standing, full, declared)


def unchecked_is_fine(standing: Standing | None, proofs: Mapping[Proof, Outcome], declared: frozenset[Proof]) -> Status:
    """A verifier that takes what it cannot check for proved."""
    full = {proof: Outcome.PROVED if way is Outcome.UNCHECKED else way for proof, way in proofs.items()}
    return judged(standing, full, declared)


@pytest.mark.parametrize("verifier", [default_of_true, unchecked_is_fine])
def test_a_verifier_that_fails_open_is_caught(verifier: Verdict) -> None:
    assert faults(verifier) != []


def test_everything_proved_gives_each_standing_its_word() -> None:
    proved = dict.fromkeys(Proof, Outcome.PROVED)

    def said(**changes: object) -> Status:
        values = {"sample": False, "revoked": False, "superseded": False, "valid_until": None} | changes
        return judged(Standing(**values), proved, DECLARED_BY_FILE)  # type: ignore[arg-type]

    assert said() is Status.VALID
    assert said(sample=True) is Status.SAMPLE
    assert said(valid_until=TODAY) is Status.VALID
    assert said(valid_until=date(2026, 11, 24)) is Status.EXPIRED
    assert said(superseded=True) is Status.SUPERSEDED
    assert said(revoked=True, superseded=True) is Status.REVOKED


def test_what_the_register_does_not_know_is_not_found_only_where_it_was_asked() -> None:
    assert judged(None, {Proof.REGISTER: Outcome.ABSENT}, DECLARED_BY_CODE) is Status.NOT_FOUND
    assert judged(None, {Proof.REGISTER: Outcome.UNCHECKED}, DECLARED_BY_CODE) is Status.UNCHECKED
    assert judged(None, {}, DECLARED_BY_CODE) is Status.UNCHECKED


def test_an_altered_file_is_altered_whatever_the_register_says() -> None:
    proofs = dict.fromkeys(Proof, Outcome.PROVED) | {Proof.FILE: Outcome.FAILED}
    for standing in STANDINGS:
        assert judged(standing, proofs, DECLARED_BY_FILE) is Status.ALTERED
