"""The learner's own competency profile; nothing of anybody else."""

from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue

from elearn.competency import queries, terms
from elearn.competency.views import wording
from elearn.kernel.clock import local_date
from elearn.kernel.errors import NotFound
from elearn.people import queries as people
from elearn.web.faces import Face, face
from elearn.web.request import actor, now

bp = face(Face.LEARNER, "competency", __name__, prefix="/profile")


@bp.get("")
def profile() -> ResponseReturnValue:
    """Required, achieved and confirmed levels, why, the evidence, and the lesson hours of the year."""
    on = local_date(now(), actor().zone)
    person = people.person_visible_to(actor(), _self(), on=on)
    return render_template(
        "competency/learner/profile.html",
        person=person,
        profile=queries.profile_of(person, on=on),
        names=terms.level_names(on),
        words=wording,
    )


def _self() -> UUID:
    employee_id = actor().employee_id
    if employee_id is None:
        raise NotFound
    return employee_id
