"""The faces of the product and who may see each, closed by default; verdicts on single things are policies'."""

from enum import Enum
from typing import Any

from flask import Blueprint, abort, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_smorest import Blueprint as ApiBlueprint

from elearn.kernel.actor import Actor, Role
from elearn.kernel.errors import Forbidden
from elearn.web.request import actor, is_for_machines


class Face(Enum):
    """Name, address prefix and the roles that open it (none: everybody)."""

    PUBLIC = ("public", "", frozenset[Role]())
    LEARNER = ("learner", "/learn", frozenset({Role.LEARNER}))
    TRAINER = ("trainer", "/train", frozenset({Role.TRAINER, Role.ITEM_REVIEWER, Role.EXAM_OFFICER}))
    HR = (
        "hr",
        "/hr",
        frozenset(
            {
                Role.HR_OFFICER,
                Role.SUPERVISOR,
                Role.CERTIFICATE_SIGNER,
                Role.AUDITOR,
                Role.ADMINISTRATOR,
            }
        ),
    )
    ADMIN = ("admin", "/hr/admin", frozenset({Role.ADMINISTRATOR}))

    def __init__(self, label: str, prefix: str, roles: frozenset[Role]) -> None:
        self.label = label
        self.prefix = prefix
        self.roles = roles


def face(which: Face, package: str, import_name: str, *, prefix: str | None = None) -> Blueprint:
    """A blueprint `<package>_<face>` that only the face's roles may enter.

    `prefix` replaces `/<package>` behind the face's own prefix.
    """
    tail = f"/{package}" if prefix is None else prefix
    address = which.prefix + ("" if which is Face.PUBLIC and prefix is None else tail)
    blueprint = Blueprint(
        f"{package}_{which.label}", import_name, url_prefix=address or None, template_folder="../templates"
    )
    if which.roles:
        blueprint.before_request(lambda: _enter(which))
    return blueprint


def _enter(which: Face) -> ResponseReturnValue | None:
    who = actor()
    if not who.is_signed_in:
        if is_for_machines():
            abort(401)
        back = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("people_public.sign_in", next=back))
    if not who.has(*which.roles):
        raise Forbidden("face_closed")
    return None


def api_face(package: str) -> Any:
    """A flask-smorest blueprint `<package>_api` under /api/v1 that takes bearer tokens only, never cookies."""
    blueprint = ApiBlueprint(f"{package}_api", package, url_prefix="/api/v1", description=package)
    blueprint.before_request(_enter_by_token)
    return blueprint


def _enter_by_token() -> None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    find = current_app.extensions.get("elearn_actor_by_token")
    found: Actor | None = find(token.strip()) if find and scheme.lower() == "bearer" and token else None
    if found is None:
        abort(401)
    g.actor = found
