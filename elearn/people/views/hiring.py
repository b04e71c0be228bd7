"""HR's pages on which people come and move: number, unit, position and supervisor; no rules."""

from collections.abc import Callable, Iterable
from uuid import UUID

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import SelectChoice

from elearn.kernel.errors import Forbidden, Invalid
from elearn.people import personnel, queries, rules, structure
from elearn.people.facts.staff import NewEmployee, NewPosting, Person
from elearn.people.forms import HireForm, PostingForm
from elearn.people.rules import EmploymentType
from elearn.people.services import staff
from elearn.people.views import wording
from elearn.people.views.filling import fits, form_page, position_choices, put, rank_choices, unit_choices
from elearn.people.views.subject import act_page, done, helps, subject, today, written
from elearn.web.faces import Face, face
from elearn.web.request import actor, now, on_invalid

bp = face(Face.HR, "hiring", __name__, prefix="/people")


@bp.get("/new")
def newcomer() -> ResponseReturnValue:
    """Where a person is added."""
    return _hire_page(_hire_form())


@bp.post("")
def hire() -> ResponseReturnValue:
    """Take on a person with number, unit, position and supervisor."""
    form = _hire_form()
    on_invalid(lambda error: _hire_page(put(form, error)))
    if not fits(form, *_shapes(form)):
        return _hire_page(form), 422
    hired = staff.hire(_newcomer(form), by=actor(), now=now())
    flash(*_welcome(form))
    return done(hired.employee_id, hired.warnings)


def _shapes(form: HireForm) -> Iterable[Callable[[], object]]:
    """What can be said of number, name and address before anything is looked up."""
    if form.identifier.data:
        yield lambda: rules.read_nip(form.identifier.data, on=today())
    if form.name.data:
        yield lambda: rules.tidy_name(form.name.data)
    yield lambda: rules.tidy_email(form.email.data)


def _welcome(form: HireForm) -> tuple[str, str]:
    """What is said after somebody was added, and in which tone: without NIP and address there is no way in."""
    name = " ".join(form.name.data.split())
    if form.identifier.data or form.email.data:
        return _("%(name)s is added. Hand over a one-time code, so that they can sign in.", name=name), "ok"
    return (
        _(
            "%(name)s is added but cannot sign in yet: write the NIP (Change the NIP) or the e-mail address "
            "(Correct the record), then hand over a one-time code.",
            name=name,
        ),
        "warn",
    )


def _hire_form() -> HireForm:
    units = structure.units_staffed_by(actor())
    if not units:
        raise Forbidden("may_hire")
    form = HireForm()
    form.unit_id.choices = unit_choices(units, SelectChoice("", wording.choose()))
    form.position_id.choices = position_choices()
    form.rank_code.choices = rank_choices()
    form.employment_type.choices = [SelectChoice(it.value, wording.employment(it.value)) for it in EmploymentType]
    return form


def _hire_page(form: HireForm) -> str:
    if form.active_from.raw_data is None:
        form.active_from.data = today()
    return form_page(
        form,
        _("Add a person"),
        action=url_for(".hire"),
        trail=[(url_for("people_hr.people"), _("People"))],
        button=_("Add the person"),
        helps=helps() | {"supervisor_id": _("May be left empty."), "active_from": _("Today, or a day in the past.")},
    )


def _newcomer(form: HireForm) -> NewEmployee:
    active_from = form.active_from.data or today()
    if active_from > today():
        raise Invalid("hire_in_future", field="active_from")
    unit = queries.unit(UUID(form.unit_id.data))
    posting = NewPosting(unit.id, UUID(form.position_id.data), _supervisor(form.supervisor_id.data), active_from)
    return NewEmployee(
        agency_id=unit.agency_id,
        employment_type=EmploymentType(form.employment_type.data),
        identifier=form.identifier.data or None,
        active_from=active_from,
        posting=posting,
        **written(form),
    )


def _supervisor(login: str | None) -> UUID | None:
    if not (login or "").strip():
        return None
    found = queries.employee_id_by_login(login or "")
    if found is None:
        raise Invalid("supervisor_unknown", field="supervisor_id")
    return found


@bp.get("/<uuid:employee_id>/posting")
def posting(employee_id: UUID) -> ResponseReturnValue:
    """Where a person is moved."""
    person = subject(employee_id)
    values = {"unit_id": str(person.unit_id or ""), "position_id": str(person.position_id or "")}
    form = PostingForm(formdata=None, from_on=today(), keep_supervisor=person.supervisor_id is not None, **values)
    return _posting_page(person, _with_places(form, person))


@bp.post("/<uuid:employee_id>/posting")
def move(employee_id: UUID) -> ResponseReturnValue:
    """Post a person elsewhere from a day on."""
    person = subject(employee_id)
    form = _with_places(PostingForm(), person)
    on_invalid(lambda error: _posting_page(person, put(form, error)))
    if not form.validate_on_submit():
        return _posting_page(person, form), 422
    supervisor_id = _supervisor(form.supervisor_id.data)
    if supervisor_id is None and "keep_supervisor" in form and form.keep_supervisor.data:
        supervisor_id = person.supervisor_id
    new = NewPosting(UUID(form.unit_id.data), UUID(form.position_id.data), supervisor_id, form.from_on.data)
    moved = staff.move(person.id, new, by=actor(), now=now())
    flash(_("The posting is written down."), "ok")
    if moved.ended_grant_ids:
        flash(_("%(count)s roles over the former unit ended.", count=len(moved.ended_grant_ids)), "warn")
    if moved.unsupervised_ids:
        flash(
            _("%(count)s people have no supervisor any more; write down their new one.", count=len(moved.unsupervised_ids)),
            "warn",
        )
    return done(person.id)


def _with_places(form: PostingForm, person: Person) -> PostingForm:
    if person.supervisor_id is None:
        del form.keep_supervisor
    form.unit_id.choices = unit_choices(structure.units_staffed_by(actor()), SelectChoice("", wording.choose()))
    form.position_id.choices = position_choices()
    return form


def _posting_page(person: Person, form: PostingForm) -> str:
    boss = personnel.name_of(person.supervisor_id)
    notes = [
        _("The former posting ends on the day before. One that began on the very day is corrected."),
        _("Roles over units that do not hold the new one end, and whoever this person supervised needs another supervisor."),
    ]
    hints = {
        "from_on": _("Today, or a day in the past."),
        "keep_supervisor": boss or "",
        "supervisor_id": _("Only for another supervisor; else leave this empty.") if boss else _("May be left empty."),
    }
    action = url_for(".move", employee_id=person.id)
    return act_page(
        person, form, _("Move to another unit or position"), action, _("Write the move down"), notes=notes, helps=hints
    )
