"""Competency in /api/v1: profiles and the dictionary; shapes are in schemas.py."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from elearn.competency import queries
from elearn.competency.facts import CompetencyEntry, EvidenceLine, LessonHours, Profile, ProfileItem
from elearn.competency.views import wording
from elearn.competency.views.schemas import CompetencyPageSchema, ProfileSchema
from elearn.kernel.clock import local_date
from elearn.kernel.errors import NotFound
from elearn.kernel.readlog import note_reading
from elearn.people import queries as people
from elearn.web.api import page_body
from elearn.web.faces import api_face
from elearn.web.request import actor, now, page_request

api = api_face("competency")


@api.get("/me/competency-profile")
@api.response(200, ProfileSchema)
def own_profile() -> dict[str, Any]:
    """The profile of the person the token belongs to."""
    employee_id = actor().employee_id
    if employee_id is None:
        raise NotFound
    return _profile_body(employee_id)


@api.get("/employees/<uuid:employee_id>/competency-profile")
@api.response(200, ProfileSchema)
def profile(employee_id: UUID) -> dict[str, Any]:
    """The profile of a person within reach; the reading is logged."""
    note_reading(employee_id, "competency_profile", by=actor(), now=now())
    return _profile_body(employee_id)


@api.get("/competencies")
@api.response(200, CompetencyPageSchema)
def dictionary() -> dict[str, Any]:
    """The competencies in force with what their levels mean."""
    page = queries.dictionary(page_request(), on=local_date(now(), actor().zone))
    return page_body(page.map(_competency_body))


def _profile_body(employee_id: UUID) -> dict[str, Any]:
    on = local_date(now(), actor().zone)
    person = people.person_visible_to(actor(), employee_id, on=on)
    found: Profile = queries.profile_of(person, on=on)
    return {
        "employee_id": found.employee_id,
        "on": found.on,
        "jpm_bp": found.jpm_bp,
        "items": [_item_body(it) for it in found.items],
        "lesson_hours": _hours_body(found.lesson_hours),
    }


def _item_body(it: ProfileItem) -> dict[str, Any]:
    return {
        "competency": it.competency,
        "name": it.name,
        "kind": it.kind.value,
        "required": it.required,
        "achieved": it.achieved,
        "confirmed": it.confirmed,
        "standing": it.standing.value,
        "gap": it.gap,
        "why": wording.why(it.reason),
        "evidence": [_evidence_body(line) for line in it.evidence],
    }


def _evidence_body(line: EvidenceLine) -> dict[str, Any]:
    return asdict(line) | {"expired": line.is_expired}


def _hours_body(hours: LessonHours) -> dict[str, Any]:
    by_form = [{"form": it.form_key, "name": it.name, "lesson_hours": it.lesson_hours} for it in hours.by_form]
    return asdict(hours) | {"by_form": by_form}


def _competency_body(it: CompetencyEntry) -> dict[str, Any]:
    return asdict(it) | {"competency": it.code}
