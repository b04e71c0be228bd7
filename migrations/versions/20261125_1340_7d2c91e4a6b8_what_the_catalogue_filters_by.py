"""courses state their minutes, longest lesson and prerequisites; a lesson's reading states when it was last seen."""

import json

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "7d2c91e4a6b8"
down_revision = "7d2e91c4b6a8"
branch_labels = depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")

CURRENT = """
    SELECT courses.id, course_versions.document
    FROM courses JOIN course_versions ON course_versions.course_id = courses.id
    WHERE course_versions.number = courses.current_number
"""
STATE = sa.text(
    "UPDATE courses SET minutes = :minutes, longest_minutes = :longest, prerequisites = :prerequisites WHERE id = :id"
).bindparams(sa.bindparam("prerequisites", type_=JSON))


def upgrade():
    with op.batch_alter_table("courses") as batch:
        batch.add_column(sa.Column("minutes", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("longest_minutes", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("prerequisites", JSON, nullable=False, server_default="[]"))
    with op.batch_alter_table("lesson_reads") as batch:
        batch.add_column(sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True))
    _state_published_courses()


def _state_published_courses():
    """The new columns say what the current version of each course says; no other column changes."""
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
    with op.batch_alter_table("lesson_reads") as batch:
        batch.drop_column("seen_at")
    with op.batch_alter_table("courses") as batch:
        batch.drop_column("prerequisites")
        batch.drop_column("longest_minutes")
        batch.drop_column("minutes")
