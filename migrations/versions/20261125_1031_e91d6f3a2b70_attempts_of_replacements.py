"""certificates that replaced others get the attempt of the one that they replaced."""

import sqlalchemy as sa
from alembic import op

revision = "e91d6f3a2b70"
down_revision = "c4a17be05d93"
branch_labels = depends_on = None

FOLLOW = """
    UPDATE certificates SET attempt_id = (
        SELECT old.attempt_id FROM certificates AS old WHERE old.id = certificates.supersedes_id
    )
    WHERE attempt_id IS NULL AND EXISTS (
        SELECT 1 FROM certificates AS old WHERE old.id = certificates.supersedes_id AND old.attempt_id IS NOT NULL
    )
"""


def upgrade():
    """One step along the replacements at a time, until none is left."""
    while op.get_bind().execute(sa.text(FOLLOW)).rowcount:
        pass


def downgrade():
    op.execute("UPDATE certificates SET attempt_id = NULL WHERE supersedes_id IS NOT NULL")
