"""What is on record of one person, and what an act on it must find; choices of forms are structure.py's."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from elearn.kernel.actor import Actor, Role
from elearn.kernel.db import db
from elearn.kernel.errors import Invalid, NotFound
from elearn.kernel.page import Page, PageRequest, paginate
from elearn.kernel.readlog import ReadEntry
from elearn.people import accounts, grants, policies, structure
from elearn.people.facts.staff import Person
from elearn.people.models.access import ApiToken, Credential, OneTimeCode
from elearn.people.models.organisation import OrgUnit, Position
from elearn.people.models.staff import Employee, EmployeeIdentifier, Posting, RoleGrant
from elearn.people.rules import EmploymentType, Identifier, fits_rank


@dataclass(frozen=True, slots=True)
class PostingLine:
    """Where and as what somebody worked, over which days, and under whom."""

    unit_name: str
    position_name: str
    from_on: date
    to_on: date | None
    supervisor_name: str | None


@dataclass(frozen=True, slots=True)
class RoleLine:
    """A role somebody holds, and where; `is_narrow` means one course or exam."""

    role: Role
    unit_name: str | None
    is_narrow: bool


@dataclass(frozen=True, slots=True)
class ReadingLine:
    """One reading of somebody's record: when, of what, and by whom."""

    at: datetime
    what: str
    reader_name: str | None


@dataclass(frozen=True, slots=True)
class AccountState:
    """Whether and how somebody can sign in."""

    has_password: bool
    is_locked: bool
    needs_code: bool
    has_factor: bool
    code_until: datetime | None
    token_count: int


@dataclass(frozen=True, slots=True)
class Record:
    """What HR sees of a person beside their competencies; `account` and `roles` only for those who may act on them."""

    title_before: str
    title_after: str
    active_from: date
    supervisor_name: str | None
    postings: tuple[PostingLine, ...]
    roles: tuple[RoleLine, ...]
    account: AccountState
    may_correct: bool
    may_stop: bool
    may_accommodate: bool


def record_of(actor: Actor, person: Person, *, on: date, now: datetime) -> Record:
    """The record of a person whom the actor may see."""
    employee = db.session.get_one(Employee, person.id)
    postings = postings_of(person.id)
    standing = grants.standing(person.id, on=on)
    return Record(
        title_before=employee.title_before,
        title_after=employee.title_after,
        active_from=employee.active_from,
        supervisor_name=name_of(person.supervisor_id),
        postings=postings,
        roles=roles_of(person.id),
        account=account_state(person.id, now=now, on=on),
        may_correct=policies.may_correct(actor, person),
        may_stop=policies.may_stop(actor, standing),
        may_accommodate=policies.may_accommodate(actor, person),
    )


def name_of(employee_id: UUID | None) -> str | None:
    """What somebody is called, None for nobody."""
    return db.session.scalar(select(Employee.name).where(Employee.id == employee_id)) if employee_id else None


def written_of(employee_id: UUID) -> dict[str, str]:
    """Name, titles, e-mail address and rank as they are written, for the form that corrects them."""
    it = db.session.get_one(Employee, employee_id)
    return {
        "name": it.name,
        "title_before": it.title_before,
        "title_after": it.title_after,
        "email": it.email or "",
        "rank_code": it.rank_code or "",
    }


def postings_of(employee_id: UUID) -> tuple[PostingLine, ...]:
    """Every posting of a person, the newest first."""
    query = (
        select(OrgUnit.name, Position.name, Posting.from_on, Posting.to_on, Employee.name)
        .select_from(Posting)
        .join(OrgUnit, OrgUnit.id == Posting.unit_id)
        .join(Position, Position.id == Posting.position_id)
        .outerjoin(Employee, Employee.id == Posting.supervisor_id)
        .where(Posting.employee_id == employee_id)
        .order_by(Posting.from_on.desc(), Posting.id.desc())
    )
    return tuple(PostingLine(*row) for row in db.session.execute(query))


def roles_of(employee_id: UUID) -> tuple[RoleLine, ...]:
    """The roles in force of a person."""
    query = (
        select(RoleGrant, OrgUnit.name)
        .outerjoin(OrgUnit, OrgUnit.id == RoleGrant.unit_id)
        .where(RoleGrant.employee_id == employee_id, RoleGrant.revoked_at.is_(None))
        .order_by(RoleGrant.role, RoleGrant.id)
    )
    rows = db.session.execute(query)
    return tuple(RoleLine(Role(it.role), name, bool(it.course_id or it.exam_id)) for it, name in rows)


def readings_of(employee_id: UUID, wanted: PageRequest) -> Page[ReadingLine]:
    """Who read a person's record, the newest first; for that person."""
    query: Any = (
        select(ReadEntry.at, ReadEntry.what, Employee.name)
        .outerjoin(Employee, Employee.id == ReadEntry.reader_id)
        .where(ReadEntry.subject_id == employee_id)
        .order_by(ReadEntry.id.desc())
    )
    return paginate(query, wanted, scalars=False).map(lambda row: ReadingLine(*row))


def account_state(employee_id: UUID, *, on: date, now: datetime) -> AccountState:
    """Whether a password is set and open, a factor is on, a code waits, and how many API tokens hold."""
    credential = db.session.get(Credential, employee_id)
    codes = select(OneTimeCode).where(OneTimeCode.employee_id == employee_id, OneTimeCode.used_at.is_(None))
    tries = accounts.code_tries(on)
    waiting = [it.expires_at for it in db.session.scalars(codes) if it.is_open(now, tries=tries)]
    tokens = select(ApiToken.id).where(
        ApiToken.employee_id == employee_id, ApiToken.revoked_at.is_(None), ApiToken.expires_at > now
    )
    return AccountState(
        has_password=credential is not None and credential.password_hash is not None,
        is_locked=credential is not None and credential.is_locked(now),
        needs_code=credential is not None and credential.needs_code(recovery_after=accounts.recovery_after(on)),
        has_factor=accounts.factor_state(employee_id).is_on,
        code_until=max(waiting, default=None),
        token_count=len(db.session.scalars(tokens).all()),
    )


def employee_for_update(employee_id: UUID) -> Employee:
    """The employee, locked until the transaction ends; raises NotFound. Guarded by the use-case that calls."""
    query = select(Employee).where(Employee.id == employee_id).with_for_update()
    employee = db.session.scalar(query, execution_options={"populate_existing": True})
    if employee is None:
        raise NotFound
    return employee


def require_unused_email(email: str | None) -> None:
    """Raise Invalid email_in_use where somebody has this address."""
    if email and db.session.scalar(select(Employee.id).where(Employee.email == email)) is not None:
        raise Invalid("email_in_use", field="email")


def require_fit_rank(code: str | None, employment_type: EmploymentType, on: date) -> None:
    """Raise Invalid rank_unknown or rank_unfit unless the rank is in force and of this kind of civil servants, or none."""
    if code is None:
        return
    known = {it.code: it.scheme for it in structure.ranks(on)}
    if code not in known:
        raise Invalid("rank_unknown", field="rank_code")
    if not fits_rank(known[code], employment_type):
        raise Invalid("rank_unfit", field="rank_code")


def add_identifier(employee_id: UUID, identifier: Identifier, *, valid_from: date) -> None:
    """Write a number that nobody else bears from that day on. Guarded and audited by the use-case that calls."""
    require_unborne(employee_id, identifier, valid_from=valid_from)
    db.session.add(EmployeeIdentifier.of(employee_id, identifier, valid_from=valid_from))


def require_unborne(employee_id: UUID, identifier: Identifier, *, valid_from: date) -> None:
    """Raise Invalid identifier_in_use where somebody else bears this number from that day on."""
    borne = select(EmployeeIdentifier.id).where(
        EmployeeIdentifier.value == identifier.value,
        EmployeeIdentifier.employee_id != employee_id,
        or_(EmployeeIdentifier.valid_to.is_(None), EmployeeIdentifier.valid_to >= valid_from),
    )
    if db.session.scalar(borne.limit(1)) is not None:
        raise Invalid("identifier_in_use", field="identifier")
