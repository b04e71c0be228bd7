"""One person's competency profile as HR and supervisors see it, and HR's decisions about its evidence."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from elearn.competency import policies, queries, services, terms
from elearn.competency.forms import DecisionForm
from elearn.competency.views import wording
from elearn.kernel.clock import local_date
from elearn.kernel.errors import Invalid
from elearn.kernel.readlog import note_reading
from elearn.people import personnel
from elearn.people import queries as people
from elearn.people.views import wording as people_words
from elearn.web.faces import Face, face
from elearn.web.request import actor, now, on_invalid
from elearn.workflows import register

bp = face(Face.HR, "competency", __name__, prefix="/people")


@bp.get("/<uuid:employee_id>")
def person_profile(employee_id: UUID) -> ResponseReturnValue:
    """The profile of a person within reach; the reading is logged."""
    return _page(employee_id)


def _page(employee_id: UUID, *, evidence_id: UUID | None = None, error: Invalid | None = None) -> str:
    on = local_date(now(), actor().zone)
    person = people.person_visible_to(actor(), employee_id, on=on)
    note_reading(employee_id, "competency_profile", by=actor(), now=now())
    return render_template(
        "competency/hr/person.html",
        person=person,
        record=personnel.record_of(actor(), person, on=on, now=now()),
        people_words=people_words,
        profile=queries.profile_of(person, on=on),
        learning=register.learning_of(employee_id, by=actor(), now=now()),
        names=terms.level_names(on),
        words=wording,
        may_decide=policies.may_decide_evidence(actor(), person),
        wrong_evidence_id=evidence_id if error else None,
        problem=wording.problem(error) if error else "",
    )


@bp.post("/<uuid:employee_id>/evidence/<uuid:evidence_id>/confirmation")
def confirm(employee_id: UUID, evidence_id: UUID) -> ResponseReturnValue:
    """Let a proposed level count as confirmed."""
    reason = _reason(employee_id, evidence_id)
    services.confirm_evidence(evidence_id, reason=reason, by=actor(), now=now(), employee_id=employee_id)
    return _back(employee_id, _("The level is confirmed."))


@bp.post("/<uuid:employee_id>/evidence/<uuid:evidence_id>/rejection")
def reject(employee_id: UUID, evidence_id: UUID) -> ResponseReturnValue:
    """Let a proposed level not count, for a reason."""
    reason = _reason(employee_id, evidence_id)
    services.reject_evidence(evidence_id, reason=reason, by=actor(), now=now(), employee_id=employee_id)
    return _back(employee_id, _("The level is rejected; the reason is shown to the person."))


@bp.post("/<uuid:employee_id>/evidence/<uuid:evidence_id>/withdrawal")
def withdraw(employee_id: UUID, evidence_id: UUID) -> ResponseReturnValue:
    """Take back a level that was confirmed, for a reason."""
    reason = _reason(employee_id, evidence_id)
    services.withdraw_evidence(evidence_id, reason=reason, by=actor(), now=now(), employee_id=employee_id)
    return _back(employee_id, _("The level is withdrawn; the reason is shown to the person."))


def _reason(employee_id: UUID, evidence_id: UUID) -> str:
    """The reason as sent; a wrong one draws the page again."""
    on_invalid(lambda error: _page(employee_id, evidence_id=evidence_id, error=error))
    form = DecisionForm()
    if not form.validate_on_submit():
        raise Invalid("reason_too_long", field="reason")
    return form.reason.data or ""


def _back(employee_id: UUID, said: str) -> ResponseReturnValue:
    flash(said, "ok")
    return redirect(url_for(".person_profile", employee_id=employee_id))
