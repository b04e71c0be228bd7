"""tokens last used."""

import sqlalchemy as sa
from alembic import op


revision = 'c41d7a92e0b5'
down_revision = "5b1c7e90a4d2"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('api_tokens', schema=None) as batch_op:
        batch_op.add_column(sa.Column('used_at', sa.DateTime(timezone=True), nullable=True))


def downgrade():
    with op.batch_alter_table('api_tokens', schema=None) as batch_op:
        batch_op.drop_column('used_at')
