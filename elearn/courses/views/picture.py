"""A picture of a lesson as an answer, the same for pages and API; who may see it is decided elsewhere."""

from flask import Response, request

from elearn.courses.shown import ShownPicture
from elearn.web.headers import FILE_POLICY

FOR_A_YEAR = "private, max-age=31536000, immutable"


def picture_response(picture: ShownPicture) -> Response:
    """The bytes, to be kept by the reader's browser alone: an enrolment stays with its version, which never changes."""
    response = Response(picture.content, content_type=picture.type)
    response.headers["Content-Disposition"] = f'inline; filename="{picture.name}"'
    response.headers["Content-Security-Policy"] = FILE_POLICY
    response.headers["Cache-Control"] = FOR_A_YEAR
    response.set_etag(picture.sha256)
    response.make_conditional(request)
    return response
