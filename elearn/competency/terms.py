"""What competencies, levels and forms of development are called, and their keys; kept in the process, writes nothing."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import select

from elearn.competency.models.reference import Competency, DevelopmentForm, LevelName
from elearn.kernel.db import db
from elearn.kernel.kept import Kept

Span = tuple[date, date | None]


def _holds(span: Span, on: date) -> bool:
    first, last = span
    return first <= on and (last is None or last >= on)


@Kept
def _levels() -> tuple[tuple[Span, int, str], ...]:
    """Every name that a level has or had, the oldest first."""
    query = select(LevelName.effective_from, LevelName.effective_to, LevelName.level, LevelName.name)
    rows = db.session.execute(query.order_by(LevelName.effective_from))
    return tuple(((first, last), level, name) for first, last, level, name in rows)


@Kept
def _forms() -> dict[str, tuple[Span, str]]:
    """The days and the name of every form of development, by its key."""
    query = select(DevelopmentForm.key, DevelopmentForm.effective_from, DevelopmentForm.effective_to, DevelopmentForm.name)
    return {key: ((first, last), name) for key, first, last, name in db.session.execute(query)}


@Kept
def _competencies() -> dict[str, tuple[Span, UUID, str]]:
    """The days, the key and the name of every competency, by its code in the dictionary's order."""
    query = select(
        Competency.code, Competency.effective_from, Competency.effective_to, Competency.id, Competency.name
    ).order_by(Competency.ordinal, Competency.code)
    return {code: ((first, last), key, name) for code, first, last, key, name in db.session.execute(query)}


def level_names(on: date) -> dict[int, str]:
    """What the levels are called on a day: {1: "Paham/dalam pengembangan", …}."""
    return {level: name for span, level, name in _levels() if _holds(span, on)}


def form_name(key: str, on: date) -> str:
    """What a form of development is called on a day; its key where the reference data does not say."""
    span, name = _forms().get(key, ((on, None), key))
    return name if _holds(span, on) else key


def form_keys(on: date) -> frozenset[str]:
    """The forms of development in force on a day."""
    return frozenset(key for key, (span, _name) in _forms().items() if _holds(span, on))


def competency_names(codes: Iterable[str]) -> dict[str, str]:
    """The names of competencies by code; unknown codes are absent."""
    known = _competencies()
    return {code: known[code][2] for code in codes if code in known}


def competency_ids(codes: Iterable[str]) -> dict[str, UUID]:
    """The keys of competencies by code; unknown codes are absent."""
    known = _competencies()
    return {code: known[code][1] for code in codes if code in known}


def competency_codes() -> frozenset[str]:
    """Every competency of the dictionary."""
    return frozenset(_competencies())


def competency_choices(on: date) -> tuple[tuple[str, str], ...]:
    """Code and name of the competencies in force on a day, in the dictionary's order."""
    return tuple((code, name) for code, (span, _key, name) in _competencies().items() if _holds(span, on))
