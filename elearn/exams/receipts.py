"""What proves to learners that their answers arrived: a receipt for each save, and one over all of them at the end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog

from elearn.exams import queries
from elearn.exams.models.attempts import Attempt, AttemptSlot
from elearn.kernel.actor import Actor
from elearn.kernel.errors import Conflict
from elearn.kernel.seal import NoSealKey, is_sealed, seal
from elearn.kernel.text import readable_code

CODE_LENGTH = 8

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """One place of a closed paper: the keys that were marked, when they were stored, and the receipt of that save."""

    slot: int
    value: tuple[str, ...]
    saved_at: datetime | None
    receipt: str | None


@dataclass(frozen=True, slots=True)
class SubmissionReceipt:
    """The receipt over every stored answer of a closed attempt.

    `code` is its short form for people; `is_intact` says whether what is stored now is what was sealed then, None
    where that cannot be told: nothing was sealed, or the key is away.
    """

    attempt_id: UUID
    title: str
    submitted_at: datetime
    closed_by: str | None
    code: str | None
    is_intact: bool | None
    answers: tuple[StoredAnswer, ...]

    @property
    def answered(self) -> int:
        """How many places hold an answer."""
        return sum(1 for it in self.answers if it.value)


def of_answer(attempt_id: UUID, slot: int, seq: int, value: tuple[str, ...], at: datetime, *, late: bool) -> str:
    """The server's seal over one stored answer: with it a learner can later prove what was acknowledged."""
    return seal("answer", attempt_id, slot, seq, list(value), at.isoformat(), late)


def seal_attempt(attempt: Attempt, places: Sequence[AttemptSlot]) -> None:
    """Seal what a closing attempt holds. Without a key the closing goes on unsealed: nothing can be proved then."""
    try:
        attempt.seal_with(seal("submission", *_sealed(attempt, places)))
    except NoSealKey as error:
        log.warning("submission_unsealed", attempt_id=str(attempt.id), error=str(error))


def of_submission(by: Actor, attempt_id: UUID) -> SubmissionReceipt:
    """The receipt of one's own closed attempt, held against what is stored now.

    Raises NotFound (not one's own) and Conflict while it is open.
    """
    attempt = queries.attempt_of(by, attempt_id)
    return over(attempt, queries.slots_of(attempt_id))


def over(attempt: Attempt, places: Sequence[AttemptSlot]) -> SubmissionReceipt:
    """The receipt of a closed attempt over its places as they are stored now; raises Conflict while it is open."""
    if attempt.submitted_at is None:
        raise Conflict("attempt_open")
    return SubmissionReceipt(
        attempt_id=attempt.id,
        title=attempt.title,
        submitted_at=attempt.submitted_at,
        closed_by=attempt.closed_by,
        code=readable_code(attempt.receipt, CODE_LENGTH) if attempt.receipt else None,
        is_intact=_is_intact(attempt, places),
        answers=tuple(_stored(attempt.id, place) for place in places),
    )


def _is_intact(attempt: Attempt, places: Sequence[AttemptSlot]) -> bool | None:
    try:
        return is_sealed(attempt.receipt, "submission", *_sealed(attempt, places)) if attempt.receipt else None
    except NoSealKey:
        return None


def _sealed(attempt: Attempt, places: Sequence[AttemptSlot]) -> list[object]:
    submitted_at = attempt.submitted_at.isoformat() if attempt.submitted_at else None
    answers = [[it.slot, it.seq, list(it.value), it.saved_at.isoformat() if it.saved_at else None] for it in places]
    return [attempt.id, attempt.employee_id, submitted_at, answers]


def _stored(attempt_id: UUID, place: AttemptSlot) -> StoredAnswer:
    value = tuple(place.value)
    if place.saved_at is None:
        return StoredAnswer(place.slot, value, None, None)
    try:
        receipt = of_answer(attempt_id, place.slot, place.seq, value, place.saved_at, late=False)
    except NoSealKey:
        receipt = None
    return StoredAnswer(place.slot, value, place.saved_at, receipt)
