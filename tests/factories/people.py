"""Typed builders of an agency with its units and people; courses and evidence are built elsewhere."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any
from uuid import UUID

import pyotp

from elearn.kernel.actor import Actor, Grant, Role
from elearn.kernel.db import db
from elearn.people import grants, hashing, sealing, totp
from elearn.people.facts.roles import RoleScope
from elearn.people.facts.staff import NewEmployee, NewPosting
from elearn.people.models.factors import SecondFactor, SpareCode
from elearn.people.rules import EmploymentType
from elearn.people.services import accounts, organisation, roles, sessions, staff

NOON = datetime(2026, 11, 25, 5, 0, tzinfo=UTC)
TODAY = date(2026, 11, 25)
LONG_AGO = date(2020, 1, 1)
SYSTEM = Actor.system()
PASSWORD = "kereta pagi ke Lhokseumawe"  # noqa: S105  # of people who are not
SEED = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
SPARE = "7K3F9Q2M4X"


@dataclass(frozen=True, slots=True)
class Town:
    """An agency with two departments, the first with a section, and one position."""

    agency_id: UUID
    a: UUID
    a_section: UUID
    b: UUID
    position_id: UUID


def make_town(code: str = "KOTA") -> Town:
    """Kota → Dinas A → Seksi, Dinas B; a position at level pengawas."""
    agency_id = organisation.add_unit("Kota Uji", code, by=SYSTEM, now=NOON)
    a = organisation.add_unit("Dinas A", f"{code}-A", parent_id=agency_id, by=SYSTEM, now=NOON)
    b = organisation.add_unit("Dinas B", f"{code}-B", parent_id=agency_id, by=SYSTEM, now=NOON)
    section = organisation.add_unit("Seksi", f"{code}-A-1", parent_id=a, by=SYSTEM, now=NOON)
    position = organisation.add_position(f"{code}-KASI", "Kepala Seksi", "pengawas", job_class=9, by=SYSTEM, now=NOON)
    return Town(agency_id, a, section, b, position)


def hire(town: Town, unit_id: UUID | None, *, name: str = "Siti Uji", by: Actor = SYSTEM, **rest: Any) -> UUID:
    """Somebody at work in a unit since 2020; None for no posting."""
    supervisor_id = rest.pop("supervisor_id", None)
    posting = None if unit_id is None else NewPosting(unit_id, town.position_id, supervisor_id, LONG_AGO)
    values: dict[str, Any] = {"employment_type": EmploymentType.PNS, "active_from": LONG_AGO} | rest
    return staff.hire(
        NewEmployee(agency_id=town.agency_id, name=name, posting=posting, **values), by=by, now=NOON
    ).employee_id


def give(employee_id: UUID, role: Role, unit_id: UUID | None = None, *, by: Actor = SYSTEM) -> UUID:
    """A role over a unit, or everywhere."""
    return roles.grant_role(employee_id, role, scope=RoleScope(unit_id=unit_id), reason="uji", by=by, now=NOON)


def actor_of(employee_id: UUID) -> Actor:
    """The person as they act, with the roles they hold."""
    return Actor(employee_id, grants.grants_of(employee_id) | {Grant(Role.LEARNER)}, via="session")


def officer(town: Town, role: Role, unit_id: UUID | None = None) -> Actor:
    """Somebody of the agency who holds a role over a unit, or everywhere."""
    employee_id = hire(town, town.agency_id, name=f"Petugas {role.value}")
    give(employee_id, role, unit_id)
    return actor_of(employee_id)


@cache
def hashed(password: str) -> str:
    """The hash of a password, made once a run: hashing is slow on purpose."""
    return hashing.hash_password(password)


def with_password(employee_id: UUID, password: str = PASSWORD) -> UUID:
    """Let somebody sign in; committed, since signing in begins by rolling back."""
    accounts.set_password(employee_id, hashed(password), by=SYSTEM, now=NOON)
    db.session.commit()
    return employee_id


def with_factor(employee_id: UUID) -> UUID:
    """Turn somebody's second factor on, with one spare code; no step of time is used yet."""
    db.session.add(SecondFactor.turn_on(employee_id, sealing.conceal_seed(employee_id, SEED), step=0, now=NOON))
    db.session.add(SpareCode.of(employee_id, sealing.seal_spare_code(employee_id, SPARE), now=NOON))
    db.session.commit()
    return employee_id


def app_code(now: datetime = NOON, *, steps: int = 0) -> str:
    """What the app shows at a moment, or so many steps later."""
    return pyotp.TOTP(SEED).generate_otp(totp.step_at(now) + steps)


def sign_in(login: str, password: str = PASSWORD, *, now: datetime = NOON, **rest: Any) -> str | None:
    """Try to sign in, as a request of its own; the session's token, or None for a refusal."""
    db.session.commit()
    values: dict[str, Any] = {"remember": False, "user_agent": "Firefox, Linux", "by": Actor.anonymous()} | rest
    outcome = sessions.check_sign_in(login, password, now=now, **values)
    db.session.commit()
    return outcome.session_token
