"""Tables of the organisation: units as a tree, positions, and the dated reference of levels and ranks."""

from datetime import date
from typing import Self
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from elearn.kernel.errors import Conflict
from elearn.kernel.ids import new_id
from elearn.kernel.model import Model
from elearn.people import rules
from elearn.people.facts.staff import Unit


class OrgUnit(Model):
    """A unit (unit kerja); a root unit is an agency (instansi).

    `path` is the hex ids from the root down, each followed by a slash: a prefix match is the subtree.
    """

    __tablename__ = "org_units"
    is_kept_in_process = True
    __table_args__ = (
        CheckConstraint("parent_id IS NULL OR parent_id <> id", name="parent"),
        Index("ix_org_units_path", "path", postgresql_ops={"path": "text_pattern_ops"}),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("org_units.id"), index=True)
    name: Mapped[str]
    code: Mapped[str] = mapped_column(unique=True)
    path: Mapped[str]

    @classmethod
    def under(cls, parent: "OrgUnit | None", name: str, code: str) -> Self:
        """A new unit below another, or an agency where there is none above."""
        unit_id = new_id()
        above = parent.path if parent else ""
        parent_id = parent.id if parent else None
        return cls(
            id=unit_id,
            parent_id=parent_id,
            name=rules.tidy_name(name),
            code=code.strip(),
            path=f"{above}{unit_id.hex}/",
        )

    @property
    def is_agency(self) -> bool:
        """Whether it is the root of its tree."""
        return self.parent_id is None

    @property
    def agency_id(self) -> UUID:
        """The root of its tree."""
        return UUID(self.path[:32])

    def move_under(self, parent: "OrgUnit") -> str:
        """Hang it below another unit of the same agency and return the path it will have; see services.move_unit.

        Raises Conflict: agency_cannot_move, unit_cycle, other_agency.
        """
        if self.is_agency:
            raise Conflict("agency_cannot_move")
        if parent.path.startswith(self.path):
            raise Conflict("unit_cycle")
        if parent.agency_id != self.agency_id:
            raise Conflict("other_agency")
        self.parent_id = parent.id
        return f"{parent.path}{self.id.hex}/"

    def rename(self, name: str) -> None:
        """Give it another name."""
        self.name = rules.tidy_name(name)

    def as_fact(self) -> Unit:
        """The unit as a value."""
        return Unit(self.id, self.parent_id, self.name, self.code, self.path)


class Position(Model):
    """A position (jabatan) with its level and, where it is graded, its job class (kelas jabatan)."""

    __tablename__ = "positions"
    __table_args__ = (CheckConstraint("job_class BETWEEN 1 AND 17", name="job_class"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    level_code: Mapped[str] = mapped_column(index=True)
    job_class: Mapped[int | None]

    @classmethod
    def of(cls, code: str, name: str, level_code: str, job_class: int | None) -> Self:
        """A new position."""
        position = cls(id=new_id(), code=code.strip())
        position.grade(name, level_code, job_class)
        return position

    def grade(self, name: str, level_code: str, job_class: int | None) -> None:
        """Write name, level and job class; raises Invalid."""
        self.name, self.level_code, self.job_class = rules.tidy_name(name), level_code, job_class


class PositionLevel(Model):
    """A level of positions (jenjang jabatan) over a span of days; what it requires is competency's."""

    __tablename__ = "position_levels"
    __table_args__ = (
        UniqueConstraint("code", "effective_from"),
        CheckConstraint("effective_to IS NULL OR effective_to >= effective_from", name="span"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str]
    name: Mapped[str]
    grouping: Mapped[str]
    effective_from: Mapped[date]
    effective_to: Mapped[date | None]
    legal_basis: Mapped[str]
    confidence: Mapped[str]


class Rank(Model):
    """A rank and grade (pangkat, golongan ruang) over a span of days."""

    __tablename__ = "ranks"
    __table_args__ = (
        UniqueConstraint("code", "effective_from"),
        CheckConstraint("effective_to IS NULL OR effective_to >= effective_from", name="span"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str]
    grade: Mapped[str]
    name: Mapped[str]
    scheme: Mapped[str]
    effective_from: Mapped[date]
    effective_to: Mapped[date | None]
    legal_basis: Mapped[str]
    confidence: Mapped[str]
