"""The use-cases of exams: publish, start, save, take over, submit; certificates and levels are the workflow's."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from elearn.exams import bank, hotpath, paper, policies, queries, receipts, rules
from elearn.exams.facts import AttemptAllowance, ExamOutcome, ExamRef, PublishedExam, Saved, Sitting
from elearn.exams.models.attempts import Attempt, AttemptSlot, ClosedBy
from elearn.exams.models.bank import Exam, ExamVersion, ExamVersionItem, Item, ItemVersion
from elearn.exams.rules import PassStanding
from elearn.exams.specs import ExamSpec, ItemSpec
from elearn.kernel import audit, meter
from elearn.kernel.actor import Actor
from elearn.kernel.clock import local_date
from elearn.kernel.db import db
from elearn.kernel.errors import Conflict, NotFound
from elearn.kernel.guard import require
from elearn.kernel.settings import rule_value, rule_values

POLICY_KEYS = ("exam.max_attempts", "exam.cooldown_days", "exam.remedial_attempts", "exam.remedial_after_days")
GRACE_KEY = "exam.late_grace_minutes"
STANDS = PassStanding(counts=True)


def publish(course_id: UUID, spec: ExamSpec, items: tuple[ItemSpec, ...], *, by: Actor, now: datetime) -> PublishedExam:
    """Publish an exam as an immutable version; the same content publishes nothing. Audited by the workflow.

    Raises Invalid where an item's key is not a possible one, or the bank cannot fill the blueprint.
    """
    require(policies.may_publish, by, course_id)
    rules.require_possible_keys(items)
    exam = queries.exam_to_publish(course_id)
    if exam is None:
        exam = Exam.of_course(course_id, spec.title)
        db.session.add(exam)
        db.session.flush()
    paper.draw(spec, items, "trial")
    versions = _publish_items(exam, items, now=now)
    document = bank.spec_document(spec)
    sha256 = bank.digest([document, sorted(str(version.id) for version in versions.values())])
    latest = queries.latest_version(exam.id)
    if latest is not None and latest.sha256 == sha256:
        return PublishedExam(exam.id, latest.id, latest.number, changed=False)
    version = ExamVersion.publish(exam, latest.number + 1 if latest else 1, spec, document, sha256, now=now)
    db.session.add(version)
    db.session.flush()
    links = [{"exam_version_id": version.id, "item_version_id": it.id} for it in versions.values()]
    db.session.execute(insert(ExamVersionItem), links)
    exam.point_to(version)
    before = queries.linked_item_versions(latest.id) if latest else {}
    after = {key: it.id for key, it in versions.items()}
    return PublishedExam(exam.id, version.id, version.number, True, *_compared(before, after))


def _publish_items(exam: Exam, items: tuple[ItemSpec, ...], *, now: datetime) -> dict[str, ItemVersion]:
    """The version of each item by its key: the newest one where it says the same, else a new one."""
    known = queries.newest_item_versions(exam.id)
    versions: dict[str, ItemVersion] = {}
    for spec in items:
        document = bank.item_document(spec)
        sha256 = bank.digest(document)
        item, newest = known.get(spec.id, (None, None))
        if newest is not None and newest.sha256 == sha256:
            versions[spec.id] = newest
            continue
        if item is None:
            item = Item.of(exam, spec.id)
            db.session.add(item)
        version = ItemVersion.publish(item, newest.number + 1 if newest else 1, document, sha256, now=now)
        db.session.add(version)
        versions[spec.id] = version
    db.session.flush()
    return versions


def _compared(before: dict[str, UUID], after: dict[str, UUID]) -> tuple[tuple[str, ...], ...]:
    """The keys that are new in, other in and gone from a version as against the one before it."""
    return (
        tuple(key for key in after if key not in before),
        tuple(key for key, version_id in after.items() if before.get(key, version_id) != version_id),
        tuple(sorted(before.keys() - after.keys())),
    )


def allowance(attempts: Sequence[Attempt], *, zone: str, now: datetime, standing: PassStanding = STANDS) -> AttemptAllowance:
    """What policy still allows after all attempts of a person in an exam, oldest first.

    How many attempts there are, cool-down and remedial are dated policy data. Whether a pass still counts is the
    workflow's to say; unsaid, it does.
    """
    values = rule_values(POLICY_KEYS, local_date(now, zone))
    policy = rules.SittingPolicy(
        attempts=values["exam.max_attempts"],
        cooldown=timedelta(days=values["exam.cooldown_days"]),
        remedial_attempts=values["exam.remedial_attempts"],
        remedial_after=timedelta(days=values["exam.remedial_after_days"]),
    )
    allowed = rules.allowance(queries.past(attempts), policy, standing=standing, now=now)
    open_one = next((it for it in attempts if it.submitted_at is None), None)
    return AttemptAllowance(
        used=allowed.used,
        maximum=allowed.maximum,
        next_at=allowed.next_at,
        open_attempt_id=open_one.id if open_one else None,
        open_until=open_one.closes_at if open_one else None,
        passed_attempt_id=next((it.id for it in reversed(attempts) if it.passed), None),
        reasons=allowed.reasons,
        is_remedial=allowed.is_remedial,
        last_number=attempts[-1].number if attempts else 0,
    )


def start(
    exam: ExamRef,
    attempts: Sequence[Attempt],
    *,
    by: Actor,
    now: datetime,
    standing: PassStanding = STANDS,
    time_percent: int = 100,
) -> tuple[Sitting, bool]:
    """Start an attempt, or give back the open one: (sitting, whether it was started now).

    `attempts` are all of the actor's in this exam, oldest first; `time_percent` is what the person was granted of the
    usual time (100: no more than others).

    The unique index on open attempts decides between parallel starts. Raises Conflict with the reasons where
    policy allows no new attempt. Whether the course's conditions are met is the workflow's to ask.
    """
    if by.employee_id is None:
        raise NotFound
    allowed = allowance(attempts, zone=by.zone, now=now, standing=standing)
    if allowed.open_attempt_id is not None:
        return queries.sitting_of(by, allowed.open_attempt_id, now=now), False
    if allowed.reasons:
        raise Conflict("exam_closed", reasons=list(allowed.reasons), next_at=_iso(allowed.next_at))
    try:
        with db.session.begin_nested():
            number = allowed.last_number + 1
            return _open(exam, by.employee_id, number, time_percent=time_percent, by=by, now=now), True
    except IntegrityError:  # another request of the same person was faster
        found = _open_sitting(by, exam.id, now=now)
        if found is None:
            raise
        return found, False


def _open(exam: ExamRef, employee_id: UUID, number: int, *, time_percent: int, by: Actor, now: datetime) -> Sitting:
    if exam.current_version_id is None:
        raise Conflict("exam_without_version")
    version = bank.version(exam.current_version_id)
    grace = timedelta(minutes=rule_value(GRACE_KEY, local_date(now, by.zone)))
    attempt = Attempt.open(
        exam, version.id, version.spec, employee_id, number, late_grace=grace, time_percent=time_percent, now=now
    )
    db.session.add(attempt)
    db.session.flush()
    drawn = paper.draw(version.spec, version.items.values(), attempt.seed)
    places = [AttemptSlot.row(attempt.id, it, version.items[it.item_id].type.value) for it in drawn]
    hotpath.insert_slots(places)
    audit.record("attempt.start", "attempt", attempt.id, by=by, now=now, exam_id=exam.id, number=number)
    return queries.sitting(attempt, [AttemptSlot(**it) for it in places], now=now)


def _open_sitting(by: Actor, exam_id: UUID, *, now: datetime) -> Sitting | None:
    for attempt in queries.attempts_of(by.employee_id, exam_id) if by.employee_id else ():
        if attempt.submitted_at is None:
            return queries.sitting_of(by, attempt.id, now=now)
    return None


def record_answer(
    attempt_id: UUID,
    slot: int,
    seq: int,
    value: object,
    *,
    by: Actor,
    now: datetime,
    lease: str | None = None,
    client_at: str | None = None,
    in_doubt: bool | None = None,
) -> Saved:
    """Store one choice and answer with a signed receipt; what is acknowledged is what is stored.

    `in_doubt` is the learner's own mark on the item; None leaves it as it is. It changes no mark of the exam.

    Raises NotFound (not one's own), Conflict moved (superseded lease), stale_seq (overtaken) or attempt_closed,
    Invalid for keys that this place does not have.
    """
    place = hotpath.lock_place(attempt_id, slot)
    if place is None or place.employee_id != by.employee_id:
        raise NotFound
    if lease is not None and lease != place.lease:
        raise Conflict("moved")
    choice = rules.read_choice(value, place.option_count, place.item_type)
    repeat = rules.is_repeat(place.stored, seq, choice, in_doubt=in_doubt)
    if repeat:
        _seq, _value, at, late = place.stored.newest
        return _saved(attempt_id, slot, seq, choice, at or now, late=late, closes_at=place.closes_at, now=now)
    late = (
        rules.door(
            closes_at=place.closes_at,
            late_until=place.late_until,
            submitted_at=place.submitted_at,
            closed_by_clock=place.closed_by_clock,
            now=now,
        )
        is rules.Door.LATE
    )
    marked = place.stored.in_doubt if in_doubt is None else in_doubt
    hotpath.append(attempt_id, slot, seq, choice, in_doubt=marked, late=late, client_at=client_at, now=now)
    meter.happened(meter.Save.LATE if late else meter.Save.KEPT)
    return _saved(attempt_id, slot, seq, choice, now, late=late, closes_at=place.closes_at, now=now)


def _saved(
    attempt_id: UUID,
    slot: int,
    seq: int,
    value: tuple[str, ...],
    at: datetime,
    *,
    late: bool,
    closes_at: datetime,
    now: datetime,
) -> Saved:
    return Saved(
        slot=slot,
        seq=seq,
        value=value,
        saved_at=at,
        server_now=now,
        time_left_s=max(0, int((closes_at - now).total_seconds())),
        receipt=receipts.of_answer(attempt_id, slot, seq, value, at, late=late),
        late=late,
    )


def take_over(attempt_id: UUID, *, by: Actor, now: datetime) -> Sitting:
    """Go on with one's open attempt on this device; the other one's lease is superseded."""
    attempt = queries.attempt_for_update(attempt_id)
    _own_or_nothing(by, attempt)
    attempt.take_over()
    audit.record("attempt.take_over", "attempt", attempt.id, by=by, now=now)
    return queries.sitting(attempt, queries.slots_of(attempt.id), now=now)


def submit(attempt_id: UUID, *, by: Actor, now: datetime) -> ExamOutcome:
    """Close and mark the attempt; again gives the same outcome. The row lock makes a double click harmless.

    Audited by the workflow.
    """
    attempt = queries.attempt_for_update(attempt_id)
    _own_or_nothing(by, attempt)
    if attempt.submitted_at is not None:
        return attempt.outcome(again=True)
    if by.is_system and now < attempt.closes_at:
        raise Conflict("attempt_open")
    version, places = bank.version(attempt.exam_version_id), queries.slots_of(attempt.id)
    answered = [
        rules.Answered(
            item=version.items[place.item_id],
            chosen=frozenset(place.option_ids[rules.KEYS.index(key)] for key in place.value),
        )
        for place in places
    ]
    closed_by = ClosedBy.CLOCK if by.is_system else ClosedBy.PERSON
    attempt.close(rules.mark(version.spec, answered), by=closed_by, now=now)
    receipts.seal_attempt(attempt, places)
    db.session.flush()
    return attempt.outcome()


def _own_or_nothing(by: Actor, attempt: Attempt) -> None:
    """Strangers get the same answer as for an attempt that does not exist."""
    if not policies.may_close(by, attempt):
        raise NotFound


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
