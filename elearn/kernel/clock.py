"""The only place that reads the clock; everybody else is handed the moment."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

DEFAULT_ZONE = "Asia/Jakarta"


def _system() -> datetime:
    return datetime.now(UTC)


_source: Callable[[], datetime] = _system


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _source()


def use_source(source: Callable[[], datetime] | None) -> None:
    """Replace the clock (tests only); None puts the system's clock back."""
    global _source
    _source = source or _system


def local_date(moment: datetime, zone: str) -> date:
    """The calendar day of a moment in an IANA zone: 31 December 17.30 UTC is 1 January in Asia/Jakarta."""
    return moment.astimezone(ZoneInfo(zone)).date()


def first_moment(day: date, zone: str) -> datetime:
    """When a calendar day begins in an IANA zone, in UTC."""
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def local_time(moment: datetime, zone: str) -> datetime:
    """The same moment on the wall clock of a zone."""
    return moment.astimezone(ZoneInfo(zone))
