"""accommodations, checks of particulars."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = 'b1d09e3f7a24'
down_revision = 'a7f04c5be913'
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql')


def upgrade():
    op.create_table('accommodations',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('employee_id', sa.Uuid(), nullable=False),
    sa.Column('time_percent', sa.Integer(), nullable=False),
    sa.Column('arrangements', DOCUMENT, nullable=False),
    sa.Column('basis', sa.Text(), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('until_on', sa.Date(), nullable=True),
    sa.Column('granted_by', sa.Uuid(), nullable=True),
    sa.Column('granted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('time_percent BETWEEN 100 AND 400', name=op.f('ck_accommodations_time_percent')),
    sa.CheckConstraint('until_on IS NULL OR until_on >= from_on', name=op.f('ck_accommodations_span')),
    sa.ForeignKeyConstraint(['employee_id'], ['employees.id'], name=op.f('fk_accommodations_employee_id_employees')),
    sa.ForeignKeyConstraint(['granted_by'], ['employees.id'], name=op.f('fk_accommodations_granted_by_employees')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_accommodations'))
    )
    op.create_index('uq_accommodations_employee_id', 'accommodations', ['employee_id'], unique=True, sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))
    op.create_index('ix_accommodations_employee_id_granted_at', 'accommodations', ['employee_id', 'granted_at'])
    op.create_table('particulars_checks',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('employee_id', sa.Uuid(), nullable=False),
    sa.Column('holder', DOCUMENT, nullable=False),
    sa.Column('is_right', sa.Boolean(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('said_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('settled_by', sa.Uuid(), nullable=True),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.CheckConstraint('is_right OR length(note) > 0', name=op.f('ck_particulars_checks_note')),
    sa.CheckConstraint('NOT is_right OR settled_at IS NOT NULL', name=op.f('ck_particulars_checks_right_is_settled')),
    sa.ForeignKeyConstraint(['employee_id'], ['employees.id'], name=op.f('fk_particulars_checks_employee_id_employees')),
    sa.ForeignKeyConstraint(['settled_by'], ['employees.id'], name=op.f('fk_particulars_checks_settled_by_employees')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_particulars_checks'))
    )
    op.create_index('uq_particulars_checks_open', 'particulars_checks', ['employee_id'], unique=True, sqlite_where=sa.text('settled_at IS NULL'), postgresql_where=sa.text('settled_at IS NULL'))
    op.create_index('ix_particulars_checks_employee_id_said_at', 'particulars_checks', ['employee_id', 'said_at'])


def downgrade():
    op.drop_table('particulars_checks')
    op.drop_table('accommodations')
