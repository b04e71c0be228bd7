"""who stated a row of a dated rule: the files of a release, or somebody here."""

import sqlalchemy as sa
from alembic import op

revision = "5c1f0a9be2d4"
down_revision = "8b6e2d90c1fa"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("dated_rules") as batch:
        batch.add_column(sa.Column("origin", sa.Text(), server_default="file", nullable=False))
        batch.create_check_constraint("origin", "origin IN ('file', 'set')")


def downgrade():
    with op.batch_alter_table("dated_rules") as batch:
        batch.drop_constraint(op.f("ck_dated_rules_origin"), type_="check")
        batch.drop_column("origin")
