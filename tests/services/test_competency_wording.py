"""Every reason has its sentence; read here in English, the catalogue's completeness is tested elsewhere."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask

from elearn.competency import rules
from elearn.competency.rules import EvidenceFact, EvidenceKind, Supervision
from elearn.competency.views import wording
from elearn.web import i18n
from tests.factories.competency import TODAY, evidence_fact

DECIDED: dict[str, Any] = {"decided_at": datetime(2026, 11, 26, 3, 0, tzinfo=UTC), "decided_reason": "Sesuai tugas."}


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    app = Flask(__name__)
    i18n.init_app(app)
    with app.test_request_context("/?lang=en"):
        yield


def sentence(*evidence: EvidenceFact, on: date = TODAY) -> str:
    return wording.why(rules.reason_for(2, rules.level_from(evidence, on), evidence, on))


@pytest.mark.parametrize(
    ("evidence", "said"),
    [
        ((), "No evidence yet; the position requires level 2."),
        (
            (evidence_fact(2),),
            "Level 2 proposed from exam PPP-01 on 25 November 2026 (score 82.5, unsupervised); awaiting confirmation by HR.",
        ),
        (
            (evidence_fact(2, claimed_level=4), evidence_fact(1, state="confirmed", **DECIDED)),
            "Level 2 proposed from exam PPP-01 on 25 November 2026 (score 82.5, unsupervised, capped from level 4); "
            "awaiting confirmation by HR, level 1 is confirmed.",
        ),
        (
            (evidence_fact(2, state="confirmed", supervision=Supervision.SUPERVISED, **DECIDED),),
            "Level 2 from exam PPP-01 on 25 November 2026 (score 82.5, supervised), "
            "confirmed by HR on 26 November 2026: Sesuai tugas.",
        ),
        (
            (evidence_fact(2, state="rejected", **DECIDED),),
            "Level 2 from exam PPP-01 on 25 November 2026 (score 82.5, unsupervised) was rejected by HR "
            "on 26 November 2026: Sesuai tugas.",
        ),
        (
            (evidence_fact(2, state="withdrawn", **DECIDED),),
            "Level 2 from exam PPP-01 on 25 November 2026 (score 82.5, unsupervised) was withdrawn by HR "
            "on 26 November 2026: Sesuai tugas.",
        ),
        (
            (evidence_fact(3, state="confirmed", kind=EvidenceKind.HR_DECISION, score_bp=None, source="SK 12"),),
            "Level 3 set by a decision of HR on 25 November 2026: SK 12.",
        ),
    ],
)
def test_one_sentence_says_why(evidence: tuple[EvidenceFact, ...], said: str) -> None:
    assert sentence(*evidence) == said


def test_expired_evidence_says_until_when_it_held() -> None:
    said = sentence(evidence_fact(2, valid_until=date(2026, 12, 31)), on=date(2027, 1, 1))

    assert said.endswith("was valid until 31 December 2026.")
