"""The search of the audit trail, asked for by the address of the page, for administrators and auditors; no rules."""

from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from elearn.kernel.clock import local_date
from elearn.kernel.readlog import note_reading
from elearn.people import personnel, trail
from elearn.portals import acts
from elearn.web.faces import Face, face
from elearn.web.request import actor, now, page_request

bp = face(Face.HR, "trail", __name__, prefix="/audit")

MAX_SEARCH = 100


@bp.get("")
def entries() -> ResponseReturnValue:
    """Acts by ?person=, ?employee_id=, ?act=, ?subject=, ?from_on= and ?to_on=; whose acts are shown is noted as read."""
    asked = _asked(request.args)
    on = local_date(now(), actor().zone)
    page = trail.entries_visible_to(actor(), asked, page_request(), on=on)
    shown = {it.subject_id for it in page.items if it.subject_id and it.subject_name and it.subject_type == "employee"}
    for employee_id in shown:
        note_reading(employee_id, "audit", by=actor(), now=now())
    known_acts, subjects = trail.acts_and_subjects()
    return render_template(
        "portals/audit.html",
        page=page,
        asked=asked,
        kept={key: value or None for key, value in asdict(asked).items()},
        choices={
            "act": sorted(((it, acts.act(it)) for it in known_acts), key=lambda it: it[1]),
            "subject": sorted(((it, acts.subject(it)) for it in subjects), key=lambda it: it[1]),
        },
        acts=acts,
        person_name=personnel.name_of(asked.employee_id),
    )


def _asked(sent: Any) -> trail.Search:
    return trail.Search(
        person=sent.get("person", "")[:MAX_SEARCH],
        employee_id=_read(UUID, sent.get("employee_id", "")),
        act=sent.get("act", "")[:60],
        subject=sent.get("subject", "")[:60],
        from_on=_read(date.fromisoformat, sent.get("from_on", "")),
        to_on=_read(date.fromisoformat, sent.get("to_on", "")),
    )


def _read(read: Any, text: str) -> Any:
    """What the text says, or nothing where it is nonsense."""
    try:
        return read(text)
    except ValueError:
        return None
