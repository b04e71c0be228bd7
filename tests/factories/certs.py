"""Typed builders of what certificates are issued from."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from elearn.certs import services
from elearn.certs.facts import CertificateRequest, Holder, Issued, SnapshotCompetency, SnapshotModule
from elearn.exams import bank, queries
from elearn.exams.models.attempts import Attempt, ClosedBy
from elearn.exams.models.bank import ExamVersion
from elearn.exams.rules import Result
from elearn.exams.specs import ExamSpec
from elearn.kernel.db import db
from tests.factories.courses import NOON
from tests.factories.world import PATTERN, SYSTEM, World

HOLDER = Holder("Uji learner", "199001012015011900", "nip", "Penata (III/c)", "Kepala Seksi", "Dinas a")


def passed_attempt(world: World, name: str = "learner", number: int = 1) -> UUID:
    """A closed attempt to issue for, without the paper."""
    exam = queries.exam(world.exam_id)
    assert exam.current_version_id is not None
    row = db.session.get_one(ExamVersion, exam.current_version_id)
    spec: ExamSpec = bank.version(row.id).spec
    from datetime import timedelta

    attempt = Attempt.open(
        exam, row.id, spec, world.people[name], number, late_grace=timedelta(minutes=5), time_percent=100, now=NOON
    )
    attempt.close(Result(10_000, True, (), ()), by=ClosedBy.PERSON, now=NOON)
    db.session.add(attempt)
    db.session.flush()
    return attempt.id


def request(world: World, *, number: int = 1, **changes: Any) -> CertificateRequest:
    """What issuing is told of a pass."""
    on = NOON.date()
    asked = CertificateRequest(
        attempt_id=passed_attempt(world, number=number),
        employee_id=world.people["learner"],
        course_id=world.course_id,
        agency_id=world.agency_id,
        agency_name="Kota Uji",
        provider="BKPSDM Kota Uji",
        place="Uji",
        zone="Asia/Jakarta",
        number_pattern=PATTERN,
        sample=True,
        holder=HOLDER,
        course_code="UJI-01",
        course_title="Kursus uji",
        course_version=1,
        form="teknis",
        lesson_hours=1,
        started_on=on,
        finished_on=on,
        validity_years=3,
        score_bp=9000,
        pass_bp=7000,
        supervision="unsupervised",
        modules=(SnapshotModule("Modul satu", 1),),
        competencies=(SnapshotCompetency("MAN-PLP", "Pelayanan Publik", 2, "Paham", 9000, True),),
    )
    return replace(asked, **changes)


def issue(world: World, *, number: int = 1, now: Any = NOON, **changes: Any) -> Issued:
    """A certificate of the learner."""
    return services.issue(request(world, number=number, **changes), by=SYSTEM, now=now)
