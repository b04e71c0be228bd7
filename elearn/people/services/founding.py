"""The very first start: an agency, its first administrator and the code that lets them in; afterwards roles.py gives."""

from dataclasses import dataclass
from datetime import datetime

from elearn.kernel.actor import Actor, Role
from elearn.kernel.errors import Conflict, Invalid
from elearn.people import grants
from elearn.people.facts.accounts import IssuedCode
from elearn.people.facts.staff import NewEmployee
from elearn.people.rules import EmploymentType
from elearn.people.services import accounts, organisation, roles, staff


@dataclass(frozen=True, slots=True)
class Founding:
    """An agency and its first administrator; the zone is a name such as Asia/Jakarta."""

    agency: str
    code: str
    zone: str
    admin_name: str
    admin_email: str
    admin_number: str | None = None


def found(new: Founding, *, by: Actor, now: datetime) -> IssuedCode:
    """Make the agency and its first administrator, who reaches everything; gives the code that activates the account.

    The acts within are audited each. Raises Forbidden, Conflict administrator_exists, Invalid as the acts within.
    Administrators of the demo do not count: outside the demo they cannot sign in.
    """
    if grants.has_administrator():
        raise Conflict("administrator_exists")
    if not new.admin_email.strip():
        raise Invalid("email_unreadable", field="email")
    agency_id = organisation.add_agency(new.agency, new.code, new.zone, by=by, now=now)
    person = NewEmployee(
        agency_id=agency_id,
        name=new.admin_name,
        employment_type=EmploymentType.PNS,
        identifier=new.admin_number,
        email=new.admin_email,
    )
    employee_id = staff.hire(person, by=by, now=now).employee_id
    roles.grant_role(employee_id, Role.ADMINISTRATOR, reason="Administrator pertama", by=by, now=now)
    return accounts.issue_code(employee_id, by=by, now=now)
