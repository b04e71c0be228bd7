"""certificate numbers are unique over all agencies."""

import sqlalchemy as sa
from alembic import op

revision = "3f0c1a7d52e4"
down_revision = "b0fcecbcab31"
branch_labels = depends_on = None


def upgrade():
    twice = "SELECT number FROM certificates GROUP BY number HAVING count(*) > 1 ORDER BY number LIMIT 5"
    if found := op.get_bind().execute(sa.text(twice)).scalars().all():
        raise RuntimeError(f"numbers given by two agencies: {found}; replace the certificates of one of them first")
    with op.batch_alter_table("certificates") as batch:
        batch.drop_index("ix_certificates_number")
        batch.create_unique_constraint("uq_certificates_number", ["number"])


def downgrade():
    with op.batch_alter_table("certificates") as batch:
        batch.drop_constraint("uq_certificates_number", type_="unique")
        batch.create_index("ix_certificates_number", ["number"], unique=False)
