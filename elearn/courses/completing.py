"""What a learner's evidence shows of one lesson and what is missing; the use-case, its guard and audit are services'."""

from collections.abc import Mapping
from datetime import datetime

from elearn.courses import lessons, marking, rules
from elearn.courses.facts.content import LessonContent
from elearn.courses.facts.enrollments import Via
from elearn.courses.models.enrollments import Enrollment
from elearn.courses.models.progress import CheckTry, LessonCompletion, LessonRead, TaskSubmission
from elearn.courses.queries import versions
from elearn.courses.shown import CheckResult, CompletionOutcome, LessonEvidence
from elearn.kernel.db import db
from elearn.kernel.errors import Invalid


def reading(enrollment: Enrollment, lesson: LessonContent, via: Via, *, opened_at: datetime) -> LessonRead:
    """The record of a lesson's reading, begun now where there is none."""
    read = lessons.lesson_read(enrollment.id, lesson.id)
    if read is None:
        read = LessonRead.open(enrollment.id, lesson.id, via, at=opened_at)
        db.session.add(read)
    read.opened_already(opened_at)
    return read


def read_to_end(enrollment: Enrollment, lesson: LessonContent, evidence: LessonEvidence, *, now: datetime) -> list[str]:
    """Through the API, having fetched is having read; in a browser, the page's own proof of its opening counts."""
    known = lessons.lesson_read(enrollment.id, lesson.id)
    if known is not None and known.read_at is not None:
        return []
    if evidence.via is Via.API or (known is None and evidence.opened_at is None):
        return ["read"]
    read = reading(enrollment, lesson, evidence.via, opened_at=evidence.opened_at or now)
    proved_otherwise = lesson.check is not None or lesson.task is not None
    if not proved_otherwise and not rules.has_dwelt(read.first_opened_at, now, lesson.reading_seconds):
        return ["dwell"]
    read.finish(now=now)
    return []


def try_check(
    enrollment: Enrollment, lesson: LessonContent, given: Mapping[str, object] | None, *, now: datetime
) -> tuple[CheckResult | None, list[str]]:
    """Mark and store a try if there is one; then whether a passed try is still missing."""
    if lesson.check is None:
        if given:
            raise Invalid("no_check", field="answers")
        return None, []
    result = None
    if given:
        slots = marking.slots_of(lesson.check, enrollment.id)
        answers = marking.read_answers(slots, given)
        score = marking.score(lesson.check, answers)
        number = lessons.last_try_number(enrollment.id, lesson.id) + 1
        marks = {"score_bp": score, "pass_bp": lesson.check.pass_bp}
        db.session.add(CheckTry.of(enrollment.id, lesson.id, number, answers, **marks, now=now))
        result = marking.explained(lesson.check, slots, answers, number=number, score_bp=score)
    telling = lessons.telling_try(enrollment.id, lesson.id)
    if telling is None:
        return result, ["check"]
    return result, [] if telling.passed else ["check_not_passed"]


def hand_in(enrollment: Enrollment, lesson: LessonContent, text: str | None, *, now: datetime) -> list[str]:
    """Store a long enough text if it is new; then whether one is still missing."""
    if lesson.task is None:
        return []
    last = lessons.last_submission(enrollment.id, lesson.id)
    text = rules.task_text(text or "")
    words = rules.word_count(text)
    if words >= lesson.task.min_words:
        if last is None or last.text != text:
            number = last.number + 1 if last else 1
            db.session.add(TaskSubmission.of(enrollment.id, lesson.id, number, text, words, now=now))
        return []
    if last is not None:
        return []
    return ["task_too_short"] if words else ["task"]


def settle(
    enrollment: Enrollment,
    lesson: LessonContent,
    missing: tuple[str, ...],
    result: CheckResult | None,
    via: Via,
    *,
    now: datetime,
) -> CompletionOutcome:
    """A completed lesson never becomes incomplete; the last one completes the course."""
    done = lessons.completed_lesson_ids(enrollment.id)
    if lesson.id in done:
        return CompletionOutcome(completed=True, missing=(), check=result)
    if missing:
        return CompletionOutcome(completed=False, missing=missing, check=result)
    db.session.add(LessonCompletion.of(enrollment.id, lesson.id, via, now=now))
    if {it.id for it in versions.pinned(enrollment.version_id).content.lessons} <= done | {lesson.id}:
        enrollment.complete(now=now)
    return CompletionOutcome(completed=True, missing=(), check=result)
