"""HR's pages on which people are corrected, stop and go; who may do so is said by the use-cases."""

from uuid import UUID

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from elearn.people import personnel
from elearn.people.facts.staff import Correction, Person
from elearn.people.forms import CorrectionForm, DepartureForm, NumberForm, ReasonForm
from elearn.people.rules import masked
from elearn.people.services import records, staff
from elearn.people.views.filling import put, rank_choices
from elearn.people.views.subject import act_page, done, helps, stoppable, subject, today, written
from elearn.web.faces import Face, face
from elearn.web.request import actor, now, on_invalid

bp = face(Face.HR, "staff", __name__, prefix="/people")


@bp.get("/<uuid:employee_id>/record")
def record(employee_id: UUID) -> ResponseReturnValue:
    """What a person is called, ready to be corrected."""
    person = subject(employee_id)
    form = CorrectionForm(**personnel.written_of(person.id))
    form.rank_code.choices = rank_choices()
    return _correction_page(person, form)


@bp.post("/<uuid:employee_id>/record")
def correct(employee_id: UUID) -> ResponseReturnValue:
    """Correct name, titles, e-mail address and rank."""
    person, form = subject(employee_id), CorrectionForm()
    form.rank_code.choices = rank_choices()
    on_invalid(lambda error: _correction_page(person, put(form, error)))
    if not form.validate_on_submit():
        return _correction_page(person, form), 422
    records.correct(person.id, Correction(**written(form)), by=actor(), now=now())
    flash(_("The record is corrected. Certificates issued before keep what they say."), "ok")
    return done(person.id)


def _correction_page(person: Person, form: CorrectionForm) -> str:
    return act_page(
        person, form, _("Correct the record"), url_for(".correct", employee_id=person.id), _("Save"), helps=helps()
    )


@bp.get("/<uuid:employee_id>/number")
def number(employee_id: UUID) -> ResponseReturnValue:
    """Where another NIP is written."""
    return _number_page(subject(employee_id), NumberForm(formdata=None, valid_from=today()))


@bp.post("/<uuid:employee_id>/number")
def change_number(employee_id: UUID) -> ResponseReturnValue:
    """Write another NIP from a day on; the former one stays as history."""
    person, form = subject(employee_id), NumberForm()
    on_invalid(lambda error: _number_page(person, put(form, error)))
    if not form.validate_on_submit():
        return _number_page(person, form), 422
    warnings = records.change_identifier(
        person.id, form.identifier.data, valid_from=form.valid_from.data, by=actor(), now=now()
    )
    flash(_("The number is changed. The person signs in by the new one."), "ok")
    return done(person.id, warnings)


def _number_page(person: Person, form: NumberForm) -> str:
    notes = [
        _("Present number: %(number)s", number=masked(person.identifier) if person.identifier else "–"),
        _("The former number stays in the history. From the day on the person signs in by the new one."),
    ]
    action = url_for(".change_number", employee_id=person.id)
    hints = {
        "identifier": _("18 digits; spaces do no harm."),
        "valid_from": _("A number mistyped today is simply corrected."),
    }
    return act_page(person, form, _("Change the NIP"), action, _("Change the NIP"), notes=notes, helps=hints)


@bp.get("/<uuid:employee_id>/suspension")
def suspension(employee_id: UUID) -> ResponseReturnValue:
    """Ask once more before a person's account is closed, or opened again."""
    return _suspension_page(stoppable(employee_id), ReasonForm(formdata=None))


@bp.post("/<uuid:employee_id>/suspension")
def suspend(employee_id: UUID) -> ResponseReturnValue:
    """Close every door to a person, for a reason."""
    person, form = stoppable(employee_id), ReasonForm()
    on_invalid(lambda error: _suspension_page(person, put(form, error)))
    if not form.validate_on_submit():
        return _suspension_page(person, form), 422
    staff.suspend(person.id, reason=form.reason.data, by=actor(), now=now())
    flash(_("The account is suspended; the person is signed out everywhere."), "ok")
    return done(person.id)


@bp.post("/<uuid:employee_id>/resumption")
def resume(employee_id: UUID) -> ResponseReturnValue:
    """Open the doors again, for a reason."""
    person, form = stoppable(employee_id), ReasonForm()
    on_invalid(lambda error: _suspension_page(person, put(form, error)))
    if not form.validate_on_submit():
        return _suspension_page(person, form), 422
    staff.resume(person.id, reason=form.reason.data, by=actor(), now=now())
    flash(_("The account is open again. The person signs in as before."), "ok")
    return done(person.id)


def _suspension_page(person: Person, form: ReasonForm) -> str:
    if person.is_suspended:
        notes = [_("The person can sign in again at once. Codes and API tokens of before stay ended.")]
        action = url_for(".resume", employee_id=person.id)
        return act_page(person, form, _("Open the account again"), action, _("Yes, open it"), notes=notes)
    notes = [
        _("The person is signed out everywhere and cannot sign in, until the account is opened again."),
        _("One-time codes and API tokens end for good. What was learned and earned stays."),
    ]
    action = url_for(".suspend", employee_id=person.id)
    return act_page(person, form, _("Suspend the account"), action, _("Yes, suspend it"), notes=notes, is_grave=True)


@bp.get("/<uuid:employee_id>/departure")
def departure(employee_id: UUID) -> ResponseReturnValue:
    """Ask once more before a person is gone."""
    return _departure_page(stoppable(employee_id), DepartureForm(formdata=None, left_on=today()))


@bp.post("/<uuid:employee_id>/departure")
def leave(employee_id: UUID) -> ResponseReturnValue:
    """Let a person be gone from a day on."""
    person, form = stoppable(employee_id), DepartureForm()
    on_invalid(lambda error: _departure_page(person, put(form, error)))
    if not form.validate_on_submit():
        return _departure_page(person, form), 422
    staff.leave(person.id, on=form.left_on.data, by=actor(), now=now())
    flash(_("Written down. The record stays, and certificates stay true."), "ok")
    return done(person.id)


def _departure_page(person: Person, form: DepartureForm) -> str:
    notes = [
        _("Roles, supervision of others, sessions, codes and API tokens end. This cannot be taken back here."),
        _("What was learned and earned stays on record, and certificates stay true."),
    ]
    action = url_for(".leave", employee_id=person.id)
    title, button = _("Record that the person has left"), _("Yes, the person has left")
    return act_page(person, form, title, action, button, notes=notes, is_grave=True)
