"""Reads of agencies: the roots of the organisation and what they have set."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from elearn.kernel import settings
from elearn.kernel.db import db
from elearn.kernel.errors import NotFound
from elearn.kernel.kept import Kept
from elearn.people.models.organisation import OrgUnit
from elearn.people.models.staff import Employee


@Kept
def _agency_names() -> dict[UUID, str]:
    """What the root of each agency's tree is called."""
    return dict(db.session.execute(select(OrgUnit.id, OrgUnit.name).where(OrgUnit.parent_id.is_(None))).all())


def agency(agency_id: UUID, *, now: datetime) -> settings.Agency:
    """What an agency is called and where it stands, as of a moment; raises NotFound."""
    name = _agency_names().get(agency_id)
    if name is None:
        raise NotFound
    return settings.Agency.of(agency_id, name, settings.agency_values(agency_id, now))


def agency_of(employee_id: UUID, *, now: datetime) -> settings.Agency:
    """The agency that employs a person, as of a moment; raises NotFound."""
    employee = db.session.get(Employee, employee_id)
    if employee is None:
        raise NotFound
    return agency(employee.agency_id, now=now)
