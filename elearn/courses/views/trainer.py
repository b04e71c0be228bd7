"""The trainer's list of courses and their versions; reads only."""

from flask import render_template
from flask.typing import ResponseReturnValue

from elearn.courses import catalogue
from elearn.web.faces import Face, face
from elearn.web.request import actor, page_request

bp = face(Face.TRAINER, "courses", __name__)


@bp.get("")
def courses() -> ResponseReturnValue:
    """One's own courses with their published versions."""
    return render_template("courses/trainer/courses.html", page=catalogue.versioned_courses(actor(), page_request()))
