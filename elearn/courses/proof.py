"""Proof of when a lesson's page was served, signed by the server and carried by its form; stores nothing."""

from datetime import UTC, datetime
from uuid import UUID

from itsdangerous import BadSignature, URLSafeSerializer

SALT = "courses.lesson-served"


def opening_token(secret: str, enrollment_id: UUID, lesson_id: str, *, now: datetime) -> str:
    """A token that says that this lesson was served for this enrolment now."""
    return URLSafeSerializer(secret, SALT).dumps([str(enrollment_id), lesson_id, int(now.timestamp())])


def proved_opening(secret: str, token: str, enrollment_id: UUID, lesson_id: str, *, now: datetime) -> datetime | None:
    """When the lesson was served; None for a token that is not ours, of another lesson, or from the future."""
    try:
        value = URLSafeSerializer(secret, SALT).loads(token)
    except BadSignature:
        return None
    if not isinstance(value, list) or len(value) != 3 or value[:2] != [str(enrollment_id), lesson_id]:
        return None
    served_at = datetime.fromtimestamp(value[2], UTC)
    return served_at if served_at <= now else None
