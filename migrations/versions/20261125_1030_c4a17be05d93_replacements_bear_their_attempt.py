"""a certificate that replaces another bears its attempt too."""

import sqlalchemy as sa
from alembic import op

revision = "c4a17be05d93"
down_revision = "5c1f0a9be2d4"
branch_labels = depends_on = None

FIRST = sa.text("supersedes_id IS NULL")


def upgrade():
    with op.batch_alter_table("certificates") as batch:
        batch.drop_constraint("uq_certificates_attempt_id", type_="unique")
        batch.create_index("ix_certificates_attempt_id", ["attempt_id"], unique=False)
        batch.create_index(
            "uq_certificates_first_of_attempt", ["attempt_id"], unique=True, sqlite_where=FIRST, postgresql_where=FIRST
        )


def downgrade():
    with op.batch_alter_table("certificates") as batch:
        batch.drop_index("uq_certificates_first_of_attempt")
        batch.drop_index("ix_certificates_attempt_id")
        batch.create_unique_constraint("uq_certificates_attempt_id", ["attempt_id"])
