"""Granting and ending accommodations for exams; what they change in an exam is the exam's."""

from datetime import datetime
from uuid import UUID

from elearn.kernel import audit
from elearn.kernel.actor import Actor
from elearn.kernel.clock import local_date
from elearn.kernel.db import db
from elearn.kernel.errors import Invalid, NotFound
from elearn.kernel.guard import require
from elearn.people import arrangements, personnel, policies, queries
from elearn.people.facts.staff import AccommodationTerms
from elearn.people.models.accommodations import Accommodation


def grant(employee_id: UUID, terms: AccommodationTerms, *, by: Actor, now: datetime) -> UUID:
    """Grant it from today on, in place of an earlier one; an exam under way goes on as it began.

    Raises NotFound, Forbidden, Invalid: time_percent, basis_needed, until_in_past, nothing_granted,
    arrangement_unknown. The log names what was granted and not on which paper.
    """
    on = local_date(now, by.zone)
    require(policies.may_accommodate, by, queries.person(employee_id, on=on))
    if terms.time_percent not in arrangements.percents(on):
        raise Invalid("time_percent", field="time_percent")
    personnel.employee_for_update(employee_id)
    made = Accommodation.grant(employee_id, terms, on=on, by=by, now=now)
    former = arrangements.present(employee_id, lock=True)
    if former is not None:
        former.end(now=now)
        db.session.flush()
    db.session.add(made)
    db.session.flush()
    given = {"time_percent": terms.time_percent, "arrangements": list(terms.arrangements)}
    audit.record("accommodation.grant", "employee", employee_id, by=by, now=now, **given)
    return made.id


def end(employee_id: UUID, *, by: Actor, now: datetime) -> None:
    """Let a person's accommodation hold no more; raises NotFound where there is none, Forbidden."""
    on = local_date(now, by.zone)
    require(policies.may_accommodate, by, queries.person(employee_id, on=on))
    found = arrangements.present(employee_id, lock=True)
    if found is None:
        raise NotFound
    found.end(now=now)
    audit.record("accommodation.end", "employee", employee_id, by=by, now=now)
