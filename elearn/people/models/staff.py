"""Tables of staff: employees, their dated numbers and postings, and the roles they hold."""

from datetime import date, datetime, timedelta
from typing import Self
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from elearn.kernel.actor import Actor, Role
from elearn.kernel.errors import Conflict, Invalid
from elearn.kernel.ids import new_id
from elearn.kernel.model import Model
from elearn.people import rules
from elearn.people.facts.roles import RoleScope
from elearn.people.facts.staff import Correction, NewEmployee, NewPosting
from elearn.people.rules import EmploymentType, Identifier, IdentifierType

IS_OPEN = text("valid_to IS NULL")
IS_PRESENT = text("to_on IS NULL")
GRANTABLE = tuple(role for role in Role if role != Role.LEARNER)
NARROW_ROLES = frozenset({Role.TRAINER, Role.ITEM_REVIEWER, Role.EXAM_OFFICER})


class Employee(Model):
    """A civil servant (pegawai); the id is the key for life, numbers and postings come and go.

    `left_on` is the first day on which the person is no longer employed here.
    """

    __tablename__ = "employees"
    __table_args__ = (
        CheckConstraint("employment_type IN ('pns', 'pppk', 'pppk_part_time')", name="employment_type"),
        CheckConstraint("email = lower(email)", name="email_lower"),
        CheckConstraint("left_on IS NULL OR left_on >= active_from", name="span"),
        Index("ix_employees_agency_id_name", "agency_id", "name"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("org_units.id"))
    name: Mapped[str]
    title_before: Mapped[str]
    title_after: Mapped[str]
    email: Mapped[str | None] = mapped_column(unique=True)
    employment_type: Mapped[EmploymentType] = mapped_column(Text)
    rank_code: Mapped[str | None]
    is_demo: Mapped[bool]
    active_from: Mapped[date]
    left_on: Mapped[date | None]
    suspended_at: Mapped[datetime | None]

    @classmethod
    def hire(cls, new: NewEmployee, *, on: date) -> Self:
        """A new employee, at work from a day on; raises Invalid."""
        employee = cls(
            id=new_id(),
            agency_id=new.agency_id,
            email=rules.tidy_email(new.email),
            employment_type=EmploymentType(new.employment_type),
            rank_code=new.rank_code,
            is_demo=new.is_demo,
            active_from=new.active_from or on,
            left_on=None,
            suspended_at=None,
        )
        employee.rename(new.name, new.title_before, new.title_after)
        return employee

    def rename(self, name: str, title_before: str, title_after: str) -> None:
        """Write the name, and the titles apart from it; raises Invalid."""
        self.name = rules.tidy_name(name)
        self.title_before = " ".join(title_before.split())[:100]
        self.title_after = " ".join(title_after.split()).strip(",")[:100]

    def correct(self, corrected: Correction) -> None:
        """Write name, titles, e-mail address, rank and kind as they should be; raises Invalid."""
        self.rename(corrected.name, corrected.title_before, corrected.title_after)
        self.email, self.rank_code = rules.tidy_email(corrected.email), corrected.rank_code
        self.employment_type = corrected.employment_type or self.employment_type

    def suspend(self, *, now: datetime) -> None:
        """Close every door to the person until resumed; raises Conflict."""
        if self.suspended_at is not None:
            raise Conflict("already_suspended")
        self.suspended_at = now

    def resume(self) -> None:
        """Open the doors again; raises Conflict."""
        if self.suspended_at is None:
            raise Conflict("not_suspended")
        self.suspended_at = None

    def leave(self, on: date) -> None:
        """Be gone from a day on; raises Conflict and Invalid."""
        if self.left_on is not None:
            raise Conflict("already_left")
        if on < self.active_from:
            raise Invalid("left_before_hired", field="left_on")
        self.left_on = on

    def is_active(self, on: date) -> bool:
        """Whether the person is at work on a day and may act."""
        return rules.is_at_work(on, self.active_from, self.left_on, self.suspended_at)


class EmployeeIdentifier(Model):
    """A NIP or NI PPPK over a span of days; the number changes, the employee does not."""

    __tablename__ = "employee_identifiers"
    __table_args__ = (
        CheckConstraint("type IN ('nip', 'ni_pppk')", name="type"),
        CheckConstraint("length(value) = 18", name="value"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="span"),
        Index("uq_employee_identifiers_value", "value", unique=True, sqlite_where=IS_OPEN, postgresql_where=IS_OPEN),
        Index(
            "uq_employee_identifiers_employee_id",
            "employee_id",
            unique=True,
            sqlite_where=IS_OPEN,
            postgresql_where=IS_OPEN,
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    employee_id: Mapped[UUID] = mapped_column(ForeignKey("employees.id"), index=True)
    type: Mapped[IdentifierType] = mapped_column(Text)
    value: Mapped[str]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]

    @classmethod
    def of(cls, employee_id: UUID, identifier: Identifier, *, valid_from: date) -> Self:
        """A number that holds from a day on."""
        return cls(
            id=new_id(),
            employee_id=employee_id,
            type=identifier.type,
            value=identifier.value,
            valid_from=valid_from,
            valid_to=None,
        )

    def correct(self, identifier: Identifier) -> None:
        """Write another number into it, the days unchanged: a number that was mistyped."""
        self.type, self.value = identifier.type, identifier.value

    def end_before(self, day: date) -> None:
        """Let it hold to the day before; raises Invalid where it did not hold by then."""
        if day <= self.valid_from:
            raise Invalid("identifier_is_newer", field="valid_from")
        self.valid_to = day - timedelta(days=1)


class Posting(Model):
    """Where and as what a person works over a span of days (`to_on` is the last day, or open)."""

    __tablename__ = "postings"
    __table_args__ = (
        CheckConstraint("to_on IS NULL OR to_on >= from_on", name="span"),
        CheckConstraint("supervisor_id IS NULL OR supervisor_id <> employee_id", name="supervisor"),
        Index("uq_postings_employee_id", "employee_id", unique=True, sqlite_where=IS_PRESENT, postgresql_where=IS_PRESENT),
        Index("ix_postings_employee_id_from_on", "employee_id", "from_on"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    employee_id: Mapped[UUID] = mapped_column(ForeignKey("employees.id"))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("org_units.id"), index=True)
    position_id: Mapped[UUID] = mapped_column(ForeignKey("positions.id"), index=True)
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    supervisor_id: Mapped[UUID | None] = mapped_column(ForeignKey("employees.id"), index=True)

    @classmethod
    def begin(cls, employee_id: UUID, new: NewPosting, *, on: date) -> Self:
        """A posting from a day on; raises Invalid where someone would supervise themselves."""
        posting = cls(id=new_id(), employee_id=employee_id, from_on=new.from_on or on, to_on=None)
        posting.correct(new)
        return posting

    def correct(self, new: NewPosting) -> None:
        """Write another place into it, the days unchanged: a posting entered wrongly today; raises Invalid."""
        if new.supervisor_id == self.employee_id:
            raise Invalid("own_supervisor", field="supervisor_id")
        self.unit_id, self.position_id, self.supervisor_id = new.unit_id, new.position_id, new.supervisor_id

    def begin_earlier(self, day: date) -> None:
        """Let it begin on an earlier day; raises Invalid where that is none."""
        if day >= self.from_on:
            raise Invalid("posting_is_newer", field="from_on")
        self.from_on = day

    def lose_supervisor(self, day: date) -> "Posting | None":
        """Go on without a supervisor from a day on; gives the posting that follows, None where this one was corrected."""
        if day <= self.from_on:
            self.supervisor_id = None
            return None
        following = Posting.begin(self.employee_id, NewPosting(self.unit_id, self.position_id), on=day)
        self.end_before(day)
        return following

    def end_before(self, day: date) -> None:
        """Let it end on the day before; raises Invalid where it had not begun by then."""
        if day <= self.from_on:
            raise Invalid("posting_is_newer", field="from_on")
        self.to_on = day - timedelta(days=1)


class RoleGrant(Model):
    """A role given to a person within a scope, by whom, why, and how it ended; rights are computed from these rows."""

    __tablename__ = "role_grants"
    __table_args__ = (
        CheckConstraint("role IN (" + ", ".join(f"'{it.value}'" for it in GRANTABLE) + ")", name="role"),
        CheckConstraint(
            "(CASE WHEN unit_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN course_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN exam_id IS NULL THEN 0 ELSE 1 END) <= 1",
            name="one_scope",
        ),
        CheckConstraint("granted_by IS NULL OR granted_by <> employee_id", name="not_oneself"),
        Index("ix_role_grants_employee_id", "employee_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    employee_id: Mapped[UUID] = mapped_column(ForeignKey("employees.id"))
    role: Mapped[Role] = mapped_column(Text)
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("org_units.id"))
    course_id: Mapped[UUID | None] = mapped_column(ForeignKey("courses.id"))
    exam_id: Mapped[UUID | None] = mapped_column(ForeignKey("exams.id"))
    granted_by: Mapped[UUID | None] = mapped_column(ForeignKey("employees.id"))
    granted_at: Mapped[datetime]
    reason: Mapped[str]
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[UUID | None] = mapped_column(ForeignKey("employees.id"))

    @classmethod
    def give(cls, employee_id: UUID, role: Role, scope: RoleScope, *, reason: str, by: Actor, now: datetime) -> Self:
        """A role in force from now on; raises Invalid: role_not_grantable, scope_unfit, reason_needed."""
        check_scope(role, scope)
        if not reason.strip():
            raise Invalid("reason_needed", field="reason")
        return cls(
            id=new_id(),
            employee_id=employee_id,
            role=role,
            unit_id=scope.unit_id,
            course_id=scope.course_id,
            exam_id=scope.exam_id,
            granted_by=by.employee_id,
            granted_at=now,
            reason=reason.strip()[:1000],
            revoked_at=None,
            revoked_by=None,
        )

    def revoke(self, *, by: Actor, now: datetime) -> None:
        """End it; raises Conflict where it ended before."""
        if self.revoked_at is not None:
            raise Conflict("already_revoked")
        self.revoked_at, self.revoked_by = now, by.employee_id


def check_scope(role: Role, scope: RoleScope) -> None:
    """Raise Invalid unless the role fits the scope: one at most; courses and exams only for those who work on them."""
    if role not in GRANTABLE:
        raise Invalid("role_not_grantable", field="role")
    scopes = [it for it in (scope.unit_id, scope.course_id, scope.exam_id) if it is not None]
    is_narrow = scope.unit_id is None and bool(scopes)
    if len(scopes) > 1 or (is_narrow and role not in NARROW_ROLES):
        raise Invalid("scope_unfit", field="scope")
