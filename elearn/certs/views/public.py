"""The public check of certificates: by code, by QR, by file; needs no sign-in and no script, writes nothing."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from elearn.certs import verification
from elearn.certs.facts import Verification
from elearn.certs.rules import read_code
from elearn.certs.views import wording
from elearn.certs.views.bodies import verification_body
from elearn.kernel.errors import Invalid
from elearn.web.faces import Face, face
from elearn.web.limits import limiter
from elearn.web.request import is_for_machines, now, reads_only

MAX_FILE = 50 * 1024 * 1024
CODES_A_MINUTE = "30 per minute"
FILES_A_MINUTE = "20 per minute"

bp = face(Face.PUBLIC, "certs", __name__, prefix="/verify")


@bp.get("")
def start() -> ResponseReturnValue:
    """Where a code is typed or a file is dropped; ?code= leads on."""
    typed = request.args.get("code", "").strip()[:200]
    if not typed:
        return _start_page(is_blank="code" in request.args)
    code = read_code(typed)
    if code is not None:
        return redirect(url_for(".verify_code", code=code))
    return _start_page(typed=typed, looks_like_number="/" in typed)


def _start_page(*, typed: str = "", is_blank: bool = False, looks_like_number: bool = False) -> str:
    return render_template("certs/public/verify.html", typed=typed, is_blank=is_blank, looks_like_number=looks_like_number)


@bp.get("/<code>")
@limiter.limit(CODES_A_MINUTE)
def verify_code(code: str) -> ResponseReturnValue:
    """What the register says of a code; a hit and a miss answer alike, with 200."""
    return _answer(verification.verify_code(code[:200], now=now()))


@bp.post("/file")
@limiter.limit(FILES_A_MINUTE)
@reads_only
def verify_file() -> ResponseReturnValue:
    """What an uploaded file is."""
    request.max_content_length = MAX_FILE + 64 * 1024
    sent = request.files.get("file")
    if sent is None:
        raise Invalid("file_missing", field="file")
    content = sent.stream.read(MAX_FILE + 1)
    return _answer(verification.verify_file(content, now=now()))


def _answer(found: Verification) -> ResponseReturnValue:
    if is_for_machines():
        return verification_body(found)
    words = wording.verdict_of(found.status, found.kind)
    return render_template("certs/public/verdict.html", found=found, words=words, wording=wording)
