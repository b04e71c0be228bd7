"""A trainer's pages of results: handed-in attempts and what the answers say of each item; reads only."""

from collections.abc import Callable
from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from elearn.competency.terms import competency_names
from elearn.exams import policies, results
from elearn.exams.analysis import SMALL
from elearn.exams.results import ItemLine
from elearn.exams.views import wording
from elearn.kernel.clock import local_date
from elearn.kernel.page import paged
from elearn.web.faces import Face, face
from elearn.web.request import actor, now, page_request

bp = face(Face.TRAINER, "exams", __name__)

SORTS: dict[str, Callable[[ItemLine], object]] = {
    "facility": lambda it: it.statistics.facility,
    "discrimination": lambda it: 2.0 if it.statistics.discrimination is None else it.statistics.discrimination,
    "omitted": lambda it: -it.statistics.omitted / it.statistics.n,
    "item": lambda it: it.item.id,
}
"""By what the list of items can be ordered; what wants looking at comes first."""


@bp.get("/<uuid:exam_id>")
def items(exam_id: UUID) -> ResponseReturnValue:
    """What the handed-in answers say of each item, ordered by ?sort=."""
    exam, on = results.exam_read_by(actor(), exam_id), local_date(now(), actor().zone)
    sort = request.args.get("sort", "facility")
    sort = sort if sort in SORTS else "facility"
    lines = sorted(results.items_answered(actor(), exam, on=on), key=SORTS[sort])  # type: ignore[arg-type]
    return render_template(
        "exams/trainer/items.html",
        exam=exam,
        summary=results.summaries(actor(), [exam], on=on)[exam.id],
        page=paged(lines, page_request()),
        flagged=sum(bool(it.statistics.flags) for it in lines),
        sort=sort,
        sorts=tuple(SORTS),
        most=results.MOST_ATTEMPTS,
        small=SMALL,
        wording=wording,
    )


@bp.get("/<uuid:exam_id>/items/<uuid:item_version_id>")
def item(exam_id: UUID, item_version_id: UUID) -> ResponseReturnValue:
    """One item with the share of each option; which is right only for those who may know."""
    exam, on = results.exam_read_by(actor(), exam_id), local_date(now(), actor().zone)
    line = results.item_answered(actor(), exam, item_version_id, on=on)
    return render_template(
        "exams/trainer/item.html",
        exam=exam,
        line=line,
        shown=wording.shown_item(line.item, with_key=policies.may_see_keys(actor(), exam)),
        names=competency_names([line.item.competency]),
        small=SMALL,
        wording=wording,
    )


@bp.get("/<uuid:exam_id>/attempts")
def attempts(exam_id: UUID) -> ResponseReturnValue:
    """Handed-in attempts without names, the newest first or by ?sort=score."""
    exam, on = results.exam_read_by(actor(), exam_id), local_date(now(), actor().zone)
    by_score = request.args.get("sort") == "score"
    return render_template(
        "exams/trainer/attempts.html",
        exam=exam,
        summary=results.summaries(actor(), [exam], on=on)[exam.id],
        page=results.attempts_handed_in(actor(), exam, page_request(), by_score=by_score, on=on),
        by_score=by_score,
        spread=results.spread_of_scores(actor(), exam, on=on),
    )
