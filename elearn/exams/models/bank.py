"""Exams, their versions and their banks of items; versions are never edited."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from elearn.exams.specs import ExamSpec
from elearn.kernel.ids import new_id
from elearn.kernel.model import Model


class Exam(Model):
    """The exam of one course, over all of its versions."""

    __tablename__ = "exams"
    is_kept_in_process = True

    id: Mapped[UUID] = mapped_column(primary_key=True)
    course_id: Mapped[UUID] = mapped_column(ForeignKey("courses.id"), unique=True)
    title: Mapped[str]
    current_version_id: Mapped[UUID | None]

    @classmethod
    def of_course(cls, course_id: UUID, title: str) -> Self:
        """The exam of a course, before its first version."""
        return cls(id=new_id(), course_id=course_id, title=title)

    def point_to(self, version: "ExamVersion") -> None:
        """Let new attempts draw from this version."""
        self.title = version.title
        self.current_version_id = version.id


class ExamVersion(Model):
    """One published, immutable state of an exam: what is asked of whom, and which item versions it draws from."""

    __tablename__ = "exam_versions"
    __table_args__ = (UniqueConstraint("exam_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    exam_id: Mapped[UUID] = mapped_column(ForeignKey("exams.id"))
    number: Mapped[int]
    title: Mapped[str]
    document: Mapped[dict[str, Any]]
    sha256: Mapped[str]
    published_at: Mapped[datetime]

    @classmethod
    def publish(
        cls, exam: Exam, number: int, spec: ExamSpec, document: dict[str, Any], sha256: str, *, now: datetime
    ) -> Self:
        """The next version of an exam."""
        return cls(
            id=new_id(),
            exam_id=exam.id,
            number=number,
            title=spec.title,
            document=document,
            sha256=sha256,
            published_at=now,
        )


class Item(Model):
    """One item of a bank, over all of its versions; `key` is its id in its file."""

    __tablename__ = "items"
    __table_args__ = (UniqueConstraint("exam_id", "key"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    exam_id: Mapped[UUID] = mapped_column(ForeignKey("exams.id"))
    key: Mapped[str]

    @classmethod
    def of(cls, exam: Exam, key: str) -> Self:
        """A new item of an exam's bank."""
        return cls(id=new_id(), exam_id=exam.id, key=key)


class ItemVersion(Model):
    """One immutable wording of an item, with its key."""

    __tablename__ = "item_versions"
    __table_args__ = (UniqueConstraint("item_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    item_id: Mapped[UUID] = mapped_column(ForeignKey("items.id"))
    number: Mapped[int]
    document: Mapped[dict[str, Any]]
    sha256: Mapped[str]
    published_at: Mapped[datetime]

    @classmethod
    def publish(cls, item: Item, number: int, document: dict[str, Any], sha256: str, *, now: datetime) -> Self:
        """The next version of an item."""
        return cls(id=new_id(), item_id=item.id, number=number, document=document, sha256=sha256, published_at=now)


class ExamVersionItem(Model):
    """Which item versions an exam version draws from."""

    __tablename__ = "exam_version_items"

    exam_version_id: Mapped[UUID] = mapped_column(ForeignKey("exam_versions.id"), primary_key=True)
    item_version_id: Mapped[UUID] = mapped_column(ForeignKey("item_versions.id"), primary_key=True)
