"""The first page of each face; reads only."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from elearn.certs.views import wording as verdicts
from elearn.competency import pending
from elearn.kernel.actor import Role
from elearn.kernel.clock import local_date
from elearn.kernel.page import PageRequest
from elearn.people import queries as people
from elearn.portals import learning, teaching, wording
from elearn.web.faces import Face, face
from elearn.web.request import actor, now, page_request

bp = Blueprint("home", __name__, template_folder="templates")
learner = face(Face.LEARNER, "home", __name__, prefix="")
trainer = face(Face.TRAINER, "home", __name__, prefix="")
hr = face(Face.HR, "home", __name__, prefix="")
SHORT = PageRequest(page=1, page_size=5)


@bp.get("/")
def door() -> ResponseReturnValue:
    """Where everybody enters: to one's own first page, or to the sign-in."""
    return redirect("/learn/" if actor().is_signed_in else url_for("people_public.sign_in"))


@learner.get("/")
def learner_home() -> ResponseReturnValue:
    """Continue learning first, then what is due, the hours of the year, and the course that raises most."""
    home = learning.learner_home(actor(), actor().employee_id or UUID(int=0), now=now())
    return render_template("portals/learner.html", home=home, verdicts=verdicts, wording=wording)


@trainer.get("/")
def trainer_home() -> ResponseReturnValue:
    """One's own courses: who learns in them and how their exams went."""
    page = teaching.trainer_home(actor(), page_request(), now=now())
    return render_template("portals/trainer.html", page=page)


@hr.get("/")
def hr_home() -> ResponseReturnValue:
    """My units, my people, what waits for my decision, and the way to certificates and verification."""
    who, on = actor(), local_date(now(), actor().zone)
    page = people.people_visible_to(who, SHORT, on=on)
    return render_template(
        "portals/hr.html",
        units=people.units_visible_to(who),
        page=page,
        pending=pending.pending_count(who, on=on) if who.has(Role.HR_OFFICER) else None,
    )
