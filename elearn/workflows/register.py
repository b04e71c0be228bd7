"""The register of certificates as HR and signers see it: those of the people in reach."""

from datetime import datetime
from uuid import UUID

from elearn.certs import queries as certificates
from elearn.certs.facts import Issued
from elearn.kernel.actor import Actor
from elearn.kernel.clock import local_date
from elearn.kernel.page import Page, PageRequest
from elearn.kernel.readlog import note_reading
from elearn.people import queries as people
from elearn.workflows.certification import require_reach


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
