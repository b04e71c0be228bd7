"""The public check of certificates: by code, by QR, by file or its hash; needs no sign-in, no script, writes nothing."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from elearn.certs import inspection, verification
from elearn.certs.facts import Verification
from elearn.certs.inspection import LARGEST
from elearn.certs.rules import read_code
from elearn.certs.views import reasons, wording
from elearn.certs.views.bodies import verification_body
from elearn.kernel.errors import Invalid
from elearn.web.faces import Face, face
from elearn.web.limits import limiter
from elearn.web.request import is_for_machines, now, reads_only

MAX_FILE = LARGEST
CODES_A_MINUTE = "30 per minute"
FILES_A_MINUTE = "20 per minute"
HASHES_A_MINUTE = "30 per minute"
MOST_DRAINED = 150 * 1024 * 1024

bp = face(Face.PUBLIC, "certs", __name__, prefix="/verify")


@bp.get("")
def start() -> ResponseReturnValue:
    """Where a code is typed or a file is dropped; ?code= leads on."""
    inspection.warm()
    typed = request.args.get("code", "").strip()[:200]
    if not typed:
        return _start_page(is_blank="code" in request.args)
    code = read_code(typed)
    if code is not None:
        return redirect(url_for(".verify_code", code=code))
    return _start_page(typed=typed, looks_like_number="/" in typed)


def _start_page(
    *, typed: str = "", is_blank: bool = False, looks_like_number: bool = False, is_file_missing: bool = False
) -> str:
    return render_template(
        "certs/public/verify.html",
        typed=typed,
        is_blank=is_blank,
        looks_like_number=looks_like_number,
        is_file_missing=is_file_missing,
        max_file=MAX_FILE,
    )


@bp.get("/<code>")
@limiter.limit(CODES_A_MINUTE)
def verify_code(code: str) -> ResponseReturnValue:
    """What the register says of a code; a hit and a miss answer alike, with 200."""
    return _answer(verification.verify_code(code[:200], now=now()))


@bp.get("/file/<sha256>")
@limiter.limit(HASHES_A_MINUTE)
def verify_hash(sha256: str) -> ResponseReturnValue:
    """What the register says of a file's SHA-256; known or not, with 200. The file itself need not be sent."""
    return _answer(verification.verify_hash(sha256[:200].lower(), now=now()))


@bp.post("/file")
@limiter.limit(FILES_A_MINUTE)
@reads_only
def verify_file() -> ResponseReturnValue:
    """What an uploaded file is."""
    request.max_content_length = MAX_FILE + 64 * 1024
    try:
        sent = request.files.get("file")
    except RequestEntityTooLarge:
        _drain()
        return _answer(verification.too_large(now()), 413)
    if sent is None or not (sent.filename or sent.stream.read(1)):
        if is_for_machines():
            raise Invalid("file_missing", field="file")
        return _start_page(is_file_missing=True), 422
    sent.stream.seek(0)
    content = sent.stream.read(MAX_FILE + 1)
    if len(content) > MAX_FILE:
        return _answer(verification.too_large(now()), 413)
    return _answer(verification.verify_file(content, now=now()))


def _drain() -> None:
    """Read on for a while: a browser that is cut off while it sends shows its own error instead of our answer."""
    left = MOST_DRAINED
    while left > 0 and (part := request.environ["wsgi.input"].read(min(left, 1 << 16))):
        left -= len(part)


def _answer(found: Verification, status: int = 200) -> ResponseReturnValue:
    """The verdict as JSON for machines, as a page for people."""
    if is_for_machines():
        return verification_body(found), status
    words = reasons.words_of(found)
    page = render_template("certs/public/verdict.html", found=found, words=words, wording=wording, max_file=MAX_FILE)
    return page, status
