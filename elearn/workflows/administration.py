"""What administrators decide across packages: parked jobs, an agency's settings, whom its certificates name."""

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from elearn.certs import queries as certificates
from elearn.certs import services as certificate_services
from elearn.certs.facts import SnapshotSigner
from elearn.certs.rules import check_pattern
from elearn.kernel import audit, jobs, storage
from elearn.kernel.actor import Actor, Role
from elearn.kernel.errors import Invalid
from elearn.kernel.guard import require
from elearn.kernel.settings import set_agency_value
from elearn.people import queries as people

LOGO_STARTS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
MAX_LOGO = 512 * 1024


def retry_job(job_id: int, *, by: Actor, now: datetime) -> None:
    """Put a parked job back into the queue; raises Forbidden, NotFound."""
    require(_may_administer, by, None)
    job = jobs.retry(job_id, now=now)
    audit.record("job.retry", "job", job_id, by=by, now=now, kind=job.kind)


def change_setting(agency_id: UUID, key: str, value: str, *, by: Actor, now: datetime) -> None:
    """Set one of an agency's values from now on; raises Forbidden, NotFound, Invalid."""
    agency = people.unit(agency_id)
    require(_may_administer, by, agency.path)
    if not value:
        raise Invalid("setting_empty", field=key)
    if len(value) > 200:
        raise Invalid("setting_too_long", field=key)
    if key == "number_pattern":
        check_pattern(value)
    if key == "zone":
        _check_zone(value)
    set_agency_value(agency_id, key, value, by=by, now=now)


def change_logo(agency_id: UUID, content: bytes, *, by: Actor, now: datetime) -> None:
    """Set the logo that certificates bear from now on: a PNG or JPEG of at most 512 KB; raises Invalid."""
    agency = people.unit(agency_id)
    require(_may_administer, by, agency.path)
    if not content.startswith(LOGO_STARTS) or len(content) > MAX_LOGO:
        raise Invalid("logo", field="logo")
    set_agency_value(agency_id, "logo", storage.put(content), by=by, now=now)


def record_public_address(address: str | None, *, by: Actor, now: datetime) -> int:
    """Note for every agency the public address that the installation was started with, where it changed; audited.

    Gives the number of agencies noted. The address itself comes from ELEARN_PUBLIC_URL alone.
    """
    changed = 0
    for agency in people.agencies_administered_by(by):
        if address and people.agency(agency.id, now=now).public_url != address:
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


def _may_administer(actor: Actor, unit_path: str | None) -> bool:
    if unit_path is None:
        return actor.is_system or actor.has(Role.ADMINISTRATOR)
    return actor.is_system or actor.reaches(unit_path, Role.ADMINISTRATOR)


def _check_zone(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise Invalid("zone", field="zone") from error
