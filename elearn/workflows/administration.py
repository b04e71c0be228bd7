"""What administrators decide across packages: jobs, an agency's settings, whom its certificates name; rules: ruling.py."""

from datetime import date, datetime
from uuid import UUID

from elearn.certs import queries as certificates
from elearn.certs import services as certificate_services
from elearn.certs.emblem import require_emblem
from elearn.certs.facts import SnapshotSigner
from elearn.certs.rules import check_pattern, may_coincide
from elearn.kernel import audit, jobs, storage
from elearn.kernel.actor import Actor, Role
from elearn.kernel.db import db
from elearn.kernel.errors import Invalid
from elearn.kernel.guard import require
from elearn.kernel.job import Job
from elearn.kernel.settings import set_agency_value, values_of_others
from elearn.people import agencies
from elearn.people import queries as people

EVERYTHING = ""
TYPED_SETTINGS = ("name", "provider", "place", "zone", "number_pattern")
ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")


def parked_jobs(*, by: Actor, now: datetime) -> list[Job]:
    """Jobs that wait for a decision; they are the whole installation's. Raises Forbidden."""
    require(_may_administer, by, EVERYTHING)
    return jobs.parked_jobs()


def retry_job(job_id: int, *, by: Actor, now: datetime) -> None:
    """Put a parked job back into the queue; raises Forbidden, NotFound."""
    require(_may_administer, by, EVERYTHING)
    job = jobs.retry(job_id, now=now)
    audit.record("job.retry", "job", job_id, by=by, now=now, kind=job.kind)


def change_setting(agency_id: UUID, key: str, value: str, *, by: Actor, now: datetime) -> None:
    """Set one of the values that an agency types from now on; raises Forbidden, NotFound, Invalid.

    The logo has a use-case of its own, and the public address comes from the environment alone. Certificates that
    waited for a pattern of numbers are issued at the next sweep.
    """
    agency = people.unit(agency_id)
    require(_may_administer, by, agency.path)
    if key not in TYPED_SETTINGS:
        raise Invalid("unknown_setting", field=key)
    if not value:
        raise Invalid("setting_empty", field=key)
    if len(value) > 200:
        raise Invalid("setting_too_long", field=key)
    if key == "number_pattern":
        _require_own_pattern(agency_id, value)
    if key == "zone" and value not in ZONES:
        raise Invalid("zone", field="zone")
    set_agency_value(agency_id, key, value, by=by, now=now)


def keep_logo(agency_id: UUID, content: bytes, *, by: Actor, now: datetime) -> str:
    """Store what `change_logo` then sets, and give its SHA-256; raises Forbidden, NotFound, Invalid logo.

    Checking and making a file durable take their time, so nothing is held meanwhile: whatever transaction is open,
    it has written nothing yet and ends here.
    """
    require(_may_administer, by, people.unit(agency_id).path)
    db.session.rollback()
    require_emblem(content)
    return storage.put(content)


def change_logo(agency_id: UUID, sha256: str, *, by: Actor, now: datetime) -> None:
    """Set the logo that certificates bear from now on to a file that is kept; raises Forbidden, NotFound, Invalid."""
    require(_may_administer, by, people.unit(agency_id).path)
    if not storage.holds(sha256):
        raise Invalid("logo", field="logo")
    set_agency_value(agency_id, "logo", sha256, by=by, now=now)


def record_public_address(address: str | None, *, by: Actor, now: datetime) -> int:
    """Note for every agency the public address that the installation was started with, where it changed; audited.

    Gives the number of agencies noted. The address itself comes from ELEARN_PUBLIC_URL alone.
    """
    changed = 0
    for agency in people.agencies_administered_by(by):
        if address and agencies.agency(agency.id, now=now).public_url != address:
            set_agency_value(agency.id, "public_url", address, by=by, now=now)
            changed += 1
    return changed


def appoint_signer(agency_id: UUID, signer: SnapshotSigner, *, from_on: date, by: Actor, now: datetime) -> None:
    """Let an agency's certificates name an official from a day on; raises Forbidden, NotFound, Invalid."""
    require(_may_administer, by, people.unit(agency_id).path)
    certificate_services.appoint_signer(agency_id, signer, from_on=from_on, by=by, now=now)


def end_signer(appointment_id: UUID, *, by: Actor, now: datetime) -> None:
    """Let certificates name an official no more from tomorrow on; raises Forbidden, NotFound."""
    require(_may_administer, by, people.unit(certificates.signer(appointment_id).agency_id).path)
    certificate_services.end_signer(appointment_id, by=by, now=now)


def _may_administer(actor: Actor, unit_path: str) -> bool:
    return actor.is_system or actor.reaches(unit_path, Role.ADMINISTRATOR)


def _require_own_pattern(agency_id: UUID, pattern: str) -> None:
    """Numbers of two agencies must never coincide, not even with those that one gave in former years."""
    check_pattern(pattern)
    if any(may_coincide(pattern, other) for other in values_of_others(agency_id, "number_pattern")):
        raise Invalid("number_pattern_taken", field="number_pattern")
