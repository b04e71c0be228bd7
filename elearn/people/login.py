"""Finds who sends a request: session cookie or bearer token → employee → Actor, in one query; opens nothing."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Flask, g, has_request_context, request, session
from flask_login import LoginManager, current_user, login_user, logout_user
from sqlalchemy import and_, bindparam, select

from elearn.kernel import clock, kept
from elearn.kernel.actor import Actor, Grant, Role
from elearn.kernel.clock import DEFAULT_ZONE, local_date
from elearn.kernel.db import SAFE_METHODS, db, reading
from elearn.kernel.errors import Forbidden
from elearn.kernel.ids import fingerprint
from elearn.kernel.model import UTCDateTime
from elearn.people import hashing
from elearn.people.accounts import may_open, session_hours, zone_of_agency
from elearn.people.models.access import ApiToken, UserSession
from elearn.people.models.organisation import OrgUnit
from elearn.people.models.staff import Employee, RoleGrant
from elearn.people.rules import EmploymentType, is_at_work

SEEN_EVERY = timedelta(minutes=5)
NEVER = datetime.min.replace(tzinfo=UTC)
COOKIE_LASTS = timedelta(days=400)
LEARNER = Grant(Role.LEARNER)
REFUSALS_KEY = "refusals"
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


class SignedIn:
    """What Flask-Login wants of a user: the session's token, and the actor it stands for."""

    is_active = is_authenticated = True
    is_anonymous = False

    def __init__(self, token: str, actor: Actor, employment: EmploymentType | None = None) -> None:
        self.token = token
        self.actor = actor
        self.employment = employment

    def get_id(self) -> str:
        """What the signed cookie carries: the random token and nothing else."""
        return self.token


class NotSignedIn:
    """Nobody."""

    is_active = is_authenticated = False
    is_anonymous = True
    token = employment = None
    actor = Actor.anonymous()

    def get_id(self) -> None:
        """No token."""


def init_app(app: Flask) -> None:
    """Wire Flask-Login and say where the actor of a request is found.

    How long a session lasts is said by its row; the cookie of a remembered device merely outlives it.
    """
    app.config["PERMANENT_SESSION_LIFETIME"] = COOKIE_LASTS
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False
    manager = LoginManager()
    manager.session_protection = "basic"
    manager.anonymous_user = NotSignedIn
    manager.user_loader(lambda token: signed_in(token, now=moment()))
    manager.init_app(app, add_context_processor=False)  # templates ask actor(); a public page asks for nobody
    app.extensions["elearn_actor"] = actor_of_request
    app.extensions["elearn_actor_by_token"] = actor_by_token
    hashing.prepare()


def actor_of_request() -> Actor:
    """Who is signed in by the cookie of this request; the API knows no cookies."""
    if not has_request_context() or request.path.startswith("/api/"):
        return Actor.anonymous()
    actor: Actor = current_user.actor
    return actor


def current_employment() -> EmploymentType | None:
    """Whether whoever is signed in by the cookie of this request is PNS or PPPK; None for nobody."""
    employment: EmploymentType | None = current_user.employment
    return employment


def current_token() -> str | None:
    """The token of the session that this request belongs to."""
    token: str | None = current_user.token
    return token


def device_label(user_agent: str) -> str:
    """What a browser calls itself, in two words, such as "Chrome, Android": so that people know their own devices."""
    browser = next((name for sign, name in _BROWSERS if sign in user_agent), "")
    system = next((name for sign, name in _SYSTEMS if sign in user_agent), "")
    return ", ".join(name for name in (browser, system) if name) or "?"


def begin(token: str, *, remember: bool) -> None:
    """Let the browser carry this token from now on; whatever its cookie held before, CSRF token included, is gone."""
    session.clear()
    session.permanent = remember
    login_user(SignedIn(token, Actor.anonymous()))


def carry(token: str) -> None:
    """Let the browser carry another token for the session it has."""
    begin(token, remember=session.permanent)


def count_refusal() -> None:
    """Let the browser carry how often it was refused since it last got in: of any account, so it tells of none."""
    session[REFUSALS_KEY] = refusals() + 1


def refusals() -> int:
    """How often this browser was refused since it last got in."""
    return int(session.get(REFUSALS_KEY, 0))


def forget() -> None:
    """Let the browser carry no token."""
    logout_user()
    session.clear()


def signed_in(token: str, *, now: datetime) -> SignedIn | None:
    """Whose session this token opens at a moment; None where it opens none."""
    rows = _rows(_BY_SESSION, token, now=now)
    actor = _actor(rows, "session", frozenset(), now=now)
    if actor is None:
        return None
    _note_seen(rows[0], now=now)
    return SignedIn(token, actor, EmploymentType(rows[0].employment_type))


def _note_seen(row: Any, *, now: datetime) -> None:
    """Reading never writes, so a session is seen, and goes on, when something is done in it."""
    if has_request_context() and not reading() and now - row.used >= SEEN_EVERY:
        db.session.get_one(UserSession, row.key_id).go_on(hours=session_hours(local_date(now, DEFAULT_ZONE)), now=now)


def actor_by_token(token: str) -> Actor | None:
    """Whose bearer token this is; None where it opens nothing. Raises Forbidden where its scopes do not suffice."""
    now = moment()
    rows = _rows(_BY_TOKEN, token, now=now)
    scopes = frozenset(rows[0].scopes) if rows else frozenset()
    actor = _actor(rows, "token", scopes, now=now)
    wanted = "read" if not has_request_context() or request.method in SAFE_METHODS else "write"
    if actor is not None and wanted not in scopes:
        raise Forbidden("scope_missing", scope=wanted)
    if actor is not None and wanted == "write" and (rows[0].used or NEVER) <= now - SEEN_EVERY:
        db.session.get_one(ApiToken, rows[0].key_id).note_use(now=now)
    return actor


def moment() -> datetime:
    """The one moment of the request, shared with web.request.now()."""
    if not has_request_context():
        return clock.now()
    found: datetime = g.setdefault("now", clock.now())
    return found


def _finding(key: type[UserSession] | type[ApiToken], ended: Any, used: Any, *more: Any) -> Any:
    """The statement that every request begins with, built once and in columns: rows as objects cost three times that.

    `hash` and `now` are given when it is sent.
    """
    now = bindparam("now", type_=UTCDateTime())
    return (
        select(
            key.id.label("key_id"),
            used.label("used"),
            *more,
            Employee.id.label("employee_id"),
            *(Employee.name, Employee.active_from, Employee.left_on, Employee.suspended_at, Employee.is_demo),
            Employee.employment_type,
            zone_of_agency(now).label("zone"),
            *(RoleGrant.role, RoleGrant.course_id, RoleGrant.exam_id, OrgUnit.path),
            kept.stamp_of_now().label("stamp"),
        )
        .join(Employee, Employee.id == key.employee_id)
        .outerjoin(RoleGrant, and_(RoleGrant.employee_id == Employee.id, RoleGrant.revoked_at.is_(None)))
        .outerjoin(OrgUnit, OrgUnit.id == RoleGrant.unit_id)
        .where(key.token_hash == bindparam("hash"), ended.is_(None), key.expires_at > now)
    )


_BY_SESSION = _finding(UserSession, UserSession.ended_at, UserSession.seen_at)
_BY_TOKEN = _finding(ApiToken, ApiToken.revoked_at, ApiToken.used_at, ApiToken.scopes)


def _rows(query: Any, token: str, *, now: datetime) -> Sequence[Any]:
    """The session or token with its employee, zone and roles in force: one row for each role, one query."""
    rows = db.session.execute(query, {"hash": fingerprint(token), "now": now}).all()
    if rows and rows[0].stamp is not None:
        kept.note(rows[0].stamp)
    return rows


def _actor(rows: Sequence[Any], via: str, scopes: frozenset[str], *, now: datetime) -> Actor | None:
    """The actor, or None where nothing was found or the person may not act today by their agency's calendar."""
    if not rows:
        return None
    first = rows[0]
    zone: str = first.zone or DEFAULT_ZONE
    at_work = is_at_work(local_date(now, zone), first.active_from, first.left_on, first.suspended_at)
    if not at_work or not may_open(is_demo=first.is_demo):
        return None
    held = (Grant(Role(it.role), it.path, it.course_id, it.exam_id) for it in rows if it.role is not None)
    employee_id: UUID = first.employee_id
    return Actor(employee_id, frozenset({LEARNER, *held}), via, first.name, zone, scopes)
