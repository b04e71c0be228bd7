"""What the pages about one person share: who it is, what the page looks like, where one goes after; no rules."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from elearn.kernel.clock import local_date
from elearn.kernel.guard import require
from elearn.kernel.readlog import note_reading
from elearn.people import grants, policies, queries
from elearn.people.facts.staff import Person
from elearn.people.forms import CorrectionForm
from elearn.people.views import wording
from elearn.people.views.filling import form_page
from elearn.web.forms import Form
from elearn.web.request import actor, now


def today() -> date:
    """The day, where the actor works."""
    return local_date(now(), actor().zone)


def subject(employee_id: UUID) -> Person:
    """The person in reach whose record the actor may write; the reading is noted. Strangers are not found."""
    person = queries.person_visible_to(actor(), employee_id, on=today())
    require(policies.may_correct, actor(), person)
    note_reading(employee_id, "record", by=actor(), now=now())
    return person


def stoppable(employee_id: UUID) -> Person:
    """The same, for acts that close doors: nobody locks out those who stand above them."""
    person = subject(employee_id)
    require(policies.may_stop, actor(), grants.standing(employee_id, on=today()))
    return person


def act_page(person: Person, form: Form, title: str, action: str, button: str, **shown: Any) -> str:
    """The page of one act upon a person."""
    trail = [
        (url_for("people_hr.people"), _("People")),
        (url_for("competency_hr.person_profile", employee_id=person.id), person.name_with_titles),
    ]
    return form_page(form, title, action=action, trail=trail, button=button, **shown)


def done(employee_id: UUID, warnings: tuple[str, ...] = ()) -> ResponseReturnValue:
    """Back to the person, with what looks unlikely about a number."""
    for code in warnings:
        flash(_("Check the number once more: %(reason)s", reason=wording.warning(code)), "warn")
    return redirect(url_for("competency_hr.person_profile", employee_id=employee_id))


def written(form: CorrectionForm) -> dict[str, Any]:
    """What the form says a person is called."""
    return {
        "name": form.name.data,
        "title_before": form.title_before.data or "",
        "title_after": form.title_after.data or "",
        "email": form.email.data or None,
        "rank_code": form.rank_code.data or None,
    }


def helps() -> dict[str, str]:
    """What to write into which field."""
    return {
        "name": _("As it should stand on a certificate; one word is a name too."),
        "title_before": _("Such as Dr. or Ir."),
        "title_after": _("Such as S.Sos., M.Si."),
        "identifier": _("18 digits; spaces do no harm. People sign in by it."),
        "email": _("People may sign in by it too. Without NIP and e-mail address nobody can sign in."),
    }
