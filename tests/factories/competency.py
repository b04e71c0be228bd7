"""Typed builders of evidence, claims and the reference data that competency needs, and the staff around one person."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from elearn.competency import services
from elearn.competency.facts import EvidenceClaim, LessonHoursClaim
from elearn.competency.rules import EvidenceFact, EvidenceKind, EvidenceState, Supervision
from elearn.kernel.actor import Actor, Grant, Role
from elearn.kernel.db import db
from elearn.kernel.ids import new_id
from elearn.people import queries as people
from elearn.people.facts.staff import NewEmployee, NewPosting, Person
from elearn.people.models.organisation import OrgUnit, Position
from elearn.people.models.staff import Employee, Posting
from elearn.people.rules import EmploymentType

REFERENCE = Path(__file__).parents[2] / "content" / "reference"
NOON = datetime(2026, 11, 25, 5, 0, tzinfo=UTC)
TODAY = date(2026, 11, 25)


@dataclass(frozen=True, slots=True)
class Staff:
    """A person whose position level is pengawas, and those who may or may not decide about them."""

    person: Person
    learner: Actor
    hr: Actor
    other_hr: Actor
    supervisor: Actor


def make_staff(*, level: str = "pengawas") -> Staff:
    """Two units of one agency: the person, their supervisor and their HR in the one, another HR in the other."""
    agency = OrgUnit.under(None, "Kota Contoh", f"kota-{new_id().hex}")
    unit, other = (OrgUnit.under(agency, name, f"unit-{new_id().hex}") for name in ("Dinas A", "Dinas B"))
    position = Position.of(f"jabatan-{new_id().hex}", "Kepala Subbagian", level, None)
    db.session.add_all([agency, position])
    db.session.flush()
    db.session.add_all([unit, other])
    db.session.flush()
    person, hr, other_hr, supervisor = (_employee(agency, place, position) for place in (unit, unit, other, unit))
    return Staff(
        person=people.person(person, on=TODAY),
        learner=_actor(person),
        hr=_actor(hr, Grant(Role.HR_OFFICER, unit_path=unit.path)),
        other_hr=_actor(other_hr, Grant(Role.HR_OFFICER, unit_path=other.path)),
        supervisor=_actor(supervisor, Grant(Role.SUPERVISOR, unit_path=unit.path)),
    )


def _employee(agency: OrgUnit, unit: OrgUnit, position: Position) -> UUID:
    new = NewEmployee(agency_id=agency.id, name="Siti Contoh", employment_type=EmploymentType.PNS)
    employee = Employee.hire(new, on=date(2020, 1, 1))
    db.session.add(employee)
    db.session.flush()
    db.session.add(Posting.begin(employee.id, NewPosting(unit_id=unit.id, position_id=position.id), on=date(2020, 1, 1)))
    db.session.flush()
    return employee.id


def _actor(employee_id: UUID, *grants: Grant) -> Actor:
    return Actor(employee_id=employee_id, grants=frozenset({Grant(Role.LEARNER), *grants}), via="session")


def load_reference(*, now: datetime = NOON) -> None:
    """The dictionary, the requirements, the forms and the dated rules, as an installation has them."""
    services.load_dictionary(REFERENCE, by=Actor.system(), now=now)
    services.load_rules(REFERENCE, by=Actor.system(), now=now)


def evidence_fact(level: int = 2, *, state: str = "proposed", **rest: Any) -> EvidenceFact:
    """Unsupervised exam evidence observed today, valid for three years."""
    values: dict[str, Any] = {
        "id": new_id(),
        "claimed_level": level,
        "kind": EvidenceKind.EXAM,
        "supervision": Supervision.UNSUPERVISED,
        "score_bp": 8250,
        "observed_on": TODAY,
        "valid_until": date(2029, 11, 25),
        "source": "PPP-01",
    }
    return EvidenceFact(level=level, state=EvidenceState(state), **(values | rest))


def exam_claim(employee_id: UUID, **rest: Any) -> EvidenceClaim:
    """A pass in an unsupervised exam that claims level 2 of MAN-PLP."""
    values: dict[str, Any] = {
        "competency_code": "MAN-PLP",
        "level": 2,
        "kind": "exam",
        "source_type": "attempt",
        "source_id": new_id(),
        "score_bp": 8250,
        "supervision": "unsupervised",
        "observed_on": TODAY,
        "valid_until": None,
        "reason": "PPP-01",
    }
    return EvidenceClaim(employee_id=employee_id, **(values | rest))


def decision_claim(employee_id: UUID, level: int = 1, **rest: Any) -> EvidenceClaim:
    """A decision of HR on a level of MAN-PLP."""
    values: dict[str, Any] = {
        "kind": "hr_decision",
        "source_type": "hr_decision",
        "score_bp": None,
        "supervision": "supervised",
        "reason": "Penilaian atasan 2025",
    }
    return exam_claim(employee_id, level=level, **(values | rest))


def lesson_hours_claim(employee_id: UUID, lesson_hours: int = 8, **rest: Any) -> LessonHoursClaim:
    """A technical course finished today."""
    values: dict[str, Any] = {
        "form_key": "teknis",
        "title": "Pelayanan Publik Prima",
        "started_on": date(2026, 11, 2),
        "finished_on": TODAY,
        "source_type": "enrollment",
        "source_id": new_id(),
        "provider": "BKPSDM Kota Lhokseumawe",
    }
    return LessonHoursClaim(employee_id=employee_id, lesson_hours=lesson_hours, **(values | rest))
