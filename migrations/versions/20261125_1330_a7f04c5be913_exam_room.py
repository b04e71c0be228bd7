"""marks of doubt, receipts of submissions, time granted."""

import sqlalchemy as sa
from alembic import op

revision = 'a7f04c5be913'
down_revision = 'c0d834d82e42'
branch_labels = None
depends_on = None


def upgrade():
    for table in ('attempt_slots', 'answers'):
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column('in_doubt', sa.Boolean(), nullable=False, server_default=sa.false()))
        with op.batch_alter_table(table) as batch:
            batch.alter_column('in_doubt', server_default=None)
    with op.batch_alter_table('attempts') as batch:
        batch.add_column(sa.Column('time_percent', sa.Integer(), nullable=False, server_default='100'))
        batch.add_column(sa.Column('receipt', sa.Text(), nullable=True))
    with op.batch_alter_table('attempts') as batch:
        batch.alter_column('time_percent', server_default=None)
        batch.create_check_constraint('time_percent', 'time_percent BETWEEN 100 AND 400')


def downgrade():
    with op.batch_alter_table('attempts') as batch:
        batch.drop_constraint(op.f('ck_attempts_time_percent'), type_='check')
        batch.drop_column('receipt')
        batch.drop_column('time_percent')
    for table in ('answers', 'attempt_slots'):
        with op.batch_alter_table(table) as batch:
            batch.drop_column('in_doubt')
