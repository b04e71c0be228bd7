"""The wizard behind the one-time set-up link: each step keeps what was typed, the last makes it all; no rules."""

from typing import Any
from urllib.parse import urlsplit

from flask import Response, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from elearn.config import Config, ConfigError, keep_address, read_address
from elearn.kernel.errors import Invalid
from elearn.people import rules
from elearn.people.roster import template as staff_template
from elearn.people.roster.shape import MAX_ROWS
from elearn.people.views import roster_words
from elearn.portals import naming, setup_words
from elearn.web.faces import Face, face
from elearn.web.request import actor, drawn_after_commit, now, on_invalid
from elearn.workflows import founding
from elearn.workflows.founding import STEPS, Founded

bp = face(Face.PUBLIC, "setup", __name__, prefix="/setup/<token>")
bp.template_folder = "templates"
MAX_FILE = 900_000
PREVIEWED, COMPLAINTS = 12, 60


@bp.get("")
def start(token: str) -> ResponseReturnValue:
    """On to the first step that nothing was kept of."""
    typed = founding.draft(token, by=actor(), now=now())
    return redirect(url_for(".step", token=token, step=_open_step(typed)))


@bp.get("/pegawai.csv")
def template(token: str) -> ResponseReturnValue:
    """A staff file to fill in."""
    founding.draft(token, by=actor(), now=now())
    answer = Response(staff_template.as_csv(), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = "attachment; filename=pegawai.csv"
    return answer


@bp.get("/<step>")
def step(token: str, step: str) -> ResponseReturnValue:
    """One step, with what was typed."""
    _require_known(step)
    return _page(token, step)


@bp.post("/<step>")
def keep(token: str, step: str) -> ResponseReturnValue:
    """Keep a step and go on; the last makes everything and shows the way in, this once."""
    _require_known(step)
    founding.draft(token, by=actor(), now=now())  # a link that leads nowhere, before anything is said about the form
    on_invalid(lambda error: (_page(token, step, error), 422))
    if step == "check":
        return _finish(token)
    if step in ("logo", "staff"):
        _keep_file(token, step)
    elif step == "agency":
        founding.keep_agency(token, _values("name", "code", "zone") | {"address": _address()}, by=actor(), now=now())
    else:
        founding.keep_administrator(token, _values("name", "email", "identifier"), by=actor(), now=now())
    found = founding.staff_plan(token, by=actor(), now=now()) if step == "staff" else None
    onward = step if found and found.problems else STEPS[STEPS.index(step) + 1]
    return redirect(url_for(".step", token=token, step=onward))


def _require_known(step: str) -> None:
    if step not in STEPS:
        abort(404)


def _values(*names: str) -> dict[str, str]:
    return {name: request.form.get(name, "").strip()[:300] for name in names}


def _address() -> str:
    config = _config()
    if config.is_address_given:
        return config.public_url or ""
    try:
        return read_address(request.form.get("address", ""))
    except ConfigError:
        raise Invalid("address", field="address") from None


def _keep_file(token: str, step: str) -> None:
    """A file that was chosen; without one, what was kept before stays, unless it is to be taken away."""
    sent = request.files.get("file")
    content = sent.stream.read(MAX_FILE + 1) if sent else b""
    if len(content) > MAX_FILE:
        raise Invalid("file_too_large", field="file")
    typed = founding.draft(token, by=actor(), now=now())
    if not content and step in typed and "away" not in request.form:
        return
    keep_it = founding.keep_logo if step == "logo" else founding.keep_staff
    keep_it(token, content, by=actor(), now=now())


def _finish(token: str) -> ResponseReturnValue:
    config = _config()
    typed = founding.draft(token, by=actor(), now=now())
    made = founding.found(token, by=actor(), now=now())
    address = typed["agency"]["address"]
    if address and not config.is_address_given:
        keep_address(config.var, address)
    naming.forget()
    return drawn_after_commit(lambda: _done_page(made, address))


def _done_page(made: Founded, address: str) -> str:
    """The way in of the first administrator: at the address they typed, else where they are."""
    parts = urlsplit(made.slip.address)
    path = f"{parts.path}?{parts.query}"
    is_elsewhere = bool(address) and address != request.host_url.rstrip("/")
    return render_template(
        "portals/setup/done.html", made=made, here=path, public=f"{address}{path}" if is_elsewhere else "", address=address
    )


def _page(token: str, step: str, error: Invalid | None = None) -> str:
    typed = founding.draft(token, by=actor(), now=now())
    values = {name: text for name, text in request.form.items() if name != "csrf_token"} if error else typed.get(step, {})
    found = founding.staff_plan(token, by=actor(), now=now())
    return render_template(
        f"portals/setup/{step}.html",
        token=token,
        step=step,
        steps=[(name, setup_words.step(name), *setup_words.kept(name, typed, found)) for name in STEPS],
        kept_words={name: setup_words.kept(name, typed, found)[1] for name in ("logo", "staff")},
        typed=typed,
        values=values,
        error=setup_words.problem(error) if error else "",
        bad=error.field if error else None,
        roster=found,
        complaints=[roster_words.complaint(it) for it in found.problems[:COMPLAINTS]] if found else [],
        previewed=PREVIEWED,
        zones=rules.ZONES,
        zone_name=setup_words.zone,
        given=_config().public_url if _config().is_address_given else "",
        suggested=_suggested(),
        is_whole=_open_step(typed) == "check",
        max_rows=MAX_ROWS,
    )


def _suggested() -> str:
    """Where the browser is now, unless that is this machine alone."""
    host = urlsplit(request.host_url).hostname or ""
    return "" if host in ("localhost", "127.0.0.1", "::1") else request.host_url.rstrip("/")


def _open_step(typed: dict[str, Any]) -> str:
    return next((it for it in STEPS if it not in typed), STEPS[-1])


def _config() -> Config:
    config: Config = current_app.extensions["elearn_config"]
    return config
