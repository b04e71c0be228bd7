"""courses state their minutes, longest lesson and prerequisites; a lesson's reading states when it was last seen."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "7d2c91e4a6b8"
down_revision = "c0d834d82e42"
branch_labels = depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade():
    with op.batch_alter_table("courses") as batch:
        batch.add_column(sa.Column("minutes", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("longest_minutes", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("prerequisites", JSON, nullable=False, server_default="[]"))
    with op.batch_alter_table("lesson_reads") as batch:
        batch.add_column(sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True))


def downgrade():
    with op.batch_alter_table("lesson_reads") as batch:
        batch.drop_column("seen_at")
    with op.batch_alter_table("courses") as batch:
        batch.drop_column("prerequisites")
        batch.drop_column("longest_minutes")
        batch.drop_column("minutes")
