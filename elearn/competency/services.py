"""The use-cases of competency: load the reference, record what was shown, decide about it; one function each."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from elearn.competency import demands, policies, queries, reference, rules, terms
from elearn.competency.facts import EvidenceClaim, LessonHoursClaim, LoadReport, RecordedEvidence
from elearn.competency.models.evidence import DevelopmentActivity, Evidence
from elearn.competency.models.reference import CompetencyRequirement
from elearn.competency.rules import EvidenceKind, EvidenceState, Supervision
from elearn.kernel import audit
from elearn.kernel.actor import Actor
from elearn.kernel.clock import local_date
from elearn.kernel.db import db, upsert
from elearn.kernel.errors import Invalid, NotFound
from elearn.kernel.guard import require
from elearn.kernel.ids import new_id
from elearn.kernel.model import Model
from elearn.kernel.settings import rule_values
from elearn.people import queries as people

CAP_KEY = "evidence.unsupervised_cap_level"
VALIDITY_KEY = "evidence.validity_years"
MAX_AT_ONCE = 100


def load_dictionary(path: Path, *, by: Actor, now: datetime) -> LoadReport:
    """Load competencies, level names, requirements by position level and forms from a folder; idempotent."""
    require(policies.may_load_reference, by, "dictionary")
    return _audited("dictionary", reference.merge_dictionary(path), by=by, now=now)


def load_rules(path: Path, *, by: Actor, now: datetime) -> LoadReport:
    """Load the dated rules from rules.yaml, or from the folder that holds it; idempotent.

    Raises Invalid rules_differ where it would change a value that is in force or was set here.
    """
    require(policies.may_load_reference, by, "rules")
    file = path / "rules.yaml" if path.is_dir() else path
    return _audited("rules", reference.merge_rules(file, on=local_date(now, by.zone)), by=by, now=now)


def _audited(what: str, report: LoadReport, *, by: Actor, now: datetime) -> LoadReport:
    if report.has_changes:
        audit.record("reference.load", "reference", what, by=by, now=now, added=report.added, changed=report.changed)
    return report


def set_position_requirement(
    position_id: UUID,
    competency_code: str,
    required_level: int,
    *,
    effective_from: date,
    legal_basis: str,
    confidence: str = "high",
    by: Actor,
    now: datetime,
) -> None:
    """Require a level of one position from a day on, over what its position level requires; 0 lifts it.

    Raises Forbidden, Invalid: level_unknown, legal_basis_required, unknown_competency, requirement_same_day where
    that day already has a row; rows are never edited.
    """
    require(policies.may_set_requirement, by, competency_code)
    if required_level not in (0, *rules.LEVELS):
        raise Invalid("level_unknown", field="required_level")
    if not legal_basis.strip():
        raise Invalid("legal_basis_required", field="legal_basis")
    competency_id = _competency_ids([competency_code])[competency_code]
    if demands.has_override_on(position_id, competency_id, effective_from):
        raise Invalid("requirement_same_day", field="effective_from")
    db.session.add(
        CompetencyRequirement(
            id=new_id(),
            position_level=None,
            position_id=position_id,
            competency_id=competency_id,
            required_level=required_level,
            effective_from=effective_from,
            effective_to=None,
            legal_basis=legal_basis.strip(),
            confidence=confidence,
        )
    )
    details = {"competency": competency_code, "level": required_level, "from": effective_from}
    audit.record("requirement.set", "position", position_id, by=by, now=now, **details)


def record_evidence(claims: Sequence[EvidenceClaim], *, by: Actor, now: datetime) -> tuple[RecordedEvidence, ...]:
    """Record what sources showed; returns what is new. The same source and competency again changes nothing.

    Unsupervised levels are capped and validity is set by the rules in force on the day of recording. Exams and
    courses are guarded by the workflow that calls; decisions of HR and assessments are guarded here.
    Audited by the workflow. Raises Invalid and Forbidden.
    """
    _require_may_claim(claims, by=by, now=now)
    ids = _competency_ids([claim.competency_code for claim in claims])
    if not claims:
        return ()
    values = rule_values((CAP_KEY, VALIDITY_KEY), local_date(now, by.zone))
    rows = [_evidence_row(claim, ids, values, by=by, now=now) for claim in claims]
    codes = {competency_id: code for code, competency_id in ids.items()}
    return tuple(
        RecordedEvidence(
            id=row["id"],
            employee_id=row["employee_id"],
            competency_code=codes[row["competency_id"]],
            level=row["level"],
            claimed_level=row["claimed_level"],
            state=rules.born_state(row["kind"], row["supervision"]),
            valid_until=row["valid_until"],
        )
        for row in _insert_new(Evidence, rows, ("source_type", "source_id", "competency_id"))
    )


def _require_may_claim(claims: Sequence[EvidenceClaim], *, by: Actor, now: datetime) -> None:
    judged = {claim.employee_id for claim in claims if claim.kind in ("hr_decision", "assessment")}
    for employee_id in judged:
        person = people.person(employee_id, on=local_date(now, by.zone))
        require(policies.may_decide_evidence, by, person)


def _competency_ids(codes: Sequence[str]) -> dict[str, UUID]:
    ids = terms.competency_ids(codes) if codes else {}
    if unknown := sorted(set(codes) - ids.keys()):
        raise Invalid("unknown_competency", field="competency", codes=unknown)
    return ids


def _evidence_row(
    claim: EvidenceClaim, ids: dict[str, UUID], values: dict[str, Any], *, by: Actor, now: datetime
) -> dict[str, Any]:
    kind, supervision = EvidenceKind(claim.kind), Supervision(claim.supervision)
    years = None if kind is EvidenceKind.HR_DECISION else values[VALIDITY_KEY]
    valid_until = claim.valid_until
    if valid_until is None and years is not None:
        valid_until = rules.years_later(claim.observed_on, years)
    return Evidence.row_of(
        claim,
        ids[claim.competency_code],
        cap_level=values[CAP_KEY] if rules.is_capped(kind, supervision) else None,
        valid_until=valid_until,
        by=by,
        now=now,
    )


def _insert_new(model: type[Model], rows: list[dict[str, Any]], unique: tuple[str, ...]) -> list[dict[str, Any]]:
    """Insert the rows whose unique key is new, also against a simultaneous insert, and return those."""
    key = model.__table__.columns["id"]
    statement = upsert(model).values(rows).on_conflict_do_nothing(index_elements=unique).returning(key)
    inserted = set(db.session.scalars(statement))
    return [row for row in rows if row["id"] in inserted]


def record_lesson_hours(claim: LessonHoursClaim, *, by: Actor, now: datetime) -> bool:
    """Record the lesson hours (JP) of a finished activity; False where its source is recorded already.

    Guarded and audited by the workflow. Raises Invalid; an unknown form breaks a constraint.
    """
    row = DevelopmentActivity.row_of(claim, by=by, now=now)
    return bool(_insert_new(DevelopmentActivity, [row], ("source_type", "source_id")))


def confirm_evidence(
    evidence_id: UUID, *, reason: str = "", by: Actor, now: datetime, employee_id: UUID | None = None
) -> None:
    """Let a proposed level count as confirmed; again changes nothing. Raises NotFound, Forbidden, Conflict.

    Where `employee_id` is given, the evidence must be that person's.
    """
    evidence = _evidence_to_decide(evidence_id, employee_id, by=by, now=now)
    if evidence.confirm(reason, by=by, now=now):
        _record_decision("evidence.confirm", evidence, reason, by=by, now=now)


def confirm_pending(evidence_ids: Sequence[UUID], *, by: Actor, now: datetime) -> int:
    """Confirm what of these still waits, each with an entry of its own; gives how many were.

    What somebody decided meanwhile is left alone. Raises NotFound, Forbidden, and Invalid nothing_chosen, too_many;
    then nothing was confirmed.
    """
    if not evidence_ids:
        raise Invalid("nothing_chosen", field="evidence")
    if len(evidence_ids) > MAX_AT_ONCE:
        raise Invalid("too_many", field="evidence", maximum=MAX_AT_ONCE)
    confirmed = 0
    for evidence_id in sorted(set(evidence_ids)):
        evidence = _evidence_to_decide(evidence_id, None, by=by, now=now)
        if evidence.state is EvidenceState.PROPOSED and evidence.confirm("", by=by, now=now):
            _record_decision("evidence.confirm", evidence, "", by=by, now=now)
            confirmed += 1
    return confirmed


def reject_evidence(evidence_id: UUID, *, reason: str, by: Actor, now: datetime, employee_id: UUID | None = None) -> None:
    """Let a proposed level not count, for a reason. Raises NotFound, Forbidden, Conflict, Invalid."""
    evidence = _evidence_to_decide(evidence_id, employee_id, by=by, now=now)
    if evidence.reject(reason, by=by, now=now):
        _record_decision("evidence.reject", evidence, reason, by=by, now=now)


def withdraw_evidence(evidence_id: UUID, *, reason: str, by: Actor, now: datetime, employee_id: UUID | None = None) -> None:
    """Take evidence back for good, for a reason. Raises NotFound, Forbidden, Conflict, Invalid."""
    evidence = _evidence_to_decide(evidence_id, employee_id, by=by, now=now)
    if evidence.withdraw(reason, by=by, now=now):
        _record_decision("evidence.withdraw", evidence, reason, by=by, now=now)


def _evidence_to_decide(evidence_id: UUID, employee_id: UUID | None, *, by: Actor, now: datetime) -> Evidence:
    evidence = queries.evidence_for_update(evidence_id)
    if employee_id is not None and evidence.employee_id != employee_id:
        raise NotFound
    person = people.person_visible_to(by, evidence.employee_id, on=local_date(now, by.zone))
    require(policies.may_decide_evidence, by, person)
    return evidence


def _record_decision(act: str, evidence: Evidence, reason: str, *, by: Actor, now: datetime) -> None:
    details = {"employee": evidence.employee_id, "level": evidence.level, "reason": reason.strip()}
    audit.record(act, "evidence", evidence.id, by=by, now=now, **details)
