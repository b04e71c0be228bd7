"""What a row corrects in somebody's record: name, titles, address, kind, rank; an empty cell leaves what is there; pure."""

from dataclasses import dataclass

from elearn.people.facts.staff import Correction
from elearn.people.roster.known import Known, Standing
from elearn.people.roster.shape import Entry
from elearn.people.rules import EmploymentType


@dataclass(frozen=True, slots=True)
class Change:
    """One value of somebody: in which column, what it is, what it would be."""

    column: str
    before: str
    after: str


def corrected(entry: Entry, standing: Standing, known: Known) -> tuple[Correction | None, tuple[Change, ...]]:
    """The correction and what it changes; None where all of it is so already."""
    wanted = Correction(
        name=entry.name,
        title_before=standing.title_before if entry.title_before is None else entry.title_before,
        title_after=standing.title_after if entry.title_after is None else entry.title_after,
        email=entry.email or standing.email,
        rank_code=entry.rank_code or standing.rank_code,
        employment_type=entry.employment_type,
    )
    pairs = (
        ("nama", standing.name, wanted.name),
        ("gelar_depan", standing.title_before, wanted.title_before),
        ("gelar_belakang", standing.title_after, wanted.title_after),
        ("email", standing.email or "", wanted.email or ""),
        ("status", standing.employment_type, entry.employment_type),
        ("golongan", _rank(standing.rank_code, known), _rank(wanted.rank_code, known)),
    )
    changes = tuple(Change(column, str(before), str(after)) for column, before, after in pairs if before != after)
    return (wanted if changes else None), changes


def _rank(code: str | None, known: Known) -> str:
    return known.ranks.get(code, code) if code else ""


def kind_words(kind: str) -> str:
    """A kind of civil servant as staff files write it."""
    return {EmploymentType.PNS: "PNS", EmploymentType.PPPK: "PPPK"}.get(EmploymentType(kind), "PPPK Paruh Waktu")
