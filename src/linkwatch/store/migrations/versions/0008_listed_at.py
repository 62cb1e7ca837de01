"""Since when each resource is in a list, however its link is written."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the time; of stored links it is when they were first seen as they are written."""
    op.add_column("links", sa.Column("listed_at", sa.BigInteger(), server_default="0", nullable=False))
    op.execute("UPDATE links SET listed_at = first_seen_at")
