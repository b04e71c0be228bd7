"""marks."""

import sqlalchemy as sa
from alembic import op

revision = '5b1c7e90a4d2'
down_revision = "e91d6f3a2b70"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('marks',
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('value', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_marks'))
    )


def downgrade():
    op.drop_table('marks')
