"""what courses published before say of minutes and prerequisites, read from their current versions."""

import json

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "e05b7c3f18d2"
down_revision = "7d2c91e4a6b8"
branch_labels = depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

CURRENT = """
    SELECT courses.id, course_versions.document
    FROM courses JOIN course_versions ON course_versions.course_id = courses.id
    WHERE course_versions.number = courses.current_number
"""
STATE = sa.text(
    "UPDATE courses SET minutes = :minutes, longest_minutes = :longest, prerequisites = :prerequisites WHERE id = :id"
).bindparams(sa.bindparam("prerequisites", type_=JSON))


def upgrade():
    bind = op.get_bind()
    for course_id, document in bind.execute(sa.text(CURRENT)).all():
        content = json.loads(document)
        lessons = [_minutes(lesson) for module in content["modules"] for lesson in module["lessons"]]
        values = {"minutes": sum(lessons), "longest": max(lessons), "prerequisites": content["prerequisites"]}
        bind.execute(STATE, {"id": course_id, **values})


def _minutes(lesson):
    """Reading, rounded up, and the declared activities."""
    return -(-lesson["reading_seconds"] // 60) + sum(lesson["minutes"].values())


def downgrade():
    op.execute("UPDATE courses SET minutes = 0, longest_minutes = 0, prerequisites = '[]'")
