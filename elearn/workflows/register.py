"""The register as HR and signers see it: certificates of the people in reach, and what one person learned."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from elearn.certs import queries as certificates
from elearn.certs.facts import Issued
from elearn.courses.facts.enrollments import EnrollmentView
from elearn.courses.queries import enrollments
from elearn.exams import queries as exams
from elearn.kernel.actor import Actor
from elearn.kernel.clock import local_date
from elearn.kernel.page import Page, PageRequest
from elearn.kernel.readlog import note_reading
from elearn.people import queries as people
from elearn.workflows.certification import require_reach

SHOWN = PageRequest(page=1, page_size=50)


@dataclass(frozen=True, slots=True)
class Sitting:
    """One attempt of a person; `score_bp` and `passed` are None while it is open, `certificate` where none came of it."""

    title: str
    number: int
    opened_at: datetime
    score_bp: int | None
    pass_bp: int
    passed: bool | None
    certificate: Issued | None


@dataclass(frozen=True, slots=True)
class Learning:
    """What one person learned, sat and earned: the latest first, at most 50 of each."""

    enrollments: Page[EnrollmentView]
    sittings: Page[Sitting]
    certificates: Page[Issued]


def learning_of(employee_id: UUID, *, by: Actor, now: datetime) -> Learning:
    """Enrolments, attempts and certificates of a person in reach; raises NotFound. Whoever shows it notes the reading."""
    on = local_date(now, by.zone)
    people.person_visible_to(by, employee_id, on=on)
    earned = certificates.issued_to([employee_id], SHOWN, on=on)
    by_attempt = {it.attempt_id: it for it in reversed(earned.items) if it.attempt_id}
    sittings = exams.attempts_by(employee_id, SHOWN).map(
        lambda it: Sitting(it.title, it.number, it.opened_at, it.score_bp, it.pass_bp, it.passed, by_attempt.get(it.id))
    )
    return Learning(enrollments.enrollments_by(employee_id, SHOWN), sittings, earned)


def certificates_in_reach(wanted: PageRequest, *, by: Actor, now: datetime) -> Page[Issued]:
    """The certificates of everybody whose record the actor may see, newest first."""
    on = local_date(now, by.zone)
    return certificates.issued_in(people.employee_ids_visible_to(by, on=on, roles=people.CERTIFYING), wanted, on=on)


def certificate_in_reach(certificate_id: UUID, *, by: Actor, now: datetime) -> Issued:
    """One certificate of somebody in reach; raises NotFound. The reading is noted."""
    found = certificates.issued(certificate_id, on=local_date(now, by.zone))
    require_reach(found.employee_id, by=by, now=now)
    note_reading(found.employee_id, "certificate", by=by, now=now)
    return found
