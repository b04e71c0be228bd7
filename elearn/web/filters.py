"""How dates, numbers and scores are written in templates; always through here, always with the zone."""

from datetime import date, datetime
from decimal import Decimal

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from flask import Flask
from flask_babel import get_locale
from flask_babel import gettext as _
from markupsafe import Markup

from elearn.kernel.clock import local_time
from elearn.web.request import actor

_ZONE_LABELS = {
    "Asia/Jakarta": "WIB",
    "Asia/Pontianak": "WIB",
    "Asia/Makassar": "WITA",
    "Asia/Jayapura": "WIT",
}


def zone_label(zone: str) -> str:
    """WIB, WITA or WIT; other zones by their own name."""
    return _ZONE_LABELS.get(zone, zone)


def show_date(value: date | datetime | None) -> str:
    """22 November 2026."""
    if value is None:
        return "–"
    if isinstance(value, datetime):
        value = local_time(value, actor().zone).date()
    return str(format_date(value, "d MMMM y", locale=get_locale()))


def show_datetime(value: datetime | None, zone: str | None = None) -> str:
    """22 November 2026 pukul 10.42 WIB."""
    if value is None:
        return "–"
    zone = zone or actor().zone
    local = local_time(value, zone)
    day = format_date(local.date(), "d MMMM y", locale=get_locale())
    clock = format_datetime(local, "HH.mm", locale="id")
    return f"{day} pukul {clock} {zone_label(zone)}"


def show_score(basis_points: int | None) -> str:
    """8250 basis points as 82,5: a score out of one hundred."""
    if basis_points is None:
        return "–"
    return str(format_decimal(Decimal(basis_points) / 100, "#,##0.##", locale=get_locale()))


def show_number(value: int | float | Decimal | None) -> str:
    """1.234,5."""
    return "–" if value is None else str(format_decimal(value, locale=get_locale()))


def show_duration(minutes: int) -> str:
    """6 jam 13 menit: whole hours apart once there are any."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return str(_("%(count)s minutes", count=rest))
    return str(_("%(hours)s h %(minutes)s min", hours=hours, minutes=rest) if rest else _("%(hours)s h", hours=hours))


def bdi(name: str | None) -> Markup:
    """A name that keeps its own direction of writing to itself."""
    return Markup("<bdi>{}</bdi>").format(name or "–")


def initials(name: str | None) -> str:
    """RC: the first letters of the first and the last word of a name; titles do not count."""
    words = [it for it in (name or "").split(",")[0].split() if it[0].isalnum() and not it.endswith(".")]
    return "".join(it[0].upper() for it in dict.fromkeys((words[0], words[-1]))) if words else "–"


def nip_masked(value: str | None) -> str:
    """19860926******1001: a NIP reveals birth date and sex, so it is shown in part only."""
    return "–" if not value else f"{value[:8]}{'*' * max(0, len(value) - 12)}{value[-4:]}"


def nip_spaced(value: str | None) -> str:
    """One's own NIP in full, in its usual groups, as a certificate prints it: 19860926 201505 1 001."""
    return "–" if not value else f"{value[:8]} {value[8:14]} {value[14:15]} {value[15:]}".rstrip()


def code_grouped(code: str | None) -> str:
    """A certificate's code in groups of four."""
    return "–" if not code else "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def init_app(app: Flask) -> None:
    """Register the filters."""
    app.jinja_env.filters.update(
        date=show_date,
        datetime=show_datetime,
        score=show_score,
        number=show_number,
        duration=show_duration,
        bdi=bdi,
        initials=initials,
        nip_masked=nip_masked,
        nip_spaced=nip_spaced,
        code_grouped=code_grouped,
    )
