"""The first page of each face; reads only."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from elearn.certs.views import wording as verdicts
from elearn.competency import gaps, pending
from elearn.competency.gaps import UnitCount
from elearn.courses.queries import enrollments
from elearn.courses.views import wording as course_words
from elearn.kernel.actor import Actor, Role
from elearn.kernel.clock import local_date
from elearn.kernel.page import PageRequest
from elearn.people import queries as people
from elearn.people.facts.staff import Unit
from elearn.portals import learning, naming, teaching, wording
from elearn.web.faces import Face, face
from elearn.web.headers import FILE_POLICY
from elearn.web.request import actor, now, page_request
from elearn.workflows import enrollment as story
from elearn.workflows import particulars, register

bp = Blueprint("home", __name__, template_folder="templates")
learner = face(Face.LEARNER, "home", __name__, prefix="")
trainer = face(Face.TRAINER, "home", __name__, prefix="")
hr = face(Face.HR, "home", __name__, prefix="")
blueprints = (bp, learner, trainer, hr)
SHORT = PageRequest(page=1, page_size=5)
EMBLEM_OF_NOBODY = "/static/icon.svg"


@bp.get("/")
def door() -> ResponseReturnValue:
    """Where everybody enters: to the first page of one's work, or to the sign-in."""
    return redirect(_first_page(actor()) if actor().is_signed_in else url_for("people_public.sign_in"))


@bp.get("/agency-emblem")
def emblem() -> ResponseReturnValue:
    """The agency's emblem in small; a browser keeps it until another one is set, for its address then changes."""
    key = naming.emblem_key()
    if key is None:
        return redirect(EMBLEM_OF_NOBODY)
    answer = Response(naming.small_emblem(key), mimetype="image/webp")
    answer.headers["Content-Disposition"] = 'inline; filename="emblem.webp"'
    answer.headers["Content-Security-Policy"] = FILE_POLICY
    if request.args.get("v") == key[:16]:
        answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return answer


def _first_page(who: Actor) -> str:
    """Whoever has work here finds it first; one's own learning is a tap away from each."""
    if who.has(Role.ADMINISTRATOR) and not who.has(Role.HR_OFFICER):
        return url_for("portal_admin.admin_home")
    if who.has(*people.REACHING):
        return url_for("home_hr.hr_home")
    if who.has(Role.CERTIFICATE_SIGNER):
        return url_for("certs_hr.certificates")
    return url_for("home_trainer.trainer_home" if who.has(*Face.TRAINER.roles) else "home_learner.learner_home")


@learner.get("/")
def learner_home() -> ResponseReturnValue:
    """Continue learning first, then what is due, the hours of the year, and the course that raises most."""
    home = learning.learner_home(actor(), actor().employee_id or UUID(int=0), now=now())
    return render_template("portals/learner.html", home=home, verdicts=verdicts, wording=wording)


@learner.get("/exams")
def my_exams() -> ResponseReturnValue:
    """The exams of one's courses: which are open, which are passed, what the others wait for."""
    who = actor()
    page = enrollments.enrollments_of(who, page_request())
    boxes = [(it, story.exam_box(it, by=who, now=now())) for it in page.items if it.withdrawn_at is None]
    return render_template("portals/exams.html", page=page, boxes=boxes, words=course_words)


@trainer.get("/")
def trainer_home() -> ResponseReturnValue:
    """One's own courses: who learns in them and how their exams went."""
    page = teaching.trainer_home(actor(), page_request(), now=now())
    return render_template("portals/trainer.html", page=page)


@hr.get("/")
def hr_home() -> ResponseReturnValue:
    """My units, my people, what waits for my decision, and the way to certificates and verification."""
    who, on = actor(), local_date(now(), actor().zone)
    if not who.has(*people.REACHING):
        return redirect(url_for("certs_hr.certificates"))
    counts = {it.unit_id: it for it in gaps.counts_by_unit(who, on=on)}
    return render_template(
        "portals/hr.html",
        units=_with_counts(people.units_visible_to(who), counts),
        people_count=sum(it.people for it in counts.values()),
        lacking_count=sum(it.lacking for it in counts.values()),
        widest=gaps.widest(who, on=on),
        pending=pending.pending_count(who, on=on) if who.has(Role.HR_OFFICER) else None,
        reported=particulars.reports_in_reach(SHORT, is_open=True, by=who, now=now()).total,
        certificate_count=register.certificates_in_reach(SHORT, by=who, now=now()).total,
    )


def _with_counts(units: Sequence[Unit], counts: Mapping[UUID | None, UnitCount]) -> list[tuple[Unit, int, int]]:
    """Each unit with the people of its whole subtree, and how many of them lack a level."""
    found = []
    for unit in units:
        below = [counts[it.id] for it in units if it.id in counts and it.path.startswith(unit.path)]
        found.append((unit, sum(it.people for it in below), sum(it.lacking for it in below)))
    return found
