"""HR's page of what a person was granted for exams; who may see and change it is said by the use-cases."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import SelectChoice

from elearn.kernel.errors import Invalid
from elearn.kernel.guard import require
from elearn.people import arrangements, policies
from elearn.people.facts.staff import AccommodationTerms, Person
from elearn.people.forms import AccommodationForm
from elearn.people.services import accommodations
from elearn.people.views import granted_words
from elearn.people.views.subject import subject, today
from elearn.web.faces import Face, face
from elearn.web.request import actor, now, on_invalid

bp = face(Face.HR, "accommodations", __name__, prefix="/people")


@bp.get("/<uuid:employee_id>/accommodation")
def accommodation(employee_id: UUID) -> ResponseReturnValue:
    """What holds, what was before, and a form for another grant."""
    return _page(_subject(employee_id), _form(AccommodationForm(formdata=None)))


@bp.post("/<uuid:employee_id>/accommodation")
def grant(employee_id: UUID) -> ResponseReturnValue:
    """Grant it from today on, in place of an earlier one."""
    person, form = _subject(employee_id), _form(AccommodationForm())

    def redraw(error: Invalid) -> ResponseReturnValue:
        field = next((it for it in form if it.short_name == error.field), form.time_percent)
        field.errors = [granted_words.problem(error.code)]
        return _page(person, form), 422

    on_invalid(redraw)
    if not form.validate_on_submit():
        return _page(person, form), 422
    terms = AccommodationTerms(
        form.time_percent.data, tuple(form.arrangements.data or ()), form.basis.data, form.until_on.data
    )
    accommodations.grant(person.id, terms, by=actor(), now=now())
    flash(_("Granted. It holds for every exam that the person starts from now on."), "ok")
    return redirect(url_for(".accommodation", employee_id=person.id))


@bp.post("/<uuid:employee_id>/accommodation/ending")
def end(employee_id: UUID) -> ResponseReturnValue:
    """Let it hold no more."""
    accommodations.end(_subject(employee_id).id, by=actor(), now=now())
    flash(_("Ended. An exam that is under way keeps the time it began with."), "ok")
    return redirect(url_for(".accommodation", employee_id=employee_id))


def _subject(employee_id: UUID) -> Person:
    person = subject(employee_id)
    require(policies.may_accommodate, actor(), person)
    return person


def _form(form: AccommodationForm) -> AccommodationForm:
    form.time_percent.choices = [SelectChoice(str(it), granted_words.time(it)) for it in arrangements.percents(today())]
    form.arrangements.choices = [SelectChoice(code, words) for code, words in granted_words.arrangements().items()]
    return form


def _page(person: Person, form: AccommodationForm) -> str:
    return render_template(
        "people/hr/accommodation.html",
        person=person,
        form=form,
        present=arrangements.present(person.id),
        holds=arrangements.accommodation_on(person.id, today()) is not None,
        granted=arrangements.accommodations_of(person.id),
        words=granted_words,
    )
