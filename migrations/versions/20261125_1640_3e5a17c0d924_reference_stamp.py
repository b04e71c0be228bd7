"""One row says in which state the reference rows are, so that processes may keep them."""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "3e5a17c0d924"
down_revision = "7d2c91e4a6b8"
branch_labels = depends_on = None


def upgrade():
    made = op.create_table(
        "reference_stamps",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("stamp", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reference_stamps")),
    )
    op.bulk_insert(made, [{"id": 1, "stamp": uuid4()}])


def downgrade():
    op.drop_table("reference_stamps")
