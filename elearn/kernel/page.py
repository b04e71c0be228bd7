"""One page of a list: what is asked for and what comes back; the SELECT itself lives in queries."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, func, select

from elearn.kernel.db import db

MAX_PAGE_SIZE = 100

T = TypeVar("T")
U = TypeVar("U")


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page (from 1) of which size (1…100)."""

    page: int = 1
    page_size: int = 25

    @property
    def offset(self) -> int:
        """How many rows come before the page."""
        return (self.page - 1) * self.page_size


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """The rows of one page and how many there are in all."""

    items: tuple[T, ...]
    total: int
    page: int
    page_size: int

    @property
    def page_count(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.page_size))

    def map(self, change: Callable[[T], U]) -> "Page[U]":
        """The same page of other values."""
        return Page(tuple(change(item) for item in self.items), self.total, self.page, self.page_size)


def paged(things: Sequence[T], wanted: PageRequest) -> Page[T]:
    """One page of what is at hand already."""
    items = tuple(things[wanted.offset : wanted.offset + wanted.page_size])
    return Page(items, len(things), wanted.page, wanted.page_size)


def paginate(query: Select[Any], wanted: PageRequest, *, scalars: bool = True) -> Page[Any]:
    """Run a SELECT for one page; two statements, the count and the rows."""
    total = db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    result = db.session.execute(query.limit(wanted.page_size).offset(wanted.offset))
    rows = result.scalars().all() if scalars else result.all()
    return Page(tuple(rows), total, wanted.page, wanted.page_size)
