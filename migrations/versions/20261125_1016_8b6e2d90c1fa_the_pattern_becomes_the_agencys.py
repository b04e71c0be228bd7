"""the pattern that numbers had from the program becomes the setting of the agency that gave the first one."""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "8b6e2d90c1fa"
down_revision = "3f0c1a7d52e4"
branch_labels = depends_on = None

PATTERN = "{nomor}/800.2/BKPSDM/{bulan}/{tahun}"
KEY = "number_pattern"

settings = sa.table(
    "agency_settings",
    sa.column("id", sa.Uuid()),
    sa.column("agency_id", sa.Uuid()),
    sa.column("key", sa.Text()),
    sa.column("value", sa.Text()),
    sa.column("effective_from", sa.DateTime(timezone=True)),
)
certificates = sa.table(
    "certificates",
    sa.column("agency_id", sa.Uuid()),
    sa.column("sample", sa.Boolean()),
    sa.column("issued_at", sa.DateTime(timezone=True)),
)


def upgrade():
    """Other agencies without a pattern must choose one: theirs could give the same numbers."""
    bind = op.get_bind()
    has_own = sa.select(settings.c.agency_id).where(settings.c.key == KEY)
    first = sa.select(certificates.c.agency_id, certificates.c.issued_at).where(certificates.c.agency_id.not_in(has_own))
    row = bind.execute(first.order_by(certificates.c.sample, certificates.c.issued_at).limit(1)).one_or_none()
    if row is not None:
        values = {"id": uuid4(), "agency_id": row.agency_id, "key": KEY, "value": PATTERN, "effective_from": row.issued_at}
        bind.execute(settings.insert().values(values))


def downgrade():
    """A setting may stay: the release before reads it too."""
