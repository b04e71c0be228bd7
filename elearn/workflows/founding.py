"""Setting an installation up behind its one-time link: agency, logo, address, first administrator, staff; one story."""

from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from elearn.certs.emblem import require_emblem
from elearn.kernel import audit, storage
from elearn.kernel.actor import Actor
from elearn.kernel.db import db
from elearn.kernel.errors import Invalid
from elearn.kernel.settings import set_agency_value
from elearn.people import queries as people
from elearn.people import rules
from elearn.people.facts.accounts import Slip
from elearn.people.roster.planning import Plan
from elearn.people.roster.shape import Roster
from elearn.people.services import founding, rostering, setup, slips
from elearn.people.services.founding import Founding
from elearn.people.services.rostering import Wishes

STEPS = ("agency", "logo", "administrator", "staff", "check")
OPTIONAL = frozenset({"logo", "staff"})
FOUNDER = Actor.system()
"""Whoever holds the link that the operator's own start printed acts as the operator, until somebody administers."""


@dataclass(frozen=True, slots=True)
class Founded:
    """What came of it: the first administrator's way in, and how many people were taken in."""

    slip: Slip
    staff_count: int


def draft(token: str, *, by: Actor, now: datetime) -> dict[str, Any]:
    """What was typed so far, by step; raises NotFound."""
    return setup.draft_of(token, by=by, now=now)


def keep_agency(token: str, values: dict[str, str], *, by: Actor, now: datetime) -> None:
    """Keep name, code, zone and public address; raises NotFound, Invalid: name_needed, too_long, code_needed, zone."""
    values["name"] = rules.tidy_name(values["name"])
    if not values["code"].strip():
        raise Invalid("code_needed", field="code")
    if values["zone"] not in rules.ZONES:
        raise Invalid("zone", field="zone")
    setup.keep_step(token, "agency", values, by=by, now=now)


def keep_logo(token: str, content: bytes, *, by: Actor, now: datetime) -> None:
    """Keep the logo, or that there is none (no content); raises NotFound, Invalid logo.

    Making a file durable takes its time, so it is done with no transaction open.
    """
    setup.draft_of(token, by=by, now=now)
    db.session.rollback()
    if content:
        require_emblem(content)
    kept = {"sha256": storage.put(content) if content else ""}
    setup.keep_step(token, "logo", kept, by=by, now=now)


def keep_administrator(token: str, values: dict[str, str], *, by: Actor, now: datetime) -> None:
    """Keep the first administrator; raises NotFound, Invalid: name_needed, email_unreadable, nip_*."""
    values["name"] = rules.tidy_name(values["name"])
    if rules.tidy_email(values["email"]) is None:
        raise Invalid("email_unreadable", field="email")
    if values["identifier"]:
        rules.read_nip(values["identifier"], on=rostering.terms_in_force(by=FOUNDER, now=now).on)
    setup.keep_step(token, "administrator", values, by=by, now=now)


def keep_staff(token: str, content: bytes, *, by: Actor, now: datetime) -> None:
    """Keep the staff file, or that there is none (no content); raises NotFound, Invalid file_*.

    Reading a file takes its time, so it is done with no transaction open.
    """
    setup.draft_of(token, by=by, now=now)
    if content:
        terms = rostering.terms_in_force(by=FOUNDER, now=now)
        db.session.rollback()
        rostering.read_file(content, terms, by=FOUNDER, now=now)
    setup.keep_step(token, "staff", {"file": b64encode(content).decode()}, by=by, now=now)


def _staff(typed: dict[str, Any], *, now: datetime) -> Roster | None:
    content = b64decode(typed.get("staff", {}).get("file", ""))
    terms = rostering.terms_in_force(by=FOUNDER, now=now)
    return rostering.read_file(content, terms, by=FOUNDER, now=now) if content else None


def staff_plan(token: str, *, by: Actor, now: datetime) -> Plan | None:
    """What the kept staff file would bring, read anew; None where there is none. Raises NotFound."""
    typed = draft(token, by=by, now=now)
    found = _staff(typed, now=now)
    agency = typed.get("agency", {})
    future = (agency.get("code", "-").strip(), agency.get("name", "-"))
    return rostering.compare(found, Wishes(True, future=future), by=FOUNDER, now=now) if found else None


def found(token: str, *, by: Actor, now: datetime) -> Founded:
    """Make all of it at once, and end the link; nothing of what was typed stands anywhere before.

    Raises NotFound, Conflict roster_faulty, and Invalid as the acts within, which are audited each.
    """
    typed = draft(token, by=by, now=now)
    staff = _staff(typed, now=now)
    if not set(STEPS[:-1]) <= typed.keys():
        raise Invalid("setup_unfinished")
    setup.end_link(token, by=by, now=now)
    agency, admin = typed["agency"], typed["administrator"]
    new = Founding(
        agency["name"], agency["code"], agency["zone"], admin["name"], admin["email"], admin["identifier"] or None
    )
    issued = founding.found(new, by=FOUNDER, now=now)
    agency_id, admin_id = people.unit_id_by_code(agency["code"].strip()), people.employee_id_by_login(admin["email"])
    if agency_id is None or admin_id is None:
        raise Invalid("setup_unfinished")
    for key, value in (("logo", typed["logo"]["sha256"]), ("public_url", agency["address"])):
        if value:
            set_agency_value(agency_id, key, value, by=FOUNDER, now=now)
    count = 0
    if staff:
        count = len(rostering.take_in(staff, Wishes(True, agency_id), by=FOUNDER, now=now).lines)
    audit.record("setup.finish", "org_unit", agency_id, by=FOUNDER, now=now, staff=count)
    return Founded(slips.slip_of(admin_id, issued, by=FOUNDER, now=now), count)
