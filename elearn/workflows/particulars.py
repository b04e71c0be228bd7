"""What certificates will print of a person: shown and confirmed before an exam, or reported to HR, who settles it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from elearn.certs import particulars, policies
from elearn.certs.facts import Holder, ParticularsReport, ParticularsStanding
from elearn.kernel.actor import Actor
from elearn.kernel.clock import local_date
from elearn.kernel.errors import NotFound
from elearn.kernel.guard import require
from elearn.kernel.page import Page, PageRequest
from elearn.people import queries as people
from elearn.people.facts.staff import Person
from elearn.people.policies import STAFFING


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A report as HR reads it: `report.holder` holds the particulars as they were then, `present` as they are now."""

    report: ParticularsReport
    present: Holder


def holder_of(person: Person) -> Holder:
    """A person's particulars as a certificate of today would state them."""
    return Holder(
        name=person.name_with_titles,
        identifier=person.identifier,
        identifier_type=person.identifier_type,
        rank=person.rank_name,
        position=person.position_name,
        unit=person.unit_name,
    )


def own_particulars(*, by: Actor, now: datetime) -> ParticularsStanding:
    """One's own particulars, and whether one has agreed with them; raises NotFound where nobody is signed in."""
    if by.employee_id is None:
        raise NotFound
    return particulars.standing(by.employee_id, holder_of(people.person_today(by.employee_id, now=now)))


def confirm_particulars(*, by: Actor, now: datetime) -> None:
    """Say that one's particulars are right."""
    holder = own_particulars(by=by, now=now).holder
    particulars.confirm(_self(by), holder, by=by, now=now)


def report_particulars(note: str, *, by: Actor, now: datetime) -> None:
    """Say what is wrong with one's particulars; certificates wait until HR has settled it. Raises Invalid note_needed."""
    holder = own_particulars(by=by, now=now).holder
    particulars.report(_self(by), holder, note, by=by, now=now)


def reports_in_reach(wanted: PageRequest, *, is_open: bool, by: Actor, now: datetime) -> Page[ReportLine]:
    """What people in HR's reach reported, with what their records say now."""
    on = local_date(now, by.zone)
    in_reach = people.employee_ids_visible_to(by, on=on, roles=STAFFING)
    page = particulars.reports_in(in_reach, wanted, is_open=is_open)
    present = people.persons({it.employee_id for it in page.items}, on=on)
    return page.map(lambda it: ReportLine(it, holder_of(present[it.employee_id])))


def settle_report(report_id: UUID, answer: str, *, by: Actor, now: datetime) -> None:
    """Answer a report of somebody in reach; raises NotFound for strangers, Forbidden for one's own, Conflict."""
    waiting = particulars.report_for_update(report_id)
    people.person_visible_to(by, waiting.employee_id, on=local_date(now, by.zone), roles=STAFFING)
    require(policies.may_settle, by, waiting)
    particulars.settle(waiting, answer, by=by, now=now)


def _self(by: Actor) -> UUID:
    if by.employee_id is None:
        raise NotFound
    return by.employee_id
