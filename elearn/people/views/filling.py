"""What the forms about people and units share: their choices, refusals beside the field, the one page; no rules."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

from flask import render_template
from wtforms import SelectChoice

from elearn.kernel.clock import local_date
from elearn.kernel.errors import Invalid
from elearn.people import structure
from elearn.people.facts.staff import Unit
from elearn.people.views import wording
from elearn.web.forms import Form
from elearn.web.request import actor, now

F = TypeVar("F", bound=Form)
Trail = Sequence[tuple[str, str]]
"""The way to a page from the top: addresses and words."""


def put(form: F, error: Invalid) -> F:
    """The form with the refusal beside the field it is about, else beside the first; what was typed stays."""
    fields: list[Any] = [it for it in form if it.type != "CSRFTokenField"]
    field = next((it for it in fields if it.short_name == error.field), fields[0])
    field.errors = [wording.problem(error)]
    return form


def fits(form: Form, *checks: Callable[[], object]) -> bool:
    """Whether the form has its shape and passes every check; each refusal stands beside its field, not the first alone."""
    is_fit = form.validate_on_submit()
    for check in checks:
        try:
            check()
        except Invalid as error:
            put(form, error)
            is_fit = False
    return is_fit


def form_page(form: Form, title: str, *, action: str, trail: Trail, button: str, **shown: Any) -> str:
    """The page of one form; the way back is the end of its `trail`.

    `notes` say what the act does, `helps` stand by field, `is_grave` makes a red button.
    """
    helps: Mapping[str, str] = shown.pop("helps", {})
    return render_template(
        "people/hr/act.html", form=form, title=title, action=action, trail=trail, button=button, helps=helps, **shown
    )


def unit_choices(units: Iterable[Unit], *first: SelectChoice) -> list[SelectChoice]:
    """Units as the tree stands."""
    return [*first, *(SelectChoice(str(it.id), "– " * it.depth + it.name) for it in units)]


def position_choices() -> list[SelectChoice]:
    """Every position."""
    return [
        SelectChoice("", wording.choose()),
        *(SelectChoice(str(it.id), f"{it.name} ({it.code})") for it in structure.positions()),
    ]


def rank_choices() -> list[SelectChoice]:
    """None, then the ranks in force, grouped by the kind of civil servants they belong to."""
    ranks = structure.ranks(local_date(now(), actor().zone))
    grouped = (SelectChoice(it.code, it.name, optgroup=wording.employment(it.scheme)) for it in ranks)
    return [SelectChoice("", wording.none()), *grouped]


def chosen(text: str | None) -> UUID | None:
    """What a list of choices sent."""
    return UUID(text) if text else None
