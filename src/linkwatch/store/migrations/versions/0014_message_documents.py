"""The digest of a message, beside its text."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Add the column."""
    op.add_column("outbox", sa.Column("document", sa.Text(), nullable=True))
