"""setup links."""

import sqlalchemy as sa
from alembic import op

revision = '7d2e91c4b6a8'
down_revision = 'b1d09e3f7a24'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('setup_links',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('token_hash', sa.Text(), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('draft', sa.Text(), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_setup_links')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_setup_links_token_hash'))
    )


def downgrade():
    op.drop_table('setup_links')
