"""HR's list of people with their levels and gaps, asked for by the address of the page; no rules."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from elearn.competency import gaps, terms
from elearn.competency.views import wording
from elearn.kernel.clock import local_date
from elearn.kernel.readlog import note_reading
from elearn.people import queries as people
from elearn.web.faces import Face, face
from elearn.web.request import actor, now, page_request

bp = face(Face.HR, "gaps", __name__, prefix="/gaps")

MAX_SEARCH = 100
BY_UNIT = "units"
HEATS, GROUNDS = 5, 3
"""The map of units has so many grounds for how many met everything, and for how many lack levels beside that for none."""
Cell = tuple[str, str, str]
"""Of the map: its ground, its words, and where they lead."""


@bp.get("")
def levels() -> ResponseReturnValue:
    """People in reach, by ?q=, ?unit=, ?competency= and ?show=, in the order of ?sort=; who is shown is noted as read."""
    if request.args.get("show") == BY_UNIT:
        return _by_unit()
    on, asked = local_date(now(), actor().zone), _asked()
    page = gaps.people_with_gaps(actor(), asked, page_request(), on=on)
    for it in page.items:
        note_reading(it.employee_id, "gap_list", by=actor(), now=now())
    return render_template(
        "competency/hr/gaps.html",
        page=page,
        asked=asked,
        kept=_kept(asked),
        units=people.units_visible_to(actor()),
        competencies=terms.competency_choices(on),
        names=terms.level_names(on),
        words=wording,
    )


def _by_unit() -> str:
    """Each unit in reach with all below it, and for each competency how many of its people lack levels."""
    on = local_date(now(), actor().zone)
    units = people.units_visible_to(actor())
    needs = gaps.needs_by_unit(actor(), units, on=on)
    required = {code for _unit, code in needs}
    competencies = [(code, name) for code, name in terms.competency_choices(on) if code in required]
    rows = [
        ("– " * it.depth + it.name, _cells(it.id, needs, [code for code, _name in competencies]))
        for it in units
        if (it.id, gaps.OVERALL) in needs
    ]
    columns = [_("All levels met"), *(name for _code, name in competencies)]
    return render_template("competency/hr/gaps_by_unit.html", columns=columns, rows=rows)


def _cells(unit_id: UUID, needs: Mapping[tuple[UUID, str], gaps.UnitNeed], codes: Sequence[str]) -> list[Cell]:
    return [_met(unit_id, needs[unit_id, gaps.OVERALL]), *(_lacking(unit_id, it, needs.get((unit_id, it))) for it in codes)]


def _met(unit_id: UUID, all_people: gaps.UnitNeed) -> Cell:
    met = all_people.people - all_people.lacking
    ground = 1 + met * (HEATS - 1) // all_people.people
    address = url_for(".levels", unit=unit_id, show="met") if met else ""
    return f"heat-{ground}", f"{met}/{all_people.people}", address


def _lacking(unit_id: UUID, code: str, need: gaps.UnitNeed | None) -> Cell:
    if need is None:
        return "", "–", ""
    ground = -(-need.lacking * GROUNDS // need.people)
    address = url_for(".levels", unit=unit_id, competency=code) if need.lacking else ""
    return f"gap-{ground}", f"{need.lacking}/{need.people}", address


def _asked() -> gaps.Wanted:
    sent = request.args
    try:
        unit = UUID(sent.get("unit", ""))
    except ValueError:
        unit = None
    show, sort = sent.get("show", ""), sent.get("sort", "")
    return gaps.Wanted(
        unit_id=unit,
        competency=sent.get("competency", "")[:40],
        search=sent.get("q", "")[:MAX_SEARCH],
        show=show if show in gaps.SHOWN else gaps.SHOWN[0],
        sort=sort if sort in gaps.SORTS else gaps.SORTS[0],
    )


def _kept(asked: gaps.Wanted) -> dict[str, Any]:
    """What the addresses of other pages of this list say."""
    return {
        "q": asked.search or None,
        "unit": asked.unit_id,
        "competency": asked.competency or None,
        "show": asked.show,
        "sort": asked.sort,
    }
