"""Who learns which version of a course."""

from datetime import datetime
from typing import Self
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from elearn.courses.facts.enrollments import EnrollmentStatus
from elearn.courses.models.catalogue import CourseVersion
from elearn.kernel.errors import Conflict
from elearn.kernel.ids import new_id
from elearn.kernel.model import Model


class Enrollment(Model):
    """One employee's way through one version of a course (pendaftaran)."""

    __tablename__ = "enrollments"
    __table_args__ = (
        Index(
            "uq_enrollments_active",
            "employee_id",
            "course_id",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
        Index("ix_enrollments_employee_id_course_id", "employee_id", "course_id"),
        Index("ix_enrollments_course_id", "course_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    employee_id: Mapped[UUID] = mapped_column(ForeignKey("employees.id"))
    course_id: Mapped[UUID] = mapped_column(ForeignKey("courses.id"))
    version_id: Mapped[UUID] = mapped_column(ForeignKey("course_versions.id"))
    enrolled_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]

    @classmethod
    def open(cls, employee_id: UUID, version: CourseVersion, *, now: datetime) -> Self:
        """Enrol an employee in a version."""
        return cls(
            id=new_id(),
            employee_id=employee_id,
            course_id=version.course_id,
            version_id=version.id,
            enrolled_at=now,
            withdrawn_at=None,
            completed_at=None,
        )

    @property
    def is_withdrawn(self) -> bool:
        """Whether the learner stepped back from it."""
        return self.withdrawn_at is not None

    @property
    def status(self) -> EnrollmentStatus:
        """Where it stands."""
        if self.is_withdrawn:
            return EnrollmentStatus.WITHDRAWN
        return EnrollmentStatus.COMPLETED if self.completed_at else EnrollmentStatus.ACTIVE

    def require_active(self) -> None:
        """Raise Conflict enrollment_withdrawn unless learning may go on."""
        if self.is_withdrawn:
            raise Conflict("enrollment_withdrawn")

    def withdraw(self, *, now: datetime) -> None:
        """Step back; what was learned stays. A completed one cannot be withdrawn (Conflict)."""
        self.require_active()
        if self.completed_at is not None:
            raise Conflict("enrollment_completed")
        self.withdrawn_at = now

    def reinstate(self) -> None:
        """Take a withdrawal back; all progress is as it was."""
        self.withdrawn_at = None

    def complete(self, *, now: datetime) -> None:
        """Every lesson is completed; the first time counts."""
        self.completed_at = self.completed_at or now
