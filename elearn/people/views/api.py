"""People in /api/v1: who one is; no rules."""

from typing import Any

from marshmallow import Schema, fields

from elearn.kernel.clock import local_date
from elearn.kernel.errors import NotFound
from elearn.people import queries
from elearn.web.faces import api_face
from elearn.web.request import actor, now

api = api_face("people")


class MeSchema(Schema):
    """Who the token stands for."""

    id = fields.UUID(required=True)
    name = fields.Str(required=True)
    roles = fields.List(fields.Str(), required=True)
    unit = fields.Str(required=True, allow_none=True)
    position = fields.Str(required=True, allow_none=True)


@api.get("/me")
@api.response(200, MeSchema)
def me() -> dict[str, Any]:
    """Who one is here."""
    who = actor()
    if who.employee_id is None:
        raise NotFound
    person = queries.person(who.employee_id, on=local_date(now(), who.zone))
    return {
        "id": person.id,
        "name": person.name_with_titles,
        "roles": sorted(who.roles),
        "unit": person.unit_name,
        "position": person.position_name,
    }
