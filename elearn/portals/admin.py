"""The administrator's pages that belong to no package: the first page, parked jobs and the agency's settings."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from elearn.certs.emblem import MAX_BYTES as MAX_LOGO
from elearn.courses import catalogue
from elearn.kernel.actor import Role
from elearn.kernel.clock import local_date
from elearn.kernel.errors import Invalid
from elearn.kernel.page import PageRequest
from elearn.people import agencies, grants, trail
from elearn.people import queries as people
from elearn.people.rules import ZONES
from elearn.people.views import wording as people_words
from elearn.portals import acts, condition, naming
from elearn.web.faces import Face, face
from elearn.web.request import actor, now, on_invalid
from elearn.workflows import administration
from elearn.workflows.administration import TYPED_SETTINGS

bp = face(Face.ADMIN, "portal", __name__, prefix="")
LATEST = PageRequest(page=1, page_size=5)


@bp.get("/")
def admin_home() -> ResponseReturnValue:
    """How the installation is, what waits, and the ways to roles, settings and the audit trail."""
    who, on = actor(), local_date(now(), actor().zone)
    return render_template(
        "portals/admin.html",
        checks=condition.checks(now()) if who.reaches(None, Role.ADMINISTRATOR) else (),
        role_count=grants.grants_visible_to(who, LATEST, on=on).total,
        unit_count=len(people.units_visible_to(who, roles=(Role.ADMINISTRATOR,))),
        agencies=people.agencies_administered_by(who),
        has_courses=catalogue.has_courses(),
        latest=trail.entries_visible_to(who, trail.Search(), LATEST, on=on),
        acts=acts,
    )


@bp.get("/jobs")
def parked_jobs() -> ResponseReturnValue:
    """Jobs that wait for a decision, for administrators of the whole installation."""
    jobs = administration.parked_jobs(by=actor(), now=now())
    return render_template("portals/jobs.html", jobs=jobs, acts=acts)


@bp.post("/jobs/<int:job_id>/retry")
def retry_job(job_id: int) -> ResponseReturnValue:
    """Put a parked job back into the queue."""
    administration.retry_job(job_id, by=actor(), now=now())
    flash(_("The job is in the queue again."), "ok")
    return redirect(url_for(".parked_jobs"))


@bp.get("/settings")
def settings() -> ResponseReturnValue:
    """What each agency is called and how its numbers look; older values stay as history."""
    return _settings_page({})


@bp.post("/settings/<uuid:agency_id>")
def change_setting(agency_id: UUID) -> ResponseReturnValue:
    """Set one value from now on."""
    key, value = request.form.get("key", ""), request.form.get("value", "").strip()

    def redraw(error: Invalid) -> ResponseReturnValue:
        return _settings_page({(str(agency_id), error.field or key): _words(error)}), 422

    on_invalid(redraw)
    administration.change_setting(agency_id, key, value, by=actor(), now=now())
    naming.forget()
    flash(_("Set from now on. Certificates issued before keep what they say."), "ok")
    return redirect(url_for(".settings"))


@bp.post("/settings/<uuid:agency_id>/logo")
def change_logo(agency_id: UUID) -> ResponseReturnValue:
    """Set the logo from now on."""
    sent = request.files.get("logo")
    on_invalid(lambda error: (_settings_page({(str(agency_id), "logo"): _words(error)}), 422))
    content = sent.stream.read(MAX_LOGO + 1) if sent else b""
    sha256 = administration.keep_logo(agency_id, content, by=actor(), now=now())
    administration.change_logo(agency_id, sha256, by=actor(), now=now())
    naming.forget()
    flash(_("Set from now on. Certificates issued before keep what they say."), "ok")
    return redirect(url_for(".settings"))


def _settings_page(errors: dict[tuple[str, str], str]) -> str:
    shown = [agencies.agency(it.id, now=now()) for it in people.agencies_administered_by(actor())]
    return render_template(
        "portals/settings.html",
        agencies=shown,
        keys=TYPED_SETTINGS,
        zones=[(it, people_words.zone(it)) for it in ZONES],
        errors=errors,
        typed=request.form,
    )


def _words(error: Invalid) -> str:
    words: dict[str, str] = {
        "number_pattern": _("The pattern needs {nomor} and {tahun}, at most 80 characters, and no CONTOH- in front."),
        "number_pattern_taken": _("Another agency gives numbers like these. Put a unit of your own into the pattern."),
        "logo": _("Choose a whole PNG or JPEG picture of at most 512 KB and 4096 pixels a side."),
        "zone": _("Choose WIB, WITA or WIT."),
        "setting_too_long": _("At most 200 characters."),
        "setting_empty": _("This cannot be empty."),
    }
    return words.get(error.code, str(_("This value cannot be used.")))
